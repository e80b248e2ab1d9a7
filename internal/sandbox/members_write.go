package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"
)

type memberCreateRequest struct {
	EmailAddress      string         `json:"email_address"`
	Name              string         `json:"name"`
	TrustedMetadata   map[string]any `json:"trusted_metadata"`
	UntrustedMetadata map[string]any `json:"untrusted_metadata"`
	Pending           bool           `json:"create_member_as_pending"`
	IsBreakglass      bool           `json:"is_breakglass"`
	PhoneNumber       string         `json:"mfa_phone_number"`
	MFAEnrolled       bool           `json:"mfa_enrolled"`
	Roles             []string       `json:"roles"`
	ExternalID        *string        `json:"external_id"`
}

// memberCreate makes a member, of whatever address and with whatever roles: only create is asked for. Nothing is mailed, and the
// address counts as verified only once somebody has signed in with it.
func (c *call) memberCreate() (any, error) {
	in, err := decode[memberCreateRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "stytch.member", "create")
	if err != nil {
		return nil, err
	}
	if err := c.checkMember(t, &in); err != nil {
		return nil, err
	}
	m := c.join(t, in.EmailAddress)
	if !in.Pending {
		m.Status = statusActive
	}
	m.Name, m.IsBreakglass, m.MFAEnrolled, m.ExternalID = in.Name, in.IsBreakglass, in.MFAEnrolled, in.ExternalID
	m.setPhone(in.PhoneNumber, false)
	m.TrustedMetadata = mergedMetadata(nil, in.TrustedMetadata)
	m.UntrustedMetadata = mergedMetadata(nil, in.UntrustedMetadata)
	m.setRoles(in.Roles)
	return c.memberAnswer(m), nil
}

// checkMember checks everything before a member is made.
func (c *call) checkMember(t *tenant, in *memberCreateRequest) error {
	acting, err := c.acting()
	if err != nil {
		return err
	}
	if acting != nil && in.TrustedMetadata != nil {
		return errTrustedMetadata()
	}
	if c.store.memberByEmail(t, in.EmailAddress) != nil {
		return errHasMember()
	}
	if err := c.checkNewcomer(t, in.EmailAddress); err != nil {
		return err
	}
	if in.PhoneNumber != "" {
		if err := checkPhone(&member{tenant: t}, in.PhoneNumber); err != nil {
			return err
		}
	}
	if err := c.checkRoles(t, in.Roles); err != nil {
		return err
	}
	if in.ExternalID != nil {
		if err := c.checkExternalID(t, nil, *in.ExternalID); err != nil {
			return err
		}
	}
	if err := checkMetadata(mergedMetadata(nil, in.TrustedMetadata)); err != nil {
		return err
	}
	return checkMetadata(mergedMetadata(nil, in.UntrustedMetadata))
}

func errHasMember() error {
	return badRequest("duplicate_member_email", "A member of the organization has this address, or had it.")
}

// checkNewcomer accepts an address that nobody in the organization has had or is about to have.
func (c *call) checkNewcomer(t *tenant, address string) error {
	if t.retired(address) != nil {
		return errHasMember()
	}
	if c.updating(t, address) != nil {
		return errUpdating()
	}
	return c.checkClaimed(t, address)
}

// checkClaimed refuses an address of a domain that other organizations keep for themselves.
func (c *call) checkClaimed(t *tenant, address string) error {
	domain := emailDomain(address)
	claims := func(one *tenant) bool { return slices.Contains(one.ClaimedEmailDomains, domain) }
	if !claims(t) && slices.ContainsFunc(c.store.tenants, claims) {
		return badRequest("action_not_allowed_email_domain_is_claimed", "Another organization claims the domain of this address.")
	}
	return nil
}

// memberDelete ends a membership. The member is kept as a deleted one; the address is free.
func (c *call) memberDelete() (any, error) {
	m, err := c.permitted("delete", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	c.store.removeMember(m, c.time)
	return struct {
		envelope
		MemberID string `json:"member_id"`
	}{c.ok(), m.MemberID}, nil
}

// removeMember deletes a member and ends whatever the member has under way.
func (s *store) removeMember(m *member, now time.Time) {
	m.Status = statusDeleted
	m.IsLocked, m.LockCreatedAt, m.LockExpiresAt = false, nil, nil
	m.tenant.live = slices.DeleteFunc(m.tenant.live, func(other *member) bool { return other == m })
	m.revokeGrants(func(*grant) bool { return true })
	m.changed(now)
	delete(s.codes, smsKey(m))
	delete(s.codes, codeKey{m.tenant, strings.ToLower(m.EmailAddress)})
	s.end(func(other *member) bool { return other == m })
}

// end ends sessions, links, codes and whatever else members have under way. Links stay known, as used ones.
func (s *store) end(gone func(*member) bool) {
	for _, one := range s.sessions {
		if gone(one.member) {
			s.revoke(one)
		}
	}
	for _, links := range []map[string]*link{s.links, s.resets} {
		for _, one := range links {
			one.used = one.used || one.member != nil && gone(one.member)
		}
	}
	for _, one := range s.impersonations {
		one.used = one.used || gone(one.member)
	}
	maps.DeleteFunc(s.intermediates, func(_ string, one *intermediate) bool { return one.member != nil && gone(one.member) })
	maps.DeleteFunc(s.emailUpdates, func(m *member, _ emailUpdate) bool { return gone(m) })
	maps.DeleteFunc(s.lockedMembers, func(m *member, _ time.Time) bool { return gone(m) })
}

// removeTenant ends an organization and everything in it.
func (s *store) removeTenant(t *tenant) {
	s.unlist(t)
	s.tenants = slices.DeleteFunc(s.tenants, func(other *tenant) bool { return other == t })
	s.end(func(m *member) bool { return m.tenant == t })
	for _, m := range t.members {
		m.Status = statusDeleted
		m.revokeGrants(func(*grant) bool { return true })
		delete(s.members, m.MemberID)
		key := strings.ToLower(m.EmailAddress)
		s.emails[key] = slices.DeleteFunc(s.emails[key], func(other *member) bool { return other == m })
	}
	t.live = nil
	maps.DeleteFunc(s.codes, func(key codeKey, _ *code) bool { return key.tenant == t })
	maps.DeleteFunc(s.oauthFlows, func(_ string, flow *oauthFlow) bool { return flow.tenant == t })
	maps.DeleteFunc(s.oauthTokens, func(_ string, token *oauthToken) bool { return token.tenant == t })
	maps.DeleteFunc(s.ssoFlows, func(_ string, flow *ssoFlow) bool { return flow.tenant == t })
	maps.DeleteFunc(s.ssoTokens, func(_ string, token *ssoToken) bool { return token.tenant == t })
}

// memberReactivate takes a deleted member back, with the roles, factors and metadata from before. The member is named by its own
// id only.
func (c *call) memberReactivate() (any, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	id := c.params["member_id"]
	if !hasShape("member", id) {
		return nil, badRequest("invalid_member_id", "member_id format is invalid.")
	}
	t, err := c.open(c.params["organization_id"], "stytch.member", "create")
	if err != nil {
		return nil, err
	}
	m := c.store.members[id]
	if m == nil || m.tenant != t || m.Status != statusDeleted {
		return nil, badRequest("no_deleted_member_found_for_reactivation", "The organization has no deleted member with this id.")
	}
	if !m.EmailAddressVerified {
		return nil, badRequest("email_unverified_for_reactivation", "The member never had a verified address.")
	}
	if c.store.memberByEmail(t, m.EmailAddress) != nil || t.retired(m.EmailAddress) != nil || c.updating(t, m.EmailAddress) != nil {
		return nil, badRequest("reactivation_email_belongs_to_another_member", "The address belongs to another member by now.")
	}
	t.bringBack(m)
	m.follow()
	m.changed(c.time)
	return c.memberAnswer(m), nil
}

// memberDeleteExternalID takes the external id away; one that is not there is no error. No permission is published for it, so it
// needs a role that may do everything.
func (c *call) memberDeleteExternalID() (any, error) {
	m, acting, err := c.memberOf(c.named)
	if err != nil {
		return nil, err
	}
	if acting != nil && !c.may(acting, m, "*", false) {
		return nil, errNotAuthorized()
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	m.ExternalID = nil
	m.changed(c.time)
	return c.memberAnswer(m), nil
}

type unlinkAnswer struct {
	memberAnswer
	OrganizationID string `json:"organization_id"`
}

// memberUnlinkRetiredEmail lets go of an address that the member had. Id and address, where both are sent, must be of the same.
func (c *call) memberUnlinkRetiredEmail() (any, error) {
	in, err := decode[struct {
		EmailID      string `json:"email_id"`
		EmailAddress string `json:"email_address"`
	}](c)
	if err != nil {
		return nil, err
	}
	if in.EmailID == "" && in.EmailAddress == "" {
		return nil, badRequest("retired_email_missing_email_identifiers", "One of email_id and email_address is needed.")
	}
	m, err := c.permitted("update.info.unlink.retired-email", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	meant := func(r retiredEmail) bool {
		return (in.EmailID == "" || r.EmailID == in.EmailID) && (in.EmailAddress == "" || strings.EqualFold(r.EmailAddress, in.EmailAddress))
	}
	if !slices.ContainsFunc(m.RetiredEmailAddresses, meant) {
		return nil, notFound("email_not_found", "The member has no such retired address.")
	}
	m.RetiredEmailAddresses = slices.DeleteFunc(slices.Clone(m.RetiredEmailAddresses), meant)
	m.changed(c.time)
	return unlinkAnswer{c.memberAnswer(m), m.OrganizationID}, nil
}
