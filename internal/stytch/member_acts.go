package stytch

import (
	"context"
	"strings"
)

type deletedMember struct {
	RequestID string `json:"request_id"`
	MemberID  string `json:"member_id"`
}

func (d deletedMember) complete() bool { return d.MemberID != "" }

// DeleteMember deletes a member of the Tenant's organization: their sessions and invitations end, their address is free (rule
// member-delete).
func (t Tenant) DeleteMember(ctx context.Context, memberID string) (Done, error) {
	if !IsMemberID(memberID) {
		return Done{}, ErrInput
	}
	got, err := header[deletedMember](ctx, t, MemberDelete, request{path: []string{t.key.OrganizationID, memberID}, member: memberID})
	if err != nil {
		return Done{}, err
	}
	if got.MemberID != memberID {
		return Done{}, mismatch(MemberDelete, got.RequestID)
	}
	return Done{got.RequestID}, nil
}

// ReactivateMember brings a deleted member back, if an address of theirs was verified and is still free (rule member-reactivate).
func (t Tenant) ReactivateMember(ctx context.Context, memberID string) (MemberAnswer, error) {
	return t.memberAct(ctx, MemberReactivate, memberID, request{path: []string{t.key.OrganizationID, memberID}})
}

// DeleteMemberPhone takes a member's number for text messages away. No session ends.
func (t Tenant) DeleteMemberPhone(ctx context.Context, memberID string) (MemberAnswer, error) {
	return t.memberAct(ctx, MemberPhoneDelete, memberID, request{path: []string{t.key.OrganizationID, memberID}})
}

// DeleteMemberTOTP takes a member's authenticator app away (rule totp-single-registration). No session ends.
func (t Tenant) DeleteMemberTOTP(ctx context.Context, memberID string) (MemberAnswer, error) {
	return t.memberAct(ctx, MemberTOTPDelete, memberID, request{path: []string{t.key.OrganizationID, memberID}})
}

// DeleteMemberPassword takes a password away, which the caller has found in a fresh read of the member. A project whose passwords
// are good for all organizations refuses: RequireReset is for those (rule cross-org-passwords).
func (t Tenant) DeleteMemberPassword(ctx context.Context, memberID, passwordID string) (MemberAnswer, error) {
	if !isSegment(passwordID) {
		return MemberAnswer{}, ErrInput
	}
	return t.memberAct(ctx, MemberPasswordDelete, memberID, request{path: []string{t.key.OrganizationID, passwordID}, target: passwordID})
}

type requireResetRequest struct {
	Email          string `json:"email_address"`
	OrganizationID string `json:"organization_id"`
	MemberID       string `json:"member_id"`
}

// requireResetAnswer names the member, or nobody.
type requireResetAnswer struct {
	RequestID string `json:"request_id"`
	MemberID  string `json:"member_id"`
}

func (a requireResetAnswer) complete() bool { return a.RequestID != "" }

// RequireReset ends the password of a member's address, which the caller has found in a fresh read of the member; the way on is a
// reset by mail (rule require-reset).
func (t Tenant) RequireReset(ctx context.Context, memberID, email string) (Done, error) {
	if !IsMemberID(memberID) {
		return Done{}, ErrInput
	}
	got, err := header[requireResetAnswer](ctx, t, MemberRequireReset, request{
		body: requireResetRequest{email, t.key.OrganizationID, memberID}, member: memberID,
	})
	if err != nil {
		return Done{}, err
	}
	if got.MemberID != "" && got.MemberID != memberID {
		return Done{}, mismatch(MemberRequireReset, got.RequestID)
	}
	return Done{got.RequestID}, nil
}

type unlinkRequest struct {
	EmailID string `json:"email_id"`
}

// UnlinkRetiredEmail sets an address free that the member had before, which the caller has found in a fresh read of the member (rule
// retired-email).
func (t Tenant) UnlinkRetiredEmail(ctx context.Context, memberID, emailID string) (MemberAnswer, error) {
	if emailID == "" {
		return MemberAnswer{}, ErrInput
	}
	return t.memberAct(ctx, MemberRetiredEmailUnlink, memberID, request{
		path: []string{t.key.OrganizationID, memberID}, body: unlinkRequest{emailID}, target: emailID,
	})
}

// StartMemberEmailUpdate mails a link to the address that a member is to have, which takes them to the project's own place for
// signing in and is good for five minutes (rule email-update). A code would be of no use: only the member could enter it.
func (t Tenant) StartMemberEmailUpdate(ctx context.Context, memberID, email, locale string) (MemberAnswer, error) {
	return t.memberAct(ctx, MemberEmailUpdateStart, memberID, request{
		path: []string{t.key.OrganizationID, memberID}, body: emailUpdateRequest{email, "EMAIL_MAGIC_LINK", locale}, target: email,
	})
}

// RevokeMemberSessions ends all sessions of a member in the organization. The answer names nobody.
func (t Tenant) RevokeMemberSessions(ctx context.Context, memberID string) (Done, error) {
	if !IsMemberID(memberID) {
		return Done{}, ErrInput
	}
	return header[Done](ctx, t, MemberSessionsRevoke, request{body: memberRevokeRequest{MemberID: memberID}, member: memberID})
}

// RevokeMemberSession ends one session, which the caller has found among the member's MemberSessions: that the upstream refuses one
// of another organization is only assumed (rule revoke-with-header).
func (t Tenant) RevokeMemberSession(ctx context.Context, memberID, sessionID string) (Done, error) {
	if !IsMemberID(memberID) || !IsSessionID(sessionID) {
		return Done{}, ErrInput
	}
	return header[Done](ctx, t, MemberSessionsRevoke, request{body: memberRevokeRequest{SessionID: sessionID}, member: memberID, target: sessionID})
}

// MemberApp is an OAuth client that a member let in.
type MemberApp struct {
	ID, Name, Description, Type string
	// Scopes are what the member granted.
	Scopes []string
}

type memberAppsAnswer struct {
	Apps []struct {
		ID          string `json:"connected_app_id"`
		Name        string `json:"name"`
		Description string `json:"description"`
		Type        string `json:"client_type"`
		Scopes      string `json:"scopes_granted"`
	} `json:"connected_apps"`
}

func (a memberAppsAnswer) complete() bool {
	for i := range a.Apps {
		if a.Apps[i].ID == "" {
			return false
		}
	}
	return a.Apps != nil
}

// MemberApps returns the apps that a member of the Tenant's organization let in. The answer does not say whose they are.
func (t Tenant) MemberApps(ctx context.Context, memberID string) ([]MemberApp, error) {
	return t.apps(ctx, MemberAppsList, memberID)
}

// OwnApps returns the apps that the Tenant's own member let in.
func (t Tenant) OwnApps(ctx context.Context) ([]MemberApp, error) {
	return t.apps(ctx, OwnAppsList, t.key.MemberID)
}

func (t Tenant) apps(ctx context.Context, op Operation, memberID string) ([]MemberApp, error) {
	if !IsMemberID(memberID) {
		return nil, ErrInput
	}
	got, err := header[memberAppsAnswer](ctx, t, op, request{path: []string{t.key.OrganizationID, memberID}, member: memberID})
	if err != nil {
		return nil, err
	}
	apps := make([]MemberApp, len(got.Apps))
	for i, app := range got.Apps {
		apps[i] = MemberApp{ID: app.ID, Name: app.Name, Description: app.Description, Type: app.Type, Scopes: strings.Fields(app.Scopes)}
	}
	return apps, nil
}

// RevokeMemberApp takes back what a member granted to an app, which the caller has found among their MemberApps: its tokens end, and
// it must ask again (rule app-revoke).
func (t Tenant) RevokeMemberApp(ctx context.Context, memberID, appID string) (Done, error) {
	return t.revokeApp(ctx, MemberAppRevoke, memberID, appID)
}

// RevokeOwnApp takes back what the Tenant's own member granted to an app, which the caller has found among their OwnApps.
func (t Tenant) RevokeOwnApp(ctx context.Context, appID string) (Done, error) {
	return t.revokeApp(ctx, OwnAppRevoke, t.key.MemberID, appID)
}

func (t Tenant) revokeApp(ctx context.Context, op Operation, memberID, appID string) (Done, error) {
	if !IsMemberID(memberID) || !isSegment(appID) {
		return Done{}, ErrInput
	}
	return header[Done](ctx, t, op, request{path: []string{t.key.OrganizationID, memberID, appID}, member: memberID, target: appID})
}
