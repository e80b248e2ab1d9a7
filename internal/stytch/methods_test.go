package stytch

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

const (
	ada      = "ada@support.example"
	verifier = "verifier-of-forty-three-characters-or-even-more"
)

// mailed asks for a link that needs the verifier.
var mailed = Mail{Redirect: "https://console.example/authenticate", Challenge: challenge}

// challenge is the verifier's.
var challenge = func() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}()

// tokenOf is the token in a link.
func tokenOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	must(t, err)
	return u.Query().Get("token")
}

func TestSignInByDiscovery(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	must(t, c.SendDiscoveryLink(ctx, ada, mailed))
	link := tokenOf(t, l.mail().Link)
	if _, err := c.AuthenticateDiscoveryLink(ctx, link, ""); !IsType(err, "pkce_expected_code_verifier") {
		t.Errorf("without a verifier: %v", err)
	}
	found, err := c.AuthenticateDiscoveryLink(ctx, link, verifier)
	must(t, err)
	if found.Email != ada || len(found.Organizations) == 0 {
		t.Errorf("found %+v", found)
	}
	listed, err := c.Memberships(ctx, found.Token)
	must(t, err)
	byType := map[string]bool{}
	for _, d := range listed.Organizations {
		byType[d.Membership.Type] = true
		if d.Membership.Type == "eligible_to_join_by_email_domain" && d.IsMember() {
			t.Error("whoever may join is taken for a member")
		}
		if d.Organization.Slug == "globex" && (d.MFARequired == nil || !d.IsMember()) {
			t.Errorf("globex is %+v", d)
		}
	}
	for _, kind := range []string{"active_member", "invited_member", "eligible_to_join_by_email_domain"} {
		if !byType[kind] {
			t.Errorf("no %s among %d", kind, len(listed.Organizations))
		}
	}
	in, err := c.ExchangeIntermediate(ctx, found.Token, l.sandbox.StaffOrganizationID(), 60)
	must(t, err)
	if !in.Done || in.SessionToken == "" || in.Member.Email != ada || in.Organization.Slug != "support-desk" || in.Session.ExpiresAt.IsZero() || in.Intermediate != "" {
		t.Errorf("signed in as %+v of %+v", in.Member, in.Organization)
	}
}

func TestSignInByCode(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	must(t, c.SendDiscoveryCode(ctx, ada, ""))
	if _, err := c.AuthenticateDiscoveryCode(ctx, ada, "000000"); err == nil || IsSessionGone(err) {
		t.Errorf("a wrong code: %v", err)
	}
	found, err := c.AuthenticateDiscoveryCode(ctx, ada, l.mail().Code)
	must(t, err)
	globex, err := l.sandbox.OrganizationID("globex")
	must(t, err)
	more, err := c.ExchangeIntermediate(ctx, found.Token, globex, 60)
	must(t, err)
	if more.Done || more.MFARequired == nil || more.Intermediate == "" || more.SessionToken != "" {
		t.Errorf("globex asks for nothing more: %+v", more.MFARequired)
	}
}

func TestSignInToOneOrganization(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	must(t, c.SendLink(ctx, "support-desk", ada, mailed))
	in, err := c.AuthenticateLink(ctx, tokenOf(t, l.mail().Link), verifier, With{Minutes: 60})
	must(t, err)
	must(t, c.SendCode(ctx, "support-desk", ada, ""))
	again, err := c.AuthenticateCode(ctx, "support-desk", ada, l.mail().Code, With{Minutes: 60})
	must(t, err)
	if !in.Done || !again.Done || in.Session.ID == again.Session.ID || in.MemberID != again.MemberID {
		t.Error("not two sessions of one member")
	}
}

func TestOwnSession(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("support-desk", ada)
	self, err := tenant.Self(ctx)
	must(t, err)
	if self.Member.Email != ada || !slices.Contains(self.Session.Roles, "support_admin") || self.Session.StartedAt.IsZero() {
		t.Errorf("self is %+v", self)
	}
	own, err := tenant.OwnSessions(ctx)
	must(t, err)
	if len(own) != 1 || own[0].Factors[0].Type != "email_otp" {
		t.Errorf("own sessions are %+v", own)
	}
	mine, err := tenant.Memberships(ctx)
	must(t, err)
	if mine.Email != ada || !slices.ContainsFunc(mine.Organizations, func(d DiscoveredOrganization) bool { return d.Organization.Slug == "acme" }) {
		t.Error("acme is not among the memberships")
	}
	acme, err := l.sandbox.OrganizationID("acme")
	must(t, err)
	in, err := tenant.Exchange(ctx, acme, 60)
	must(t, err)
	if !in.Done || in.Organization.ID != acme {
		t.Errorf("exchanged for %s", in.Organization.ID)
	}
	must(t, tenant.Revoke(ctx))
	if _, err := tenant.Self(ctx); !IsSessionGone(err) {
		t.Errorf("after revoking: %v", err)
	}
	must(t, l.client.Hold(Key{OrganizationID: acme, MemberID: in.MemberID, Token: in.SessionToken}).Revoke(ctx))
}

func TestStaffReads(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{Organizations: 30}, nil)
	ctx, staff := everything(t), l.staff(ada)
	page, err := staff.SearchOrganizations(ctx, OrganizationSearch{Limit: 10})
	must(t, err)
	if len(page.Items) != 10 || page.Next == "" || page.Total < 40 {
		t.Errorf("%d rows, total %d", len(page.Items), page.Total)
	}
	ids := map[string]bool{}
	for o, err := range staff.AllOrganizations(ctx, OrganizationSearch{Limit: 10}) {
		must(t, err)
		ids[o.ID] = true
	}
	if len(ids) != page.Total {
		t.Errorf("all are %d, total %d", len(ids), page.Total)
	}
	some, err := staff.SearchOrganizations(ctx, OrganizationSearch{Limit: 10, Operands: []Operand{{"organization_slugs", []string{"acme"}}, {"has_active_sso_connection", true}}})
	must(t, err)
	if len(some.Items) != 1 || some.Items[0].Slug != "acme" || len(some.Items[0].SSOActiveConnections) == 0 || some.Items[0].SCIM == nil || some.Next != "" {
		t.Errorf("found %+v", some)
	}
	acme, err := staff.Organization(ctx, some.Items[0].ID)
	must(t, err)
	if acme.Name != "Acme Corporation" || len(acme.ImplicitRoles) != 1 || acme.AllowedOAuthTenants["slack"] == nil || len(acme.CustomRoles) != 1 || len(acme.TrustedMetadata) == 0 {
		t.Errorf("acme is %+v", acme)
	}
	bySlug, err := staff.FindOrganization(ctx, "acme")
	must(t, err)
	olivia, err := l.sandbox.MemberID("acme", "olivia.hart@acme.example")
	must(t, err)
	where, err := staff.FindMember(ctx, olivia)
	must(t, err)
	if bySlug.ID != acme.ID || where.Member.OrganizationID != acme.ID {
		t.Errorf("found %s and %s", bySlug.ID, where.Member.OrganizationID)
	}
	if _, err := staff.FindOrganization(ctx, "no-such-slug"); !IsNotFound(err) {
		t.Errorf("an unknown slug: %v", err)
	}
}

func TestTenantReads(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", "olivia.hart@acme.example")
	count, err := tenant.MemberCount(ctx)
	must(t, err)
	page, err := tenant.SearchMembers(ctx, MemberSearch{Limit: 20, Operands: []Operand{{"statuses", []string{"active", "pending", "invited"}}}})
	must(t, err)
	if len(page.Items) != 20 || page.Total != count || page.Next == "" {
		t.Errorf("%d members of %d, counted %d", len(page.Items), page.Total, count)
	}
	seen := 0
	for _, err := range tenant.AllMembers(ctx, MemberSearch{Limit: 7}) {
		must(t, err)
		seen++
	}
	if seen != count {
		t.Errorf("all are %d, counted %d", seen, count)
	}
	priya, err := l.sandbox.MemberID("acme", "priya.nair@acme.example")
	must(t, err)
	got, err := tenant.Member(ctx, priya)
	must(t, err)
	sources := map[string]RoleSource{}
	for _, role := range got.Member.Roles {
		for _, source := range role.Sources {
			sources[source.Type] = source
		}
	}
	// The contract leaves the details free, so only a sample can show that their names are right.
	if sources["email_assignment"].Details.EmailDomain != "acme.example" || sources["sso_connection_group"].Details.Group != "console-admins" ||
		sources["sso_connection"].Details.ConnectionID == "" || sources["scim_connection_group"].Details.GroupID == "" || len(sources) != 5 {
		t.Errorf("sources are %+v", sources)
	}
	if got.Member.SCIM == nil || len(got.Member.SSO) != 1 || len(got.Member.SSO[0].Attributes) == 0 || got.Member.CreatedAt.IsZero() {
		t.Errorf("member is %+v", got.Member)
	}
	sessions, err := tenant.MemberSessions(ctx, priya)
	must(t, err)
	if len(sessions) != 2 || sessions[0].ExpiresAt.IsZero() {
		t.Errorf("sessions are %+v", sessions)
	}
	sso, err := tenant.SSOConnections(ctx)
	must(t, err)
	if len(sso.SAML) != 2 || len(sso.OIDC) != 2 || len(sso.External) != 0 || sso.SAML[0].Certificates[0].ExpiresAt.IsZero() {
		t.Errorf("connections are %+v", sso)
	}
	scim, err := tenant.SCIMConnection(ctx)
	must(t, err)
	if scim == nil || scim.NextTokenLastFour != "Qm3w" || len(scim.GroupRoles) != 1 || scim.GroupRoles[0].Group != "Finance" {
		t.Errorf("SCIM is %+v", scim)
	}
	apps, err := tenant.ConnectedApps(ctx)
	must(t, err)
	if len(apps) != 6 || apps[0].Name == "" {
		t.Errorf("apps are %+v", apps)
	}
	if none, err := l.tenant("globex", "hank@globex.example").SCIMConnection(ctx); none != nil || err != nil {
		t.Errorf("a tenant without SCIM: %+v, %v", none, err)
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx := everything(t)
	project, err := l.client.Whoami(ctx)
	must(t, err)
	policy, err := l.client.Policy(ctx)
	must(t, err)
	at := slices.IndexFunc(policy.Roles, func(r PolicyRole) bool { return r.ID == "support_agent" })
	if project.ID != l.sandbox.ProjectID() || at < 0 || !slices.ContainsFunc(policy.Roles[at].Permissions, func(p Permission) bool {
		return p.Resource == "console-organizations" && slices.Contains(p.Actions, "search")
	}) {
		t.Errorf("project %+v, policy %+v", project, policy)
	}
	wrong := newClient(t, l.url, func(o *Options) { o.ProjectID = l.sandbox.ProjectID() })
	if _, err := wrong.Whoami(ctx); HTTPStatus(err) != 401 || !IsType(err, "unauthorized_credentials") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// An operation that the sandbox does not have could be used by a page and tried by nobody.
func TestTheSandboxHasEveryOperation(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx := everything(t)
	for _, op := range Operations() {
		row := op.Row()
		if row.Door == Local {
			continue
		}
		path := strings.Repeat("x", strings.Count(row.Path, "{"))
		_, err := call[empty](ctx, l.unchecked(t), op, request{path: strings.Split(path, "")})
		if HTTPStatus(err) == 501 || HTTPStatus(err) == 405 {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// unchecked is a client that goes round the contract check.
func (l *local) unchecked(t *testing.T) *Client {
	t.Helper()
	u := newUpstream(t, l.sandbox.ServeHTTP)
	return newClient(t, u.URL, func(o *Options) { o.ProjectID, o.Secret = l.sandbox.ProjectID(), Secret(l.sandbox.Secret()) })
}
