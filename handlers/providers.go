package handlers

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// providers are those that the upstream tells the state of, each by an operation of its own.
var providers = []struct {
	id, name  string
	operation stytch.Operation
}{
	{"google", "Google", stytch.MemberGoogleState},
	{"microsoft", "Microsoft", stytch.MemberMicrosoftState},
	{"slack", "Slack", stytch.MemberSlackState},
	{"hubspot", "HubSpot", stytch.MemberHubSpotState},
	{"github", "GitHub", stytch.MemberGitHubState},
	{"oidc", "Identity providers of the organization (OIDC)", stytch.MemberOIDCState},
}

// providerCalls are the operations of the page.
func providerCalls() []stytch.Operation {
	calls := []stytch.Operation{stytch.MemberGet}
	for _, p := range providers {
		calls = append(calls, p.operation)
	}
	return calls
}

// showProviders says how the accounts stand that a member has elsewhere. It is for support staff who hold a key to the tenant.
func (h *console) showProviders(c echo.Context, p *session.Person, t stytch.Tenant) error {
	staff, ok := p.Staff()
	if !ok {
		return notFound("")
	}
	if c.Param("member_id") == t.MemberID() {
		return notFound("")
	}
	var a part[*asked]
	var wg sync.WaitGroup
	states := make([]part[[]stytch.ProviderState], len(providers))
	a.read(&wg, func() (*asked, error) { return h.read(c, p, t, 0) })
	for i, provider := range providers {
		states[i].read(&wg, func() ([]stytch.ProviderState, error) {
			return staff.MemberProvider(c.Request().Context(), t, c.Param("member_id"), provider.operation)
		})
	}
	wg.Wait()
	errs := []error{a.err}
	for i := range states {
		errs = append(errs, states[i].err)
	}
	if err := firstGone(errs...); err != nil {
		return err
	}
	for _, err := range errs {
		// All of them ask for the same permissions.
		if stytch.IsForbidden(err) {
			return err
		}
	}
	if a.err != nil {
		return a.err
	}
	m := views.ProvidersPage{Crumbs: a.got.crumbs(), Name: a.got.name(), Facts: a.got.facts()}
	for i, provider := range providers {
		part := views.ProviderPart{ID: provider.id, Name: provider.name, Section: h.section(c, states[i].err, len(states[i].got) == 0)}
		for _, state := range states[i].got {
			part.Rows = append(part.Rows, providerRow(&state, &a.got.Organization, h.Now()))
		}
		m.Providers = append(m.Providers, part)
	}
	m.Frame = h.frame(c, "Provider accounts", views.AreaMembers)
	return h.render(c, http.StatusOK, views.Providers(m))
}

// providerRow is an account at a provider. That there is a token is all that is known of it.
func providerRow(s *stytch.ProviderState, o *stytch.Organization, now time.Time) views.ProviderRow {
	row := views.ProviderRow{Subject: s.Subject, Scopes: s.Scopes, In: strings.Join(s.TenantIDs, ", "), Access: views.Status{Kind: views.StatusOff, Text: "None"}}
	if s.ConnectionID != "" {
		row.In = connectionName(o, s.ConnectionID)
	}
	if s.HasAccess {
		row.Access = views.Status{Kind: views.StatusOK, Text: "Held"}
		if s.ExpiresIn > 0 {
			row.Ends = in(now, now.Add(time.Duration(s.ExpiresIn)*time.Second))
		}
	}
	return row
}
