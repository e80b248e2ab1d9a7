package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as authenticator apps have it
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"regexp"
	"time"
)

// totpPeriod is how long a code of an authenticator app is shown, in seconds.
const totpPeriod = 30

// authenticator is a TOTP registration; a member has one at most.
type authenticator struct {
	id       string
	secret   string // base32
	recovery []string
	expires  time.Time // of a registration that waits for its first code
	verified bool
	last     int64 // the newest period of which a code was used
}

// pending tells whether a registration waits for its first code, and may still get it.
func (a *authenticator) pending(now time.Time) bool {
	return a != nil && !a.verified && now.Before(a.expires)
}

var recoveryShape = regexp.MustCompile(`^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$`)

// recoveryCodes makes ten from random bytes, of which it needs 120.
func recoveryCodes(random []byte) []string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	codes := make([]string, 10)
	for i := range codes {
		var letters [12]byte
		for j := range letters {
			letters[j] = alphabet[int(random[i*12+j])%len(alphabet)]
		}
		codes[i] = fmt.Sprintf("%s-%s-%s", letters[:4], letters[4:8], letters[8:])
	}
	return codes
}

func totpStep(at time.Time) int64 { return at.Unix() / totpPeriod }

// totpCode is the code of a secret in one period: RFC 6238 with SHA-1 and six digits.
func totpCode(secret string, step int64) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "" // no secret of ours is anything else
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes whatever is written
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// check finds the period of a code: this one, or one to either side, for clocks that are not quite right.
func (a *authenticator) check(digits string, now time.Time) (step int64, right bool) {
	for _, drift := range []int64{0, -1, 1} {
		step := totpStep(now) + drift
		if subtle.ConstantTimeCompare([]byte(totpCode(a.secret, step)), []byte(digits)) == 1 {
			return step, true
		}
	}
	return 0, false
}

type totpCreateRequest struct {
	secondRequest
	Minutes *int32 `json:"expiration_minutes"`
}

type totpCreateAnswer struct {
	memberAnswer
	TOTPRegistrationID string   `json:"totp_registration_id"`
	Secret             string   `json:"secret"`
	QRCode             string   `json:"qr_code"`
	RecoveryCodes      []string `json:"recovery_codes"`
}

// qrCode is a PNG of one pixel: whoever shows the secret draws the code for themselves.
const qrCode = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// totpCreate makes a registration that counts once its first code was right.
func (c *call) totpCreate() (any, error) {
	in, err := decode[totpCreateRequest](c)
	if err != nil {
		return nil, err
	}
	life, err := minutes(in.Minutes, 60, 5, 1440, "invalid_expiration")
	if err != nil {
		return nil, err
	}
	step, err := c.second(&in.secondRequest, "totp")
	if err != nil {
		return nil, err
	}
	m := step.member
	if err := m.mayAdd(step.factors); err != nil {
		return nil, err
	}
	if m.TOTPRegistrationID != "" {
		return nil, badRequest("active_totp_exists", "The member has an authenticator app; delete it first.")
	}
	if m.app.pending(c.time) {
		return nil, badRequest("pending_totp_exists", "A registration waits for its first code; delete it or wait until it expires.")
	}
	m.app = &authenticator{
		id:       newID("member-totp"),
		secret:   base32.StdEncoding.EncodeToString(randomBytes(20)), // 160 bits need no padding
		recovery: recoveryCodes(randomBytes(120)), expires: c.time.Add(life),
	}
	return totpCreateAnswer{c.memberAnswer(m), m.app.id, m.app.secret, qrCode, m.app.recovery}, nil
}

type totpAuthenticateRequest struct {
	proofRequest
	Code string `json:"code"`
}

func (c *call) totpAuthenticate() (any, error) {
	in, err := decode[totpAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	if recoveryShape.MatchString(in.Code) {
		return nil, badRequest("recovery_code_used_as_totp_code", "This is a recovery code, not a code of an authenticator app.")
	}
	if checkCode(in.Code) != nil {
		return nil, badRequest("invalid_totp_code", "The code must be six digits.")
	}
	step, err := c.proving(&in.proofRequest, "totp")
	if err != nil {
		return nil, err
	}
	m := step.member
	switch {
	case m.app == nil:
		return nil, notFound("totp_not_found", "The member has no authenticator app.")
	case !m.app.verified && !m.app.pending(c.time):
		return nil, badRequest("expired_totp", "The registration has expired; begin again.")
	}
	used, right := m.app.check(in.Code, c.time)
	switch {
	case !right:
		c.store.failures[m.MemberID]++
		c.lockAfterFailures(m)
		return nil, unauthorized("unable_to_authenticate_totp", "The code could not be authenticated.")
	case used <= m.app.last:
		return nil, badRequest("totp_code_already_authenticated", "The code was used already; wait for the next one.")
	}
	m.app.last, m.app.verified = used, true
	m.TOTPRegistrationID = m.app.id
	return c.proved(&in.proofRequest, step, totpFactor(m, c.time), "totp")
}
