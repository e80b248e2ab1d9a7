package sandbox

import (
	"net/url"
	"slices"
	"time"
)

// inviteMinutes is how long an invitation is good when nothing else is asked for: a week.
const inviteMinutes = 10080

type inviteRequest struct {
	OrganizationID    string         `json:"organization_id"`
	EmailAddress      string         `json:"email_address"`
	Redirect          string         `json:"invite_redirect_url"`
	InvitedBy         string         `json:"invited_by_member_id"`
	Name              string         `json:"name"`
	TrustedMetadata   map[string]any `json:"trusted_metadata"`
	UntrustedMetadata map[string]any `json:"untrusted_metadata"`
	Locale            string         `json:"locale"`
	Roles             []string       `json:"roles"`
	Minutes           *int32         `json:"invite_expiration_minutes"`
}

// invite makes an invited member, or invites one again who has not come yet.
func (c *call) invite() (any, error) {
	in, err := decode[inviteRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	life, err := minutes(in.Minutes, inviteMinutes, 5, inviteMinutes, "invalid_expiration")
	if err != nil {
		return nil, err
	}
	t, err := c.open(in.OrganizationID, "stytch.member", "create")
	if err != nil {
		return nil, err
	}
	c.log.TargetOrganizationID = t.OrganizationID
	m := c.store.memberByEmail(t, in.EmailAddress)
	if err := c.checkInvite(&in, t, m); err != nil {
		return nil, err
	}
	target, err := c.redirect(in.Redirect, inviteRedirect)
	if err != nil {
		return nil, err
	}
	if err := c.mayMail(mailLinks, in.EmailAddress); err != nil {
		return nil, err
	}
	if m == nil {
		m = c.join(t, in.EmailAddress)
	}
	m.Status = statusInvited
	if in.Name != "" {
		m.Name = in.Name
	}
	m.TrustedMetadata = mergedMetadata(m.TrustedMetadata, in.TrustedMetadata)
	m.UntrustedMetadata = mergedMetadata(m.UntrustedMetadata, in.UntrustedMetadata)
	for _, role := range in.Roles {
		if !slices.ContainsFunc(m.Roles, func(r memberRole) bool { return r.RoleID == role && slices.ContainsFunc(r.Sources, roleSource.direct) }) {
			m.assign(role, "direct_assignment", nil)
		}
	}
	m.changed(c.time)
	c.post(c.store.invitation(m, target, c.time, life))
	return c.memberAnswer(m), nil
}

// checkInvite checks who may be invited and with what; m is nil for somebody new.
func (c *call) checkInvite(in *inviteRequest, t *tenant, m *member) error {
	acting, err := c.acting()
	if err != nil {
		return err
	}
	if acting != nil && in.TrustedMetadata != nil {
		return errTrustedMetadata()
	}
	if m != nil && m.Status == statusActive {
		return badRequest("duplicate_member_email", "A member with this address is active already.")
	}
	outside := t.EmailInvites == restricted && !slices.Contains(t.EmailAllowedDomains, emailDomain(in.EmailAddress))
	if t.EmailInvites == notAllowed || outside {
		return badRequest("invalid_email_for_invites", "The organization does not let this address be invited.")
	}
	if in.InvitedBy != "" {
		if by := t.member(c.store, in.InvitedBy); by == nil || by.Status == statusDeleted {
			return errMemberNotFound()
		}
	}
	if m == nil {
		if err := c.checkNewcomer(t, in.EmailAddress); err != nil {
			return err
		}
	}
	if err := c.checkRoles(t, in.Roles); err != nil {
		return err
	}
	if err := checkMetadata(in.TrustedMetadata); err != nil {
		return err
	}
	return checkMetadata(in.UntrustedMetadata)
}

// invitation makes the link of an invited member and the mail that it is in. Earlier ones stay good; all end with the member.
func (s *store) invitation(m *member, target *url.URL, now time.Time, life time.Duration) Message {
	token := newToken()
	s.links[token] = &link{email: m.EmailAddress, member: m, expires: now.Add(life)}
	return Message{
		To: m.EmailAddress, Kind: "invite", Subject: "You are invited to " + m.tenant.OrganizationName,
		Link: withQuery(target, "stytch_token_type", "multi_tenant_magic_links", "token", token, "slug", m.tenant.OrganizationSlug),
	}
}

// seedInvitations sends the links of the seed's invited members; the caller holds mu. Without a redirect URL they would lead
// nowhere.
func (s *Server) seedInvitations() {
	target, err := s.redirect("", inviteRedirect)
	if err != nil {
		return
	}
	now := s.now()
	for _, t := range s.store.tenants {
		for _, m := range t.live {
			if m.Status != statusInvited {
				continue
			}
			own := *target
			query := own.Query()
			query.Set("email", m.EmailAddress)
			own.RawQuery = query.Encode()
			s.post(s.store.invitation(m, &own, now, inviteMinutes*time.Minute))
		}
	}
}
