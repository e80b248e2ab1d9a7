package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// secretOf is the secret that a page shows.
func (a *answer) secretOf() string {
	a.t.Helper()
	secret := a.want(http.StatusOK).text(".secret code")
	if len(secret) < 20 {
		a.t.Fatalf("the page shows the secret %q; h1 %q", secret, a.h1())
	}
	return secret
}

// audited is everything that the record holds.
func (f *fixture) audited() string {
	f.t.Helper()
	var all strings.Builder
	for e, err := range f.audit.All(f.t.Context(), audit.Filter{}) {
		if err != nil {
			f.t.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil {
			f.t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestClientSecretIsShownOnce: a secret that was made is on one page, and nowhere else: not in a second answer to the same form, not
// on a later page, not in the log, not in the record, not in an address.
func TestClientSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	log := &safeBuffer{}
	f := newFixture(t, setup{log: log})
	b := f.signIn(ada, "support-desk")
	var told []string
	once := func(what, path string, form url.Values) *answer {
		t.Helper()
		form = b.withTicket(path, form)
		a := b.post(path, form)
		secret := a.secretOf()
		told = append(told, secret)
		if cache := a.header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			t.Errorf("%s: Cache-Control %q", what, cache)
		}
		if n := strings.Count(a.body, secret); n != 2 { // to be read, and in the button that copies it
			t.Errorf("%s: the secret is %d times in the page", what, n)
		}
		a.says("This is the only time it is shown.")
		for range 3 {
			again := b.clone().post(path, form)
			if again.status != http.StatusConflict || again.h1() != "This was sent before" {
				t.Errorf("%s, sent again: status %d %q", what, again.status, again.h1())
			}
			again.saysNot(secret)
		}
		return a
	}
	made := once("made", paths.ConnectedAppNew, newClientForm(stytch.AppThirdParty)(b))
	at := made.doc().Find("main form").AttrOr("action", "")
	id := strings.TrimPrefix(at, paths.ConnectedApps+"/")
	client := f.wireClient(id)
	if client.Name != "Fresh <b>Client" || client.LastFour != ends(told[0]) {
		t.Fatalf("made is %+v", client)
	}
	secret := paths.ConnectedAppSecret(id, "")
	turn := func(act string) url.Values {
		now := f.wireClient(id)
		return values("act", act, "secret_ends", now.LastFour, "next_secret_ends", now.Next)
	}
	once("first rotation", secret, turn("start"))
	if next := f.wireClient(id).Next; next != ends(told[1]) {
		t.Errorf("the next secret ends in %q", next)
	}
	b.post(secret, turn("cancel")).leads(paths.ConnectedApp(id))
	once("second rotation", secret, turn("start"))
	b.post(secret, turn("complete")).leads(paths.ConnectedApp(id))
	if now := f.wireClient(id); now.LastFour != ends(told[2]) || now.Next != "" {
		t.Errorf("in the end it is %+v", now)
	}
	for _, path := range []string{paths.ConnectedApps, paths.ConnectedApp(id), secret, paths.ConnectedAppEdit(id, "about"), paths.ConnectedAppDelete(id), paths.Audit, paths.Organizations} {
		page := b.get(path).want(http.StatusOK)
		for _, one := range told {
			page.saysNot(one)
		}
	}
	b.post(paths.ConnectedAppDelete(id), values("typed", "Fresh <b>Client")).leads(paths.ConnectedApps)
	for _, one := range told {
		if strings.Contains(log.String(), one) || strings.Contains(f.audited(), one) {
			t.Error("a secret is in the log or the record")
		}
	}
	if len(told) != 3 || !strings.Contains(f.audited(), "secrets_RotateStart") {
		t.Error("nothing was recorded, so this shows nothing")
	}
}

// Every page of a client warns while two secrets work, and none does before or after.
func TestHalfDoneRotationWarnsEverywhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := seedClients()[clientPayroll]
	now := f.wireClient(id)
	pages := []string{
		paths.ConnectedApp(id), paths.ConnectedAppSecret(id, ""), paths.ConnectedAppSecret(id, "complete"), paths.ConnectedAppDelete(id),
		paths.ConnectedAppEdit(id, "about"), paths.ConnectedAppEdit(id, "redirects"), paths.ConnectedAppEdit(id, "rights"),
	}
	const warning = "The secret of this client is half changed."
	for _, path := range pages {
		b.get(path).want(http.StatusOK).says(warning).says("Both work: …" + now.LastFour + " and …" + now.Next)
	}
	refused := b.post(paths.ConnectedAppEdit(id, "tokens"), values("was.access_token_expiry_minutes", "60", "access_token_expiry_minutes", "0"))
	refused.want(http.StatusUnprocessableEntity).says(warning)
	b.get(paths.ConnectedApps).says("Secret half changed")
	b.post(paths.ConnectedAppSecret(id, ""), turning(clientPayroll, "complete")(b)).leads(paths.ConnectedApp(id))
	for _, path := range append(pages[:2:2], pages[3:]...) {
		b.get(path).want(http.StatusOK).saysNot(warning)
	}
}

// TestRotationSteps: each step says what ends, only the step that fits is offered and taken, and nobody stops another secret than the
// one that they read of.
func TestRotationSteps(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := seedClients()[clientPayroll]
	secret := paths.ConnectedAppSecret(id, "")
	before := f.wireClient(id)
	b.get(secret).says("Two secrets work").says("Finish: stop …" + before.LastFour).says("Cancel: discard …" + before.Next)
	b.get(paths.ConnectedAppSecret(id, "complete")).says("Whoever still uses …" + before.LastFour + " gets no token any more, at once.").says("Nothing brings …" + before.LastFour + " back.")
	b.get(paths.ConnectedAppSecret(id, "cancel")).says("Whoever uses …" + before.Next + " already gets no token any more, at once.")
	b.get(paths.ConnectedAppSecret(id, "start")).leads(secret)
	for _, form := range []url.Values{
		turning(clientPayroll, "start")(b),
		values("act", "complete", "secret_ends", before.LastFour, "next_secret_ends", "zzzz"),
		values("act", "complete", "secret_ends", "zzzz", "next_secret_ends", before.Next),
		values("act", "cancel", "secret_ends", before.LastFour),
	} {
		a := b.post(secret, form)
		a.leads(secret)
		for _, op := range a.operations() {
			if strings.Contains(op, "Rotate") {
				t.Errorf("%v: %s was called", form, op)
			}
		}
	}
	if f.wireClient(id).Next != before.Next {
		t.Error("the secret was changed")
	}
	// Another one finishes it meanwhile: the upstream says so.
	f.fault(sandbox.Fault{Operation: stytch.AppSecretRotate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: "connected_app_not_rotating_secret"})
	b.post(secret, turning(clientPayroll, "complete")(b)).leads(secret)
	b.get(secret).says("The secret was changed meanwhile. Nothing was done.")
	f.sandbox.ClearFaults()
	// A public client has no secret, and a form for it is none.
	public := seedClients()[clientMobile]
	b.get(paths.ConnectedAppSecret(public, "")).says("There is no secret").says("proves each sign-in by PKCE").saysNot("Make a new secret")
	b.get(paths.ConnectedApp(public)).saysNot("Make a new secret")
	a := b.post(paths.ConnectedAppSecret(public, ""), values("act", "start"))
	a.leads(paths.ConnectedAppSecret(public, ""))
	if a.hasCalled(stytch.AppSecretRotateStart) {
		t.Error("a rotation of no secret was started")
	}
}

// Where the answer to a start is lost, nobody has seen the secret: the page says what to do about it.
func TestLostSecretIsCancelled(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	secret := paths.ConnectedAppSecret(seedClients()[clientWarehouse], "")
	f.fault(sandbox.Fault{Operation: stytch.AppSecretRotateStart.String(), Kind: sandbox.FaultHalf, Count: 1})
	b.post(secret, turning(clientWarehouse, "start")(b)).leads(secret)
	b.get(secret).says("Nobody knows whether it was done").says("A new secret that nobody has seen is of no use: cancel it")
}
