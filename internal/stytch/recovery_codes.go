package stytch

import (
	"context"
	"slices"
)

type rotateRequest struct {
	OrganizationID string `json:"organization_id"`
	MemberID       string `json:"member_id"`
}

type recoveryCodesAnswer struct {
	RequestID string   `json:"request_id"`
	MemberID  string   `json:"member_id"`
	Codes     []Secret `json:"recovery_codes"`
}

func (a recoveryCodesAnswer) complete() bool {
	return a.MemberID != "" && a.Codes != nil && !slices.Contains(a.Codes, "")
}

// codesOf takes the codes only if they are the member's.
func codesOf(op Operation, memberID string, got recoveryCodesAnswer, err error) ([]Secret, error) {
	if err != nil {
		return nil, err
	}
	if got.MemberID != memberID {
		return nil, mismatch(op, got.RequestID)
	}
	return got.Codes, nil
}

// recoveryGetOf and recoveryRotateOf are the requests for the codes of a member of the Tenant's organization.
func (t Tenant) recoveryGetOf(memberID string) request {
	return request{path: []string{t.key.OrganizationID, memberID}, organization: t.key.OrganizationID, member: memberID}
}

func (t Tenant) recoveryRotateOf(memberID string) request {
	return request{body: rotateRequest{t.key.OrganizationID, memberID}, organization: t.key.OrganizationID, member: memberID}
}

// OwnRecoveryCodes returns the codes that are not used up yet (rule recovery-codes).
func (t Tenant) OwnRecoveryCodes(ctx context.Context) ([]Secret, error) {
	got, err := checked[recoveryCodesAnswer](ctx, t, OwnRecoveryCodesGet, t.recoveryGetOf(t.key.MemberID))
	return codesOf(OwnRecoveryCodesGet, t.key.MemberID, got, err)
}

// RotateRecoveryCodes makes new codes; the old ones are of no use any more.
func (t Tenant) RotateRecoveryCodes(ctx context.Context) ([]Secret, error) {
	got, err := checked[recoveryCodesAnswer](ctx, t, OwnRecoveryCodesRotate, t.recoveryRotateOf(t.key.MemberID))
	return codesOf(OwnRecoveryCodesRotate, t.key.MemberID, got, err)
}

// MemberRecoveryCodes returns the codes of a member of the Tenant's organization that are not used up yet. Whoever has one gets past
// the member's second factor (rule recovery-codes).
func (s Staff) MemberRecoveryCodes(ctx context.Context, t Tenant, memberID string) ([]Secret, error) {
	return s.recoveryCodes(ctx, t, MemberRecoveryCodesGet, memberID, t.recoveryGetOf(memberID))
}

// RotateMemberRecoveryCodes makes new codes for a member of the Tenant's organization; the old ones are of no use any more.
func (s Staff) RotateMemberRecoveryCodes(ctx context.Context, t Tenant, memberID string) ([]Secret, error) {
	return s.recoveryCodes(ctx, t, MemberRecoveryCodesRotate, memberID, t.recoveryRotateOf(memberID))
}

func (s Staff) recoveryCodes(ctx context.Context, t Tenant, op Operation, memberID string, r request) ([]Secret, error) {
	if !IsMemberID(memberID) {
		return nil, ErrInput
	}
	got, err := both[recoveryCodesAnswer](ctx, s, t, op, r)
	return codesOf(op, memberID, got, err)
}
