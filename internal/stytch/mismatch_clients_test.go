package stytch

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// An answer about another client would be shown under this one's name, its secret with it; one about another member would let an app
// in for somebody who was not asked.
func TestAnswersAboutOtherClientsAreMismatches(t *testing.T) {
	t.Parallel()
	const (
		app        = `{"connected_app":` + anApp + `}`
		machine    = `{"m2m_client":` + aMachine + `}`
		consent    = "member_id member.member_id member.organization_id organization.organization_id client.client_id"
		ofApp      = "connected_app.client_id"
		ofMachine  = "m2m_client.client_id"
		deletedApp = `{"client_id":"` + appID + `"}`
	)
	secret := func(answer, field string) string {
		return strings.Replace(answer, `"client_id"`, `"`+field+`":"s","client_id"`, 1)
	}
	asStaff := func(op Operation, answer, paths string, send func(context.Context, Staff) error) aboutOthers {
		return aboutOthers{op, answer, paths, func(ctx context.Context, _ Tenant, s Staff) error { return send(ctx, s) }}
	}
	areMismatches(t, map[string]aboutOthers{
		"consent client": {ConsentClientGet, app, ofApp, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.ConsentClient(ctx, appID))
		}},
		"start": {AuthorizeStart, aConsent, consent, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.AuthorizeStart(ctx, wholeAuthorization))
		}},
		"preview": {ConsentPreview, aConsent, consent, func(ctx context.Context, t Tenant, s Staff) error {
			return second(s.PreviewConsent(ctx, t, memberID, wholeAuthorization))
		}},
		"app of an organization": {OrganizationAppGet, `{"connected_app_id":"` + appID + `","active_members":[]}`, "connected_app_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.OrganizationApp(ctx, appID))
		}},
		"app": asStaff(AppClientGet, app, ofApp, func(ctx context.Context, s Staff) error { return second(s.AppClient(ctx, appID)) }),
		"app changed": asStaff(AppClientUpdate, app, ofApp, func(ctx context.Context, s Staff) error {
			return second(s.UpdateAppClient(ctx, appID, wholeClient()))
		}),
		"app deleted":  asStaff(AppClientDelete, deletedApp, "client_id", func(ctx context.Context, s Staff) error { return second(s.DeleteAppClient(ctx, appID)) }),
		"app rotation": asStaff(AppSecretRotateStart, secret(app, "next_client_secret"), ofApp, func(ctx context.Context, s Staff) error { return second(s.StartAppSecretRotation(ctx, appID)) }),
		"app rotated":  asStaff(AppSecretRotate, app, ofApp, func(ctx context.Context, s Staff) error { return second(s.CompleteAppSecretRotation(ctx, appID)) }),
		"app not":      asStaff(AppSecretRotateCancel, app, ofApp, func(ctx context.Context, s Staff) error { return second(s.CancelAppSecretRotation(ctx, appID)) }),
		"machine":      asStaff(M2MClientGet, machine, ofMachine, func(ctx context.Context, s Staff) error { return second(s.M2MClient(ctx, m2mID)) }),
		"machine made": asStaff(M2MClientCreate, secret(machine, "client_secret"), ofMachine, func(ctx context.Context, s Staff) error { return second(s.CreateM2MClient(ctx, wholeM2M)) }),
		"machine changed": asStaff(M2MClientUpdate, machine, ofMachine, func(ctx context.Context, s Staff) error {
			return second(s.UpdateM2MClient(ctx, m2mID, wholeM2MChange()))
		}),
		"machine deleted": asStaff(M2MClientDelete, strings.Replace(deletedApp, appID, m2mID, 1), "client_id", func(ctx context.Context, s Staff) error {
			return second(s.DeleteM2MClient(ctx, m2mID))
		}),
		"machine rotation": asStaff(M2MSecretRotateStart, secret(machine, "next_client_secret"), ofMachine, func(ctx context.Context, s Staff) error {
			return second(s.StartM2MSecretRotation(ctx, m2mID))
		}),
		"machine rotated": asStaff(M2MSecretRotate, machine, ofMachine, func(ctx context.Context, s Staff) error { return second(s.CompleteM2MSecretRotation(ctx, m2mID)) }),
		"machine not":     asStaff(M2MSecretRotateCancel, machine, ofMachine, func(ctx context.Context, s Staff) error { return second(s.CancelM2MSecretRotation(ctx, m2mID)) }),
	})
}

// What is new has an id of its own, which must be one, and is of the type asked for: a public client shown where a confidential one was
// made, or the other way round, would be set up wrongly.
func TestNewClientsAreThoseAskedFor(t *testing.T) {
	t.Parallel()
	const (
		app     = `{"connected_app":{"client_secret":"s",` + `"client_id":"` + appID + `","client_type":"third_party","redirect_urls":[]}}`
		machine = `{"m2m_client":{"client_secret":"s","client_id":"` + m2mID + `","status":"active","scopes":[]}}`
	)
	make1 := func(ctx context.Context, s Staff) error {
		made, err := s.CreateAppClient(ctx, AppThirdParty, map[AppClientField]any{AppClientName: "n"})
		if err == nil && (made.Secret != "s" || made.Client.Type != AppThirdParty) || err != nil && made.Secret != "" {
			t.Errorf("made %+v, %v", made.Client, err)
		}
		return err
	}
	make2 := func(ctx context.Context, s Staff) error {
		made, err := s.CreateM2MClient(ctx, NewM2MClient{Name: "n"})
		if (err == nil) != (made.Secret == "s") {
			t.Errorf("made %+v, %v", made.Client, err)
		}
		return err
	}
	for name, one := range map[string]struct {
		send         func(context.Context, Staff) error
		answer       string
		path, change string
		wrong        bool
	}{
		"an app":                     {make1, app, "connected_app.client_id", otherApp, false},
		"an app with no such id":     {make1, app, "connected_app.client_id", "../clients", true},
		"an app of another type":     {make1, app, "connected_app.client_type", AppThirdPartyPublic, true},
		"an app of the first party":  {make1, app, "connected_app.client_type", AppFirstParty, true},
		"a machine":                  {make2, machine, "m2m_client.client_id", "any-id", false},
		"a machine that would climb": {make2, machine, "m2m_client.client_id", "..", true},
		"a machine with a long id":   {make2, machine, "m2m_client.client_id", strings.Repeat("a", 129), true},
	} {
		u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == SessionAuthenticate.Row().Path {
				say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
				return
			}
			say(w, http.StatusOK, edit(t, one.answer, one.path, one.change, false))
		})
		held := u.tenant(t, nil)
		err := one.send(everything(t), held.client.HoldStaff(held.key))
		if f, is := errors.AsType[*Fault](err); is != one.wrong || is && f.Kind != Mismatch {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A client that is its own address is answered with the id that the upstream gave it, and only such a one.
func TestAClientThatIsItsOwnAddress(t *testing.T) {
	t.Parallel()
	const address = "https://app.example/oauth/client"
	for answered, want := range map[string]bool{appID: true, address: true, "https://app.example/other": false, m2mID: false} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			say(w, http.StatusOK, strings.ReplaceAll(aConsent, appID, answered))
		})
		a := wholeAuthorization
		a.ClientID = address
		_, err := u.tenant(t, nil).AuthorizeStart(everything(t), a)
		if (err == nil) != want || err != nil && !isFault(Mismatch)(err) {
			t.Errorf("answered about %s: %v", answered, err)
		}
	}
}

// A code that went to another address would be somebody else's way in.
func TestAnAnswerGoesWhereItWasAskedTo(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		asked, answered string
		want            bool
	}{
		{aRedirect, aRedirect + "?code=c&state=s", true},
		{aRedirect, aRedirect + "?error=access_denied", true},
		{aRedirect + "?a=b", aRedirect + "?a=b&code=c", true},
		{"https://app.example", "https://app.example/?code=c", true},
		{"https://app.example/", "https://app.example?code=c", true},
		{"https://App.example/callback", aRedirect + "?code=c", true},
		{"http://127.0.0.1:7777/cb", "http://127.0.0.1:7777/cb?code=c", true},
		{"com.example.app:/cb", "com.example.app:/cb?code=c", true},
		{"com.example.app:cb", "com.example.app:cb?code=c", true},
		{aRedirect, "https://evil.example/callback?code=c", false},
		{aRedirect, "https://app.example.evil.example/callback?code=c", false},
		{aRedirect, "https://app.example:444/callback?code=c", false},
		{aRedirect, "https://app.example@evil.example/callback?code=c", false},
		{aRedirect, "https://evil@app.example/callback?code=c", false},
		{aRedirect, "http://app.example/callback?code=c", false},
		{aRedirect, "https://app.example/callback/?code=c", false},
		{aRedirect, "https://app.example/call%62ack?code=c", false},
		{aRedirect, "https://app.example/callback/../x?code=c", false},
		{aRedirect, aRedirect + "#code=c", false},
		{aRedirect, "//app.example/callback?code=c", false},
		{aRedirect, "/callback?code=c", false},
		{aRedirect, "javascript:alert(1)", false},
		{aRedirect, "https://app.example/\x7fcallback", false},
		{"com.example.app:cb", "com.example.app:other?code=c", false},
	} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			say(w, http.StatusOK, edit(t, `{"request_id":"r","redirect_uri":"x"}`, "redirect_uri", one.answered, false))
		})
		a := wholeAuthorization
		a.RedirectURI = one.asked
		got, err := u.tenant(t, nil).Authorize(everything(t), a, true)
		if (err == nil) != one.want || err == nil && got.RedirectURI.Reveal() != one.answered || err != nil && (!isFault(Mismatch)(err) || got.RedirectURI != "") {
			t.Errorf("asked for %s, answered %s: %v", one.asked, one.answered, err)
		}
		if err != nil && strings.Contains(err.Error(), "code=c") {
			t.Errorf("the fault tells the code: %v", err)
		}
	}
}
