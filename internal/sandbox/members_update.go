package sandbox

import (
	"regexp"
	"slices"
)

// changes is what an update of a member may send.
type changes struct {
	Name              *string        `json:"name"`
	TrustedMetadata   map[string]any `json:"trusted_metadata"`
	UntrustedMetadata map[string]any `json:"untrusted_metadata"`
	IsBreakglass      *bool          `json:"is_breakglass"`
	PhoneNumber       *string        `json:"mfa_phone_number"`
	MFAEnrolled       *bool          `json:"mfa_enrolled"`
	Roles             *[]string      `json:"roles"`
	PreserveSessions  bool           `json:"preserve_existing_sessions"`
	DefaultMFAMethod  *string        `json:"default_mfa_method"`
	EmailAddress      *string        `json:"email_address"`
	ExternalID        *string        `json:"external_id"`
	UnlinkEmail       bool           `json:"unlink_email"`
}

// needed is one permission that an update needs. Own says that members may do it to themselves.
type needed struct {
	sent   bool
	action string
	own    bool
}

// needs lists the permission of every field.
func (in *changes) needs() []needed {
	return []needed{
		{in.Name != nil, "update.info.name", true},
		{in.UntrustedMetadata != nil, "update.info.untrusted-metadata", true},
		{in.PhoneNumber != nil, "update.info.mfa-phone", true},
		{in.MFAEnrolled != nil, "update.settings.mfa-enrolled", true},
		{in.DefaultMFAMethod != nil, "update.settings.default-mfa-method", true},
		{in.IsBreakglass != nil, "update.settings.is-breakglass", false},
		{in.Roles != nil, "update.settings.roles", false},
		{in.EmailAddress != nil, "update.info.email", false},
	}
}

// may tells whether a session's roles grant an action on a member; on one's own, through stytch.self too when own says so.
func (c *call) may(acting *session, target *member, action string, own bool) bool {
	if own && target == acting.member && len(c.granting(acting, "stytch.self", action)) > 0 {
		return true
	}
	return len(c.granting(acting, "stytch.member", action)) > 0
}

// memberOf finds the member whom an operation with a header is about, and who acts: nil is the project's secret.
func (c *call) memberOf(find func(*tenant) *member) (m *member, acting *session, err error) {
	if err := checkMemberID(c.params["member_id"]); err != nil {
		return nil, nil, err
	}
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, nil, err
	}
	acting, err = c.acting()
	if err != nil {
		return nil, nil, err
	}
	m = find(t)
	if m != nil && m.Status == statusDeleted {
		m = nil
	}
	return m, acting, nil
}

// named is the member of the path.
func (c *call) named(t *tenant) *member { return t.member(c.store, c.params["member_id"]) }

// permitted is memberOf for an operation that needs one action, which members may do to themselves. Whether there is such a
// member is said only to those who may.
func (c *call) permitted(action string, find func(*tenant) *member) (*member, error) {
	m, acting, err := c.memberOf(find)
	if err != nil {
		return nil, err
	}
	if acting != nil && !c.may(acting, m, action, true) {
		return nil, errNotAuthorized()
	}
	return m, nil
}

// memberUpdate changes what the request names, all of it or nothing.
func (c *call) memberUpdate() (any, error) {
	in, err := decode[changes](c)
	if err != nil {
		return nil, err
	}
	m, acting, err := c.memberOf(c.named)
	if err != nil {
		return nil, err
	}
	if acting != nil {
		if err := c.mayUpdate(acting, m, &in); err != nil {
			return nil, err
		}
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	if err := c.checkChanges(m, &in); err != nil {
		return nil, err
	}
	c.change(m, &in)
	return c.memberAnswer(m), nil
}

func (c *call) mayUpdate(acting *session, m *member, in *changes) error {
	switch {
	case in.TrustedMetadata != nil:
		return errTrustedMetadata()
	case in.EmailAddress != nil && m == acting.member:
		return badRequest("member_cannot_update_their_email_address", "Members cannot update their own e-mail address.")
	case in.ExternalID != nil:
		return errNotAuthorized() // no permission for it is published
	}
	for _, need := range in.needs() {
		if need.sent && !c.may(acting, m, need.action, need.own) {
			return errNotAuthorized()
		}
	}
	return nil
}

var externalIDShape = regexp.MustCompile(`^[A-Za-z0-9._|-]{1,128}$`)

// checkChanges checks everything before anything is changed.
func (c *call) checkChanges(m *member, in *changes) error {
	if in.PhoneNumber != nil {
		if m.MFAPhoneNumber != "" {
			return errHasPhone()
		}
		if err := checkPhone(m, *in.PhoneNumber); err != nil {
			return err
		}
	}
	if in.DefaultMFAMethod != nil {
		if err := m.checkDefault(*in.DefaultMFAMethod); err != nil {
			return err
		}
	}
	if in.Roles != nil {
		if err := c.checkRoles(m.tenant, *in.Roles); err != nil {
			return err
		}
	}
	if in.EmailAddress != nil {
		if err := c.checkNewAddress(m, *in.EmailAddress); err != nil {
			return err
		}
	}
	if in.ExternalID != nil {
		if err := c.checkExternalID(m.tenant, m, *in.ExternalID); err != nil {
			return err
		}
	}
	for _, merged := range []map[string]any{mergedMetadata(m.TrustedMetadata, in.TrustedMetadata), mergedMetadata(m.UntrustedMetadata, in.UntrustedMetadata)} {
		if err := checkMetadata(merged); err != nil {
			return err
		}
	}
	return nil
}

// checkRoles accepts roles of the project and the organization's own.
func (c *call) checkRoles(t *tenant, roles []string) error {
	for _, role := range roles {
		if !c.knows(t, role) {
			return errNoRole()
		}
	}
	return nil
}

// checkExternalID accepts an external id that no other member of the organization has; m is nil for somebody new.
func (c *call) checkExternalID(t *tenant, m *member, id string) error {
	if !externalIDShape.MatchString(id) {
		return badRequest("invalid_external_id", "An external id is at most 128 letters, digits and . _ - |.")
	}
	if other := t.member(c.store, id); other != nil && other != m {
		return badRequest("duplicate_member_external_id", "Another member of the organization has this external id.")
	}
	return nil
}

// checkDefault accepts a method that the member has.
func (m *member) checkDefault(method string) error {
	has, known := map[string]bool{"sms_otp": m.MFAPhoneNumber != "", "totp": m.TOTPRegistrationID != ""}[method]
	switch {
	case !known:
		return badRequest("invalid_mfa_default_method", "default_mfa_method must be sms_otp or totp.")
	case !has:
		return badRequest("default_mfa_member_missing_factor", "The member does not have this second factor.")
	}
	return nil
}

func (c *call) change(m *member, in *changes) {
	set(&m.Name, in.Name)
	set(&m.IsBreakglass, in.IsBreakglass)
	set(&m.MFAEnrolled, in.MFAEnrolled)
	set(&m.DefaultMFAMethod, in.DefaultMFAMethod)
	m.TrustedMetadata = mergedMetadata(m.TrustedMetadata, in.TrustedMetadata)
	m.UntrustedMetadata = mergedMetadata(m.UntrustedMetadata, in.UntrustedMetadata)
	if in.PhoneNumber != nil {
		m.setPhone(*in.PhoneNumber, false)
	}
	if in.ExternalID != nil {
		m.ExternalID = in.ExternalID
	}
	if in.Roles != nil {
		lost := m.setRoles(*in.Roles)
		if !in.PreserveSessions {
			c.store.revokeConnections(m, lost)
		}
	}
	if in.EmailAddress != nil {
		c.store.move(m, *in.EmailAddress, !in.UnlinkEmail)
		m.EmailAddressVerified = false
		m.dropPassword()
	}
	m.changed(c.time)
}

// set changes a field that was sent.
func set[T any](field, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// setRoles replaces the roles that were given directly. It returns the connections that still give one of those taken away.
func (m *member) setRoles(direct []string) (connections []string) {
	before := m.Roles
	m.Roles, m.IsAdmin = nil, false
	m.assign("stytch_member", "direct_assignment", nil)
	for _, role := range direct {
		if role != "stytch_member" {
			m.assign(role, "direct_assignment", nil)
		}
	}
	for _, role := range before {
		taken := !slices.Contains(direct, role.RoleID) && slices.ContainsFunc(role.Sources, roleSource.direct)
		for _, source := range role.Sources {
			if source.direct() {
				continue
			}
			m.assign(role.RoleID, source.Type, source.Details)
			if taken && source.bySSO() {
				connections = append(connections, source.Details["connection_id"])
			}
		}
	}
	return connections
}

func (r roleSource) direct() bool { return r.Type == "direct_assignment" }

// revokeConnections ends the member's sessions that were made with one of these connections.
func (s *store) revokeConnections(m *member, connections []string) {
	for _, session := range s.sessions {
		if session.member == m && slices.ContainsFunc(connections, session.hasConnection) {
			s.revoke(session)
		}
	}
}

// mergedMetadata is old with the keys of sent; a null takes a key away.
func mergedMetadata(old, sent map[string]any) map[string]any {
	if sent == nil {
		return old
	}
	merged := map[string]any{}
	for _, part := range []map[string]any{old, sent} {
		for key, value := range part {
			if value == nil {
				delete(merged, key)
				continue
			}
			merged[key] = value
		}
	}
	return merged
}

func checkMetadata(metadata map[string]any) error {
	if len(metadata) > 20 {
		return badRequest("metadata_too_many_keys", "Metadata has at most 20 keys.")
	}
	encoded, err := encode(metadata)
	if err != nil {
		return badRequest("metadata_invalid_format", "The metadata is not valid.")
	}
	if len(encoded) > 4096 {
		return badRequest("metadata_too_large", "Metadata has at most 4 KB.")
	}
	return nil
}

// memberDeletePhone forgets the phone. Sessions that were made with it stay.
func (c *call) memberDeletePhone() (any, error) {
	m, err := c.permitted("update.info.delete.mfa-phone", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	if m.MFAPhoneNumber == "" {
		return nil, notFound("member_phone_number_not_found", "The member has no phone number.")
	}
	m.setPhone("", false)
	delete(c.store.codes, smsKey(m)) // what was texted to the old phone must not prove the next one
	m.without("sms_otp", "totp", m.TOTPRegistrationID != "")
	m.changed(c.time)
	return c.memberAnswer(m), nil
}

// memberDeleteTOTP forgets the authenticator app, one that waits for its first code too. Sessions that were made with it stay.
func (c *call) memberDeleteTOTP() (any, error) {
	m, err := c.permitted("update.info.delete.mfa-totp", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	if m.app == nil {
		return nil, notFound("totp_not_found", "The member has no authenticator app.")
	}
	m.app, m.TOTPRegistrationID = nil, ""
	m.without("totp", "sms_otp", m.MFAPhoneNumberVerified)
	m.changed(c.time)
	return c.memberAnswer(m), nil
}

// without takes another default where the method that has gone was it.
func (m *member) without(gone, other string, has bool) {
	if m.DefaultMFAMethod != gone {
		return
	}
	m.DefaultMFAMethod = ""
	if has {
		m.DefaultMFAMethod = other
	}
}

// memberDeletePassword forgets the password.
func (c *call) memberDeletePassword() (any, error) {
	id := c.params["member_password_id"]
	m, err := c.permitted("update.info.delete.password", func(t *tenant) *member {
		at := slices.IndexFunc(t.live, func(m *member) bool { return m.MemberPasswordID == id })
		if at < 0 || id == "" {
			return nil
		}
		return t.live[at]
	})
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, notFound("member_password_not_found", "The password could not be found.")
	}
	m.dropPassword()
	m.changed(c.time)
	return c.memberAnswer(m), nil
}
