package handlers_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/apprequest"
	"console.internal/internal/audit"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// Clients of the tests. They are of no upstream: what a member asks for is kept as it was said.
const (
	notesApp = "connected-app-test-11111111-1111-4111-8111-111111111111"
	badApp   = "connected-app-test-22222222-2222-4222-8222-222222222222"
)

// asking lets the fixture answer the form that asks for an app.
func (f *fixture) asking() {
	asking, console := handlers.Asking(f.options()), f.handler
	f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/ask") {
			asking.ServeHTTP(w, r)
			return
		}
		console.ServeHTTP(w, r)
	})
}

// asksFor asks acme's admins for an app.
func (b *browser) asksFor(clientID, name, clientType, host string) *answer {
	b.f.t.Helper()
	return b.post(strings.Replace(handlers.AskRoute, ":organization_id", b.f.organization("acme"), 1), values("id", clientID, "name", name, "type", clientType, "host", host))
}

// asked are the open requests of an organization.
func (f *fixture) asked(slug string) []apprequest.Request {
	f.t.Helper()
	all, err := f.store.AppRequests().List(f.t.Context(), f.organization(slug))
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}

// recordedAs are the entries of the record with this name.
func (f *fixture) recordedAs(name string) []audit.Entry {
	f.t.Helper()
	entries, _, err := f.audit.Search(f.t.Context(), audit.Filter{Operation: name}, 0, 1000)
	if err != nil {
		f.t.Fatal(err)
	}
	return entries
}

func TestAskForApp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.asking()
	b := f.signIn(tom, "acme")
	b.asksFor(notesApp, "Notes", stytch.AppThirdPartyPublic, "notes.example").want(http.StatusNoContent)
	got := f.asked("acme")
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	at := got[0].AskedAt
	if age := f.now().Sub(at); age < 0 || age > time.Minute {
		t.Errorf("asked at %s", at)
	}
	want := apprequest.Request{
		OrganizationID: f.organization("acme"), MemberID: f.member("acme", tom), Email: tom, Name: "Tom Baker", ClientID: notesApp, ClientName: "Notes",
		RedirectHost: "notes.example", AskedAt: at,
	}
	if got[0] != want {
		t.Errorf("%+v, want %+v", got[0], want)
	}
	// Once more it is no error, and nothing new.
	b.asksFor(notesApp, "Another name", stytch.AppFirstParty, "evil.example").want(http.StatusNoContent)
	f.signIn(olivia, "acme").asksFor(notesApp, "Notes", stytch.AppFirstParty, "notes.example").want(http.StatusNoContent)
	got = f.asked("acme")
	if len(got) != 2 || got[0] != want || !got[1].FirstParty || got[1].Email != olivia {
		t.Errorf("%+v", got)
	}
	entries := f.recordedAs(audit.AskForApp)
	if len(entries) != 2 {
		t.Fatalf("%d entries", len(entries))
	}
	e := entries[1]
	if e.Actor.Email != tom || e.OrganizationID != want.OrganizationID || e.MemberID != want.MemberID || e.Target != notesApp || e.Result != stytch.ResultDone ||
		e.ActingOrganizationID != want.OrganizationID || e.ActingMemberID != want.MemberID || e.Reference == "" {
		t.Errorf("%+v", e)
	}
}

func TestAskForAppRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.asking()
	b := f.signIn(tom, "acme")
	for _, id := range []string{"", "notes", notesApp + "/..", "https://notes.example/client.json"} {
		b.asksFor(id, "Notes", stytch.AppThirdParty, "notes.example").want(http.StatusNotFound)
	}
	f.acting("acme", tom).asksFor(notesApp, "Notes", stytch.AppThirdParty, "notes.example").want(http.StatusForbidden)
	for i := range apprequest.MaxOpen {
		_, err := f.store.AppRequests().Ask(t.Context(), apprequest.Request{OrganizationID: f.organization("acme"), MemberID: "m" + strconv.Itoa(i), ClientID: notesApp})
		if err != nil {
			t.Fatal(err)
		}
	}
	b.asksFor(notesApp, "Notes", stytch.AppThirdParty, "notes.example").want(http.StatusConflict).says("as many open requests as it may have")
	if entries := f.recordedAs(audit.AskForApp); len(entries) != 1 || entries[0].Result != stytch.ResultFailed {
		t.Errorf("%+v", entries)
	}
	if n := len(f.asked("acme")); n != apprequest.MaxOpen {
		t.Errorf("%d are open", n)
	}
}

// A form asks once: what was dismissed since is not asked for again by sending it again.
func TestAskForAppOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.asking()
	b := f.signIn(tom, "acme")
	path := strings.Replace(handlers.AskRoute, ":organization_id", f.organization("acme"), 1)
	form := values("id", notesApp, "name", "Notes", "type", stytch.AppThirdParty, "host", "notes.example", "ticket", f.sessions.Ticket(tom, path))
	b.post(path, form).want(http.StatusNoContent)
	if _, err := f.store.AppRequests().Close(t.Context(), f.organization("acme"), notesApp); err != nil {
		t.Fatal(err)
	}
	b.post(path, form)
	f.ahead.Add(int64(2 * time.Minute)) // its answer is forgotten
	b.post(path, form).want(http.StatusConflict).says("This was sent before")
	if all := f.asked("acme"); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// fullRequests is a store that takes nothing new.
type fullRequests struct{ apprequest.Store }

func (fullRequests) Ask(context.Context, apprequest.Request) (bool, error) {
	return false, session.ErrNotKept
}

func (fullRequests) Close(context.Context, string, string) (int, error) {
	return 0, session.ErrNotKept
}

func TestAskForAppOnAFullDisk(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	o := f.options()
	o.AppRequests = fullRequests{o.AppRequests}
	asking := handlers.Asking(o)
	b := f.signIn(tom, "acme")
	f.handler = asking
	b.asksFor(notesApp, "Notes", stytch.AppThirdParty, "notes.example").want(http.StatusServiceUnavailable).says("cannot keep anything new")
	if entries := f.recordedAs(audit.AskForApp); len(entries) != 1 || entries[0].Result != stytch.ResultFailed {
		t.Errorf("%+v", entries)
	}
}
