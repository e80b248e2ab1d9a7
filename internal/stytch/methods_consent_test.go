package stytch

import (
	"net/url"
	"slices"
	"testing"

	"console.internal/internal/sandbox"
)

// queryOfRedirect is what an app is told with its address.
func queryOfRedirect(t *testing.T, a Authorized) url.Values {
	t.Helper()
	u, err := url.Parse(a.RedirectURI.Reveal())
	must(t, err)
	return u.Query()
}

func TestAnAppIsLetIn(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, app := everything(t), l.appNamed("Ledgerly")
	tenant := l.tenant("acme", hana)
	a := Authorization{
		ClientID: app.ID, RedirectURI: app.RedirectURLs[0], Scopes: []string{"openid", "profile", "manage:billing"}, State: "s 1", Nonce: "n", Challenge: challenge,
	}
	asked, err := tenant.AuthorizeStart(ctx, a)
	must(t, err)
	grantable := map[string]bool{}
	for _, s := range asked.Scopes {
		grantable[s.Scope] = *s.Grantable
		if s.Description == "" {
			t.Errorf("%s says nothing", s.Scope)
		}
	}
	if !*asked.Required || len(grantable) != 3 || !grantable["openid"] || !grantable["profile"] || grantable["manage:billing"] || asked.Client.Name != app.Name || asked.Member.Email != hana {
		t.Errorf("asked %+v", asked)
	}
	before, err := tenant.OwnApps(ctx)
	must(t, err)
	denied, err := tenant.Authorize(ctx, a, false)
	must(t, err)
	if q := queryOfRedirect(t, denied); q.Get("error") != "access_denied" || q.Get("state") != "s 1" || q.Get("code") != "" {
		t.Errorf("denied with %v", q)
	}
	after, err := tenant.OwnApps(ctx)
	must(t, err)
	if len(after) != len(before) {
		t.Errorf("a denial lets in: %+v", after)
	}
	granted, err := tenant.Authorize(ctx, a, true)
	must(t, err)
	if q := queryOfRedirect(t, granted); q.Get("code") == "" || q.Get("state") != "s 1" || q.Get("error") != "" || granted.RequestID == "" {
		t.Errorf("granted with %v", q)
	}
	own, err := tenant.OwnApps(ctx)
	must(t, err)
	at := slices.IndexFunc(own, func(m MemberApp) bool { return m.ID == app.ID })
	if at < 0 || !slices.Equal(own[at].Scopes, []string{"openid", "profile"}) {
		t.Fatalf("let in %+v", own)
	}
	one, err := tenant.OrganizationApp(ctx, app.ID)
	must(t, err)
	if one.Name != app.Name || !slices.ContainsFunc(one.Members, func(m AppMember) bool {
		return m.ID == tenant.MemberID() && slices.Equal(m.Scopes, []string{"openid", "profile"})
	}) {
		t.Errorf("the organization has %+v", one)
	}
	again, err := tenant.AuthorizeStart(ctx, a)
	must(t, err)
	if *again.Required {
		t.Error("asked again for what was granted")
	}
	// Where nobody must be asked the word is not looked at.
	if unasked, err := tenant.Authorize(ctx, a, false); err != nil || queryOfRedirect(t, unasked).Get("code") == "" {
		t.Errorf("unasked: %v", err)
	}
	_, err = tenant.RevokeOwnApp(ctx, app.ID)
	must(t, err)
	if again, err = tenant.AuthorizeStart(ctx, a); err != nil || !*again.Required {
		t.Errorf("not asked after it was taken back: %v", err)
	}
	if left, err := tenant.OwnApps(ctx); err != nil || len(left) != len(before) {
		t.Errorf("left are %+v, %v", left, err)
	}
	if _, err := tenant.RevokeOwnApp(ctx, app.ID); !IsNotFound(err) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, app, public := everything(t), l.appNamed("Ledgerly"), l.appNamed("Notebook CLI")
	tenant := l.tenant("acme", hana)
	good := Authorization{ClientID: app.ID, RedirectURI: app.RedirectURLs[0], Scopes: []string{"openid"}}
	for want, change := range map[string]func(*Authorization){
		"connected_app_not_found":                                 func(a *Authorization) { a.ClientID = appID },
		"connected_app_supplied_redirect_url_not_found_in_client": func(a *Authorization) { a.RedirectURI = "https://evil.example/callback" },
		"oauth_invalid_scope_requested":                           func(a *Authorization) { a.Scopes = []string{"read:everything"} },
		"third_party_clients_cannot_use_full_access":              func(a *Authorization) { a.Scopes = []string{"full_access"} },
	} {
		a := good
		change(&a)
		if _, err := tenant.AuthorizeStart(ctx, a); !IsType(err, want) {
			t.Errorf("start: %v, want %s", err, want)
		}
		if _, err := tenant.Authorize(ctx, a, true); !IsType(err, want) {
			t.Errorf("submit: %v, want %s", err, want)
		}
	}
	open := Authorization{ClientID: public.ID, RedirectURI: "http://127.0.0.1:49152/callback", Scopes: []string{"openid"}}
	if _, err := tenant.Authorize(ctx, open, true); !IsType(err, "pkce_required_for_idp_authorization_flow") {
		t.Errorf("a public client without a challenge: %v", err)
	}
	open.Challenge = challenge
	if got, err := tenant.Authorize(ctx, open, true); err != nil || queryOfRedirect(t, got).Get("code") == "" {
		t.Errorf("a port of its own: %v", err)
	}
	nothing := good
	nothing.Scopes = []string{"manage:billing"}
	if got, err := tenant.Authorize(ctx, nothing, true); err != nil || queryOfRedirect(t, got).Get("error") != "invalid_scope" {
		t.Errorf("nothing that can be granted: %v", err)
	}
	must(t, tenant.Revoke(ctx))
	if _, err := tenant.AuthorizeStart(ctx, good); !IsSessionGone(err) {
		t.Errorf("a session that is over: %v", err)
	}
	if _, err := tenant.Authorize(ctx, good, true); !IsSessionGone(err) {
		t.Errorf("a session that is over decides: %v", err)
	}
}

// A preview is what the member would see, changes nothing, and takes both sessions.
func TestAPreviewOfConsent(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, app := everything(t), l.appNamed("Ledgerly")
	staff, tenant, member := l.staff(ada), l.tenant("acme", olivia), l.tenant("acme", hana)
	a := Authorization{ClientID: app.ID, RedirectURI: app.RedirectURLs[0], Scopes: []string{"openid", "manage:billing"}}
	seen, err := staff.PreviewConsent(ctx, tenant, member.MemberID(), a)
	must(t, err)
	own, err := member.AuthorizeStart(ctx, a)
	must(t, err)
	if *seen.Required != *own.Required || len(seen.Scopes) != len(own.Scopes) || seen.Client != own.Client || seen.Member != own.Member {
		t.Errorf("previewed %+v, asked %+v", seen, own)
	}
	for i := range seen.Scopes {
		if seen.Scopes[i].Scope != own.Scopes[i].Scope || *seen.Scopes[i].Grantable != *own.Scopes[i].Grantable {
			t.Errorf("previewed %+v, asked %+v", seen.Scopes[i], own.Scopes[i])
		}
	}
	for name, err := range map[string]error{
		"staff who may not":       second(l.staff(sam).PreviewConsent(ctx, tenant, member.MemberID(), a)),
		"a tenant's who may not":  second(staff.PreviewConsent(ctx, l.tenant("acme", daniel), member.MemberID(), a)),
		"the staff's own session": second(staff.PreviewConsent(ctx, l.tenant("acme", hana), l.memberOf(daniel), a)),
	} {
		if !IsForbidden(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := staff.PreviewConsent(ctx, tenant, otherID, a); !IsNotFound(err) {
		t.Errorf("nobody's consent: %v", err)
	}
}

// Who may change which apps a tenant lets in may see what its members asked for, and nobody else.
func TestWhoSeesWhatMembersAskFor(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx := everything(t)
	must(t, l.tenant("acme", olivia).Permitted(ctx, AppRequestsList))
	must(t, l.staff(ada).Permitted(ctx, StaffAppRequestsList))
	for name, err := range map[string]error{
		"a member":          l.tenant("acme", hana).Permitted(ctx, AppRequestsList),
		"who may invite":    l.tenant("acme", tara).Permitted(ctx, AppRequestsList),
		"staff that looks":  l.staff(sam).Permitted(ctx, StaffAppRequestsList),
		"a support session": l.tenant("acme", ada).Permitted(ctx, AppRequestsList),
	} {
		if !IsForbidden(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAppOfAnOrganization(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, app := everything(t), l.appNamed("Ledgerly")
	one, err := l.tenant("acme", olivia).OrganizationApp(ctx, app.ID)
	must(t, err)
	if len(one.Members) != 3 || one.Type != app.Type || len(one.Members[0].Scopes) == 0 {
		t.Errorf("the organization has %+v", one)
	}
	other, err := l.tenant("globex", "hank@globex.example").OrganizationApp(ctx, app.ID)
	must(t, err)
	if len(other.Members) == 0 || slices.ContainsFunc(other.Members, func(m AppMember) bool {
		return slices.ContainsFunc(one.Members, func(ours AppMember) bool { return ours.ID == m.ID })
	}) {
		t.Errorf("another organization has %+v", other)
	}
	if _, err := l.tenant("harbour", "grace.kelleher@harbour.example").OrganizationApp(ctx, app.ID); !IsNotFound(err) {
		t.Errorf("an organization that let nobody in has it: %v", err)
	}
}
