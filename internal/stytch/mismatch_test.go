package stytch

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// An answer about somebody else is a fault, whoever is to blame for it: it would be shown, or signed in, as the one asked for.
func TestAnswersAboutOthersAreMismatches(t *testing.T) {
	t.Parallel()
	signIn := `{"member_id":"` + memberID + `","member":` + aMember + `,"organization":` + anOrganization +
		`,"member_authenticated":true,"session_token":"t","member_session":` + aSession + `}`
	self := `{"member_session":` + aSession + `,"member":` + aMember + `,"organization":` + anOrganization + `}`
	detail := `{"member":` + aMember + `,"organization":` + anOrganization + `}`
	impersonated := strings.Replace(signIn, `"member_session_id"`, `"authentication_factors":[{"type":"impersonated"}],"member_session_id"`, 1)
	codes := `{"member_id":"` + memberID + `","recovery_codes":["c"]}`
	registered := `{"member_id":"` + memberID + `","totp_registration_id":"i","secret":"s","recovery_codes":[]}`
	recovered := strings.Replace(signIn, "{", `{"recovery_codes_remaining":9,`, 1)
	whole := "member.member_id member.organization_id organization.organization_id member_id member_session.member_id member_session.organization_id"
	ofMember := "member.member_id member.organization_id"
	both := "member.member_id member.organization_id organization.organization_id"
	areMismatches(t, map[string]aboutOthers{
		"self": {SessionAuthenticate, self, both + " member_session.member_id member_session.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.Self(ctx)
			return err
		}},
		"exchange": {SessionExchange, signIn, both + " member_id member_session.member_id member_session.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.Exchange(ctx, orgID, 5)
			return err
		}},
		"intermediate": {IntermediateExchange, signIn, both + " member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.client.ExchangeIntermediate(ctx, "i", orgID, 5)
			return err
		}},
		"link": {LinkAuthenticate, signIn, both + " member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.client.AuthenticateLink(ctx, "t", "v", carrying)
			return err
		}},
		"code": {CodeAuthenticate, signIn, both, func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.client.AuthenticateCode(ctx, orgID, ada, "1", carrying)
			return err
		}},
		"member": {MemberGet, detail, both, func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.Member(ctx, memberID)
			return err
		}},
		"find member": {MemberFind, detail, "member.member_id", func(ctx context.Context, _ Tenant, s Staff) error {
			_, err := s.FindMember(ctx, memberID)
			return err
		}},
		"organization": {OrganizationGet, detail, "organization.organization_id", func(ctx context.Context, _ Tenant, s Staff) error {
			_, err := s.Organization(ctx, orgID)
			return err
		}},
		"own sessions": {OwnSessionsList, `{"member_sessions":[` + aSession + `,` + aSession + `]}`, "member_sessions.1.member_id member_sessions.0.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.OwnSessions(ctx)
			return err
		}},
		"sessions": {MemberSessionsList, `{"member_sessions":[` + aSession + `]}`, "member_sessions.0.member_id member_sessions.0.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.MemberSessions(ctx, memberID)
			return err
		}},
		"members": {MembersSearch, `{"members":[` + aMember + `,` + aMember + `],"results_metadata":{"total":2}}`, "members.1.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.SearchMembers(ctx, MemberSearch{Limit: 5})
			return err
		}},
		"SSO": {
			SSOConnectionsList, `{"saml_connections":` + aConnection + `,"oidc_connections":` + aConnection + `,"external_connections":` + aConnection + `}`,
			"saml_connections.0.organization_id oidc_connections.0.organization_id external_connections.0.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
				_, err := t.SSOConnections(ctx)
				return err
			},
		},
		"password": {PasswordAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.AuthenticatePassword(ctx, orgID, ada, "p", carrying))
		}},
		"password reset": {PasswordReset, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.ResetPassword(ctx, "t", "p", "v", carrying))
		}},
		"OAuth": {OAuthAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.AuthenticateOAuth(ctx, "t", "v", carrying))
		}},
		"impersonation": {ImpersonationAuthenticate, impersonated, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.Impersonate(ctx, "t"))
		}},
		"TOTP, registered": {TOTPCreate, registered, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.Halfway().CreateTOTP(ctx))
		}},
		"TOTP, halfway": {TOTPAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.Halfway(orgID, memberID, "i").AuthenticateTOTP(ctx, "1", enrolling))
		}},
		"TOTP, session": {TOTPAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.Halfway().AuthenticateTOTP(ctx, "1", enrolling))
		}},
		"SMS": {SMSAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.Halfway(orgID, memberID, "i").AuthenticateSMS(ctx, "1", enrolling))
		}},
		"recovery": {RecoveryCodeUse, recovered, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return third(t.client.Halfway(orgID, memberID, "i").Recover(ctx, "1", enrolling))
		}},
		"session reset": {PasswordSessionReset, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.SetPassword(ctx, "p", 5))
		}},
		"existing password": {PasswordExistingReset, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.ChangePassword(ctx, ada, "p", "q", 5))
		}},
		"confirmed address": {CodeAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.ConfirmEmail(ctx, ada, "1"))
		}},
		"proof by code": {CodeAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return t.ProveCode(ctx, ada, "1")
		}},
		"proof by password": {PasswordAuthenticate, signIn, whole, func(ctx context.Context, t Tenant, _ Staff) error {
			return t.ProvePassword(ctx, ada, "p")
		}},
		"code sent": {CodeSend, codes, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return t.SendProofCode(ctx, ada, "")
		}},
		"own name": {OwnNameUpdate, detail, ofMember, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.Rename(ctx, "n"))
		}},
		"own app deleted": {OwnTOTPDelete, detail, ofMember, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.DeleteTOTP(ctx))
		}},
		"own address": {OwnEmailUpdateStart, detail, ofMember, func(ctx context.Context, t Tenant, _ Staff) error {
			return t.StartEmailUpdate(ctx, ada, "")
		}},
		"recovery codes": {OwnRecoveryCodesGet, codes, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.OwnRecoveryCodes(ctx))
		}},
		"new recovery codes": {OwnRecoveryCodesRotate, codes, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.RotateRecoveryCodes(ctx))
		}},
		"SCIM": {SCIMConnectionGet, `{"request_id":"r","connection":{"connection_id":"c","organization_id":"` + orgID + `"}}`, "connection.organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			_, err := t.SCIMConnection(ctx)
			return err
		}},
	})
}

// aboutOthers is a call and its answer. Whatever another id is put in the answer, the call is for nothing.
type aboutOthers struct {
	op     Operation
	answer string
	paths  string // where another id is put
	send   func(context.Context, Tenant, Staff) error
}

func areMismatches(t *testing.T, all map[string]aboutOthers) {
	t.Helper()
	for name, one := range all {
		send := func(answer string) error {
			u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
				if one.op.Row().Door == Checked && r.URL.Path == SessionAuthenticate.Row().Path {
					say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
					return
				}
				say(w, http.StatusOK, answer)
			})
			tenant := u.tenant(t, nil)
			return one.send(everything(t), tenant, tenant.client.HoldStaff(tenant.key))
		}
		if err := send(one.answer); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for path := range strings.FieldsSeq(one.paths) {
			other := otherID
			switch {
			case strings.HasSuffix(path, "organization_id"):
				other = otherOrg
			case strings.HasSuffix(path, "client_id"), strings.HasSuffix(path, "connected_app_id"):
				other = otherApp
			}
			err := send(edit(t, one.answer, path, other, false))
			if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != Mismatch || f.Operation != one.op {
				t.Errorf("%s with another %s: %v", name, path, err)
			}
		}
	}
}

// The whole answer is about another organization: each part agrees with the others, and none with what was asked.
func TestSignInToAnotherOrganization(t *testing.T) {
	t.Parallel()
	in := SignIn{MemberID: otherID, Done: true, Member: Member{ID: otherID, OrganizationID: otherOrg}, Session: MemberSession{MemberID: otherID, OrganizationID: otherOrg}}
	in.Organization.ID = otherOrg
	for asked, want := range map[string]bool{otherOrg: true, "": true, "a-slug": true, orgID: false} {
		if got := in.matches(SessionExchange, asked) == nil; got != want {
			t.Errorf("asked for %q: %t", asked, got)
		}
	}
}

// A whole answer about somebody else is caught where nothing but the Tenant says who was asked for. One that only begins a
// sign-in has not added its factor to the session.
func TestProofsOfOthers(t *testing.T) {
	t.Parallel()
	signIn := `{"member_id":"` + memberID + `","member":` + aMember + `,"organization":` + anOrganization +
		`,"member_authenticated":true,"session_token":"t","member_session":` + aSession + `}`
	halfDone := `{"member_id":"` + memberID + `","member":` + aMember + `,"organization":` + anOrganization +
		`,"member_authenticated":false,"session_token":"","member_session":null,"intermediate_session_token":"i"}`
	for name, answer := range map[string]string{
		"another member":       strings.ReplaceAll(signIn, memberID, otherID),
		"another organization": strings.ReplaceAll(signIn, orgID, otherOrg),
		"half done":            halfDone,
	} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, answer) })
		tenant := u.tenant(t, nil)
		all := tenantCalls(tenant)
		for _, method := range []string{"ProveCode", "ProvePassword", "AuthenticateTOTP", "AuthenticateSMS"} {
			err := all[method](everything(t))
			if f, ok := errors.AsType[*Fault](err); !ok || f.Kind == Unreachable {
				t.Errorf("%s by %s: %v", name, method, err)
			}
		}
	}
}

// An impersonated session that does not say so would pass for the member's own.
func TestImpersonationMustSayWhatItIs(t *testing.T) {
	t.Parallel()
	answer := func(factors string) string {
		return `{"member_id":"` + memberID + `","member":` + aMember + `,"organization":` + anOrganization + `,"member_authenticated":true,"session_token":"t","member_session":` +
			strings.Replace(aSession, "{", `{"authentication_factors":[`+factors+`],`, 1) + `}`
	}
	for factors, want := range map[string]string{
		`{"type":"impersonated","impersonated_factor":{"impersonator_email_address":"sam@support.example"}}`: "sam@support.example",
		`{"type":"impersonated"}`: "unknown",
		`{"type":"email_otp"}`:    "",
		``:                        "",
	} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, answer(factors)) })
		in, err := newClient(t, u.URL, nil).Impersonate(everything(t), "t")
		if (err == nil) != (want != "") || in.Impersonator() != want {
			t.Errorf("%s: %q, %v", factors, in.Impersonator(), err)
		}
		if want == "" {
			fault(t, err, Malformed)
		}
	}
}

func TestMalformedIDsAreNotSent(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{}`) })
	tenant := u.tenant(t, nil)
	staff, ctx := tenant.client.HoldStaff(tenant.key), everything(t)
	for _, id := range []string{"", ".", "..", "acme", "../members", memberID + "/..", orgID + "?x=y", strings.ToUpper(orgID), "member-test-x", memberID + "\x00"} {
		_, member := tenant.Member(ctx, id)
		_, sessions := tenant.MemberSessions(ctx, id)
		_, found := staff.FindMember(ctx, id)
		_, organization := staff.Organization(ctx, id)
		revoked := tenant.RevokeSession(ctx, id)
		for op, send := range withIDs(tenant, staff, id) {
			err := send(ctx)
			if _, late := errors.AsType[*Fault](err); late || !errors.Is(err, ErrInput) { // a fault has spent the form, and is kept as an act
				t.Errorf("%s, %q: %v", op, id, err)
			}
		}
		sent := tenant.client.Halfway(orgID, id, "i").SendSMS(ctx, "", "")
		elsewhere := tenant.client.Halfway(id, memberID, "i").SendSMS(ctx, "", "")
		for _, err := range []error{member, sessions, found, organization, revoked, sent, elsewhere} {
			if !errors.Is(err, ErrInput) {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
	if sent := u.seen(); len(sent) != 0 {
		t.Errorf("sent %q", sent)
	}
}
