package stytch

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
)

// organizationCalls are the methods that change an organization.
func organizationCalls(t Tenant, s Staff) map[Operation]func(context.Context) error {
	field := func(f OrganizationField, value any) func(context.Context) error {
		return func(ctx context.Context) error { return second(s.UpdateOrganizationField(ctx, otherOrg, f, value)) }
	}
	return map[Operation]func(context.Context) error{
		OrganizationCreate:           func(ctx context.Context) error { return second(s.CreateOrganization(ctx, wholeOrganization)) },
		OrganizationUpdate:           func(ctx context.Context) error { return second(t.UpdateOrganization(ctx, wholeSettings())) },
		OrganizationDelete:           func(ctx context.Context) error { return second(t.DeleteOrganization(ctx)) },
		OrganizationExternalIDDelete: func(ctx context.Context) error { return second(t.DeleteOrganizationExternalID(ctx)) },
		StaffTrustedUpdate:           field(OrganizationTrustedMetadata, jsontext.Value(`{"plan":null}`)),
		StaffExternalIDUpdate:        field(OrganizationExternalID, "e"),
		StaffExternalIDDelete:        func(ctx context.Context) error { return second(s.DeleteOrganizationExternalID(ctx, otherOrg)) },
		StaffClaimedDomainsUpdate:    field(OrganizationClaimedDomains, []string{"acme.example"}),
		StaffAppPolicyUpdate:         field(OrganizationAllowedThirdParty, []string(nil)),
	}
}

// memberCalls are the methods of a Tenant that are about one of its members. None sends anything before the operation itself.
func memberCalls(t Tenant) map[Operation]func(context.Context) error {
	return map[Operation]func(context.Context) error{
		MemberCreate:             func(ctx context.Context) error { return second(t.CreateMember(ctx, NewMember{Email: ada})) },
		MemberInvite:             func(ctx context.Context) error { return second(t.InviteMember(ctx, Invitation{Email: ada})) },
		MemberUpdate:             func(ctx context.Context) error { return second(t.UpdateMember(ctx, otherID, wholeProfile())) },
		MemberDelete:             func(ctx context.Context) error { return second(t.DeleteMember(ctx, otherID)) },
		MemberReactivate:         func(ctx context.Context) error { return second(t.ReactivateMember(ctx, otherID)) },
		MemberPhoneDelete:        func(ctx context.Context) error { return second(t.DeleteMemberPhone(ctx, otherID)) },
		MemberTOTPDelete:         func(ctx context.Context) error { return second(t.DeleteMemberTOTP(ctx, otherID)) },
		MemberPasswordDelete:     func(ctx context.Context) error { return second(t.DeleteMemberPassword(ctx, otherID, "p")) },
		MemberRequireReset:       func(ctx context.Context) error { return second(t.RequireReset(ctx, otherID, ada)) },
		MemberExternalIDDelete:   func(ctx context.Context) error { return second(t.DeleteMemberExternalID(ctx, otherID)) },
		MemberRetiredEmailUnlink: func(ctx context.Context) error { return second(t.UnlinkRetiredEmail(ctx, otherID, "e")) },
		MemberEmailUpdateStart:   func(ctx context.Context) error { return second(t.StartMemberEmailUpdate(ctx, otherID, ada, "fr")) },
		MemberSessionsRevoke:     func(ctx context.Context) error { return second(t.RevokeMemberSessions(ctx, otherID)) },
		MemberAppsList:           func(ctx context.Context) error { return second(t.MemberApps(ctx, otherID)) },
		MemberAppRevoke:          func(ctx context.Context) error { return second(t.RevokeMemberApp(ctx, otherID, "app")) },
	}
}

// staffCalls are the methods for which the staff session is asked, alone or beside the tenant's, and the two doors where nothing is
// sent but a check, and nothing is checked.
func staffCalls(c *Client, t Tenant, s Staff) map[Operation]func(context.Context) error {
	provider := func(op Operation) func(context.Context) error {
		return func(ctx context.Context) error { return second(s.MemberProvider(ctx, t, otherID, op)) }
	}
	return map[Operation]func(context.Context) error{
		MemberRecoveryCodesGet:    func(ctx context.Context) error { return second(s.MemberRecoveryCodes(ctx, t, otherID)) },
		MemberRecoveryCodesRotate: func(ctx context.Context) error { return second(s.RotateMemberRecoveryCodes(ctx, t, otherID)) },
		MemberGoogleState:         provider(MemberGoogleState),
		MemberMicrosoftState:      provider(MemberMicrosoftState),
		MemberSlackState:          provider(MemberSlackState),
		MemberHubSpotState:        provider(MemberHubSpotState),
		MemberGitHubState:         provider(MemberGitHubState),
		MemberOIDCState:           provider(MemberOIDCState),
		StaffMemberTrustedUpdate: func(ctx context.Context) error {
			return second(s.UpdateMemberField(ctx, otherOrg, otherID, MemberFieldTrusted, jsontext.Value(`{}`)))
		},
		StaffMemberExternalIDUpdate: func(ctx context.Context) error {
			return second(s.UpdateMemberField(ctx, otherOrg, otherID, MemberFieldExternalID, "e"))
		},
		StaffMemberExternalIDDelete: func(ctx context.Context) error { return second(s.DeleteMemberExternalID(ctx, otherOrg, otherID)) },
		EntryCreate:                 func(ctx context.Context) error { return second(s.CreateEntry(ctx, anEntry)) },
		EntryDelete:                 func(ctx context.Context) error { return second(c.DeleteEntry(ctx, otherOrg, otherID)) },
		AuditSearch:                 func(ctx context.Context) error { return s.Permitted(ctx, AuditSearch) },
		AuditExport:                 func(ctx context.Context) error { return s.Permitted(ctx, AuditExport) },
		ActivitySearch:              func(ctx context.Context) error { return t.Permitted(ctx, ActivitySearch) },
		EntriesList:                 func(ctx context.Context) error { return s.Permitted(ctx, EntriesList) },
		AppRequestsList:             func(ctx context.Context) error { return t.Permitted(ctx, AppRequestsList) },
		StaffAppRequestsList:        func(ctx context.Context) error { return s.Permitted(ctx, StaffAppRequestsList) },
	}
}

// What follows fills in every field that a request can have.
var (
	wholeOrganization = NewOrganization{
		Name: "n", Slug: "slug", ExternalID: "e", LogoURL: "https://logo.example", EmailInvites: "RESTRICTED", EmailJIT: "RESTRICTED", SSOJIT: "ALL_ALLOWED",
		EmailDomains: []string{"acme.example"}, MFAPolicy: "OPTIONAL",
	}
	wholeMember = NewMember{
		Email: ada, Name: "n", Phone: "+15005550006", ExternalID: "e", Roles: []string{"r"}, IsBreakglass: true, MFAEnrolled: true, Pending: true,
		Untrusted: jsontext.Value(`{"a":1}`),
	}
	wholeInvitation = Invitation{Email: ada, Name: "n", Locale: "fr", RedirectURL: "https://console.example/authenticate", Roles: []string{"r"}, Minutes: 5}
	anEntry         = NewEntry{OrganizationID: otherOrg, ExternalID: "entry-1", Email: ada, Name: "n", Role: "tenant_support"}
)

// wholeSettings, wholeProfile and wholeClient have a value for every field that a session may be sent with.
func wholeSettings() map[OrganizationField]any { return whole(organizationFields) }

func wholeProfile() map[MemberField]any { return whole(memberFields) }

func wholeClient() map[AppClientField]any { return whole(appClientFields) }

func whole[F ~string](table []fieldRow[F]) map[F]any {
	values := map[F]any{}
	for _, row := range table {
		if !row.secretOnly {
			values[row.field] = sample(row.is)
		}
	}
	return values
}

// samples has a value of every type that a field can have.
var samples = []any{"ALL_ALLOWED", true, 60, []string{"x"}, map[string][]string{"slack": {"T1"}}, []RoleAssignment{{"acme.example", "r"}}, jsontext.Value(`{"a":{}}`)}

func sample(is func(any) bool) any {
	for _, value := range samples {
		if is(value) {
			return value
		}
	}
	return nil
}

// through sends an operation through its own door, with nothing but what the door itself adds. as is the session of the row's check,
// tenant the one of its second check.
func through(ctx context.Context, as, tenant Tenant, op Operation) error {
	r := request{path: []string{"a", "b", "c"}, organization: tenant.key.OrganizationID}
	switch op.Row().Door {
	case Open:
		return second(ownOpen[empty](ctx, as, op, r))
	case Header:
		return second(header[empty](ctx, as, op, r))
	case Local:
		return as.Permitted(ctx, op)
	case Recorded:
		return second(entered[empty](ctx, as.client, op, r))
	case Checked:
		if op.Row().Also == (Check{}) {
			return second(checked[empty](ctx, as, op, r))
		}
		return second(both[empty](ctx, Staff{as}, tenant, op, r))
	}
	return nil
}
