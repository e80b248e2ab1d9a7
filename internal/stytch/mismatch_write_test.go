package stytch

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// An act whose answer is about somebody else has perhaps not been done to the one asked for.
func TestActsOnOthersAreMismatches(t *testing.T) {
	t.Parallel()
	const (
		detail       = `{"member":` + aMember + `,"organization":` + anOrganization + `}`
		created      = `{"member":{"member_id":"` + memberID + `","organization_id":"` + orgID + `","status":"active","email_address":"Ada@Support.example"}}`
		codes        = `{"member_id":"` + memberID + `","recovery_codes":["c"]}`
		ofMember     = "member.member_id member.organization_id"
		organization = "organization.organization_id"
	)
	all := map[string]aboutOthers{
		"settings": {OrganizationUpdate, detail, organization, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.UpdateOrganization(ctx, wholeSettings()))
		}},
		"metadata by staff": {StaffTrustedUpdate, detail, organization, func(ctx context.Context, _ Tenant, s Staff) error {
			return second(s.UpdateOrganizationField(ctx, orgID, OrganizationTrustedMetadata, jsontext.Value(`{}`)))
		}},
		"external id": {OrganizationExternalIDDelete, detail, organization, func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.DeleteOrganizationExternalID(ctx))
		}},
		"external id by staff": {StaffExternalIDDelete, detail, organization, func(ctx context.Context, _ Tenant, s Staff) error {
			return second(s.DeleteOrganizationExternalID(ctx, orgID))
		}},
		"organization deleted": {OrganizationDelete, `{"organization_id":"` + orgID + `"}`, "organization_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.DeleteOrganization(ctx))
		}},
		"member deleted": {MemberDelete, `{"member_id":"` + memberID + `"}`, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.DeleteMember(ctx, memberID))
		}},
		"entry deleted": {EntryDelete, `{"member_id":"` + memberID + `"}`, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.client.DeleteEntry(ctx, orgID, memberID))
		}},
		"reset required": {MemberRequireReset, `{"request_id":"r","member_id":"` + memberID + `"}`, "member_id", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.RequireReset(ctx, memberID, ada))
		}},
		"member made": {MemberCreate, created, "member.organization_id member.email_address", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.CreateMember(ctx, NewMember{Email: ada}))
		}},
		"member invited": {MemberInvite, created, "member.organization_id member.email_address", func(ctx context.Context, t Tenant, _ Staff) error {
			return second(t.InviteMember(ctx, Invitation{Email: ada}))
		}},
		"metadata of a member by staff": {StaffMemberTrustedUpdate, detail, ofMember, func(ctx context.Context, _ Tenant, s Staff) error {
			return second(s.UpdateMemberField(ctx, orgID, memberID, MemberFieldTrusted, jsontext.Value(`{}`)))
		}},
		"external id of a member by staff": {StaffMemberExternalIDDelete, detail, ofMember, func(ctx context.Context, _ Tenant, s Staff) error {
			return second(s.DeleteMemberExternalID(ctx, orgID, memberID))
		}},
		"codes": {MemberRecoveryCodesGet, codes, "member_id", func(ctx context.Context, t Tenant, s Staff) error {
			return second(s.MemberRecoveryCodes(ctx, t, memberID))
		}},
		"new codes": {MemberRecoveryCodesRotate, codes, "member_id", func(ctx context.Context, t Tenant, s Staff) error {
			return second(s.RotateMemberRecoveryCodes(ctx, t, memberID))
		}},
	}
	for op, send := range map[Operation]func(context.Context, Tenant) error{
		MemberUpdate: func(ctx context.Context, t Tenant) error {
			return second(t.UpdateMember(ctx, memberID, wholeProfile()))
		},
		MemberReactivate:         func(ctx context.Context, t Tenant) error { return second(t.ReactivateMember(ctx, memberID)) },
		MemberPhoneDelete:        func(ctx context.Context, t Tenant) error { return second(t.DeleteMemberPhone(ctx, memberID)) },
		MemberTOTPDelete:         func(ctx context.Context, t Tenant) error { return second(t.DeleteMemberTOTP(ctx, memberID)) },
		MemberPasswordDelete:     func(ctx context.Context, t Tenant) error { return second(t.DeleteMemberPassword(ctx, memberID, "p")) },
		MemberExternalIDDelete:   func(ctx context.Context, t Tenant) error { return second(t.DeleteMemberExternalID(ctx, memberID)) },
		MemberRetiredEmailUnlink: func(ctx context.Context, t Tenant) error { return second(t.UnlinkRetiredEmail(ctx, memberID, "e")) },
		MemberEmailUpdateStart: func(ctx context.Context, t Tenant) error {
			return second(t.StartMemberEmailUpdate(ctx, memberID, ada, ""))
		},
	} {
		all[op.String()] = aboutOthers{op, detail, ofMember, func(ctx context.Context, t Tenant, _ Staff) error { return send(ctx, t) }}
	}
	areMismatches(t, all)
}

// What is new has an id of its own, which must be one, and the rest as it was asked for.
func TestNewOnesAreThoseAskedFor(t *testing.T) {
	t.Parallel()
	const created = `{"member":{"member_id":"` + memberID + `","organization_id":"` + otherOrg + `","status":"active","email_address":"` + ada + `","external_id":"entry-1"},` +
		`"organization":` + anOrganization + `}`
	entry := func(ctx context.Context, s Staff) error { return second(s.CreateEntry(ctx, anEntry)) }
	tenant := func(ctx context.Context, s Staff) error { return second(s.CreateOrganization(ctx, wholeOrganization)) }
	for name, one := range map[string]struct {
		send         func(context.Context, Staff) error
		path, change string
		wrong        bool
	}{
		"an entry":                         {entry, "member.status", "active", false},
		"an entry with another address":    {entry, "member.email_address", "eve@support.example", true},
		"an entry with another name":       {entry, "member.external_id", "entry-2", true},
		"an entry elsewhere":               {entry, "member.organization_id", orgID, true},
		"an entry with no id":              {entry, "member.member_id", "../members", true},
		"an organization":                  {tenant, "member.status", "active", false},
		"an organization with another id":  {tenant, "organization.organization_id", otherOrg, false},
		"an organization with no such id":  {tenant, "organization.organization_id", "../acme", true},
		"an organization under its slug":   {tenant, "organization.organization_id", "acme", true},
		"an organization with upper cases": {tenant, "organization.organization_id", strings.ToUpper(orgID), true},
	} {
		u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == SessionAuthenticate.Row().Path {
				say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
				return
			}
			say(w, http.StatusOK, edit(t, created, one.path, one.change, false))
		})
		held := u.tenant(t, nil)
		err := one.send(everything(t), held.client.HoldStaff(held.key))
		if f, is := errors.AsType[*Fault](err); is != one.wrong || is && f.Kind != Mismatch {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withIDs are the methods that take an id of an organization or a member, with this one.
func withIDs(t Tenant, s Staff, id string) map[string]func(context.Context) error {
	all := map[string]func(context.Context) error{
		"field of an organization": func(ctx context.Context) error {
			return second(s.UpdateOrganizationField(ctx, id, OrganizationExternalID, "e"))
		},
		"external id of an organization": func(ctx context.Context) error { return second(s.DeleteOrganizationExternalID(ctx, id)) },
		"field of a member": func(ctx context.Context) error {
			return second(s.UpdateMemberField(ctx, orgID, id, MemberFieldExternalID, "e"))
		},
		"field of a member elsewhere": func(ctx context.Context) error {
			return second(s.UpdateMemberField(ctx, id, memberID, MemberFieldExternalID, "e"))
		},
		"external id of a member": func(ctx context.Context) error { return second(s.DeleteMemberExternalID(ctx, orgID, id)) },
		"external id elsewhere":   func(ctx context.Context) error { return second(s.DeleteMemberExternalID(ctx, id, memberID)) },
		"entry made": func(ctx context.Context) error {
			n := anEntry
			n.OrganizationID = id
			return second(s.CreateEntry(ctx, n))
		},
		"entry deleted":  func(ctx context.Context) error { return second(t.client.DeleteEntry(ctx, id, memberID)) },
		"codes":          func(ctx context.Context) error { return second(s.MemberRecoveryCodes(ctx, t, id)) },
		"new codes":      func(ctx context.Context) error { return second(s.RotateMemberRecoveryCodes(ctx, t, id)) },
		"provider":       func(ctx context.Context) error { return second(s.MemberProvider(ctx, t, id, MemberGoogleState)) },
		"update":         func(ctx context.Context) error { return second(t.UpdateMember(ctx, id, wholeProfile())) },
		"delete":         func(ctx context.Context) error { return second(t.DeleteMember(ctx, id)) },
		"reactivate":     func(ctx context.Context) error { return second(t.ReactivateMember(ctx, id)) },
		"phone":          func(ctx context.Context) error { return second(t.DeleteMemberPhone(ctx, id)) },
		"app":            func(ctx context.Context) error { return second(t.DeleteMemberTOTP(ctx, id)) },
		"password":       func(ctx context.Context) error { return second(t.DeleteMemberPassword(ctx, id, "p")) },
		"reset":          func(ctx context.Context) error { return second(t.RequireReset(ctx, id, ada)) },
		"external id":    func(ctx context.Context) error { return second(t.DeleteMemberExternalID(ctx, id)) },
		"unlink":         func(ctx context.Context) error { return second(t.UnlinkRetiredEmail(ctx, id, "e")) },
		"address":        func(ctx context.Context) error { return second(t.StartMemberEmailUpdate(ctx, id, ada, "")) },
		"sessions":       func(ctx context.Context) error { return second(t.RevokeMemberSessions(ctx, id)) },
		"session of":     func(ctx context.Context) error { return second(t.RevokeMemberSession(ctx, id, sessionID)) },
		"session":        func(ctx context.Context) error { return second(t.RevokeMemberSession(ctx, memberID, id)) },
		"apps":           func(ctx context.Context) error { return second(t.MemberApps(ctx, id)) },
		"revoked app of": func(ctx context.Context) error { return second(t.RevokeMemberApp(ctx, id, "app")) },
		"consent client": func(ctx context.Context) error { return second(t.client.ConsentClient(ctx, id)) },
		"preview for":    func(ctx context.Context) error { return second(s.PreviewConsent(ctx, t, id, wholeAuthorization)) },
		"app of all":     func(ctx context.Context) error { return second(t.OrganizationApp(ctx, id)) },
		"app client":     func(ctx context.Context) error { return second(s.AppClient(ctx, id)) },
		"app changed":    func(ctx context.Context) error { return second(s.UpdateAppClient(ctx, id, wholeClient())) },
		"app deleted":    func(ctx context.Context) error { return second(s.DeleteAppClient(ctx, id)) },
		"rotation":       func(ctx context.Context) error { return second(s.StartAppSecretRotation(ctx, id)) },
		"rotation done":  func(ctx context.Context) error { return second(s.CompleteAppSecretRotation(ctx, id)) },
		"rotation ended": func(ctx context.Context) error { return second(s.CancelAppSecretRotation(ctx, id)) },
	}
	// These have no shape that is ours to know, and must only not climb out of their place in a path.
	if strings.Trim(id, ".") == "" && !strings.ContainsFunc(id, unicode.IsLetter) {
		all["child: password"] = func(ctx context.Context) error { return second(t.DeleteMemberPassword(ctx, memberID, id)) }
		all["child: app"] = func(ctx context.Context) error { return second(t.RevokeMemberApp(ctx, memberID, id)) }
		all["child: own app"] = func(ctx context.Context) error { return second(t.RevokeOwnApp(ctx, id)) }
		all["child: entry"] = func(ctx context.Context) error { return second(t.client.DeleteEntry(ctx, orgID, id)) }
		all["name of an entry"] = func(ctx context.Context) error { n := anEntry; n.ExternalID = id; return second(s.CreateEntry(ctx, n)) }
	}
	return all
}
