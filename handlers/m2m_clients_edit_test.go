package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// editMachine fills a group of a client in and sends it, with the review that comes where one does.
func (b *browser) editMachine(id, group string, pairs ...string) (review, done *answer) {
	b.f.t.Helper()
	path := paths.M2MClientEdit(id, group)
	a := b.post(path, b.get(path).want(http.StatusOK).formWith(pairs...))
	if a.status == http.StatusOK && strings.HasPrefix(a.h1(), "Review ") {
		return a, b.post(path, a.formWith())
	}
	return nil, a
}

// Each group changes its own fields and nothing else. What takes something away is shown first, with what outlives it.
func TestM2MClientEdit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := machineIDs()[exporter]
	want := f.machine(id)
	for _, test := range []struct {
		group  string
		pairs  []string
		change func(*machine)
		says   []string // on the review; nil where there is none
	}{
		{"name", []string{"client_name", "Archiver", "client_description", ""}, func(m *machine) { m.Name, m.Description = "Archiver", "" }, nil},
		{
			"scopes",
			[]string{"scopes", "write:archive\r\nb,c"},
			func(m *machine) { m.Scopes = []string{"b,c", "write:archive"} },
			[]string{"Its next token may have write:archive.", "It gets no new token with read:documents.", "up to an hour"},
		},
		{"scopes", []string{"scopes", "write:archive\r\nb,c\r\nmore"}, func(m *machine) { m.Scopes = []string{"b,c", "more", "write:archive"} }, []string{"Its next token may have more."}},
		{"status", []string{"status", "inactive"}, func(m *machine) { m.Status = "inactive" }, []string{"It gets no new token from now on", "stay good until they run out: up to an hour", "active again"}},
		{"status", []string{"status", "active"}, func(m *machine) { m.Status = "active" }, []string{"It gets tokens again"}},
		{"metadata", []string{"trusted_metadata", `{"owner":"ops"}`}, func(m *machine) { m.Trusted = map[string]string{"owner": "ops"} }, []string{"The key team goes, and what it holds."}},
	} {
		before := f.machine(id)
		review, a := b.editMachine(id, test.group, test.pairs...)
		if (review != nil) != (test.says != nil) {
			t.Errorf("%s %v: reviewed %t", test.group, test.pairs, review != nil)
		}
		if review != nil {
			review.wroteNothing()
			for _, words := range test.says {
				review.says(words)
			}
		}
		a.leads(paths.M2MClient(id))
		b.get(paths.M2MClient(id)).says("Saved: ")
		want = before
		test.change(&want)
		if got := f.machine(id); !sameMachine(got, want) {
			t.Errorf("%s %v: %+v, want %+v", test.group, test.pairs, got, want)
		}
	}
	// Giving more takes nothing away, so nothing is said of tokens that outlive it.
	review, _ := b.editMachine(id, "scopes", "scopes", "write:archive\r\nb,c\r\nmore\r\nmost")
	review.saysNot("up to an hour")
	_, a := b.editMachine(id, "name")
	a.leads(paths.M2MClient(id))
	b.get(paths.M2MClient(id)).says("Nothing is different, so nothing was saved.")
}

func TestM2MClientEditRules(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	for _, test := range []struct{ group, field, value, says string }{
		{"name", "client_name", strings.Repeat("x", 129), "128 characters"},
		{"name", "client_description", strings.Repeat("x", 513), "512 characters"},
		{"scopes", "scopes", `a\b`, "backslashes"},
		{"status", "status", "gone", "not one of the choices"},
		{"metadata", "trusted_metadata", "nope", "not a JSON object"},
	} {
		_, a := b.editMachine(legacy, test.group, test.field, test.value)
		a.want(http.StatusUnprocessableEntity).wroteNothing()
		if beside := a.text("#" + test.field + "-e"); !strings.Contains(beside, test.says) {
			t.Errorf("%s: it says %q", test.field, beside)
		}
	}
	for name, test := range map[string]struct{ group, field, value, says string }{
		"m2m_client_invalid_client_name":        {"name", "client_name", "x", "does not take this name"},
		"m2m_client_invalid_client_description": {"name", "client_description", "x", "does not take this description"},
		"invalid_m2m_client_scope":              {"scopes", "scopes", "x", "does not take one of these scopes"},
		"too_many_m2m_client_scopes":            {"scopes", "scopes", "x", "more scopes than"},
		"invalid_m2m_client_status":             {"status", "status", "active", "does not take this choice"},
		"m2m_client_invalid_status":             {"status", "status", "active", "does not take this choice"},
		"metadata_too_large":                    {"metadata", "trusted_metadata", `{"a":"b"}`, "4 KB"},
	} {
		f.fault(sandbox.Fault{Operation: stytch.M2MClientUpdate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: name})
		_, a := b.editMachine(legacy, test.group, test.field, test.value)
		f.sandbox.ClearFaults()
		if beside := a.want(http.StatusUnprocessableEntity).text("#" + test.field + "-e"); !strings.Contains(beside, test.says) {
			t.Errorf("%s: it says %q", name, beside)
		}
	}
	f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "console-m2m-clients", Action: "update"})
	_, a := b.editMachine(legacy, "name", "client_name", "Kept")
	f.sandbox.ClearFaults()
	a.want(http.StatusForbidden).says("console-m2m-clients : update").wroteNothing()
	if kept := a.formWith().Get("client_name"); kept != "Kept" {
		t.Errorf("it keeps %q", kept)
	}
}

// Somebody else changed the field meanwhile: both are shown, and nothing is sent until it is chosen.
func TestM2MClientEditConflict(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	path := paths.M2MClientEdit(legacy, "name")
	form := b.get(path).formWith("client_name", "Mine")
	f.upstream(http.MethodPut, "/v1/m2m/clients/"+legacy, map[string]any{"client_name": "Theirs", "client_description": "Theirs, too"})
	a := b.post(path, form).want(http.StatusConflict).says("Theirs").says("Mine").saysNot("Theirs, too")
	a.wroteNothing()
	theirs := a.formWith("keep.client_name", "theirs")
	b.clone().post(path, theirs).leads(paths.M2MClient(legacy))
	if got := f.machine(legacy).Name; got != "Theirs" {
		t.Errorf("the name is %q", got)
	}
	b.post(path, b.post(path, b.get(path).formWith("client_name", "Mine", "was.client_name", "Legacy sync")).formWith("keep.client_name", "mine")).leads(paths.M2MClient(legacy))
	if got := f.machine(legacy); got.Name != "Mine" || got.Description != "Theirs, too" {
		t.Errorf("it is %+v", got)
	}
}

// The answer to a change was lost: the page says how it stands now.
func TestM2MClientEditIsLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	for kind, says := range map[string]string{sandbox.FaultHalf: "It was saved all the same", sandbox.FaultReset: "It is not known whether this was saved."} {
		name := "Called " + kind
		form := b.get(paths.M2MClientEdit(legacy, "name")).formWith("client_name", name)
		f.fault(sandbox.Fault{Operation: stytch.M2MClientUpdate.String(), Kind: kind, Count: 1})
		a := b.post(paths.M2MClientEdit(legacy, "name"), form).want(http.StatusBadGateway).says(says)
		f.sandbox.ClearFaults()
		b.post(paths.M2MClientEdit(legacy, "name"), a.formWith()).leads(paths.M2MClient(legacy))
		if got := f.machine(legacy).Name; got != name {
			t.Errorf("%s: the name is %q", kind, got)
		}
	}
}

func TestM2MClientDelete(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	a := b.get(paths.M2MClientDelete(legacy)).want(http.StatusOK)
	for _, words := range []string{"Delete Legacy sync?", legacy, "stay good until they run out: up to an hour", "Nothing brings it back", "Type Legacy sync to go on"} {
		a.says(words)
	}
	for _, typed := range []string{"", "legacy sync", legacy} {
		b.post(paths.M2MClientDelete(legacy), values("typed", typed)).want(http.StatusUnprocessableEntity).says("This is not what is asked for.").wroteNothing()
	}
	b.post(paths.M2MClientDelete(legacy), values("typed", "Legacy sync")).leads(paths.M2MClients)
	b.get(paths.M2MClients).says("Legacy sync is deleted. Tokens that it has stay good until they run out: up to an hour.")
	if got := f.machine(legacy); got.ID != "" {
		t.Error("it is still there")
	}
	b.get(paths.M2MClient(legacy)).want(http.StatusNotFound)
	b.post(paths.M2MClientDelete(legacy), values("typed", "Legacy sync")).want(http.StatusNotFound)
	// Without a name that can be typed it is the id; the answer may be lost, before or after it was done.
	f.makeMachine("first", "\u202eevil")
	f.makeMachine("second", "")
	for id, fault := range map[string]string{"first": sandbox.FaultHalf, "second": sandbox.FaultReset} {
		b.get(paths.M2MClientDelete(id)).says("Type " + id + " to go on")
		f.fault(sandbox.Fault{Operation: stytch.M2MClientDelete.String(), Kind: fault, Count: 1})
		a := b.post(paths.M2MClientDelete(id), values("typed", id))
		f.sandbox.ClearFaults()
		if id == "first" {
			a.leads(paths.M2MClients)
			b.get(paths.M2MClients).says("is not there any more")
			continue
		}
		a.want(http.StatusBadGateway).says("The client is still there now.")
		b.post(paths.M2MClientDelete(id), a.formWith()).leads(paths.M2MClients)
	}
}

// TestM2MSecretsStayOut makes, brings along, rotates, cancels and deletes, and looks for each secret in the log, the record, the addresses, every
// other page, and the same form sent again.
func TestM2MSecretsStayOut(t *testing.T) {
	t.Parallel()
	log, sent := &safeBuffer{}, &recorder{}
	f := newFixture(t, setup{log: log, transport: sent})
	b := f.signIn(ada, "support-desk")
	var secrets, addresses []string
	form := func(path string, pairs ...string) url.Values {
		return b.get(path).want(http.StatusOK).formWith(pairs...)
	}
	shown := func(a *answer) {
		t.Helper()
		secret := a.want(http.StatusOK).text("main .secret code")
		if len(secret) < 30 {
			t.Fatalf("%q shows no secret", a.h1())
		}
		secrets = append(secrets, secret)
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Encoding") != "" {
			t.Errorf("%q may be kept or measured", a.h1())
		}
		for _, s := range a.doc().Find("[href], [action]").EachIter() {
			addresses = append(addresses, s.AttrOr("href", "")+s.AttrOr("action", ""))
		}
	}
	resent := map[string]url.Values{}
	made := b.post(paths.M2MClientNew, form(paths.M2MClientNew, "client_name", "Canary"))
	resent[paths.M2MClientNew] = made.sent
	shown(made)
	all := machinesOf(f.sandbox)
	id := all[len(all)-1].ID
	b.post(paths.M2MClientNew, form(paths.M2MClientNew, "client_id", "brought", "client_secret", canary)).want(http.StatusSeeOther)
	b.post(paths.M2MClientNew, form(paths.M2MClientNew, "client_id", "brought", "client_secret", canary)).want(http.StatusUnprocessableEntity).saysNot(canary)
	secrets = append(secrets, canary)
	step := func(act string) *answer {
		return b.post(paths.M2MClientSecret(id, ""), form(paths.M2MClientSecret(id, act)))
	}
	first := step("start")
	resent[paths.M2MClientSecret(id, "")] = first.sent
	shown(first)
	standing := f.machine(id)
	if standing.Next == "" || !strings.HasSuffix(secrets[2], standing.Next) || !strings.HasSuffix(secrets[0], standing.LastFour) {
		t.Errorf("it stands at %+v", standing)
	}
	step("cancel").leads(paths.M2MClient(id))
	if now := f.machine(id); now.Next != "" || now.LastFour != standing.LastFour {
		t.Errorf("after the cancellation it stands at %+v", now)
	}
	shown(step("start"))
	next := f.machine(id).Next
	step("complete").leads(paths.M2MClient(id))
	if now := f.machine(id); now.Next != "" || now.LastFour != next {
		t.Errorf("after the rotation it stands at %+v", now)
	}
	later := map[string]*answer{}
	for path, form := range resent {
		later["again "+path] = b.post(path, form)
	}
	for _, path := range []string{
		paths.M2MClients, paths.M2MClientNew, paths.M2MClient(id), paths.M2MClientSecret(id, ""), paths.M2MClientEdit(id, "name"), paths.M2MClientDelete(id), paths.M2MClient("brought"),
		paths.Audit, paths.AuditCSV, paths.AuditJSON, paths.Project, paths.Root,
	} {
		later[path] = b.get(path)
	}
	b.post(paths.M2MClientDelete(id), form(paths.M2MClientDelete(id), "typed", "Canary")).leads(paths.M2MClients)
	later["record"] = b.get(paths.AuditJSON).want(http.StatusOK)
	later["record"].says("Canary").says("client_secret").says("brought along")
	slices.Sort(secrets)
	if len(slices.Compact(secrets)) != 4 {
		t.Fatalf("%d secrets were seen, want 4 different ones", len(secrets))
	}
	for _, secret := range secrets {
		for name, a := range later {
			if strings.Contains(a.body, secret) || strings.Contains(a.header.Get("Location"), secret) {
				t.Errorf("%s (%d %q) shows a secret", name, a.status, a.h1())
			}
		}
		if strings.Contains(log.String(), secret) || strings.Contains(strings.Join(addresses, " "), secret) {
			t.Error("the log or an address has a secret")
		}
	}
	if sent.bodies(canary) == 0 || log.String() == "" {
		t.Error("nothing was sent or logged, so this shows nothing")
	}
}

// TestM2MSecretSteps: a step that does not fit how the secret stands is not taken.
func TestM2MSecretSteps(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := machineIDs()[exporter]
	page := paths.M2MClientSecret(id, "")
	asked := b.get(paths.M2MClientSecret(id, "start")).want(http.StatusOK).formWith()
	b.get(paths.M2MClientSecret(id, "complete")).leads(page)
	b.get(paths.M2MClientSecret(id, "cancel")).leads(page)
	b.post(page, values("act", "destroy")).want(http.StatusBadRequest)
	// Somebody else starts and finishes meanwhile: the form speaks of a secret that is none any more.
	f.upstream(http.MethodPost, "/v1/m2m/clients/"+id+"/secrets/rotate/start", struct{}{})
	finish := b.get(paths.M2MClientSecret(id, "complete")).want(http.StatusOK).formWith()
	b.post(page, asked).leads(page).wroteNothing()
	b.get(page).says("The secret was changed meanwhile. Nothing was done.")
	f.upstream(http.MethodPost, "/v1/m2m/clients/"+id+"/secrets/rotate/cancel", struct{}{})
	f.upstream(http.MethodPost, "/v1/m2m/clients/"+id+"/secrets/rotate/start", struct{}{})
	before := f.machine(id)
	b.post(page, finish).leads(page).wroteNothing()
	if now := f.machine(id); !sameMachine(now, before) {
		t.Errorf("it stands at %+v, want %+v", now, before)
	}
}
