package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestFormsCarryTickets looks at every page that the drives of all routes show: each form that goes to a route of somebody who is
// signed in carries a ticket of theirs for exactly its address.
func TestFormsCarryTickets(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	router, access := echo.New(), map[string]handlers.Access{}
	for _, r := range handlers.Routes() {
		router.Add(r.Method, r.Path, func(echo.Context) error { return nil })
		access[r.Method+" "+r.Path] = r.Access
	}
	target := func(action string) handlers.Access {
		u, err := url.Parse(action)
		if err != nil {
			t.Fatal(err)
		}
		c := router.NewContext(nil, nil)
		router.Router().Find(http.MethodPost, u.EscapedPath(), c)
		return access[http.MethodPost+" "+c.Path()]
	}
	forms := 0
	seen := func(b *browser, name string, a *answer) {
		a.doc().Find("form[method=post]").Each(func(_ int, s *goquery.Selection) {
			action := s.AttrOr("action", "")
			if target(action) == handlers.Anyone {
				return
			}
			forms++
			ticket := s.Find("input[name=ticket]")
			if ticket.Length() != 1 || ticket.AttrOr("type", "") != "hidden" {
				t.Errorf("%s: the form to %s carries %d tickets", name, action, ticket.Length())
				return
			}
			path, _, _ := strings.Cut(action, "?")
			if _, bound := undecided["POST "+path]; bound {
				if b.person() != nil && !b.consentTicket(ticket.AttrOr("value", ""), action) {
					t.Errorf("%s: the ticket of the form to %s is not bound to what it shows", name, action)
				}
				return
			}
			if email := b.email(); email != "" && !b.f.takes(b, ticket.AttrOr("value", ""), path) {
				t.Errorf("%s: the ticket of the form to %s is not for it", name, action)
			}
		})
	}
	for _, r := range handlers.Routes() {
		for _, d := range drives[key(r)] {
			f := newFixture(t, setup{})
			b := d.who(f)
			a := d.send(b, r.Method)
			if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				seen(b, key(r)+" as "+d.name, a)
			}
		}
	}
	if forms < 30 {
		t.Errorf("only %d forms were seen", forms)
	}
}

// takes says whether the console would take a ticket from whoever is signed in.
func (f *fixture) takes(b *browser, ticket, target string) bool {
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, publicURL+paths.Root, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	ctx, err := f.sessions.Load(r)
	if err != nil {
		f.t.Fatal(err)
	}
	p := f.sessions.Person(ctx)
	return p != nil && p.Takes(ticket, target)
}

// A form without a ticket of one's own for its address does nothing, and loses nothing.
func TestFormsThatAreNotCurrent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	good := f.sessions.Ticket(ada, paths.AccountName)
	tests := map[string]string{
		"none":           "",
		"nonsense":       "nonsense",
		"of another one": f.sessions.Ticket(sam, paths.AccountName),
		"elsewhere":      f.sessions.Ticket(ada, paths.AccountMFA),
		"cut":            good[:len(good)-1],
		"longer":         good + "A",
		"changed":        string('A'+'B'-min(max(rune(good[0]), 'A'), 'B')) + good[1:],
	}
	for name, ticket := range tests {
		a := b.post(paths.AccountName, values("name", "Ada Byron", "ticket", ticket)).want(http.StatusConflict).says("not current")
		if got := a.operations(); len(got) != 0 {
			t.Errorf("%s: it calls %v", name, got)
		}
		form := a.doc().Find("main form[action='" + paths.AccountName + "']")
		if kept := form.Find("[name=name]").AttrOr("value", ""); kept != "Ada Byron" {
			t.Errorf("%s: the name is %q now", name, kept)
		}
		if fresh := form.Find("[name=ticket]").AttrOr("value", ""); !f.takes(b, fresh, paths.AccountName) {
			t.Errorf("%s: the page has no ticket that works", name)
		}
	}
	b.post(paths.AccountName, values("name", "Ada", "ticket", good)).leads(paths.Account)
}

// However often one rendered form arrives, it acts once, and every arrival is told what came of it.
func TestOneFormActsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	form := values("name", "Ada Byron", "ticket", f.sessions.Ticket(ada, paths.AccountName))
	before := f.called(stytch.OwnNameUpdate)
	var wg sync.WaitGroup
	for range 200 {
		one := b.clone()
		wg.Go(func() { one.post(paths.AccountName, form).leads(paths.Account) })
	}
	wg.Wait()
	if n := f.called(stytch.OwnNameUpdate) - before; n != 1 {
		t.Errorf("it was done %d times", n)
	}
	f.ahead.Add(int64(2 * time.Minute))
	b.post(paths.AccountName, form).want(http.StatusConflict).says("sent before").says("How it stands now")
	b.post(paths.AccountName, values("name", "Ada Byron")).leads(paths.Account)
	if n := f.called(stytch.OwnNameUpdate) - before; n != 2 {
		t.Errorf("a form that was rendered anew: %d calls in all, want 2", n)
	}
}

// A form that was refused for what was typed has not acted, and can be sent again as it is.
func TestAFormThatDidNothingIsNotSpent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	ticket := f.sessions.Ticket(ada, paths.AccountName)
	b.post(paths.AccountName, values("name", "", "ticket", ticket)).want(http.StatusUnprocessableEntity)
	b.post(paths.AccountName, values("name", "Ada Byron", "ticket", ticket)).leads(paths.Account)
}

// A fault whose end nobody knows leaves a form with a ticket of its own, and the one that failed does not act again.
func TestAFormAfterAFault(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	form := values("name", "Ada Byron", "ticket", f.sessions.Ticket(ada, paths.AccountName))
	f.fault(sandbox.Fault{Operation: stytch.OwnNameUpdate.String(), Kind: sandbox.FaultReset, Count: 1})
	a := b.post(paths.AccountName, form).want(http.StatusBadGateway)
	f.sandbox.ClearFaults()
	b.post(paths.AccountName, form).want(http.StatusBadGateway)
	fresh := a.doc().Find("main form [name=ticket]").AttrOr("value", "")
	b.post(paths.AccountName, values("name", "Ada Byron", "ticket", fresh)).leads(paths.Account)
}
