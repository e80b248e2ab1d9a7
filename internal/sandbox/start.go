package sandbox

import "time"

// startRequest is what every way of asking for a sign-in to one organization has.
type startRequest struct {
	OrganizationID string `json:"organization_id"`
	EmailAddress   string `json:"email_address"`
	Locale         string `json:"locale"`
	LoginMinutes   *int32 `json:"login_expiration_minutes"`
	SignupMinutes  *int32 `json:"signup_expiration_minutes"`
}

type startAnswer struct {
	envelope
	MemberID      string        `json:"member_id"`
	MemberCreated bool          `json:"member_created"`
	Member        *memberFields `json:"member"`
	Organization  *organization `json:"organization"`
}

// lives are the minutes that a message may work, and the error for others.
type lives struct {
	standard, least, most int32
	refusal               string
}

// started is a sign-in that a message is to be sent for.
type started struct {
	member  *member
	created bool
	// signup says that the member has never signed in.
	signup bool
	life   time.Duration
}

// begin checks what is asked for, and finds or creates the member.
func (c *call) begin(in *startRequest, method string, allowed lives) (started, error) {
	if err := checkEmail(in.EmailAddress); err != nil {
		return started{}, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return started{}, err
	}
	login, err := minutes(in.LoginMinutes, allowed.standard, allowed.least, allowed.most, allowed.refusal)
	if err != nil {
		return started{}, err
	}
	signup, err := minutes(in.SignupMinutes, allowed.standard, allowed.least, allowed.most, allowed.refusal)
	if err != nil {
		return started{}, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return started{}, err
	}
	m, created, err := c.startMember(t, in.EmailAddress, method)
	if err != nil {
		return started{}, err
	}
	begun := started{member: m, created: created, life: login}
	if m.Status == statusPending {
		begun.signup, begun.life = true, signup
	}
	return begun, nil
}

func (c *call) startAnswer(begun started) startAnswer {
	m := begun.member
	return startAnswer{c.ok(), m.MemberID, begun.created, &m.memberFields, &m.tenant.organization}
}
