package handlers

import (
	"context"
	"strings"
	"testing"
	"time"

	"console.internal/internal/authz"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// TestAttention has the states that no organization of the seed lets support staff see.
func TestAttention(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	in := func(days int) stytch.Time {
		return stytch.Time{Time: now.Add(time.Duration(days)*24*time.Hour + time.Hour)}
	}
	saml := func(status string, ends ...int) stytch.SSOConnections {
		s := stytch.SAMLConnection{SSOConnection: stytch.SSOConnection{ID: "saml-1", Name: "Okta", Status: status}}
		for _, days := range ends {
			s.Certificates = append(s.Certificates, struct {
				ID        string      `json:"certificate_id"`
				ExpiresAt stytch.Time `json:"expires_at"`
			}{"key", in(days)})
		}
		return stytch.SSOConnections{SAML: []stytch.SAMLConnection{s}}
	}
	org := func(change func(*stytch.Organization)) stytch.Organization {
		o := stytch.Organization{OrganizationSummary: stytch.OrganizationSummary{
			ID: "tenant", AuthMethods: "ALL_ALLOWED", EmailJIT: "NOT_ALLOWED", SSOJIT: "NOT_ALLOWED", OAuthTenantJIT: "NOT_ALLOWED", EmailInvites: "RESTRICTED",
		}}
		if change != nil {
			change(&o)
		}
		return o
	}
	for _, c := range []struct {
		name string
		org  stytch.Organization
		sso  stytch.SSOConnections
		scim *stytch.SCIMConnection
		// want are a kind and a beginning for each line, worst first.
		want []string
	}{
		{name: "nothing", org: org(nil)},
		{name: "certificate far", org: org(nil), sso: saml("active", 31)},
		{name: "certificate soon", org: org(nil), sso: saml("active", 29), want: []string{"warn The SAML certificate of Okta expires in 29 days"}},
		{name: "certificate over", org: org(nil), sso: saml("active", -3), want: []string{"bad The SAML certificate of Okta has expired"}},
		{name: "one of two is good", org: org(nil), sso: saml("active", -3, 400), want: []string{"part One of 2 SAML certificates of Okta has expired"}},
		{name: "one of two ends soon", org: org(nil), sso: saml("active", 12, 700), want: []string{"part One of 2 SAML certificates of Okta expires in 12 days"}},
		{name: "both are good", org: org(nil), sso: saml("active", 400, 700)},
		{name: "no certificate", org: org(nil), sso: saml("active")},
		{name: "pending", org: org(nil), sso: saml("pending", -3), want: []string{"part The connection Okta is not finished"}},
		{name: "oidc pending", org: org(nil), sso: stytch.SSOConnections{OIDC: []stytch.SSOConnection{{Name: "Entra", Status: "pending"}, {Name: "Done", Status: "active"}}}, want: []string{"part The connection Entra is not finished"}},
		{name: "token soon", org: org(func(o *stytch.Organization) { o.SCIM = &stytch.SCIMSummary{Name: "Dir", TokenExpiresAt: in(4)} }), want: []string{"warn The SCIM token of Dir expires in 4 days"}},
		{name: "token over", org: org(func(o *stytch.Organization) { o.SCIM = &stytch.SCIMSummary{Name: "Dir", TokenExpiresAt: in(-4)} }), want: []string{"bad The SCIM token of Dir has expired"}},
		{name: "token without an end", org: org(func(o *stytch.Organization) { o.SCIM = &stytch.SCIMSummary{Name: "Dir"} })},
		{name: "rotation", org: org(nil), scim: &stytch.SCIMConnection{TokenLastFour: "aaaa", NextTokenLastFour: "bbbb"}, want: []string{"part A SCIM token rotation is half done"}},
		{name: "closed", org: org(func(o *stytch.Organization) { o.EmailInvites = "NOT_ALLOWED" }), want: []string{"bad Nobody new can become a member"}},
		{name: "sso only, no connection", org: org(func(o *stytch.Organization) { o.AuthMethods, o.AllowedAuthMethods = "RESTRICTED", []string{"sso"} }), want: []string{"bad Nobody can sign in"}},
		{name: "sso only, a connection", org: org(func(o *stytch.Organization) {
			o.AuthMethods, o.AllowedAuthMethods, o.SSOActiveConnections = "RESTRICTED", []string{"sso"}, []stytch.SSOSummary{{ID: "saml-1"}}
		})},
		{name: "worst first", org: org(func(o *stytch.Organization) {
			o.EmailInvites, o.SCIM = "NOT_ALLOWED", &stytch.SCIMSummary{Name: "Dir", TokenExpiresAt: in(4)}
		}), sso: saml("pending"), want: []string{"bad Nobody new", "warn The SCIM token", "part The connection"}},
		{name: "staff lets people in", org: org(func(o *stytch.Organization) { o.ID, o.EmailJIT, o.EmailInvites = "staff", "RESTRICTED", "ALL_ALLOWED" }), want: []string{"warn This is the staff organization, and it lets people in by itself", "warn 1 roles carry permissions"}},
		{name: "staff by SSO and OAuth", org: org(func(o *stytch.Organization) { o.ID, o.SSOJIT, o.OAuthTenantJIT = "staff", "ALL_ALLOWED", "RESTRICTED" }), want: []string{"warn This is the staff organization", "warn 1 roles"}},
		{name: "staff gives roles", org: org(func(o *stytch.Organization) {
			o.ID, o.ImplicitRoles = "staff", []stytch.RoleAssignment{{Domain: "support.example", RoleID: "support_agent"}}
		}), want: []string{"warn The staff organization gives roles by e-mail domain", "warn 1 roles"}},
		{name: "a tenant may let people in", org: org(func(o *stytch.Organization) { o.EmailJIT = "RESTRICTED" })},
	} {
		policy := authz.NewCache(t.Context(), func(context.Context) (authz.Policy, error) {
			return authz.Policy{Roles: []authz.Role{{ID: "both", Permissions: []authz.Permission{
				{Resource: "stytch.member", Actions: []string{"search"}}, {Resource: "console-organizations", Actions: []string{"search"}},
			}}}}, nil
		}, time.Hour, func() time.Time { return now })
		if err := policy.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		h := &console{Options: Options{Now: func() time.Time { return now }, StaffOrganizationID: "staff", Policy: policy}}
		o := overview{self: stytch.Self{Organization: c.org}, sso: part[stytch.SSOConnections]{got: c.sso}, scim: part[*stytch.SCIMConnection]{got: c.scim}}
		got := h.attention(&o)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d lines, want %d: %+v", c.name, len(got), len(c.want), got)
			continue
		}
		for i, a := range got {
			kind := map[views.StatusKind]string{views.StatusBad: "bad", views.StatusWarn: "warn", views.StatusPart: "part"}[a.Kind]
			if !strings.HasPrefix(kind+" "+a.Text, c.want[i]) || a.Follow == "" {
				t.Errorf("%s: line %d is %s %q (%q), want %q", c.name, i, kind, a.Text, a.Follow, c.want[i])
			}
		}
	}
}
