package stytch

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Time is a moment as the upstream writes it. An unset one is null or "" there and zero here (rule unset-values).
type Time struct{ time.Time }

// UnmarshalJSON reads RFC 3339, or nothing.
func (t *Time) UnmarshalJSON(text []byte) error {
	if unset := string(text); unset == "null" || unset == `""` {
		t.Time = time.Time{}
		return nil
	}
	return t.Time.UnmarshalJSON(text)
}

// MemberSession is one session of a member, without its token.
type MemberSession struct {
	ID             string   `json:"member_session_id"`
	MemberID       string   `json:"member_id"`
	OrganizationID string   `json:"organization_id"`
	StartedAt      Time     `json:"started_at"`
	LastAccessedAt Time     `json:"last_accessed_at"`
	ExpiresAt      Time     `json:"expires_at"`
	Roles          []string `json:"roles"`
	Factors        []Factor `json:"authentication_factors"`
}

// isOf says whether the session is this member's.
func (s MemberSession) isOf(m Member) bool {
	return s.MemberID == m.ID && s.OrganizationID == m.OrganizationID
}

// Impersonator is the e-mail address of whoever acts in the member's name, or "" where the session is the member's own
// (rule impersonation). An impersonated session that does not say by whom is impersonated all the same.
func (s MemberSession) Impersonator() string {
	for _, f := range s.Factors {
		switch {
		case f.Impersonator != nil && f.Impersonator.Email != "":
			return f.Impersonator.Email
		case f.isImpersonated():
			return "unknown"
		}
	}
	return ""
}

// ProvenAt is when the member last proved a factor in this session, with second a second one; zero where they never did.
// Being impersonated proves nothing.
func (s MemberSession) ProvenAt(second bool) time.Time {
	var newest time.Time
	for _, f := range s.Factors {
		if !f.isImpersonated() && (!second || f.IsSecond()) && f.AuthenticatedAt.After(newest) {
			newest = f.AuthenticatedAt.Time
		}
	}
	return newest
}

// HasSecond says whether the session rests on a second factor too.
func (s MemberSession) HasSecond() bool { return slices.ContainsFunc(s.Factors, Factor.IsSecond) }

// Factor is one proof that a session rests on (rule session-factors).
type Factor struct {
	// Type is a kind of proof: magic_link, email_otp, password, oauth, sso, otp (a text message), totp, recovery_codes,
	// impersonated and others.
	Type            string `json:"type"`
	DeliveryMethod  string `json:"delivery_method"`
	AuthenticatedAt Time   `json:"last_authenticated_at"`
	Impersonator    *struct {
		Email string `json:"impersonator_email_address"`
	} `json:"impersonated_factor"`
}

// IsSecond says whether the factor is a second one, which comes after another.
func (f Factor) IsSecond() bool {
	return f.Type == "otp" || f.Type == "totp" || f.Type == "recovery_codes"
}

func (f Factor) isImpersonated() bool { return f.Type == "impersonated" || f.Impersonator != nil }

type authorizationCheck struct {
	OrganizationID string `json:"organization_id"`
	ResourceID     string `json:"resource_id"`
	Action         string `json:"action"`
}

type authenticateRequest struct {
	SessionToken string              `json:"session_token"`
	Check        *authorizationCheck `json:"authorization_check,omitzero"`
}

// sessionAnswer is what a check needs of the answer.
type sessionAnswer struct {
	RequestID string        `json:"request_id"`
	Session   MemberSession `json:"member_session"`
	Verdict   *struct {
		Authorized bool `json:"authorized"`
	} `json:"verdict"`
}

func (a sessionAnswer) complete() bool {
	return a.Session.ID != "" && a.Session.MemberID != "" && a.Session.OrganizationID != ""
}

// Self is who the Tenant's session belongs to.
type Self struct {
	RequestID    string        `json:"request_id"`
	Session      MemberSession `json:"member_session"`
	Member       Member        `json:"member"`
	Organization Organization  `json:"organization"`
}

func (a Self) complete() bool {
	return a.Session.ID != "" && a.Member.complete() && a.Organization.complete()
}

// Self returns the Tenant's own member, session and organization, which need no permission (rule own-session).
func (t Tenant) Self(ctx context.Context) (Self, error) {
	got, err := ownOpen[Self](ctx, t, SessionAuthenticate, request{body: authenticateRequest{SessionToken: t.key.Token.Reveal()}, member: t.key.MemberID})
	if err != nil {
		return Self{}, err
	}
	if got.Member.ID != t.key.MemberID || got.Organization.ID != t.key.OrganizationID || got.Member.OrganizationID != got.Organization.ID ||
		!got.Session.isOf(got.Member) {
		return Self{}, mismatch(SessionAuthenticate, got.RequestID)
	}
	return got, nil
}

type exchangeRequest struct {
	OrganizationID string `json:"organization_id"`
	SessionToken   string `json:"session_token"`
	Minutes        int    `json:"session_duration_minutes"`
}

// Exchange asks for a session of the same person in another organization (rule session-exchange). It accepts an
// invitation on the way, so it belongs behind a button. The Tenant's own session stays as it is.
func (t Tenant) Exchange(ctx context.Context, organizationID string, minutes int) (SignIn, error) {
	got, err := ownOpen[SignIn](ctx, t, SessionExchange, request{body: exchangeRequest{organizationID, t.key.Token.Reveal(), minutes}, organization: organizationID})
	if err != nil {
		return SignIn{}, err
	}
	return got, got.matches(SessionExchange, organizationID)
}

type revokeRequest struct {
	SessionToken string `json:"session_token"`
}

// Revoke ends the Tenant's own session upstream (rule revoke-by-token).
func (t Tenant) Revoke(ctx context.Context) error {
	_, err := ownOpen[empty](ctx, t, SessionRevoke, request{body: revokeRequest{t.key.Token.Reveal()}, member: t.key.MemberID})
	return err
}

type sessionsAnswer struct {
	RequestID string          `json:"request_id"`
	Sessions  []MemberSession `json:"member_sessions"`
}

func (a sessionsAnswer) complete() bool {
	return a.Sessions != nil && !slices.ContainsFunc(a.Sessions, func(s MemberSession) bool { return s.ID == "" })
}

// MemberSessions returns the active sessions of a member of the organization.
func (t Tenant) MemberSessions(ctx context.Context, memberID string) ([]MemberSession, error) {
	return t.sessions(ctx, MemberSessionsList, memberID)
}

// OwnSessions returns the active sessions of the Tenant's own member, which needs no permission.
func (t Tenant) OwnSessions(ctx context.Context) ([]MemberSession, error) {
	return t.sessions(ctx, OwnSessionsList, t.key.MemberID)
}

func (t Tenant) sessions(ctx context.Context, op Operation, memberID string) ([]MemberSession, error) {
	if !IsMemberID(memberID) {
		return nil, ErrInput
	}
	got, err := checked[sessionsAnswer](ctx, t, op, request{query: url.Values{"organization_id": {t.key.OrganizationID}, "member_id": {memberID}}, member: memberID})
	if err != nil {
		return nil, err
	}
	for i := range got.Sessions {
		if got.Sessions[i].MemberID != memberID || got.Sessions[i].OrganizationID != t.key.OrganizationID {
			return nil, mismatch(op, got.RequestID)
		}
	}
	return got.Sessions, nil
}

// HTTPStatus is the status that the upstream gave an error, or 0.
func HTTPStatus(err error) int {
	if e, ok := asError(err); ok {
		return e.Status
	}
	return 0
}

// IsLimited says whether the upstream answered that there were too many attempts (rule rate-limits).
func IsLimited(err error) bool { return HTTPStatus(err) == http.StatusTooManyRequests }
