package handlers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestAnswersOfTheUpstream: its address is passed on byte for byte, and one of another host goes nowhere.
func TestAnswersOfTheUpstream(t *testing.T) {
	t.Parallel()
	const mark = "https://ledgerly.example/callback"
	for name, one := range map[string]struct {
		to   string
		good bool
	}{
		"odd bytes":        {mark + "?code=a%2Bb+c~d%7e&state=%C3%A9&&x=%27%22&iss=https%3A%2F%2Fa", true},
		"another host":     {"https://evil.example/callback?code=x", false},
		"another port":     {mark[:24] + ":444/callback?code=x", false},
		"a longer host":    {"https://ledgerly.example.evil.example/callback?code=x", false},
		"a name before it": {"https://ledgerly.example@evil.example/callback?code=x", false},
		"another path":     {"https://ledgerly.example/other?code=x", false},
		"another scheme":   {"http://ledgerly.example/callback?code=x", false},
		"script":           {"javascript:alert(1)//ledgerly.example/callback?code=x", false},
		"a fragment":       {mark + "#code=x", false},
		"two slashes":      {"//ledgerly.example/callback?code=x", false},
		"nothing":          {"/", false},
	} {
		f := newAsking(t)
		f.answer = func(body []byte) []byte {
			var v map[string]any
			if err := json.Unmarshal(body, &v); err != nil {
				t.Error(err)
			}
			v["redirect_uri"] = one.to
			out, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			return out
		}
		b := f.signIn(ada, "support-desk")
		_, form := b.question(asks(clientLedgerly))
		a := b.allow(asks(clientLedgerly), form)
		if got := a.goesTo(); one.good != (got == one.to) || !one.good && got != "" {
			t.Errorf("%s: goes to %q", name, got)
		}
		if !one.good {
			a.want(http.StatusBadGateway).says("You were not led there.")
			if strings.Contains(a.body, "evil.example") || a.doc().Find(`main a[href^="/oauth/authorize?"]`).Length() != 1 {
				t.Errorf("%s: the page names the address, or does not lead back", name)
			}
		}
	}
}

// TestLostDecisions: a fault of the decision is told as what it is, nothing is sent twice, and the way on is a new look at the request.
func TestLostDecisions(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: 500}, {Kind: sandbox.FaultStatus, Status: 503}, {Kind: sandbox.FaultReset}, {Kind: sandbox.FaultHalf}, {Kind: sandbox.FaultEmpty}, {Kind: sandbox.FaultRedirect},
	} {
		d := &deciders{}
		f := newFixture(t, setup{transport: d, unchecked: true})
		b := f.signIn(ada, "support-desk")
		address := asks(clientLedgerly, "prompt", "consent") // it is asked again, also if the answer alone was lost
		_, form := b.question(address)
		kind.Operation = stytch.Authorize.String()
		f.fault(kind)
		a := b.allow(address, form).want(http.StatusBadGateway).says("not known whether the app was let in")
		f.sandbox.ClearFaults()
		if again := b.allow(address, form); again.goesTo() != "" || len(d.decisions()) != 1 {
			t.Errorf("%v: the same form is sent %d times, and goes to %q", kind.Kind, len(d.decisions()), again.goesTo())
		}
		if a.goesTo() != "" || a.doc().Find("main form").Length() > 0 {
			t.Errorf("%v: goes to %q", kind.Kind, a.goesTo())
		}
		// The way on is another question, which may be decided.
		back := a.doc().Find(`main a[href^="/oauth/authorize?"]`).AttrOr("href", "")
		_, form = b.question(back)
		b.deny(back, form).tellsError(clientLedgerly, "access_denied")
		if len(d.decisions()) != 1 {
			t.Errorf("%v: %d decisions", kind.Kind, len(d.decisions()))
		}
	}
	// Before the question there is nothing to lose.
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	for _, client := range []string{clientLedgerly, clientWarehouse} {
		f.fault(faultOf(stytch.AuthorizeStart, 500))
		if a := b.get(asks(client)).want(http.StatusBadGateway); a.goesTo() != "" || len(f.decisions()) > 0 {
			t.Errorf("%s: goes to %q", client, a.goesTo())
		}
		f.sandbox.ClearFaults()
	}
}

// TestDenyIsOurs: whoever says no gets no code, also where the upstream would make one without asking (rule consent-submit).
func TestDenyIsOurs(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	for _, one := range [][]string{{clientMobile}, {"Desktop app"}, {clientWarehouse, "prompt", "select_account"}, {clientLedgerly}, {clientNotes}} {
		address := asks(one[0], one[1:]...)
		_, form := b.question(address)
		a := b.deny(address, form).tellsError(one[0], "access_denied")
		if calls := a.operations(); len(calls) > 0 {
			t.Errorf("%s: calls %v", one[0], calls)
		}
		a.says("It gets nothing")
	}
	if n := len(f.decisions()); n != 0 {
		t.Errorf("%d decisions", n)
	}
	// One that goes straight on is not asked, and one where that changed meanwhile is.
	b.get(asks(clientWarehouse)).tellsCode(clientWarehouse)
	if sent := f.decisions(); len(sent) != 1 || sent[0]["consent_granted"] != false {
		t.Errorf("sent %v", sent)
	}
}
