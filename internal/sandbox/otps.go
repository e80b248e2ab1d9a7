package sandbox

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// maxFailures is how many wrong codes in a row lock somebody out, for lockLife.
const (
	maxFailures = 10
	lockLife    = time.Hour
)

// codeKey says for whom a code is: an address, in one organization or (nil) in discovery.
type codeKey struct {
	tenant *tenant
	email  string
}

// code is the newest code of one person; older ones are kept only to be told apart from wrong ones.
type code struct {
	digits  string
	old     []string
	expires time.Time
	used    bool
}

func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "000000" // cannot happen: the reader never fails
	}
	return fmt.Sprintf("%06d", n.Int64())
}

// sendCode makes a code; it takes the place of every older one.
func (c *call) sendCode(key codeKey, life time.Duration) string {
	fresh := &code{digits: newCode(), expires: c.time.Add(life)}
	if before := c.store.codes[key]; before != nil {
		fresh.old = append([]string{before.digits}, before.old[:min(len(before.old), 9)]...)
	}
	c.store.codes[key] = fresh
	return fresh.digits
}

// useCode checks a code and uses it up. Failures are counted by who; the caller locks at maxFailures.
func (c *call) useCode(key codeKey, who, digits string) error {
	found := c.store.codes[key]
	stale := unauthorized("unable_to_auth_otp_code", "The code could not be authenticated because it was already used or expired.")
	var refusal error
	switch {
	case found == nil:
		refusal = notFound("otp_code_not_found", "The code could not be found.")
	case digits == found.digits && !found.used && c.time.Before(found.expires):
		found.used = true
		delete(c.store.failures, who)
		return nil
	case digits == found.digits || slices.Contains(found.old, digits):
		refusal = stale
	default:
		refusal = notFound("otp_code_not_found", "The code could not be found.")
	}
	c.store.failures[who]++
	return refusal
}

type codeSendRequest struct {
	EmailAddress string `json:"email_address"`
	Locale       string `json:"locale"`
	Minutes      *int32 `json:"discovery_expiration_minutes"`
}

func (c *call) discoveryCodeSend() (any, error) {
	in, err := decode[codeSendRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	life, err := minutes(in.Minutes, 10, 2, 15, "invalid_expiration_otp")
	if err != nil {
		return nil, err
	}
	if err := c.mayMail(mailCodes, in.EmailAddress); err != nil {
		return nil, err
	}
	digits := c.sendCode(codeKey{nil, strings.ToLower(in.EmailAddress)}, life)
	c.post(Message{To: in.EmailAddress, Kind: "discovery_code", Subject: "Your sign-in code", Code: digits})
	return c.ok(), nil
}

func (c *call) discoveryCodeAuthenticate() (any, error) {
	in, err := decode[struct {
		EmailAddress string `json:"email_address"`
		Code         string `json:"code"`
	}](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkCode(in.Code); err != nil {
		return nil, err
	}
	email := strings.ToLower(in.EmailAddress)
	if _, locked := c.store.lockedEmails[email]; locked {
		return nil, errLocked()
	}
	if err := c.useCode(codeKey{nil, email}, email, in.Code); err != nil {
		c.lockEmailAfterFailures(email)
		return nil, err
	}
	return c.discovered(email, addressFactor("email_otp", seedID("email", email), email, c.time)), nil
}

func checkCode(digits string) error {
	if len(digits) != 6 || strings.Trim(digits, "0123456789") != "" {
		return badRequest("invalid_code", "The code must be six digits.")
	}
	return nil
}

func (c *call) codeLoginOrSignup() (any, error) {
	in, err := decode[startRequest](c)
	if err != nil {
		return nil, err
	}
	begun, err := c.begin(&in, "email_otp", lives{10, 2, 15, "invalid_expiration_otp"})
	if err != nil {
		return nil, err
	}
	kind, m := "login_code", begun.member
	if begun.signup {
		kind = "signup_code"
	}
	if err := c.mayMail(mailCodes, m.EmailAddress); err != nil {
		return nil, err
	}
	digits := c.sendCode(codeKey{m.tenant, strings.ToLower(m.EmailAddress)}, begun.life)
	c.post(Message{To: m.EmailAddress, Kind: kind, Subject: "Your sign-in code for " + m.tenant.OrganizationName, Code: digits})
	return c.startAnswer(begun), nil
}

type codeAuthenticateRequest struct {
	primaryRequest
	OrganizationID string `json:"organization_id"`
	EmailAddress   string `json:"email_address"`
	Code           string `json:"code"`
}

type codeAuthenticateAnswer struct {
	loginAnswer
	MethodID       string `json:"method_id"`
	OrganizationID string `json:"organization_id"`
}

func (c *call) codeAuthenticate() (any, error) {
	in, err := decode[codeAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkCode(in.Code); err != nil {
		return nil, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return nil, err
	}
	m := c.store.memberByEmail(t, in.EmailAddress)
	if m == nil {
		m = c.updating(t, in.EmailAddress)
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	if m.IsLocked {
		return nil, errLocked()
	}
	prepared, err := c.prepare(&in.primaryRequest, m)
	if err != nil {
		return nil, err
	}
	if err := c.useCode(codeKey{t, strings.ToLower(in.EmailAddress)}, m.MemberID, in.Code); err != nil {
		c.lockAfterFailures(m)
		return nil, err
	}
	if err := c.proveAddress(m, in.EmailAddress); err != nil {
		return nil, err
	}
	prepared.factors = merged(prepared.factors, emailFactor("email_otp", m, c.time))
	outcome, err := c.finish(prepared)
	if err != nil {
		return nil, err
	}
	return codeAuthenticateAnswer{outcome, m.emailIdentifier(), m.OrganizationID}, nil
}

// lockEmailAfterFailures shuts an address out of discovery that has failed too often in a row.
func (c *call) lockEmailAfterFailures(email string) {
	if c.store.failures[email] < maxFailures {
		return
	}
	delete(c.store.failures, email)
	c.store.lockedEmails[email] = c.time.Add(lockLife)
}

// lock shuts a member out until a time.
func (s *store) lock(m *member, from, until time.Time) {
	created, expires := stamp(from), stamp(until)
	m.IsLocked, m.LockCreatedAt, m.LockExpiresAt = true, &created, &expires
	m.encoded = nil
	s.lockedMembers[m] = until
}
