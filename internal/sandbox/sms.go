package sandbox

import (
	"regexp"
	"time"
)

// smsLife is how long a code by text message works.
const smsLife = 2 * time.Minute

var phoneShape = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// smsKey is for whom a code by text message is. A member's id is nobody's address, so these never meet the codes by e-mail.
func smsKey(m *member) codeKey { return codeKey{m.tenant, m.MemberID} }

// text sends a code to the member's phone.
func (c *call) text(m *member) {
	digits := c.sendCode(smsKey(m), smsLife)
	c.post(Message{To: m.MFAPhoneNumber, Kind: "sms_code", Subject: "Your verification code", Code: digits})
}

// checkPhone accepts a number in international form that no other member of the organization has.
func checkPhone(m *member, number string) error {
	if !phoneShape.MatchString(number) {
		return badRequest("invalid_phone_number", "The phone number must be in international form, like +14155550142.")
	}
	for _, other := range m.tenant.live {
		if other != m && other.MFAPhoneNumber == number {
			return badRequest("duplicate_member_phone_number", "Another member of the organization has this phone number.")
		}
	}
	return nil
}

func errHasPhone() error {
	return badRequest("duplicate_member_phone_number_for_member", "The member has another phone number; delete it first.")
}

type smsSendRequest struct {
	secondRequest
	PhoneNumber string `json:"mfa_phone_number"`
	Locale      string `json:"locale"`
}

// smsSend texts a code to the member's phone; a member without one gets the number of the request.
func (c *call) smsSend() (any, error) {
	in, err := decode[smsSendRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	step, err := c.second(&in.secondRequest, "sms_otp")
	if err != nil {
		return nil, err
	}
	m := step.member
	// Using the factor that is there needs only the first step; a number that nobody has proved is a new factor.
	if !m.MFAPhoneNumberVerified || in.tokens() == 0 {
		if err := m.mayAdd(step.factors); err != nil {
			return nil, err
		}
	}
	switch {
	case in.PhoneNumber == "" && m.MFAPhoneNumber == "":
		return nil, notFound("member_phone_number_not_found", "The member has no phone number and the request names none.")
	case in.PhoneNumber != "" && m.MFAPhoneNumber != "" && in.PhoneNumber != m.MFAPhoneNumber:
		return nil, errHasPhone()
	case m.MFAPhoneNumber == "":
		if err := checkPhone(m, in.PhoneNumber); err != nil {
			return nil, err
		}
		m.setPhone(in.PhoneNumber, false)
		m.changed(c.time)
	}
	c.text(m)
	return c.memberAnswer(m), nil
}

type smsAuthenticateRequest struct {
	proofRequest
	Code string `json:"code"`
}

func (c *call) smsAuthenticate() (any, error) {
	in, err := decode[smsAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkCode(in.Code); err != nil {
		return nil, err
	}
	step, err := c.proving(&in.proofRequest, "sms_otp")
	if err != nil {
		return nil, err
	}
	m := step.member
	if err := c.useCode(smsKey(m), m.MemberID, in.Code); err != nil {
		c.lockAfterFailures(m)
		return nil, err
	}
	m.MFAPhoneNumberVerified = true
	return c.proved(&in.proofRequest, step, phoneFactor(m, c.time), "sms_otp")
}
