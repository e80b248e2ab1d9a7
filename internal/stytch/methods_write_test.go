package stytch

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"console.internal/internal/sandbox"
)

const (
	tara  = "tara.singh@acme.example"      // may let people in, and hand out no roles
	sofia = "sofia.lindqvist@acme.example" // two addresses that she had before
)

// memberOf is the id of a member of acme.
func (l *local) memberOf(email string) string {
	l.t.Helper()
	id, err := l.sandbox.MemberID("acme", email)
	must(l.t, err)
	return id
}

func TestAnOrganizationsLife(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	made, err := staff.CreateOrganization(ctx, NewOrganization{
		Name: "Northwind", Slug: "northwind-2", ExternalID: "nw.1", EmailInvites: "RESTRICTED", EmailDomains: []string{"northwind.example"},
	})
	must(t, err)
	id := made.Organization.ID
	if made.Organization.Slug != "northwind-2" || made.Organization.ExternalID != "nw.1" || made.Organization.EmailInvites != "RESTRICTED" || made.RequestID == "" {
		t.Errorf("made %+v", made.Organization)
	}
	after, err := staff.UpdateOrganizationField(ctx, id, OrganizationTrustedMetadata, jsontext.Value(`{"plan":"gold","seats":3}`))
	if err != nil || !sameJSON(t, string(after.Organization.TrustedMetadata), `{"plan":"gold","seats":3}`) {
		t.Errorf("metadata is %s, %v", after.Organization.TrustedMetadata, err)
	}
	if after, err = staff.UpdateOrganizationField(ctx, id, OrganizationTrustedMetadata, jsontext.Value(`{"seats":null}`)); err != nil || !sameJSON(t, string(after.Organization.TrustedMetadata), `{"plan":"gold"}`) {
		t.Errorf("metadata is %s, %v", after.Organization.TrustedMetadata, err)
	}
	if _, err := staff.DeleteOrganizationExternalID(ctx, id); err != nil {
		t.Error(err)
	}
	if after, err = staff.UpdateOrganizationField(ctx, id, OrganizationThirdPartyApps, "NOT_ALLOWED"); err != nil || after.Organization.ThirdPartyApps != "NOT_ALLOWED" || after.Organization.ExternalID != "" {
		t.Errorf("apps: %+v, %v", after.Organization, err)
	}
	if _, err := l.staff("sam@support.example").CreateOrganization(ctx, NewOrganization{Name: "n"}); !IsForbidden(err) {
		t.Errorf("made by whoever may not: %v", err)
	}

	tenant := l.tenant("acme", olivia)
	changed, err := tenant.UpdateOrganization(ctx, map[OrganizationField]any{
		OrganizationName: "Acme and Daughters", OrganizationOAuthTenants: map[string][]string{"slack": {"T9"}}, OrganizationMFAPolicy: "OPTIONAL",
		OrganizationImplicitRoles: []RoleAssignment{{"acme.example", "billing_viewer"}},
	})
	must(t, err)
	if o := changed.Organization; o.Name != "Acme and Daughters" || !slices.Equal(o.AllowedOAuthTenants["slack"], []string{"T9"}) || len(o.ImplicitRoles) != 1 || o.ImplicitRoles[0].RoleID != "billing_viewer" {
		t.Errorf("changed to %+v", changed.Organization)
	}
	if _, err := l.tenant("acme", daniel).UpdateOrganization(ctx, map[OrganizationField]any{OrganizationName: "Dan"}); !IsForbidden(err) {
		t.Errorf("renamed by whoever may not: %v", err)
	}
	if _, err := l.tenant("acme", daniel).DeleteOrganization(ctx); !IsForbidden(err) {
		t.Errorf("deleted by whoever may not: %v", err)
	}
	if done, err := tenant.DeleteOrganization(ctx); err != nil || done.RequestID == "" {
		t.Errorf("deleted: %+v, %v", done, err)
	}
	if _, err := tenant.Self(ctx); !IsSessionGone(err) {
		t.Errorf("the session of a deleted organization: %v", err)
	}
}

func TestAMembersLife(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", olivia)
	made, err := tenant.CreateMember(ctx, NewMember{
		Email: "new.one@acme.example", Name: "New One", ExternalID: "hr-1", Roles: []string{"billing_viewer"}, Pending: true, Untrusted: jsontext.Value(`{"desk":4}`),
	})
	must(t, err)
	id := made.Member.ID
	if made.Member.Status != "pending" || made.Member.ExternalID != "hr-1" || !sameJSON(t, string(made.Member.Untrusted), `{"desk":4}`) || !made.Member.has("billing_viewer") {
		t.Errorf("made %+v", made.Member)
	}
	invited, err := tenant.InviteMember(ctx, Invitation{Email: "new.one@acme.example", Locale: "fr", RedirectURL: "https://console.example/authenticate"})
	must(t, err)
	if invited.Member.ID != id || invited.Member.Status != "invited" {
		t.Errorf("invited %+v", invited.Member)
	}
	changed, err := tenant.UpdateMember(ctx, id, map[MemberField]any{
		MemberFieldName: "Newer One", MemberFieldRoles: []string{}, MemberFieldEmail: "newer@acme.example", MemberFieldUnlinkEmail: true, MemberFieldUntrusted: jsontext.Value(`{"desk":null}`),
	})
	must(t, err)
	if m := changed.Member; m.Name != "Newer One" || m.has("billing_viewer") || m.Email != "newer@acme.example" || len(m.RetiredEmails) != 0 || !sameJSON(t, string(m.Untrusted), `{}`) {
		t.Errorf("changed to %+v", changed.Member)
	}
	staff := l.staff(ada)
	trusted, err := staff.UpdateMemberField(ctx, tenant.OrganizationID(), id, MemberFieldTrusted, jsontext.Value(`{"vip":true}`))
	must(t, err)
	if !sameJSON(t, string(trusted.Member.Trusted), `{"vip":true}`) {
		t.Errorf("trusted is %s", trusted.Member.Trusted)
	}
	_, err = staff.DeleteMemberExternalID(ctx, tenant.OrganizationID(), id)
	must(t, err)
	named, err := staff.UpdateMemberField(ctx, tenant.OrganizationID(), id, MemberFieldExternalID, "hr-2")
	must(t, err)
	if named.Member.ExternalID != "hr-2" {
		t.Errorf("named %+v", named.Member)
	}
	done, err := tenant.DeleteMember(ctx, id)
	must(t, err)
	if done.RequestID == "" {
		t.Error("nobody knows which request deleted the member")
	}
	if _, err := tenant.Member(ctx, id); !IsNotFound(err) {
		t.Errorf("a deleted member: %v", err)
	}
	if _, err := tenant.ReactivateMember(ctx, id); HTTPStatus(err) != 400 {
		t.Errorf("one whose address was never proved comes back: %v", err)
	}
	gone := l.memberOf(hana)
	_, err = tenant.DeleteMember(ctx, gone)
	must(t, err)
	back, err := tenant.ReactivateMember(ctx, gone)
	must(t, err)
	if back.Member.Status != "active" {
		t.Errorf("back as %+v", back.Member)
	}
}

func (m Member) has(role string) bool {
	return slices.ContainsFunc(m.Roles, func(r Role) bool { return r.ID == role })
}

func TestActsOnAMember(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", olivia)
	id := l.memberOf(daniel)
	before, err := tenant.Member(ctx, id)
	must(t, err)
	phone, err := tenant.DeleteMemberPhone(ctx, id)
	must(t, err)
	app, err := tenant.DeleteMemberTOTP(ctx, id)
	must(t, err)
	password, err := tenant.DeleteMemberPassword(ctx, id, before.Member.PasswordID)
	must(t, err)
	if before.Member.PasswordID == "" || phone.Member.MFAPhone != "" || app.Member.TOTPID != "" || password.Member.PasswordID != "" {
		t.Errorf("left are %q, %q and %q", phone.Member.MFAPhone, app.Member.TOTPID, password.Member.PasswordID)
	}
	sessions, err := tenant.MemberSessions(ctx, id)
	must(t, err)
	_, err = tenant.RevokeMemberSession(ctx, id, sessions[0].ID)
	must(t, err)
	left, err := tenant.MemberSessions(ctx, id)
	must(t, err)
	if len(left) != len(sessions)-1 {
		t.Errorf("%d of %d sessions are left", len(left), len(sessions))
	}
	_, err = tenant.RevokeMemberSessions(ctx, id)
	must(t, err)
	if left, err = tenant.MemberSessions(ctx, id); err != nil || len(left) != 0 {
		t.Errorf("%d sessions are left, %v", len(left), err)
	}
	if _, err := tenant.StartMemberEmailUpdate(ctx, id, "dan@acme.example", "en"); err != nil || l.sent("dan@acme.example").Link == "" {
		t.Errorf("no link: %v", err)
	}
	in, err := l.client.AuthenticateLink(ctx, tokenOf(t, l.sent("dan@acme.example").Link), "", With{Minutes: 60})
	must(t, err)
	if in.Member.Email != "dan@acme.example" {
		t.Errorf("the address is %s", in.Member.Email)
	}
	retired, err := tenant.Member(ctx, l.memberOf(sofia))
	must(t, err)
	unlinked, err := tenant.UnlinkRetiredEmail(ctx, l.memberOf(sofia), retired.Member.RetiredEmails[0].ID)
	must(t, err)
	if len(unlinked.Member.RetiredEmails) != len(retired.Member.RetiredEmails)-1 {
		t.Errorf("retired are %+v", unlinked.Member.RetiredEmails)
	}
}

// Whoever may let people in and no more makes a plain member, and nobody who is more.
func TestWhoeverMayInviteHandsOutNoRoles(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", tara)
	for name, n := range map[string]NewMember{"a role": {Roles: []string{"stytch_admin"}}, "break-glass": {IsBreakglass: true}, "enrolment": {MFAEnrolled: true}} {
		n.Email = "eve@acme.example"
		if _, err := tenant.CreateMember(ctx, n); !IsForbidden(err) {
			t.Errorf("a member with %s: %v", name, err)
		}
	}
	if _, err := tenant.InviteMember(ctx, Invitation{Email: "eve@acme.example", Roles: []string{"stytch_admin"}}); !IsForbidden(err) {
		t.Errorf("an invitation with a role: %v", err)
	}
	if _, err := l.sandbox.MemberID("acme", "eve@acme.example"); err == nil {
		t.Error("a member was made all the same")
	}
	if _, err := tenant.CreateMember(ctx, NewMember{Email: "eve@acme.example"}); err != nil {
		t.Errorf("a plain member: %v", err)
	}
}

func TestAppsOfAMember(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", olivia)
	found := 0
	for m, err := range tenant.AllMembers(ctx, MemberSearch{Limit: 100}) {
		must(t, err)
		apps, err := tenant.MemberApps(ctx, m.ID)
		must(t, err)
		for _, app := range apps {
			found++
			if app.Name == "" || app.Type == "" || len(app.Scopes) == 0 || strings.Contains(app.Scopes[0], " ") {
				t.Errorf("%s let %+v in", m.Email, app)
			}
			_, err := tenant.RevokeMemberApp(ctx, m.ID, app.ID)
			must(t, err)
		}
		left, err := tenant.MemberApps(ctx, m.ID)
		must(t, err)
		if len(left) != 0 {
			t.Errorf("%s still lets %+v in", m.Email, left)
		}
	}
	if found == 0 {
		t.Error("nobody let an app in")
	}
	if _, err := l.tenant("acme", daniel).MemberApps(ctx, l.memberOf(hana)); !IsForbidden(err) {
		t.Errorf("another's apps: %v", err)
	}
}

func TestProvidersOfAMember(t *testing.T) {
	t.Parallel()
	p := &tape{last: map[string][]byte{}}
	l := newLocal(t, sandbox.Options{}, func(o *Options) { o.Transport = p })
	ctx, staff, tenant := everything(t), l.staff(ada), l.tenant("acme", ada)
	for op, want := range map[Operation]string{MemberGoogleState: "Google", MemberMicrosoftState: "Microsoft", MemberGitHubState: "Github", MemberSlackState: "", MemberHubSpotState: "", MemberOIDCState: ""} {
		got, err := staff.MemberProvider(ctx, tenant, l.memberOf(hana), op)
		if err != nil || (len(got) == 1) != (want != "") || want != "" && (got[0].Provider != want || got[0].Subject == "" || !got[0].HasAccess || len(got[0].Scopes) == 0) {
			t.Errorf("%s: %+v, %v", op, got, err)
		}
	}
	if _, err := staff.MemberProvider(ctx, tenant, l.memberOf(hana), MemberGet); !errors.Is(err, ErrOperation) {
		t.Errorf("another operation: %v", err)
	}
	if _, err := staff.MemberProvider(ctx, l.tenant("acme", daniel), l.memberOf(hana), MemberGoogleState); !IsForbidden(err) {
		t.Errorf("a tenant's session that may not: %v", err)
	}
	tokens := 0
	for path, answer := range p.last {
		if strings.Contains(string(answer), `"access_token":"`) && strings.Contains(path, "providers") {
			tokens++
		}
		if strings.Contains(string(answer), `"refresh_token"`) {
			t.Errorf("%s brought a refresh token that nobody asked for", path)
		}
	}
	if tokens != 3 {
		t.Errorf("%d answers hold a token, which none is decoded of", tokens)
	}
}

func TestRecoveryCodesOfAMember(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff, tenant := everything(t), l.staff(ada), l.tenant("acme", ada)
	codes, err := staff.MemberRecoveryCodes(ctx, tenant, l.memberOf(daniel))
	must(t, err)
	fresh, err := staff.RotateMemberRecoveryCodes(ctx, tenant, l.memberOf(daniel))
	must(t, err)
	if len(codes) == 0 || len(fresh) == 0 || slices.Contains(fresh, codes[0]) {
		t.Errorf("%d codes and %d fresh ones", len(codes), len(fresh))
	}
	for name, err := range map[string]error{
		"staff who may not":     second(l.staff("sam@support.example").MemberRecoveryCodes(ctx, tenant, l.memberOf(daniel))),
		"a tenant's who cannot": second(staff.MemberRecoveryCodes(ctx, l.tenant("acme", tara), l.memberOf(daniel))),
	} {
		if !IsForbidden(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEntrysLife(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff, c := everything(t), l.staff(ada), l.client
	id, err := l.sandbox.OrganizationID("empty")
	must(t, err)
	for way, external := range map[string]string{"by its id": "entry-1", "by its name": "entry-2"} {
		made, err := staff.CreateEntry(ctx, NewEntry{OrganizationID: id, ExternalID: external, Email: ada, Name: "Ada Whitfield", Role: "tenant_support"})
		must(t, err)
		if m := made.Member; m.Status != "active" || !m.has("tenant_support") || m.has("stytch_admin") || m.IsBreakglass || m.ExternalID != external {
			t.Errorf("entered as %+v", m)
		}
		in, err := staff.Tenant().Exchange(ctx, id, 60)
		must(t, err)
		if !in.Done || in.MemberID != made.Member.ID {
			t.Errorf("exchanged to %s, done %t", in.MemberID, in.Done)
		}
		name := made.Member.ID
		if way == "by its name" {
			name = external
		}
		_, err = c.DeleteEntry(ctx, id, name)
		must(t, err)
		if _, err := c.Hold(Key{OrganizationID: id, MemberID: in.MemberID, Token: in.SessionToken}).Self(ctx); !IsSessionGone(err) {
			t.Errorf("%s: the session of an entry that ended: %v", way, err)
		}
		if _, err := c.DeleteEntry(ctx, id, name); !IsNotFound(err) {
			t.Errorf("%s, a second time: %v", way, err)
		}
	}
}
