package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// attention is what somebody should see to, worst first.
func (h *console) attention(o *overview) []views.Attention {
	var bad, warn, half []views.Attention
	now := h.Now()
	put := func(kind views.StatusKind, text, follow string) {
		a := views.Attention{Kind: kind, Text: text, Follow: follow}
		switch kind {
		case views.StatusBad:
			bad = append(bad, a)
		case views.StatusWarn:
			warn = append(warn, a)
		default:
			half = append(half, a)
		}
	}
	org := &o.self.Organization
	for i := range o.sso.got.SAML {
		certificateAttention(&o.sso.got.SAML[i], now, put)
	}
	for i := range o.sso.got.OIDC {
		pendingAttention(&o.sso.got.OIDC[i], put)
	}
	if s := org.SCIM; s != nil && !s.TokenExpiresAt.IsZero() {
		switch left := s.TokenExpiresAt.Sub(now); {
		case left <= 0:
			put(views.StatusBad, "The SCIM token of "+s.Name+" has expired", moment(s.TokenExpiresAt.Time)+". The directory can no longer add, change or remove members.")
		case left <= soon:
			put(views.StatusWarn, "The SCIM token of "+s.Name+" expires in "+count(int(left.Hours()/24), "days"), moment(s.TokenExpiresAt.Time)+". From then on the directory cannot change members.")
		}
	}
	if s := o.scim.got; s != nil && s.NextTokenLastFour != "" {
		put(views.StatusPart, "A SCIM token rotation is half done", "Both tokens work: the one ending in "+s.TokenLastFour+" and the new one ending in "+s.NextTokenLastFour+".")
	}
	if isClosed(&org.OrganizationSummary) {
		put(views.StatusBad, "Nobody new can become a member", "Invitations and every way of joining are switched off.")
	}
	if org.AuthMethods == "RESTRICTED" && len(org.AllowedAuthMethods) == 1 && org.AllowedAuthMethods[0] == "sso" && len(org.SSOActiveConnections) == 0 {
		put(views.StatusBad, "Nobody can sign in", "Only single sign-on is allowed, and no connection is active. Break-glass members still can.")
	}
	if org.ID == h.StaffOrganizationID {
		h.staffAttention(org, put)
	}
	return slices.Concat(bad, warn, half)
}

func certificateAttention(s *stytch.SAMLConnection, now time.Time, put func(views.StatusKind, string, string)) {
	if s.Status != "active" {
		pendingAttention(&s.SSOConnection, put)
		return
	}
	ends := certificateEnd(s)
	switch left := ends.Sub(now); {
	case ends.IsZero():
	case left <= 0:
		put(views.StatusBad, "The SAML certificate of "+s.Name+" has expired", moment(ends)+". Sign-in through it fails if the identity provider still uses that certificate.")
	case left <= soon:
		put(views.StatusWarn, "The SAML certificate of "+s.Name+" expires in "+count(int(left.Hours()/24), "days"), moment(ends)+". When it lapses, nobody signs in through this connection.")
	default:
		// A newer certificate is there. The older one still matters while the identity provider signs with it.
		for _, certificate := range s.Certificates {
			if left := certificate.ExpiresAt.Sub(now); !certificate.ExpiresAt.IsZero() && left <= soon {
				put(views.StatusPart, "One of "+strconv.Itoa(len(s.Certificates))+" SAML certificates of "+s.Name+" "+inOrAgo(left),
					"Another one is good until "+moment(ends)+". Nothing follows if the identity provider signs with that one already.")
			}
		}
	}
}

// inOrAgo says when something expires, or that it has.
func inOrAgo(left time.Duration) string {
	if left <= 0 {
		return "has expired"
	}
	return "expires in " + count(int(left.Hours()/24), "days")
}

func pendingAttention(s *stytch.SSOConnection, put func(views.StatusKind, string, string)) {
	if s.Status == "pending" {
		put(views.StatusPart, "The connection "+s.Name+" is not finished", "Nobody can sign in through it until its settings are complete.")
	}
}

// staffAttention warns of a staff organization that lets people in by itself: whoever gets in there, and gets a role
// there, is support staff.
func (h *console) staffAttention(org *stytch.Organization, put func(views.StatusKind, string, string)) {
	var open []string
	if org.EmailJIT != "NOT_ALLOWED" {
		open = append(open, "joining by e-mail domain")
	}
	if org.SSOJIT != "NOT_ALLOWED" {
		open = append(open, "joining by single sign-on")
	}
	if org.OAuthTenantJIT != "NOT_ALLOWED" {
		open = append(open, "joining by OAuth tenant")
	}
	if org.EmailInvites == "ALL_ALLOWED" {
		open = append(open, "invitations to any address")
	}
	if len(open) > 0 {
		put(views.StatusWarn, "This is the staff organization, and it lets people in by itself", sentence(open...)+". Whoever comes in with a role is support staff.")
	}
	if len(org.ImplicitRoles) > 0 {
		put(views.StatusWarn, "The staff organization gives roles by e-mail domain", "Everybody with such an address has them: "+implicitRoles(org.ImplicitRoles)+".")
	}
	if mixed := h.Policy.Policy().Mixed(); len(mixed) > 0 {
		put(views.StatusWarn, count(len(mixed), "roles")+" carry permissions of the console and of tenants alike", strings.Join(mixed, ", ")+". A tenant's admin who hands one out hands out a part of the console.")
	}
}
