package sandbox

import (
	"slices"
	"strings"
	"time"
)

// emailUpdateLife is how long a new address can be proved, and is kept for the member meanwhile.
const emailUpdateLife = 5 * time.Minute

// emailUpdate is a change of address that is not proved yet.
type emailUpdate struct {
	address string
	expires time.Time
}

type emailUpdateRequest struct {
	EmailAddress   string `json:"email_address"`
	RedirectURL    string `json:"login_redirect_url"`
	Locale         string `json:"locale"`
	DeliveryMethod string `json:"delivery_method"`
}

// memberStartEmailUpdate sends a link or a code to the address that a member wants to have.
func (c *call) memberStartEmailUpdate() (any, error) {
	in, err := decode[emailUpdateRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "EMAIL_MAGIC_LINK", "EMAIL_OTP"}, in.DeliveryMethod) {
		return nil, badRequest("bad_request", "delivery_method must be EMAIL_MAGIC_LINK or EMAIL_OTP.")
	}
	m, err := c.permitted("update.info.email", c.named)
	if err != nil {
		return nil, err
	}
	switch {
	case m == nil:
		return nil, errMemberNotFound()
	case m.Status != statusActive:
		return nil, badRequest("email_updates_available_only_for_active_members", "Only active members can change their address.")
	case !m.EmailAddressVerified:
		return nil, badRequest("member_has_no_active_verified_email", "The member's present address is not verified.")
	}
	if err := c.checkNewAddress(m, in.EmailAddress); err != nil {
		return nil, err
	}
	kind := mailLinks
	if in.DeliveryMethod == "EMAIL_OTP" {
		kind = mailCodes
	}
	if err := c.mayMail(kind, in.EmailAddress); err != nil {
		return nil, err
	}
	message := Message{To: in.EmailAddress, Kind: "email_update_code", Subject: "Confirm your new address for " + m.tenant.OrganizationName}
	if in.DeliveryMethod == "EMAIL_OTP" {
		message.Code = c.sendCode(codeKey{m.tenant, strings.ToLower(in.EmailAddress)}, emailUpdateLife)
	} else {
		target, err := c.redirect(in.RedirectURL, loginRedirect)
		if err != nil {
			return nil, err
		}
		token := newToken()
		c.store.links[token] = &link{email: in.EmailAddress, member: m, expires: c.time.Add(emailUpdateLife)}
		message.Kind = "email_update_link"
		message.Link = withQuery(target, "stytch_token_type", "multi_tenant_magic_links", "token", token, "slug", m.tenant.OrganizationSlug)
	}
	c.store.emailUpdates[m] = emailUpdate{in.EmailAddress, c.time.Add(emailUpdateLife)}
	c.post(message)
	return c.memberAnswer(m), nil
}

// checkNewAddress accepts an address that no other member of the organization has, had or is about to have.
func (c *call) checkNewAddress(m *member, address string) error {
	if err := checkEmail(address); err != nil {
		return err
	}
	if c.store.memberByEmail(m.tenant, address) != nil {
		return badRequest("duplicate_member_email", "A member of the organization has this address.")
	}
	if other := m.tenant.retired(address); other != nil && other != m {
		return badRequest("retired_member_email", "Another member of the organization had this address.")
	}
	if other := c.updating(m.tenant, address); other != nil && other != m {
		return errUpdating()
	}
	return c.checkClaimed(m.tenant, address)
}

func errUpdating() error {
	return badRequest("desired_email_updating_for_different_member", "Another member of the organization is changing to this address.")
}

// retired finds the member who had an address; nil when nobody did.
func (t *tenant) retired(address string) *member {
	for _, m := range t.live {
		if slices.ContainsFunc(m.RetiredEmailAddresses, retiredEmail{EmailAddress: address}.same) {
			return m
		}
	}
	return nil
}

func (r retiredEmail) same(other retiredEmail) bool {
	return strings.EqualFold(r.EmailAddress, other.EmailAddress)
}

// updating finds the member who is changing to an address; nil when nobody is.
func (c *call) updating(t *tenant, address string) *member {
	for m, update := range c.store.emailUpdates {
		if m.tenant == t && strings.EqualFold(update.address, address) && c.time.Before(update.expires) {
			return m
		}
	}
	return nil
}

// proveAddress ends a change of address: a link or a code that reached the new one was right.
func (c *call) proveAddress(m *member, address string) error {
	if strings.EqualFold(m.EmailAddress, address) {
		return nil
	}
	if c.updating(m.tenant, address) != m {
		return badRequest("unable_to_verify_member_email_update", "The member is not changing to this address any more.")
	}
	c.store.move(m, address, true)
	m.EmailAddressVerified = true
	m.changed(c.time)
	return nil
}

// move gives a member another address. The old one is retired or let go; one that the member goes back to is retired no more.
func (s *store) move(m *member, address string, retire bool) {
	old := retiredEmail{m.emailIdentifier(), m.EmailAddress}
	m.RetiredEmailAddresses = slices.DeleteFunc(slices.Clone(m.RetiredEmailAddresses), retiredEmail{EmailAddress: address}.same)
	if retire {
		m.RetiredEmailAddresses = append(m.RetiredEmailAddresses, old)
	}
	key := strings.ToLower(m.EmailAddress)
	s.emails[key] = slices.DeleteFunc(s.emails[key], func(other *member) bool { return other == m })
	m.EmailAddress, m.emailID = address, ""
	key = strings.ToLower(address)
	s.emails[key] = append(s.emails[key], m)
	delete(s.emailUpdates, m)
	m.follow()
}
