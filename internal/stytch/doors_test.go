package stytch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
)

const staffToken = "token-of-the-staff-session"

// asked is a request for a permission, as the upstream sees it.
type asked struct{ token, organization, resource, action string }

// bouncer is an upstream that keeps what it is asked for permission of, and what else is sent, and says no to one of the asks.
type bouncer struct {
	*upstream

	mu   sync.Mutex
	asks []asked
	sent []string
	// refuse is the number of the ask that is refused, from 1; 0 refuses none.
	refuse int
	answer string
}

func newBouncer(t *testing.T, answer string) *bouncer {
	t.Helper()
	b := &bouncer{answer: answer}
	b.upstream = newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if r.URL.Path != SessionAuthenticate.Row().Path {
			b.sent = append(b.sent, r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Stytch-Member-Session"))
			say(w, http.StatusOK, b.answer)
			return
		}
		var in struct {
			Token string `json:"session_token"`
			Check struct {
				Organization string `json:"organization_id"`
				Resource     string `json:"resource_id"`
				Action       string `json:"action"`
			} `json:"authorization_check"`
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &in)
		}
		if err != nil {
			t.Error(err)
		}
		b.asks = append(b.asks, asked{in.Token, in.Check.Organization, in.Check.Resource, in.Check.Action})
		if len(b.asks) == b.refuse {
			refuse(w, http.StatusForbidden, "session_authorization_error")
			return
		}
		whose := memberID
		if in.Token == staffToken {
			whose = otherID
		}
		say(w, http.StatusOK, checkAnswer(in.Check.Organization, whose, yes))
	})
	return b
}

// reset forgets what came, and says which ask to refuse from here.
func (b *bouncer) reset(refuse int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asks, b.sent, b.refuse = nil, nil, refuse
}

// staff holds the session of another organization than the tenant's.
func (b *bouncer) staff(t *testing.T, c *Client) Staff {
	t.Helper()
	return c.HoldStaff(Key{OrganizationID: otherOrg, MemberID: otherID, Token: staffToken, Session: "s"})
}

// Neither the staff session alone nor the tenant's alone opens what asks both, and without both nothing is sent: the answers hold
// what gets past a second factor, or what a provider knows.
func TestBothSessionsAreAsked(t *testing.T) {
	t.Parallel()
	b := newBouncer(t, `{"status_code":200}`)
	tenant := b.tenant(t, func(o *Options) { o.Expect = func([]string, string, string) bool { return true } })
	staff, ctx := b.staff(t, tenant.client), everything(t)
	tried := 0
	for _, op := range Operations() {
		row := op.Row()
		if row.Also == (Check{}) {
			continue
		}
		tried++
		want := []asked{{staffToken, otherOrg, row.Check.Resource, row.Check.Action}, {memberToken, orgID, row.Also.Resource, row.Also.Action}}
		for refused := range len(want) + 1 {
			b.reset(refused)
			err := through(ctx, staff.tenant, tenant, op)
			wantAsks, wantSent := want, 1
			if refused > 0 {
				wantAsks, wantSent = want[:refused], 0
			}
			if IsForbidden(err) != (refused > 0) || !slices.Equal(b.asks, wantAsks) || len(b.sent) != wantSent {
				t.Errorf("%s, ask %d refused: asked %+v, sent %q: %v", op, refused, b.asks, b.sent, err)
			}
			if wantSent == 1 && len(b.sent) == 1 && !strings.HasSuffix(b.sent[0], " ") {
				t.Errorf("%s carries a session: %q", op, b.sent)
			}
		}
		b.reset(0)
		readOnly := tenant
		readOnly.key.ReadOnly = true
		for name, err := range map[string]error{
			"the staff session twice":     second(both[empty](ctx, staff, staff.tenant, op, request{organization: orgID})),
			"a tenant's session for both": second(both[empty](ctx, Staff{tenant}, tenant, op, request{organization: orgID})),
			"one alone":                   second(checked[empty](ctx, staff.tenant, op, request{organization: orgID})),
			"no tenant":                   second(both[empty](ctx, staff, Tenant{}, op, request{organization: orgID})),
			"another organization":        second(both[empty](ctx, staff, tenant, op, request{organization: otherOrg})),
		} {
			if !errors.Is(err, ErrOperation) {
				t.Errorf("%s, %s: %v", op, name, err)
			}
		}
		if err := through(ctx, staff.tenant, readOnly, op); errors.Is(err, ErrReadOnly) != (row.Kind != Read) {
			t.Errorf("%s by an impersonated session: %v", op, err)
		}
	}
	if tried != 9 {
		t.Errorf("%d operations ask both", tried)
	}
	if err := second(both[empty](ctx, staff, tenant, OrganizationGet, request{organization: orgID})); !errors.Is(err, ErrOperation) {
		t.Errorf("an operation with one permission: %v", err)
	}
}

// The upstream lets whoever may invite make an administrator. The console asks for what it forgets, and on a no sends nothing.
func TestLaxCreationIsAskedFor(t *testing.T) {
	t.Parallel()
	b := newBouncer(t, `{"member":{"member_id":"`+otherID+`","organization_id":"`+orgID+`","status":"active","email_address":"`+ada+`"}}`)
	tenant, ctx := b.tenant(t, nil), everything(t)
	create := func(n NewMember) func() error {
		n.Email = ada
		return func() error { return second(tenant.CreateMember(ctx, n)) }
	}
	invite := func(i Invitation) func() error {
		i.Email = ada
		return func() error { return second(tenant.InviteMember(ctx, i)) }
	}
	for name, one := range map[string]struct {
		send func() error
		want string
	}{
		"a plain member":        {create(NewMember{Name: "n", Phone: "+15005550006", ExternalID: "e", Pending: true, Roles: []string{}}), ""},
		"one with a role":       {create(NewMember{Roles: []string{"stytch_admin"}}), "update.settings.roles"},
		"one of break-glass":    {create(NewMember{IsBreakglass: true}), "update.settings.is-breakglass"},
		"one enrolled":          {create(NewMember{MFAEnrolled: true}), "update.settings.mfa-enrolled"},
		"one with all":          {create(NewMember{Roles: []string{"r"}, IsBreakglass: true, MFAEnrolled: true}), "update.settings.roles update.settings.is-breakglass update.settings.mfa-enrolled"},
		"an invitation":         {invite(Invitation{Name: "n", Locale: "en", Minutes: 5}), ""},
		"one with a role to be": {invite(Invitation{Roles: []string{"r"}}), "update.settings.roles"},
	} {
		var want []asked
		for action := range strings.FieldsSeq(one.want) {
			want = append(want, asked{memberToken, orgID, "stytch.member", action})
		}
		b.reset(0)
		if err := one.send(); err != nil || !slices.Equal(b.asks, want) || len(b.sent) != 1 || !strings.HasSuffix(b.sent[0], " "+memberToken) {
			t.Errorf("%s: asked %+v, sent %q: %v", name, b.asks, b.sent, err)
		}
		for refused := range want {
			b.reset(refused + 1)
			if err := one.send(); !IsForbidden(err) || len(b.asks) != refused+1 || len(b.sent) != 0 {
				t.Errorf("%s, %s refused: asked %+v, sent %q: %v", name, want[refused].action, b.asks, b.sent, err)
			}
		}
	}
}

// What the console itself keeps is shown after a check like any other, and nothing but the check is sent.
func TestLocalDataIsBehindACheck(t *testing.T) {
	t.Parallel()
	locals := 0
	for _, op := range Operations() {
		row := op.Row()
		if row.Door != Local {
			if err := newBouncer(t, `{}`).tenant(t, nil).Permitted(everything(t), op); !errors.Is(err, ErrOperation) {
				t.Errorf("%s is permitted as local: %v", op, err)
			}
			continue
		}
		locals++
		b := newBouncer(t, `{}`)
		tenant := b.tenant(t, nil)
		staff := b.staff(t, tenant.client)
		as, wrong, want := tenant.Permitted, staff.Permitted, asked{memberToken, orgID, row.Check.Resource, row.Check.Action}
		if row.Check.Staff {
			as, wrong = staff.Permitted, tenant.Permitted
			want.token, want.organization = staffToken, otherOrg
		}
		if err := as(everything(t), op); err != nil || !slices.Equal(b.asks, []asked{want}) || len(b.sent) != 0 {
			t.Errorf("%s: asked %+v, sent %q: %v", op, b.asks, b.sent, err)
		}
		b.reset(1)
		if err := as(everything(t), op); !IsForbidden(err) {
			t.Errorf("%s refused: %v", op, err)
		}
		if err := wrong(everything(t), op); !errors.Is(err, ErrOperation) {
			t.Errorf("%s by the other session: %v", op, err)
		}
		if err := (Tenant{}).Permitted(everything(t), op); !errors.Is(err, ErrOperation) {
			t.Errorf("%s by nobody: %v", op, err)
		}
		for name, denial := range denials {
			if name == "hangs" {
				continue // its fault is that of every call
			}
			u := newUpstream(t, denial.serve)
			held := u.tenant(t, nil)
			held.staff = row.Check.Staff
			if err := held.Permitted(everything(t), op); !denial.is(err) {
				t.Errorf("%s, %s: %v", op, name, err)
			}
		}
	}
	if locals != 6 {
		t.Errorf("%d operations are local", locals)
	}
}

// The support staff's writes obey the project secret. With the staff session in the header the upstream would refuse them, as one
// of another organization.
func TestStaffWritesCarryNoSession(t *testing.T) {
	t.Parallel()
	b := newBouncer(t, `{"status_code":200}`)
	c := b.tenant(t, nil).client
	staff := b.staff(t, c)
	tried := 0
	for op, send := range calls(c, Tenant{}, staff) {
		row := op.Row()
		if row.Door != Checked || !row.Check.Staff || row.Also != (Check{}) || row.Kind != Write || op == EntryCreate {
			continue
		}
		tried++
		want := asked{staffToken, otherOrg, row.Check.Resource, row.Check.Action}
		b.reset(0)
		if _ = send(everything(t)); !slices.Equal(b.asks, []asked{want}) || len(b.sent) != 1 || !strings.HasSuffix(b.sent[0], " ") {
			t.Errorf("%s: asked %+v, sent %q", op, b.asks, b.sent)
		}
		b.reset(1)
		if err := send(everything(t)); !IsForbidden(err) || len(b.sent) != 0 {
			t.Errorf("%s refused: sent %q: %v", op, b.sent, err)
		}
	}
	if tried != 21 {
		t.Errorf("%d operations are tried", tried)
	}
}

// An entry ends when every session is over, so nobody is asked. What is sent is one member's deletion and nothing else.
func TestEntriesEndWithoutASession(t *testing.T) {
	t.Parallel()
	b := newBouncer(t, `{"request_id":"r","member_id":"`+otherID+`"}`)
	c := newClient(t, b.URL, nil)
	for id, want := range map[string]string{otherID: otherID, "entry-1": "entry-1"} {
		b.reset(0)
		done, err := c.DeleteEntry(everything(t), orgID, id)
		if err != nil || done.RequestID != "r" || len(b.asks) != 0 || !slices.Equal(b.sent, []string{"DELETE /v1/b2b/organizations/" + orgID + "/members/" + want + " "}) {
			t.Errorf("%s: asked %+v, sent %q: %v", id, b.asks, b.sent, err)
		}
	}
	for _, op := range Operations() {
		if err := second(entered[empty](everything(t), c, op, request{path: []string{"a", "b", "c"}})); errors.Is(err, ErrOperation) == (op == EntryDelete) {
			t.Errorf("%s by the door for entries: %v", op, err)
		}
	}
}

// notebook keeps the acts that it is told of.
type notebook struct {
	mu   sync.Mutex
	acts []Act
}

func (n *notebook) Intend(_ context.Context, a Act) (func(context.Context, Outcome), error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.acts = append(n.acts, a)
	return func(context.Context, Outcome) {}, nil
}

func (n *notebook) Refused(_ context.Context, a Act, _ Outcome) {
	_, _ = n.Intend(context.Background(), a)
}

// Every act of a session says what it is done to: an entry of the record that names no tenant is in nobody's activity.
func TestActsSayWhatTheyAreDoneTo(t *testing.T) {
	t.Parallel()
	b := newBouncer(t, `{"status_code":200}`)
	kept := &notebook{}
	tenant := b.tenant(t, func(o *Options) { o.Recorder = kept })
	staff := b.staff(t, tenant.client)
	made := map[Operation]bool{OrganizationCreate: true, MemberCreate: true, MemberInvite: true, EntryCreate: true}
	about := map[Operation]string{
		OrganizationCreate: "slug", MemberCreate: ada, MemberInvite: ada, EntryCreate: "entry-1", MemberPasswordDelete: "p", MemberRetiredEmailUnlink: "e",
		MemberEmailUpdateStart: ada, MemberAppRevoke: "app", OwnAppRevoke: "app", Authorize: appID,
		AppClientCreate: "ALL_ALLOWED", AppClientUpdate: appID, AppClientDelete: appID, AppSecretRotateStart: appID, AppSecretRotate: appID, AppSecretRotateCancel: appID,
		M2MClientCreate: m2mID, M2MClientUpdate: m2mID, M2MClientDelete: m2mID, M2MSecretRotateStart: m2mID, M2MSecretRotate: m2mID, M2MSecretRotateCancel: m2mID,
	}
	elsewhere := []Operation{SessionExchange, EntryDelete, StaffMemberTrustedUpdate, StaffMemberExternalIDUpdate, StaffMemberExternalIDDelete}
	entry := NewEntry{OrganizationID: orgID, ExternalID: "entry-1", Email: ada, Role: "tenant_support"}
	all := calls(tenant.client, tenant, staff)
	all[EntryCreate] = func(ctx context.Context) error { return second(staff.CreateEntry(ctx, entry)) }
	for op, send := range all {
		row := op.Row()
		if row.Kind == Read || row.Door == Open && op != SessionExchange && op != SessionRevoke && op != PasswordSessionReset && op != Authorize {
			continue
		}
		kept.acts = nil
		_ = send(everything(t))
		if len(kept.acts) != 1 {
			t.Errorf("%s is kept %d times", op, len(kept.acts))
			continue
		}
		act := kept.acts[0]
		organization, person := orgID, otherID
		if slices.Contains(elsewhere, op) || row.Check.Resource == consoleTenants && op != EntryCreate {
			organization = otherOrg
		}
		if row.Check.Resource == consoleApps || row.Check.Resource == consoleM2M {
			organization, person = otherOrg, "" // a client is the project's, and the record keeps it with the support staff
		}
		if strings.HasPrefix(row.ID, "api_organization_v1_") && !strings.Contains(row.ID, "members") || made[op] || op == SessionExchange {
			person = ""
		}
		if row.Check.Self || row.Check.Resource == own || row.Door == Open && op != SessionExchange {
			person = memberID
		}
		if act.Operation != op || act.OrganizationID != organization || act.MemberID != person || act.Target != about[op] {
			t.Errorf("%s is kept as %+v, want %s %q %q", op, act, organization, person, about[op])
		}
	}
	kept.acts = nil
	_ = second(staff.CreateM2MClient(everything(t), NewM2MClient{Name: "nightly"}))
	if len(kept.acts) != 1 || kept.acts[0].Target != "nightly" {
		t.Errorf("a client whose id is drawn is kept as %+v", kept.acts)
	}
	kept.acts = nil
	_ = second(tenant.RevokeMemberSession(everything(t), otherID, sessionID))
	_ = tenant.RevokeSession(everything(t), sessionID)
	if len(kept.acts) != 2 || kept.acts[0].Target != sessionID || kept.acts[0].MemberID != otherID || kept.acts[1].Target != sessionID || kept.acts[1].MemberID != memberID {
		t.Errorf("sessions ended are kept as %+v", kept.acts)
	}
}
