package handlers_test

import (
	"net/http"
	"net/url"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// asking asks for a message to ada and stays on the page after it.
func asking(path, method string, signedIn bool) func(*tapped) *browser {
	return func(f *tapped) *browser {
		b := f.fresh()
		if signedIn {
			b.discover(ada)
			b.post(paths.LoginOrganizations, url.Values{"organization_id": {f.organization("support-desk")}}).want(http.StatusSeeOther)
		}
		if method != "" {
			b.post(path, url.Values{"email": {ada}, "method": {method}}).leads(paths.LoginSent)
		}
		return b
	}
}

func sending(path, method string) func(*tapped, *browser) *answer {
	return func(_ *tapped, b *browser) *answer {
		return b.post(path, url.Values{"email": {ada}, "method": {method}})
	}
}

func takingCode(f *tapped, b *browser) *answer {
	return b.post(paths.LoginCode, url.Values{"code": {f.lastMail(ada).Code}})
}

func takingLink(f *tapped, b *browser) *answer {
	f.t.Helper()
	link, err := url.Parse(f.lastMail(ada).Link)
	if err != nil {
		f.t.Fatal(err)
	}
	q := link.Query()
	return b.post(paths.Authenticate, url.Values{"stytch_token_type": {q.Get("stytch_token_type")}, "token": {q.Get("token")}})
}

// writeDrivers are the forms. Every one of them changes something upstream.
func writeDrivers() []*driver {
	const post = "POST "
	desk := paths.LoginFor("support-desk")
	discover := func(f *tapped) *browser {
		b := f.fresh()
		b.discover(ada)
		return b
	}
	choose := func(slug string) func(*tapped, *browser) *answer {
		return func(f *tapped, b *browser) *answer {
			return b.post(paths.LoginOrganizations, url.Values{"organization_id": {f.organization(slug)}})
		}
	}
	signedIn := asking("", "", true)
	within := func(f *tapped) *browser { return signedIn(f).enter("acme") }
	enter := func(f *tapped, b *browser) *answer {
		return b.post(paths.Enter(f.organization("acme")), url.Values{"return": {paths.Members(f.organization("acme"))}})
	}
	tooMany := func(operation stytch.Operation, words string) map[string]cell {
		return map[string]cell{operation.String() + " 429": {http.StatusTooManyRequests, words}}
	}
	sent, tried := "Too many messages were sent", "Too many codes were tried"
	// To a stranger, a refused address looks like a good one.
	same := func(operation stytch.Operation) map[string]cell {
		m := tooMany(operation, sent)
		m[operation.String()+" 404"] = cell{http.StatusSeeOther, ""}
		return m
	}
	wrong := func(operation stytch.Operation) map[string]cell {
		m := tooMany(operation, tried)
		m[operation.String()+" 404"] = cell{http.StatusUnprocessableEntity, "This code is not right, or it is too old."}
		return m
	}
	used := func(operation stytch.Operation) map[string]cell {
		return map[string]cell{operation.String() + " 404": {http.StatusUnprocessableEntity, "used"}}
	}
	revoking := map[string]outcome{stytch.SessionRevoke.String(): quiet}
	return []*driver{
		{route: post + paths.Login, name: "link", write: true, open: (*tapped).fresh0, act: sending(paths.Login, "link"), good: 303, special: tooMany(stytch.DiscoveryLinkSend, sent)},
		{route: post + paths.Login, name: "code", write: true, open: (*tapped).fresh0, act: sending(paths.Login, "code"), good: 303, special: tooMany(stytch.DiscoveryCodeSend, sent)},
		{route: post + paths.LoginSlug, name: "link", write: true, open: (*tapped).fresh0, act: sending(desk, "link"), good: 303, special: same(stytch.LinkSend)},
		{route: post + paths.LoginSlug, name: "code", write: true, open: (*tapped).fresh0, act: sending(desk, "code"), good: 303, special: same(stytch.CodeSend)},
		{route: post + paths.LoginCode, name: "discovery", write: true, open: asking(paths.Login, "code", false), act: takingCode, good: 303, special: wrong(stytch.DiscoveryCodeAuthenticate)},
		{route: post + paths.LoginCode, name: "organization", write: true, open: asking(desk, "code", false), act: takingCode, good: 303, special: wrong(stytch.CodeAuthenticate)},
		{
			route: post + paths.LoginCode, name: "signed in already", write: true, open: asking(desk, "code", true), act: takingCode, good: 303,
			special: wrong(stytch.CodeAuthenticate), outcome: revoking,
		},
		{route: post + paths.Authenticate, name: "discovery", write: true, open: asking(paths.Login, "link", false), act: takingLink, good: 303, special: used(stytch.DiscoveryLinkAuthenticate)},
		{route: post + paths.Authenticate, name: "organization", write: true, open: asking(desk, "link", false), act: takingLink, good: 303, special: used(stytch.LinkAuthenticate)},
		{
			route: post + paths.Authenticate, name: "signed in already", write: true, open: asking(desk, "link", true), act: takingLink, good: 303,
			special: used(stytch.LinkAuthenticate), outcome: revoking,
		},
		{route: post + paths.LoginOrganizations, name: "choose", write: true, open: discover, act: choose("support-desk"), good: 303, special: map[string]cell{
			stytch.IntermediateExchange.String() + " 404": {http.StatusForbidden, "You may not enter this organization"},
		}},
		{route: post + paths.Logout, name: "home and one tenant", write: true, open: within, good: 303, outcome: revoking, act: func(_ *tapped, b *browser) *answer {
			return b.post(paths.Logout, url.Values{})
		}},
		{
			route: post + paths.OrganizationEnter, name: "enter", write: true, open: signedIn, act: enter, good: 303, signedIn: true,
			special: map[string]cell{stytch.SessionExchange.String() + " 404": {http.StatusForbidden, "You are not a member here"}},
		},
		{route: post + paths.OrganizationEnter, name: "signed out meanwhile", write: true, open: signedIn, act: func(f *tapped, b *browser) *answer {
			other := b.clone()
			f.tap.hook(func(operation string) {
				if operation == stytch.SessionExchange.String() {
					f.tap.hook(nil)
					other.post(paths.Logout, url.Values{})
				}
			})
			return enter(f, b)
		}, good: 401, outcome: revoking, special: map[string]cell{stytch.SessionExchange.String() + " 404": {http.StatusForbidden, "You are not a member here"}}, skip: []string{
			// The other tab waits for these while the exchange waits for the other tab.
			stytch.SessionRevoke.String() + " slow", stytch.SessionRevoke.String() + " silent",
		}},
		{
			route: post + paths.OrganizationLeave, name: "leave", write: true, open: within, good: 303, signedIn: true, outcome: revoking,
			act: func(f *tapped, b *browser) *answer {
				return b.post(paths.Leave(f.organization("acme")), url.Values{})
			},
		},
	}
}

func (f *tapped) fresh0() *browser { return f.fresh() }
