package stytch

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"console.internal/internal/contract"
)

// calls are all methods that send something, by the operation that they are about.
func calls(c *Client, t Tenant, s Staff) map[Operation]func(context.Context) error {
	halfway := c.Halfway(orgID, memberID, "i")
	if t.client == nil || t.key.Token == "" {
		halfway = c.Halfway(orgID, memberID, "")
	}
	all := map[Operation]func(context.Context) error{
		DiscoveryLinkSend:             func(ctx context.Context) error { return c.SendDiscoveryLink(ctx, ada, mailed) },
		DiscoveryLinkAuthenticate:     func(ctx context.Context) error { return second(c.AuthenticateDiscoveryLink(ctx, "t", "v")) },
		DiscoveryCodeSend:             func(ctx context.Context) error { return c.SendDiscoveryCode(ctx, ada, "") },
		DiscoveryCodeAuthenticate:     func(ctx context.Context) error { return second(c.AuthenticateDiscoveryCode(ctx, ada, "1")) },
		DiscoveryOrganizations:        func(ctx context.Context) error { return second(c.Memberships(ctx, "i")) },
		IntermediateExchange:          func(ctx context.Context) error { return second(c.ExchangeIntermediate(ctx, "i", orgID, 5)) },
		LinkSend:                      func(ctx context.Context) error { return c.SendLink(ctx, "slug", ada, mailed) },
		LinkAuthenticate:              func(ctx context.Context) error { return second(c.AuthenticateLink(ctx, "t", "v", carrying)) },
		CodeSend:                      func(ctx context.Context) error { return c.SendCode(ctx, "slug", ada, "fr") },
		CodeAuthenticate:              func(ctx context.Context) error { return second(c.AuthenticateCode(ctx, "slug", ada, "1", carrying)) },
		DiscoveryPasswordAuthenticate: func(ctx context.Context) error { return second(c.AuthenticateDiscoveryPassword(ctx, ada, "p")) },
		DiscoveryPasswordResetStart:   func(ctx context.Context) error { return c.StartDiscoveryPasswordReset(ctx, ada, mailed) },
		DiscoveryPasswordReset:        func(ctx context.Context) error { return second(c.ResetDiscoveryPassword(ctx, "t", "p", "v")) },
		DiscoveryOAuthAuthenticate:    func(ctx context.Context) error { return second(c.AuthenticateDiscoveryOAuth(ctx, "t", "v")) },
		PasswordAuthenticate: func(ctx context.Context) error {
			return second(c.AuthenticatePassword(ctx, "slug", ada, "p", carrying))
		},
		PasswordResetStart:        func(ctx context.Context) error { return c.StartPasswordReset(ctx, "slug", ada, mailed) },
		PasswordReset:             func(ctx context.Context) error { return second(c.ResetPassword(ctx, "t", "p", "v", carrying)) },
		PasswordStrength:          func(ctx context.Context) error { return second(c.Strength(ctx, ada, "p")) },
		PasswordSessionReset:      func(ctx context.Context) error { return second(t.SetPassword(ctx, "p", 5)) },
		PasswordExistingReset:     func(ctx context.Context) error { return second(t.ChangePassword(ctx, ada, "p", "q", 5)) },
		OAuthAuthenticate:         func(ctx context.Context) error { return second(c.AuthenticateOAuth(ctx, "t", "v", carrying)) },
		TOTPCreate:                func(ctx context.Context) error { return second(halfway.CreateTOTP(ctx)) },
		TOTPAuthenticate:          func(ctx context.Context) error { return second(halfway.AuthenticateTOTP(ctx, "1", enrolling)) },
		SMSSend:                   func(ctx context.Context) error { return halfway.SendSMS(ctx, "+15005550006", "fr") },
		SMSAuthenticate:           func(ctx context.Context) error { return second(halfway.AuthenticateSMS(ctx, "1", enrolling)) },
		RecoveryCodeUse:           func(ctx context.Context) error { return third(halfway.Recover(ctx, "1", enrolling)) },
		ImpersonationAuthenticate: func(ctx context.Context) error { return second(c.Impersonate(ctx, "t")) },
		SessionAuthenticate:       func(ctx context.Context) error { return second(t.Self(ctx)) },
		SessionExchange:           func(ctx context.Context) error { return second(t.Exchange(ctx, otherOrg, 5)) },
		SessionRevoke:             t.Revoke,
		PolicyGet:                 func(ctx context.Context) error { return second(c.Policy(ctx)) },
		Whoami:                    func(ctx context.Context) error { return second(c.Whoami(ctx)) },
		OrganizationsSearch: func(ctx context.Context) error {
			return second(s.SearchOrganizations(ctx, OrganizationSearch{Limit: 5}))
		},
		OrganizationGet:        func(ctx context.Context) error { return second(s.Organization(ctx, otherOrg)) },
		OrganizationMetrics:    func(ctx context.Context) error { return second(t.MemberCount(ctx)) },
		MembersSearch:          func(ctx context.Context) error { return second(t.SearchMembers(ctx, MemberSearch{Limit: 5})) },
		MemberGet:              func(ctx context.Context) error { return second(t.Member(ctx, otherID)) },
		MemberFind:             func(ctx context.Context) error { return second(s.FindMember(ctx, otherID)) },
		MemberSessionsList:     func(ctx context.Context) error { return second(t.MemberSessions(ctx, otherID)) },
		OwnSessionsList:        func(ctx context.Context) error { return second(t.OwnSessions(ctx)) },
		OwnSessionsRevoke:      t.RevokeEverywhere,
		OwnRecoveryCodesGet:    func(ctx context.Context) error { return second(t.OwnRecoveryCodes(ctx)) },
		OwnRecoveryCodesRotate: func(ctx context.Context) error { return second(t.RotateRecoveryCodes(ctx)) },
		OwnNameUpdate:          func(ctx context.Context) error { return second(t.Rename(ctx, "n")) },
		OwnEnrolmentUpdate:     func(ctx context.Context) error { return second(t.SetMFAEnrolment(ctx, false)) },
		OwnDefaultMFAUpdate:    func(ctx context.Context) error { return second(t.SetDefaultMFA(ctx, "totp")) },
		OwnPhoneDelete:         func(ctx context.Context) error { return second(t.DeletePhone(ctx)) },
		OwnTOTPDelete:          func(ctx context.Context) error { return second(t.DeleteTOTP(ctx)) },
		OwnEmailUpdateStart:    func(ctx context.Context) error { return t.StartEmailUpdate(ctx, ada, "fr") },
		SSOConnectionsList:     func(ctx context.Context) error { return second(t.SSOConnections(ctx)) },
		SCIMConnectionGet:      func(ctx context.Context) error { return second(t.SCIMConnection(ctx)) },
		ConnectedAppsList:      func(ctx context.Context) error { return second(t.ConnectedApps(ctx)) },
	}
	maps.Copy(all, organizationCalls(t, s))
	maps.Copy(all, memberCalls(t))
	maps.Copy(all, staffCalls(c, t, s))
	maps.Copy(all, appCalls(c, t, s))
	maps.Copy(all, clientCalls(s))
	return all
}

// tenantCalls are the methods of a Tenant that share their operation with one of calls.
func tenantCalls(t Tenant) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Memberships":         func(ctx context.Context) error { return second(t.Memberships(ctx)) },
		"SendProofCode":       func(ctx context.Context) error { return t.SendProofCode(ctx, ada, "fr") },
		"ProveCode":           func(ctx context.Context) error { return t.ProveCode(ctx, ada, "1") },
		"ProvePassword":       func(ctx context.Context) error { return t.ProvePassword(ctx, ada, "p") },
		"ConfirmEmail":        func(ctx context.Context) error { return second(t.ConfirmEmail(ctx, ada, "1")) },
		"CreateTOTP":          func(ctx context.Context) error { return second(t.Halfway().CreateTOTP(ctx)) },
		"AuthenticateTOTP":    func(ctx context.Context) error { return second(t.Halfway().AuthenticateTOTP(ctx, "1", enrolling)) },
		"SendSMS":             func(ctx context.Context) error { return t.Halfway().SendSMS(ctx, "", "") },
		"AuthenticateSMS":     func(ctx context.Context) error { return second(t.Halfway().AuthenticateSMS(ctx, "1", SecondFactor{})) },
		"Recover":             func(ctx context.Context) error { return third(t.Halfway().Recover(ctx, "1", SecondFactor{})) },
		"RevokeSession":       func(ctx context.Context) error { return t.RevokeSession(ctx, sessionID) },
		"RevokeMemberSession": func(ctx context.Context) error { return second(t.RevokeMemberSession(ctx, otherID, sessionID)) },
		"CreateMember":        func(ctx context.Context) error { return second(t.CreateMember(ctx, wholeMember)) },
		"InviteMember":        func(ctx context.Context) error { return second(t.InviteMember(ctx, wholeInvitation)) },
	}
}

func second(_ any, err error) error { return err }

func third(_, _ any, err error) error { return err }

var (
	carrying  = With{Intermediate: "i", Minutes: 5, Locale: "fr"}
	enrolling = SecondFactor{Minutes: 5, Enrol: true, MakeDefault: true}
)

// secondFactors are the operations that are about a session or a sign-in in the middle, and never go without a token.
var secondFactors = []Operation{TOTPCreate, TOTPAuthenticate, SMSSend, SMSAuthenticate, RecoveryCodeUse}

// byToken are the operations of the open door that are about a Tenant's own session.
var byToken = []Operation{SessionAuthenticate, SessionExchange, SessionRevoke, PasswordSessionReset, PasswordExistingReset, AuthorizeStart, Authorize}

// Whoever is being impersonated has done nothing of what is done meanwhile: a session of that kind reads, ends, and no more.
func TestAReadOnlyKeySendsNoWrite(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, checkAnswer(orgID, memberID, yes)) })
	tenant := u.tenant(t, nil)
	tenant.key.ReadOnly = true
	writes := 0
	for _, op := range Operations() {
		as := tenant
		as.staff = op.Row().Check.Staff
		before := len(u.seen())
		err := through(everything(t), as, tenant, op)
		sent := len(u.seen()) - before
		// No person's session carries what the console does about its own entries.
		if op.Row().Kind == Read || op == SessionRevoke || op.Row().Door == Recorded {
			if errors.Is(err, ErrReadOnly) || sent == 0 {
				t.Errorf("%s, which reads: %v", op, err)
			}
			continue
		}
		writes++
		if !errors.Is(err, ErrReadOnly) || sent != 0 {
			t.Errorf("%s was sent %d times: %v", op, sent, err)
		}
	}
	if writes < 30 {
		t.Errorf("only %d operations write", writes)
	}
	before := len(u.seen())
	for method, send := range tenantCalls(tenant) {
		if err := send(everything(t)); errors.Is(err, ErrReadOnly) == (method == "Memberships") {
			t.Errorf("%s: %v", method, err)
		}
	}
	if sent := len(u.seen()) - before; sent != 1 {
		t.Errorf("%d calls, one of which reads", sent)
	}
}

// Every request of every method is in the contract's form: a field it does not know, or null, would be refused or ignored.
func TestRequestsAreInTheContractsForm(t *testing.T) {
	t.Parallel()
	form := contract.Check(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotImplemented) }))
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		form.ServeHTTP(httptest.NewRecorder(), r)
		say(w, http.StatusOK, checkAnswer(orgID, memberID, yes)) // lets every check pass, and is no answer to anything else
	})
	tenant := u.tenant(t, nil)
	want := 0
	for _, send := range calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key)) {
		_ = send(everything(t))
		want++
	}
	for _, send := range tenantCalls(tenant) {
		_ = send(everything(t))
		want++
	}
	if sent := len(u.seen()); sent < want {
		t.Errorf("%d calls of %d were sent", sent, want)
	}
}
