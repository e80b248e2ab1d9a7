package stytch

import "context"

// Mail says how a message is sent.
type Mail struct {
	// Redirect is the address that the message's link leads to; the project must know it (rule redirect-registered).
	Redirect string
	// Challenge is the SHA-256 of a verifier that the link needs to be of use (rule pkce).
	Challenge string
	// Locale is the language of the message, such as "en"; "" leaves it to the upstream.
	Locale string
}

// With is what a first factor carries along besides its proof.
type With struct {
	// Intermediate is a sign-in in the middle that the factor is added to (rule intermediate-added-to); "" for none.
	Intermediate Secret
	// Minutes is how long the session is to last; 0 leaves it to the upstream.
	Minutes int
	// Locale is the language of a text message that the upstream sends on its own as the second step.
	Locale string
}

// carried is how With is sent.
type carried struct {
	Intermediate string `json:"intermediate_session_token,omitzero"`
	Minutes      int    `json:"session_duration_minutes,omitzero"`
	Locale       string `json:"locale,omitzero"`
}

func (w With) carried() carried { return carried{w.Intermediate.Reveal(), w.Minutes, w.Locale} }

// SignIn is how every way of signing in to an organization ends (rule sign-in-outcomes): with a session, or with what
// is still missing.
type SignIn struct {
	RequestID    string        `json:"request_id"`
	MemberID     string        `json:"member_id"`
	Member       Member        `json:"member"`
	Organization Organization  `json:"organization"`
	SessionToken Secret        `json:"session_token"`
	Session      MemberSession `json:"member_session"`
	// Done says that there is a session.
	Done bool `json:"member_authenticated"`
	// Intermediate is the token to go on with where there is none.
	Intermediate Secret `json:"intermediate_session_token"`
	// MFARequired asks for a second factor (rule mfa-required). Options are those that the member has; without any they have
	// to enrol first (rule mfa-enrolment). Initiated is "sms_otp" where a text message is on its way already.
	MFARequired *struct {
		Options *struct {
			Phone string `json:"mfa_phone_number"`
			TOTP  string `json:"totp_registration_id"`
		} `json:"member_options"`
		Initiated string `json:"secondary_auth_initiated"`
	} `json:"mfa_required"`
	// PrimaryRequired asks for another first factor, one of those allowed (rule primary-required).
	PrimaryRequired *struct {
		AllowedMethods []string `json:"allowed_auth_methods"`
	} `json:"primary_required"`
}

// Impersonator is the e-mail address of whoever signed in in the member's name, or "" where it was the member.
func (s SignIn) Impersonator() string { return s.Session.Impersonator() }

func (s SignIn) complete() bool {
	if s.MemberID == "" || s.Member.ID == "" || s.Organization.ID == "" {
		return false
	}
	if s.Done {
		return s.SessionToken != "" && s.Session.ID != ""
	}
	return s.Intermediate != ""
}

// matches says whether the sign-in is to the organization asked for, and of one member throughout. A slug or an external
// id cannot be compared.
func (s SignIn) matches(op Operation, organizationID string) error {
	if s.MemberID != s.Member.ID || s.Member.OrganizationID != s.Organization.ID || (s.Done && !s.Session.isOf(s.Member)) ||
		(IsOrganizationID(organizationID) && s.Organization.ID != organizationID) {
		return mismatch(op, s.RequestID)
	}
	return nil
}

// isOf says whether the sign-in is this very member's, of whom an operation asked by id.
func (s SignIn) isOf(op Operation, organizationID, memberID string) error {
	if s.MemberID != memberID || s.Organization.ID != organizationID {
		return mismatch(op, s.RequestID)
	}
	return s.matches(op, "")
}

// signIn sends a first factor. organization may be a slug, or "" where the proof alone says which one it is for.
func (c *Client) signIn(ctx context.Context, op Operation, organization string, proof any) (SignIn, error) {
	got, err := open[SignIn](ctx, c, op, request{body: proof})
	if err != nil {
		return SignIn{}, err
	}
	return got, got.matches(op, organization)
}
