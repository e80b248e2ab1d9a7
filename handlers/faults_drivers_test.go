package handlers_test

import (
	"net/http"
	"net/url"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// driver is one way to visit a route.
type driver struct {
	route, name string
	// drive is the visit of the table that it makes, if it is one of those.
	drive drive
	// write says that a visit changes something, so each one begins anew.
	write bool
	// open makes the browser ready for the visit, act is the visit itself.
	open func(*tapped) *browser
	act  func(*tapped, *browser) *answer
	// good is the status of an undisturbed visit.
	good     int
	signedIn bool
	// anew says that a form that failed is not kept: the page leads back to what it was about.
	anew bool
	// outcome and special say what becomes of the page when an operation fails; special by operation and fault.
	outcome map[string]outcome
	special map[string]cell
	// skip are cells that cannot be told apart from a fault of the test.
	skip []string
	// only are the operations that are spoiled; empty means every one.
	only []stytch.Operation
	// rest is what a page still says when a part of it failed.
	rest string
	// private is what was sent that no log may hold.
	private []string
	// after is a page that must work afterwards; empty means the sign-in page or, signed in, one's organizations.
	after string
}

func (d *driver) next(*tapped) string {
	switch {
	case d.after != "":
		return d.after
	case d.signedIn:
		return paths.Organizations + "?show=mine"
	}
	return paths.Login
}

func visiting(slug string) func(*tapped) *browser {
	return func(f *tapped) *browser { return f.visit(slug) }
}

func getting(path func(*tapped) string) func(*tapped, *browser) *answer {
	return func(f *tapped, b *browser) *answer { return b.get(path(f)) }
}

func fixedPath(path string) func(*tapped) string { return func(*tapped) string { return path } }

func readDrivers() []*driver {
	acme := func(f *tapped) string { return paths.Organization(f.organization("acme")) }
	own := func(f *tapped) string { return paths.Member(f.organization("acme"), f.member("acme", ada)) }
	other := func(f *tapped) string {
		return paths.Member(f.organization("acme"), f.member("acme", "priya.nair@acme.example"))
	}
	sessions := map[string]outcome{stytch.MemberSessionsList.String(): aPart, stytch.MemberAppsList.String(): aPart}
	entering := map[string]outcome{stytch.OrganizationGet.String(): quiet, stytch.SessionAuthenticate.String(): quiet}
	find := func(q func(*tapped) string) func(*tapped, *browser) *answer {
		return getting(func(f *tapped) string { return paths.Find + "?q=" + url.QueryEscape(q(f)) })
	}
	overview := map[string]outcome{
		stytch.OrganizationMetrics.String(): quiet, stytch.SSOConnectionsList.String(): aPart,
		stytch.SCIMConnectionGet.String(): aPart, stytch.ConnectedAppsList.String(): aPart,
	}
	// A slug that names nothing is an ordinary answer of the finder.
	nothing := map[string]cell{
		stytch.OrganizationGet.String() + " 404": {http.StatusNotFound, "Nothing found"}, stytch.MemberFind.String() + " 404": {http.StatusNotFound, "Nothing found"},
	}
	slugNone := map[string]cell{
		stytch.OrganizationGet.String() + " 404":     {http.StatusOK, "Organizations whose name contains acme"},
		stytch.SessionAuthenticate.String() + " 404": {http.StatusOK, "Organizations whose name contains acme"},
	}
	memberNone := map[string]cell{stytch.MemberGet.String() + " 404": {http.StatusNotFound, "This member does not exist here"}, stytch.SessionAuthenticate.String() + " 404": {http.StatusNotFound, "This member does not exist here"}}
	nothing[stytch.SessionAuthenticate.String()+" 404"] = cell{http.StatusNotFound, "Nothing found"}
	const get = "GET "
	return []*driver{
		{route: get + paths.Organizations, name: "directory", open: visiting(""), act: getting(fixedPath(paths.Organizations + "?name=acme")), good: 200, signedIn: true},
		{route: get + paths.Organizations, name: "mine", open: visiting(""), act: getting(fixedPath(paths.Organizations + "?show=mine")), good: 200, signedIn: true},
		{route: get + paths.OrganizationRoute, name: "overview", open: visiting("acme"), act: getting(acme), good: 200, signedIn: true, outcome: overview, rest: "How people sign in"},
		{route: get + paths.OrganizationRoute, name: "enter", open: visiting(""), act: getting(acme), good: 200, signedIn: true, outcome: entering},
		{
			route: get + paths.OrganizationRoute, name: "not a member", open: visiting(""), good: 403, signedIn: true,
			act: getting(func(f *tapped) string { return paths.Organization(f.organization("closed")) }),
		},
		{route: get + paths.MembersRoute, name: "members", open: visiting("acme"), act: getting(func(f *tapped) string { return acme(f) + "/members?email_contains=acme" }), good: 200, signedIn: true},
		{route: get + paths.MembersRoute, name: "enter", open: visiting(""), act: getting(func(f *tapped) string { return acme(f) + "/members" }), good: 200, signedIn: true, outcome: entering},
		{route: get + paths.MemberRoute, name: "member", open: visiting("acme"), act: getting(other), good: 200, signedIn: true, outcome: sessions, rest: "Ways to sign in", special: memberNone},
		{route: get + paths.MemberRoute, name: "own", open: visiting("acme"), act: getting(own), good: 200, signedIn: true, outcome: sessions, rest: "Ways to sign in", special: memberNone},
		{route: get + paths.MemberRoute, name: "enter", open: visiting(""), act: getting(other), good: 200, signedIn: true, outcome: entering},
		{route: get + paths.Find, name: "slug", open: visiting(""), act: find(fixedPath("acme")), good: 303, signedIn: true, special: slugNone},
		{route: get + paths.Find, name: "member id", open: visiting(""), act: find(func(f *tapped) string { return f.member("acme", ada) }), good: 303, signedIn: true, special: nothing},
		{route: get + paths.Find, name: "e-mail", open: visiting(""), act: find(fixedPath("tom.baker@acme.example")), good: 303, signedIn: true},
		{route: get + paths.Find, name: "not staff", open: func(f *tapped) *browser { return f.signIn(ada, "acme") }, act: find(fixedPath("acme")), good: 303, signedIn: true},
	}
}
