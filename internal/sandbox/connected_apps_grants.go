package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// grant is an app that a member has let in, and what it may do. Whatever is issued for it holds it: once it is revoked, that is
// dead too. An app that is let in again gets another grant.
type grant struct {
	app       *connectedApp
	member    *member
	scopes    []string // all that the member has agreed to so far
	resources []string
	granted   time.Time
	revoked   bool
}

// connectedApps are those that some member has let in.
func (t *tenant) connectedApps() []*connectedApp {
	var apps []*connectedApp
	for _, m := range t.live {
		for _, one := range m.grants {
			if !slices.Contains(apps, one.app) {
				apps = append(apps, one.app)
			}
		}
	}
	slices.SortFunc(apps, func(a, b *connectedApp) int { return cmp.Compare(a.position, b.position) })
	return apps
}

// grantFor is what a member lets an app do; nil when nothing.
func (m *member) grantFor(app *connectedApp) *grant {
	for _, one := range m.grants {
		if one.app == app {
			return one
		}
	}
	return nil
}

// letIn gives an app what a member has agreed to, on top of what it has (rule consent-memory).
func (m *member) letIn(app *connectedApp, now time.Time, scopes ...string) *grant {
	one := m.grantFor(app)
	if one == nil {
		one = &grant{app: app, member: m, granted: now}
		m.grants = append(m.grants, one)
	}
	for _, scope := range scopes {
		if !slices.Contains(one.scopes, scope) {
			one.scopes = append(one.scopes, scope)
		}
	}
	delete(m.takenBack, app)
	return one
}

// takeBack ends what a member lets an app do, and remembers it: the app has to ask again, even one of the project's own.
func (m *member) takeBack(app *connectedApp) {
	m.revokeGrants(func(one *grant) bool { return one.app == app })
	if m.takenBack == nil {
		m.takenBack = map[*connectedApp]bool{}
	}
	m.takenBack[app] = true
}

// revokeGrants ends some of what a member has let in.
func (m *member) revokeGrants(gone func(*grant) bool) {
	m.grants = slices.DeleteFunc(m.grants, func(one *grant) bool {
		if !gone(one) {
			return false
		}
		one.revoked = true
		return true
	})
}

// allows tells whether an organization's policy lets members let an app in (rule app-policy).
func (o *organization) allows(app *connectedApp) bool {
	setting, listed := o.ThirdPartyConnectedAppsAllowedType, o.AllowedThirdPartyConnectedApps
	if app.firstParty() {
		setting, listed = o.FirstPartyConnectedAppsAllowedType, o.AllowedFirstPartyConnectedApps
	}
	return setting == allAllowed || setting == restricted && slices.Contains(listed, app.ClientID)
}

// uninstall ends what the policy does not allow any more (rule app-policy-uninstalls).
func (t *tenant) uninstall() {
	for _, m := range t.live {
		m.revokeGrants(func(one *grant) bool { return !t.allows(one.app) })
	}
}
