package stytch

import (
	"context"
	"fmt"
	"io"
)

// totpMinutes is how long a registration of an authenticator app may take: the secret is on a page meanwhile.
const totpMinutes = 10

// Halfway is who a second factor is asked of: a sign-in in the middle, or a member session. The zero Halfway can call
// nothing.
type Halfway struct {
	client *Client
	// tenant is whose session it is; zero with a sign-in in the middle.
	tenant Tenant
	asked  halfway
}

// halfway is how every request about a second factor begins.
type halfway struct {
	OrganizationID string `json:"organization_id"`
	MemberID       string `json:"member_id"`
	Intermediate   string `json:"intermediate_session_token,omitzero"`
	SessionToken   string `json:"session_token,omitzero"`
}

// Halfway makes one of a sign-in in the middle.
func (c *Client) Halfway(organizationID, memberID string, intermediate Secret) Halfway {
	return Halfway{client: c, asked: halfway{OrganizationID: organizationID, MemberID: memberID, Intermediate: intermediate.Reveal()}}
}

// Halfway makes one of the Tenant's own member and session.
func (t Tenant) Halfway() Halfway {
	return Halfway{client: t.client, tenant: t, asked: halfway{OrganizationID: t.key.OrganizationID, MemberID: t.key.MemberID, SessionToken: t.key.Token.Reveal()}}
}

// Format says who it is, and hides the token.
func (h Halfway) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "halfway "+h.asked.OrganizationID+" as "+h.asked.MemberID)
}

// ask sends an operation about the second factor. Without a token the project secret alone would decide, and could enrol
// or text anybody.
func ask[T answer](ctx context.Context, h Halfway, op Operation, body any) (T, error) {
	switch {
	case h.asked.SessionToken != "":
		return ownOpen[T](ctx, h.tenant, op, request{body: body, member: h.asked.MemberID})
	case h.client == nil || h.asked.Intermediate == "":
		return *new(T), &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	case !IsOrganizationID(h.asked.OrganizationID) || !IsMemberID(h.asked.MemberID):
		return *new(T), ErrInput
	}
	return open[T](ctx, h.client, op, request{body: body})
}

// TOTP is a fresh registration of an authenticator app, which is of no use until a code of it was given (rule
// totp-single-registration). Nothing of it can be asked for again but the recovery codes.
type TOTP struct {
	RequestID     string   `json:"request_id"`
	MemberID      string   `json:"member_id"`
	ID            string   `json:"totp_registration_id"`
	Secret        Secret   `json:"secret"`
	RecoveryCodes []Secret `json:"recovery_codes"`
}

func (t TOTP) complete() bool {
	return t.MemberID != "" && t.ID != "" && t.Secret != "" && t.RecoveryCodes != nil
}

type totpRequest struct {
	halfway
	Minutes int `json:"expiration_minutes"`
}

// CreateTOTP begins to register an authenticator app, for ten minutes. Where the member has a second factor already, the
// session or sign-in must have it (rule mfa-existing-factor-first).
func (h Halfway) CreateTOTP(ctx context.Context) (TOTP, error) {
	got, err := ask[TOTP](ctx, h, TOTPCreate, totpRequest{h.asked, totpMinutes})
	if err == nil && got.MemberID != h.asked.MemberID {
		return TOTP{}, mismatch(TOTPCreate, got.RequestID)
	}
	return got, err
}

// SecondFactor says what comes of a second factor that is right.
type SecondFactor struct {
	// Minutes is how long the session is to last; 0 leaves a session as long as it was, and a new one to the upstream.
	Minutes int
	// Enrol asks for a second factor at every sign-in from now on (rule mfa-enrolment). MakeDefault makes this the one that is
	// asked for first. Neither is for recovery codes.
	Enrol, MakeDefault bool
}

func (h Halfway) minutes(f SecondFactor) int {
	if f.Minutes == 0 && h.asked.SessionToken != "" {
		return h.tenant.minutes()
	}
	return f.Minutes
}

type secondProof struct {
	halfway
	Code        string `json:"code"`
	Minutes     int    `json:"session_duration_minutes,omitzero"`
	Enrolment   string `json:"set_mfa_enrollment,omitzero"`
	MakeDefault bool   `json:"set_default_mfa,omitzero"`
}

// secondAnswer is a sign-in that is done: these operations have no other success, and so no word for it.
type secondAnswer struct{ SignIn }

func (a secondAnswer) done() SignIn {
	a.Done = true
	return a.SignIn
}

func (a secondAnswer) complete() bool { return a.done().complete() }

// AuthenticateTOTP finishes with a code of the authenticator app. With a session the factor is added to it, and the answer
// is that session (rule step-up-adds-factor). The first code also finishes a registration.
func (h Halfway) AuthenticateTOTP(ctx context.Context, code string, f SecondFactor) (SignIn, error) {
	return h.prove(ctx, TOTPAuthenticate, code, f)
}

// AuthenticateSMS is AuthenticateTOTP for a code of a text message (rule sms-code-life).
func (h Halfway) AuthenticateSMS(ctx context.Context, code string, f SecondFactor) (SignIn, error) {
	return h.prove(ctx, SMSAuthenticate, code, f)
}

func (h Halfway) prove(ctx context.Context, op Operation, code string, f SecondFactor) (SignIn, error) {
	proof := secondProof{halfway: h.asked, Code: code, Minutes: h.minutes(f), MakeDefault: f.MakeDefault}
	if f.Enrol {
		proof.Enrolment = "enroll"
	}
	got, err := ask[secondAnswer](ctx, h, op, proof)
	if err != nil {
		return SignIn{}, err
	}
	return got.done(), got.done().isOf(op, h.asked.OrganizationID, h.asked.MemberID)
}

type smsRequest struct {
	halfway
	Phone  string `json:"mfa_phone_number,omitzero"`
	Locale string `json:"locale,omitzero"`
}

// SendSMS texts a six-digit code. phone is for a member who has no number yet; "" stands for their own.
func (h Halfway) SendSMS(ctx context.Context, phone, locale string) error {
	_, err := ask[empty](ctx, h, SMSSend, smsRequest{h.asked, phone, locale})
	return err
}

type recoverRequest struct {
	halfway
	Code    string `json:"recovery_code"`
	Minutes int    `json:"session_duration_minutes,omitzero"`
}

type recoverAnswer struct {
	secondAnswer
	Remaining *int `json:"recovery_codes_remaining"`
}

func (a recoverAnswer) complete() bool { return a.Remaining != nil && a.secondAnswer.complete() }

// Recover finishes with a recovery code, which is used up, and says how many are left (rule recovery-codes). Of f only the
// minutes count.
func (h Halfway) Recover(ctx context.Context, code string, f SecondFactor) (in SignIn, remaining int, err error) {
	got, err := ask[recoverAnswer](ctx, h, RecoveryCodeUse, recoverRequest{h.asked, code, h.minutes(f)})
	if err != nil {
		return SignIn{}, 0, err
	}
	return got.done(), *got.Remaining, got.done().isOf(RecoveryCodeUse, h.asked.OrganizationID, h.asked.MemberID)
}
