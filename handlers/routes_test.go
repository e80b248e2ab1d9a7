package handlers_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

func key(r handlers.Route) string { return r.Method + " " + r.Path }

func TestEveryRouteIsDriven(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range handlers.Routes() {
		known[key(r)] = true
		if len(drives[key(r)]) == 0 {
			t.Errorf("%s: no visit in the table", key(r))
		}
		switch r.Access {
		case handlers.Anyone, handlers.SignedIn, handlers.InTenant:
		default:
			t.Errorf("%s: does not say who may come", key(r))
		}
		if strings.Contains(r.Path, ":organization_id") && r.Method == http.MethodGet && r.Access != handlers.InTenant {
			t.Errorf("%s: speaks of a tenant and asks for no key to it", key(r))
		}
	}
	for name := range drives {
		if !known[name] {
			t.Errorf("%s: visited, and no route", name)
		}
	}
}

// TestRoutesCallWhatTheirRowNames reads what the upstream saw of each visit.
func TestRoutesCallWhatTheirRowNames(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			never := map[stytch.Operation]bool{}
			for _, op := range r.Calls {
				never[op] = true
			}
			if r.Access == handlers.InTenant && r.Method == http.MethodGet {
				for _, op := range handlers.EnterCalls() {
					never[op] = true
				}
			}
			for _, d := range drives[key(r)] {
				f := newFixture(t, setup{})
				b := d.who(f)
				a := d.send(b, r.Method).want(d.status)
				s := seen{t: t, name: key(r) + ", " + d.name, f: f, calls: a.calls(), refused: d.refused}
				if _, rest, ok := strings.Cut(d.path(f), "/organizations/"); ok {
					s.organization, _, _ = strings.Cut(rest, "/")
				}
				if d.key != "" {
					s.organization = f.organization(d.key)
				}
				allowed := r.Calls
				if d.unheld {
					allowed = handlers.EnterCalls()
				}
				for _, op := range s.check(allowed, r.Access == handlers.InTenant && !d.unheld) {
					delete(never, op)
				}
			}
			for op := range never {
				t.Errorf("%s: names %s, and no visit calls it", key(r), op)
			}
		})
	}
}

// seen is what the upstream saw of one visit.
type seen struct {
	t                  *testing.T
	name, organization string
	f                  *fixture
	calls              []sandbox.RequestLog
	refused            bool
}

// check fails on every call that is not allowed, or was not made as its row says, and returns the operations called.
func (s seen) check(allowed []stytch.Operation, inTenant bool) []stytch.Operation {
	s.t.Helper()
	verdicts, bare := s.verdicts()
	given := maps.Clone(verdicts)
	if s.refused && len(verdicts) > 0 {
		s.t.Errorf("%s: is to be refused, and got a yes to %v", s.name, verdicts)
	}
	var called []stytch.Operation
	known := map[string]bool{stytch.SessionAuthenticate.String(): true}
	for _, op := range allowed {
		row := op.Row()
		known[row.ID] = true
		if row.Door == stytch.Local { // nothing but its check is sent
			if want := s.asked(row); len(verdicts[want]) > 0 {
				verdicts[want] = verdicts[want][1:]
				called = append(called, op)
			}
			continue
		}
		var mine []sandbox.RequestLog
		for _, c := range s.calls {
			if c.Operation == row.ID && c.AuthorizationCheck == nil && !ofTwin(op, allowed, c) {
				mine = append(mine, c)
			}
		}
		if row.Door == stytch.Checked && len(mine) > 0 {
			if s.ofSisters(op, allowed, given, len(mine)) {
				continue
			}
			if !s.allowed(op, s.asked(row), verdicts, bare) {
				continue
			}
		}
		for _, c := range mine {
			s.checkDoor(op, c, inTenant)
		}
		if len(mine) > 0 && (op != stytch.SessionAuthenticate || bare[s.organization]+bare[s.f.staffID] > 0) {
			called = append(called, op)
		}
	}
	for _, c := range s.calls {
		if !known[c.Operation] {
			s.t.Errorf("%s: calls %s, which its row does not name", s.name, c.Operation)
		}
	}
	return called
}

// asked is the check that an operation's row asks for, in the organization whose session is asked.
func (s seen) asked(row stytch.Row) sandbox.Check {
	organization := s.organization
	if row.Check.Staff {
		organization = s.f.staffID
	}
	return sandbox.Check{OrganizationID: organization, ResourceID: row.Check.Resource, Action: row.Check.Action}
}

// ofTwin says whether a call is that of another operation of the route, which has the same name and another door.
func ofTwin(op stytch.Operation, allowed []stytch.Operation, c sandbox.RequestLog) bool {
	row := op.Row()
	return (c.SessionKind == "header") != (row.Door == stytch.Header) && slices.ContainsFunc(allowed, func(other stytch.Operation) bool {
		return other.Row().ID == row.ID && (other.Row().Door == stytch.Header) != (row.Door == stytch.Header)
	})
}

// ofSisters says whether the calls of an operation's name are all those of others of the route that have the same name, each with a
// check of its own that got its yes.
func (s seen) ofSisters(op stytch.Operation, allowed []stytch.Operation, given map[sandbox.Check][]bool, calls int) bool {
	row := op.Row()
	if row.Check.Resource == "" || len(given[s.asked(row)]) > 0 {
		return false
	}
	yes := 0
	for _, other := range allowed {
		if r := other.Row(); r.ID == row.ID && r.Door == stytch.Checked && r.Check.Resource != "" {
			yes += len(given[s.asked(r)])
		}
	}
	return yes > 0 && yes >= calls
}

// allowed uses up the answer that lets a checked operation through. It says no where the call was that of the other
// operation of the same name, and fails where nothing has allowed it.
func (s seen) allowed(op stytch.Operation, want sandbox.Check, verdicts map[sandbox.Check][]bool, bare map[string]int) bool {
	s.t.Helper()
	switch {
	case want.ResourceID == "": // one's own: whose session it is was asked, and no permission
		others := sandbox.Check{OrganizationID: want.OrganizationID, ResourceID: "stytch.member", Action: "search"}
		if bare[want.OrganizationID] == 0 || len(verdicts[others]) > 0 {
			return false
		}
		bare[want.OrganizationID]--
		return true
	case len(verdicts[want]) > 0:
		verdicts[want] = verdicts[want][1:]
		return true
	case op == stytch.MemberSessionsList && bare[want.OrganizationID] > 0:
		return false
	}
	s.t.Errorf("%s: %s without a yes to %+v", s.name, op, want)
	return false
}

// verdicts are the positive answers to checks, and how often a session was read without one, by organization.
func (s seen) verdicts() (yes map[sandbox.Check][]bool, bare map[string]int) {
	yes, bare = map[sandbox.Check][]bool{}, map[string]int{}
	for _, c := range s.calls {
		if c.Operation != stytch.SessionAuthenticate.String() {
			continue
		}
		if c.SessionKind != "token" {
			s.t.Errorf("%s: a session is checked by its %s", s.name, c.SessionKind)
		}
		switch {
		case c.AuthorizationCheck == nil:
			bare[c.OrganizationID]++
		case c.AuthorizationCheck.OrganizationID != c.OrganizationID:
			s.t.Errorf("%s: the session of %s is asked about %+v", s.name, c.OrganizationID, *c.AuthorizationCheck)
		case c.Authorized != nil && *c.Authorized:
			yes[*c.AuthorizationCheck] = append(yes[*c.AuthorizationCheck], true)
		}
	}
	return yes, bare
}

// checkDoor fails unless a call carried what its door asks for.
func (s seen) checkDoor(op stytch.Operation, c sandbox.RequestLog, inTenant bool) {
	s.t.Helper()
	if c.Fault != "" {
		return // what a fault has answered was not looked at
	}
	switch op.Row().Door {
	case stytch.Header:
		want := s.organization
		if op == stytch.OrganizationAppGet && !inTenant {
			want = c.TargetOrganizationID // the page of a client asks each organization that the person has entered
		}
		if c.SessionKind != "header" || c.OrganizationID != want || c.OrganizationID == "" {
			s.t.Errorf("%s: %s carried a %s session of %q, want a header session of %q", s.name, op, c.SessionKind, c.OrganizationID, want)
		}
	case stytch.Checked, stytch.Open, stytch.Local, stytch.Recorded:
		if c.SessionKind == "header" {
			s.t.Errorf("%s: %s carried a session in the header", s.name, op)
		}
	}
	// Support staff prove who they are where they signed in.
	proof := op.Row().Door == stytch.Open && c.TargetOrganizationID == s.f.staffID
	if inTenant && c.TargetOrganizationID != "" && c.TargetOrganizationID != s.organization && !proof {
		s.t.Errorf("%s: %s addressed %s", s.name, op, c.TargetOrganizationID)
	}
}
