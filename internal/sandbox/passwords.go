package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
	"time"
)

// The passwords of the seed. Nobody else's: they are written in the documentation.
const (
	// SeedPassword is that of every seeded member who has one.
	SeedPassword = "correct-horse-battery-staple"
	// SeedBreachedPassword is that of julia.weiss@acme.example; it appears in breaches, and she must choose another one.
	SeedBreachedPassword = "password123!"
)

// password is one person's password. One round of a fast hash is enough here: nothing in the sandbox is worth guessing, and a
// slow one would make its tests slow.
type password struct {
	salt      []byte
	hash      [sha256.Size]byte
	mustReset bool
}

func newPassword(plain string) *password {
	p := &password{salt: randomBytes(16)}
	p.hash = p.sum(plain)
	return p
}

func (p *password) sum(plain string) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(nil), p.salt...), plain...))
}

// matches is safe to call without a password.
func (p *password) matches(plain string) bool {
	if p == nil {
		return false
	}
	given := p.sum(plain)
	return subtle.ConstantTimeCompare(given[:], p.hash[:]) == 1
}

// secret is the member's password; nil without one.
func (m *member) secret() *password {
	if m.MemberPasswordID == "" {
		return nil
	}
	return m.password
}

// changePassword gives the member a password, or another one.
func (m *member) changePassword(p *password) {
	m.password = p
	if m.MemberPasswordID == "" {
		m.MemberPasswordID = seedID("member-password", m.MemberID)
	}
}

func (m *member) dropPassword() { m.password, m.MemberPasswordID = nil, "" }

func errResetPassword() error {
	return badRequest("member_reset_password", "The password must be reset before it can be used.")
}

func errWrongPassword() error {
	return unauthorized("unauthorized_credentials", "Unauthorized credentials.")
}

// checkPassword compares a member's password and counts the failures. A right one that must be reset is refused only then:
// else the refusal would tell strangers about it.
func (c *call) checkPassword(m *member, plain string) error {
	switch {
	case m.IsLocked:
		return errLocked()
	case m.secret() == nil:
		return notFound("member_password_not_found", "The member has no password.")
	case !m.secret().matches(plain):
		c.store.failures[m.MemberID]++
		c.lockAfterFailures(m)
		return errWrongPassword()
	}
	return nil
}

// passwordFactor is a password that was entered, or set.
func passwordFactor(now time.Time) factor { return newFactor("password", "knowledge", now) }

// passwordMember finds whose password a request is about.
func (c *call) passwordMember(organization, email string) (*member, error) {
	if err := checkEmail(email); err != nil {
		return nil, err
	}
	t, err := c.resolve(organization)
	if err != nil {
		return nil, err
	}
	m := c.store.memberByEmail(t, email)
	if m == nil {
		return nil, errMemberNotFound()
	}
	return m, nil
}

type passwordAuthenticateRequest struct {
	primaryRequest
	OrganizationID string `json:"organization_id"`
	EmailAddress   string `json:"email_address"`
	Password       string `json:"password"`
}

type passwordAuthenticateAnswer struct {
	loginAnswer
	OrganizationID string `json:"organization_id"`
}

// provePassword finds the member whose password this is. One that must be changed is as good as none.
func (c *call) provePassword(in *primaryRequest, organization, email, password string) (attempt, error) {
	m, err := c.passwordMember(organization, email)
	if err != nil {
		return attempt{}, err
	}
	prepared, err := c.prepare(in, m)
	if err != nil {
		return attempt{}, err
	}
	if err := c.checkPassword(m, password); err != nil {
		return attempt{}, err
	}
	if m.password.mustReset || breached(password) {
		return attempt{}, errResetPassword()
	}
	return prepared, nil
}

func (c *call) passwordAuthenticate() (any, error) {
	in, err := decode[passwordAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	prepared, err := c.provePassword(&in.primaryRequest, in.OrganizationID, in.EmailAddress, in.Password)
	if err != nil {
		return nil, err
	}
	prepared.factors = merged(prepared.factors, passwordFactor(c.time))
	outcome, err := c.finish(prepared)
	if err != nil {
		return nil, err
	}
	return passwordAuthenticateAnswer{outcome, prepared.member.OrganizationID}, nil
}

// acrossOrganizations refuses what needs passwords that are not of one organization. A project has the one or the other; by
// default the sandbox lets both be tried.
func (c *call) acrossOrganizations() error {
	if c.options.OrganizationPasswords {
		return badRequest("cross_org_passwords_not_enabled", "The project's passwords belong to single organizations.")
	}
	return nil
}

// memberships are those of an address that are not deleted.
func (s *store) memberships(email string) []*member {
	var live []*member
	for _, m := range s.emails[email] {
		if m.Status != statusDeleted {
			live = append(live, m)
		}
	}
	return live
}

// discoveryPasswords are the passwords that an address may use in discovery: its own, and those of its memberships.
func (s *store) discoveryPasswords(email string) []*password {
	all := []*password{s.passwords[email]}
	for _, m := range s.memberships(email) {
		all = append(all, m.secret())
	}
	return all
}

// discoveryPasswordAuthenticate answers an address that is not known like a wrong password.
func (c *call) discoveryPasswordAuthenticate() (any, error) {
	in, err := decode[struct {
		EmailAddress string `json:"email_address"`
		Password     string `json:"password"`
	}](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := c.acrossOrganizations(); err != nil {
		return nil, err
	}
	email := strings.ToLower(in.EmailAddress)
	if _, locked := c.store.lockedEmails[email]; locked {
		return nil, errLocked()
	}
	for _, p := range c.store.discoveryPasswords(email) {
		if !p.matches(in.Password) {
			continue
		}
		if p.mustReset || breached(in.Password) {
			return nil, errResetPassword()
		}
		delete(c.store.failures, email)
		f := passwordFactor(c.time)
		f.everywhere = true
		return c.discovered(email, f), nil
	}
	c.store.failures[email]++
	c.lockEmailAfterFailures(email)
	return nil, errWrongPassword()
}

type requireResetAnswer struct {
	envelope
	MemberID     string        `json:"member_id"`
	Member       *memberFields `json:"member,omitzero"`
	Organization *organization `json:"organization,omitzero"`
}

// passwordRequireReset makes every password of an address useless until it is reset by e-mail. Where the address has a single
// active member the password is deleted at once.
func (c *call) passwordRequireReset() (any, error) {
	in, err := decode[struct {
		EmailAddress   string `json:"email_address"`
		OrganizationID string `json:"organization_id"`
		MemberID       string `json:"member_id"`
	}](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := c.mayRequireReset(in.OrganizationID, in.MemberID, in.EmailAddress); err != nil {
		return nil, err
	}
	if err := c.acrossOrganizations(); err != nil {
		return nil, err
	}
	email := strings.ToLower(in.EmailAddress)
	active := slices.DeleteFunc(c.store.memberships(email), func(m *member) bool { return m.Status != statusActive })
	switch len(active) {
	case 0:
		return nil, errMemberNotFound()
	case 1:
		m := active[0]
		m.dropPassword()
		m.changed(c.time)
		delete(c.store.passwords, email)
		return requireResetAnswer{c.ok(), m.MemberID, &m.memberFields, &m.tenant.organization}, nil
	}
	for _, p := range c.store.discoveryPasswords(email) {
		if p != nil {
			p.mustReset = true
		}
	}
	return requireResetAnswer{envelope: c.ok()}, nil
}

// mayRequireReset asks for the permission that deleting a password needs; no other is published. Without an organization that
// of the session is meant.
func (c *call) mayRequireReset(organization, id, email string) error {
	acting, err := c.acting()
	if err != nil {
		return err
	}
	if organization == "" && acting != nil {
		organization = acting.member.OrganizationID
	}
	if organization == "" {
		return nil
	}
	t, err := c.resolve(organization)
	if acting != nil && t != acting.member.tenant {
		return errOtherTenant()
	}
	if err != nil {
		return err
	}
	target := c.store.memberByEmail(t, email)
	if acting != nil && !c.may(acting, target, "update.info.delete.password", true) {
		return errNotAuthorized()
	}
	if target == nil || id != "" && t.member(c.store, id) != target {
		return errMemberNotFound()
	}
	return nil
}
