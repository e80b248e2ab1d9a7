package stytch

import "context"

// signIn sends an operation of the Tenant's own session token that ends as a sign-in does, and takes the answer only if
// it is about the Tenant's own member.
func (t Tenant) signIn(ctx context.Context, op Operation, proof any) (SignIn, error) {
	got, err := ownOpen[SignIn](ctx, t, op, request{body: proof, member: t.key.MemberID})
	if err != nil {
		return SignIn{}, err
	}
	return got, got.isOf(op, t.key.OrganizationID, t.key.MemberID)
}

// added sends a factor that is to be added to the Tenant's own session (rule step-up-adds-factor).
func (t Tenant) added(ctx context.Context, op Operation, proof any) error {
	got, err := t.signIn(ctx, op, proof)
	if err == nil && !got.Done {
		return mismatch(op, got.RequestID)
	}
	return err
}

// sentAnswer tells whom a message went to.
type sentAnswer struct {
	RequestID string `json:"request_id"`
	MemberID  string `json:"member_id"`
}

func (a sentAnswer) complete() bool { return a.MemberID != "" }

// SendProofCode mails the Tenant's own member a code for ProveCode.
func (t Tenant) SendProofCode(ctx context.Context, email, locale string) error {
	got, err := ownOpen[sentAnswer](ctx, t, CodeSend, request{body: codeRequest{t.key.OrganizationID, email, locale}, member: t.key.MemberID})
	if err == nil && got.MemberID != t.key.MemberID {
		return mismatch(CodeSend, got.RequestID)
	}
	return err
}

// ProveCode adds a code of a mail to the Tenant's own session.
func (t Tenant) ProveCode(ctx context.Context, email, code string) error {
	return t.added(ctx, CodeAuthenticate, t.codeProof(email, code))
}

// ProvePassword adds the password to the Tenant's own session.
func (t Tenant) ProvePassword(ctx context.Context, email string, password Secret) error {
	return t.added(ctx, PasswordAuthenticate, passwordProof{
		OrganizationID: t.key.OrganizationID, Email: email, Password: password.Reveal(), SessionToken: t.key.Token.Reveal(),
		carried: carried{Minutes: t.minutes()},
	})
}

// ConfirmEmail finishes what StartEmailUpdate began, with the code that the new address got (rule email-update).
func (t Tenant) ConfirmEmail(ctx context.Context, newEmail, code string) (SignIn, error) {
	return t.signIn(ctx, CodeAuthenticate, t.codeProof(newEmail, code))
}

func (t Tenant) codeProof(email, code string) codeProof {
	return codeProof{OrganizationID: t.key.OrganizationID, Email: email, Code: code, SessionToken: t.key.Token.Reveal(), carried: carried{Minutes: t.minutes()}}
}

// change changes the Tenant's own member, which no id of a request can make another one (rule own-member-self).
func (t Tenant) change(ctx context.Context, op Operation, body any) (Member, error) {
	got, err := t.memberAct(ctx, op, t.key.MemberID, request{path: []string{t.key.OrganizationID, t.key.MemberID}, body: body})
	return got.Member, err
}

type nameRequest struct {
	Name string `json:"name"`
}

// Rename changes the own name.
func (t Tenant) Rename(ctx context.Context, name string) (Member, error) {
	return t.change(ctx, OwnNameUpdate, nameRequest{name})
}

type enrolmentRequest struct {
	Enrolled bool `json:"mfa_enrolled"`
}

// SetMFAEnrolment says whether a second factor is asked for at every sign-in (rule mfa-enrolment).
func (t Tenant) SetMFAEnrolment(ctx context.Context, enrolled bool) (Member, error) {
	return t.change(ctx, OwnEnrolmentUpdate, enrolmentRequest{enrolled})
}

type defaultMFARequest struct {
	Method string `json:"default_mfa_method"`
}

// SetDefaultMFA says which second factor is asked for first: "totp" or "sms_otp".
func (t Tenant) SetDefaultMFA(ctx context.Context, method string) (Member, error) {
	return t.change(ctx, OwnDefaultMFAUpdate, defaultMFARequest{method})
}

// DeletePhone takes the own number for text messages away.
func (t Tenant) DeletePhone(ctx context.Context) (Member, error) {
	return t.change(ctx, OwnPhoneDelete, nil)
}

// DeleteTOTP takes the own authenticator app away, after which another can be registered (rule totp-single-registration).
func (t Tenant) DeleteTOTP(ctx context.Context) (Member, error) {
	return t.change(ctx, OwnTOTPDelete, nil)
}

type emailUpdateRequest struct {
	Email    string `json:"email_address"`
	Delivery string `json:"delivery_method"`
	Locale   string `json:"locale,omitzero"`
}

// StartEmailUpdate mails a code to the address that the Tenant's member wants to have; ConfirmEmail takes it (rule
// email-update).
func (t Tenant) StartEmailUpdate(ctx context.Context, email, locale string) error {
	_, err := t.change(ctx, OwnEmailUpdateStart, emailUpdateRequest{email, "EMAIL_OTP", locale})
	return err
}

type memberRevokeRequest struct {
	SessionID string `json:"member_session_id,omitzero"`
	MemberID  string `json:"member_id,omitzero"`
}

// RevokeSession ends one session, which the caller has found among OwnSessions: that the upstream refuses another
// member's is only assumed (rule revoke-with-header).
func (t Tenant) RevokeSession(ctx context.Context, sessionID string) error {
	if !IsSessionID(sessionID) {
		return ErrInput
	}
	_, err := header[empty](ctx, t, OwnSessionsRevoke, request{body: memberRevokeRequest{SessionID: sessionID}, member: t.key.MemberID, target: sessionID})
	return err
}

// RevokeEverywhere ends all sessions of the Tenant's own member in the organization, the Tenant's own as well.
func (t Tenant) RevokeEverywhere(ctx context.Context) error {
	_, err := header[empty](ctx, t, OwnSessionsRevoke, request{body: memberRevokeRequest{MemberID: t.key.MemberID}, member: t.key.MemberID})
	return err
}
