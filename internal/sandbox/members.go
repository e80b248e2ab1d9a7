package sandbox

import (
	"strings"
	"time"
)

// memberFields is a member on the wire: 19 required fields and eight that may be null.
type memberFields struct {
	OrganizationID         string              `json:"organization_id"`
	MemberID               string              `json:"member_id"`
	ExternalID             *string             `json:"external_id"`
	EmailAddress           string              `json:"email_address"`
	EmailAddressVerified   bool                `json:"email_address_verified"`
	Status                 string              `json:"status"`
	Name                   string              `json:"name"`
	IsAdmin                bool                `json:"is_admin"`
	IsBreakglass           bool                `json:"is_breakglass"`
	Roles                  []memberRole        `json:"roles"`
	SSORegistrations       []ssoRegistration   `json:"sso_registrations"`
	SCIMRegistration       *scimRegistration   `json:"scim_registration"`
	OAuthRegistrations     []oauthRegistration `json:"oauth_registrations"`
	MemberPasswordID       string              `json:"member_password_id"`
	TOTPRegistrationID     string              `json:"totp_registration_id"`
	MFAEnrolled            bool                `json:"mfa_enrolled"`
	MFAPhoneNumber         string              `json:"mfa_phone_number"`
	MFAPhoneNumberVerified bool                `json:"mfa_phone_number_verified"`
	DefaultMFAMethod       string              `json:"default_mfa_method"`
	RetiredEmailAddresses  []retiredEmail      `json:"retired_email_addresses"`
	IsLocked               bool                `json:"is_locked"`
	LockCreatedAt          *string             `json:"lock_created_at"`
	LockExpiresAt          *string             `json:"lock_expires_at"`
	TrustedMetadata        map[string]any      `json:"trusted_metadata"`
	UntrustedMetadata      map[string]any      `json:"untrusted_metadata"`
	CreatedAt              string              `json:"created_at"`
	UpdatedAt              string              `json:"updated_at"`
}

// emailSource is where a role comes from that the organization gives to the e-mail domain.
const emailSource = "email_assignment"

// Statuses of a member.
const (
	statusActive  = "active"
	statusPending = "pending"
	statusInvited = "invited"
	statusDeleted = "deleted"
)

type memberRole struct {
	RoleID  string       `json:"role_id"`
	Sources []roleSource `json:"sources"`
}

type roleSource struct {
	Type    string            `json:"type"`
	Details map[string]string `json:"details"`
}

type ssoRegistration struct {
	ConnectionID   string              `json:"connection_id"`
	ExternalID     string              `json:"external_id"`
	RegistrationID string              `json:"registration_id"`
	SSOAttributes  map[string][]string `json:"sso_attributes"`
}

type oauthRegistration struct {
	ProviderType              string `json:"provider_type"`
	ProviderSubject           string `json:"provider_subject"`
	MemberOAuthRegistrationID string `json:"member_oauth_registration_id"`
	ProfilePictureURL         string `json:"profile_picture_url"`
	Locale                    string `json:"locale"`
}

type retiredEmail struct {
	EmailID      string `json:"email_id"`
	EmailAddress string `json:"email_address"`
}

type memberAnswer struct {
	envelope
	MemberID     string        `json:"member_id"`
	Member       *memberFields `json:"member"`
	Organization *organization `json:"organization"`
}

func (c *call) memberAnswer(m *member) memberAnswer {
	return memberAnswer{c.ok(), m.MemberID, &m.memberFields, &m.tenant.organization}
}

func (c *call) memberGet() (any, error) {
	query := c.request.URL.Query()
	id, email := query.Get("member_id"), query.Get("email_address")
	if (id == "") == (email == "") {
		return nil, badRequest("invalid_member_get_fields", "Exactly one of member_id and email_address is needed.")
	}
	if email != "" {
		if err := checkEmail(email); err != nil {
			return nil, err
		}
	}
	if err := checkMemberID(id); err != nil {
		return nil, err
	}
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	var m *member
	if email != "" {
		m = c.store.memberByEmail(t, email)
	} else {
		m = t.member(c.store, id)
	}
	if m == nil || m.Status == statusDeleted {
		return nil, errMemberNotFound()
	}
	return c.memberAnswer(m), nil
}

func (c *call) memberDangerouslyGet() (any, error) {
	id := c.params["member_id"]
	if !hasShape("member", id) {
		// No external ids here: the operation has no organization in which they could be unique.
		return nil, badRequest("invalid_member_id", "member_id format is invalid.")
	}
	m := c.store.members[id]
	if m == nil || m.Status == statusDeleted && c.request.URL.Query().Get("include_deleted") != "true" {
		return nil, errMemberNotFound()
	}
	c.log.TargetOrganizationID = m.OrganizationID
	return c.memberAnswer(m), nil
}

func checkMemberID(id string) error {
	if strings.HasPrefix(id, "member-") && !hasShape("member", id) {
		return badRequest("invalid_member_id", "member_id format is invalid.")
	}
	return nil
}

// newMember has what every member has: the role stytch_member, and the roles that the organization gives to the e-mail domain.
func newMember(t *tenant, id, email, name, status, created string, direct ...string) memberFields {
	m := memberFields{
		OrganizationID: t.OrganizationID, MemberID: id, EmailAddress: email, Name: name, Status: status,
		EmailAddressVerified: status == statusActive || status == statusDeleted,
		CreatedAt:            created, UpdatedAt: created,
	}
	m.assign("stytch_member", "direct_assignment", nil)
	for _, role := range direct {
		m.assign(role, "direct_assignment", nil)
	}
	m.assignByDomain(t)
	return m
}

// assign gives a role from one source; a role may have several sources.
func (m *memberFields) assign(role, source string, details map[string]string) {
	if role == "stytch_admin" {
		m.IsAdmin = true
	}
	for i := range m.Roles {
		if m.Roles[i].RoleID == role {
			m.Roles[i].Sources = append(m.Roles[i].Sources, roleSource{source, details})
			return
		}
	}
	m.Roles = append(m.Roles, memberRole{role, []roleSource{{source, details}}})
}

func emailDomain(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return strings.ToLower(domain)
}

// activate is what a successful sign-in by e-mail does to a membership.
func (m *member) activate(now time.Time) {
	if m.Status == statusActive && m.EmailAddressVerified {
		return
	}
	m.Status, m.EmailAddressVerified = statusActive, true
	m.changed(now)
}

// json gives the member as JSON; pages of a search are made of these.
func (m *member) json() ([]byte, error) {
	if m.encoded == nil {
		encoded, err := encode(&m.memberFields)
		if err != nil {
			return nil, err
		}
		m.encoded = encoded
	}
	return m.encoded, nil
}
