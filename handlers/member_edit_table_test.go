package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// memberFieldCase is a field of Update Member, how the pages of the console change it, and what it takes.
type memberFieldCase struct {
	field stytch.MemberField
	// group is its page; "" is that of the address.
	group, email, typed string
	// resource and action are what is withheld.
	resource, action string
}

var memberFieldCases = []memberFieldCase{
	{stytch.MemberFieldName, "name", tom, "Tom B.", "stytch.member", "update.info.name"},
	{stytch.MemberFieldUntrusted, "metadata", marcus, `{"a":1}`, "stytch.member", "update.info.untrusted-metadata"},
	{stytch.MemberFieldTrusted, "trusted-metadata", marcus, `{"a":1}`, "console-members", "update-trusted-metadata"},
	{stytch.MemberFieldPhone, "second-factor", tom, newPhone, "stytch.member", "update.info.mfa-phone"},
	{stytch.MemberFieldMFAEnrolled, "second-factor", tom, "yes", "stytch.member", "update.settings.mfa-enrolled"},
	{stytch.MemberFieldDefaultMFA, "second-factor", daniel, "sms_otp", "stytch.member", "update.settings.default-mfa-method"},
	{stytch.MemberFieldBreakglass, "breakglass", tom, "yes", "stytch.member", "update.settings.is-breakglass"},
	{stytch.MemberFieldRoles, "roles", tom, "editor", "stytch.member", "update.settings.roles"},
	{stytch.MemberFieldEmail, "", tom, "tom@new.example", "stytch.member", "update.info.email"},
	{stytch.MemberFieldExternalID, "external-id", marcus, "employee-1", "console-members", "update-external-id"},
}

func (c memberFieldCase) path(f *fixture) string {
	if c.group == "" {
		return paths.MemberEmail(f.organization("acme"), f.member("acme", c.email))
	}
	return editing(c.email, c.group)(f)
}

// made is the form as somebody would make it up who was shown no such field.
func (c memberFieldCase) made(f *fixture) url.Values {
	now := ""
	switch c.field {
	case stytch.MemberFieldMFAEnrolled, stytch.MemberFieldBreakglass:
		now = "no"
	case stytch.MemberFieldDefaultMFA:
		now = "totp"
	case stytch.MemberFieldName, stytch.MemberFieldEmail:
		now, _ = f.upstreamMember("acme", c.email)[string(c.field)].(string)
	default:
	}
	return values("was."+string(c.field), now, string(c.field), c.typed, "confirm", "yes", "way", "now")
}

// value is the field as the upstream has it.
func (c memberFieldCase) value(f *fixture) string {
	f.t.Helper()
	if c.field == stytch.MemberFieldRoles {
		return f.direct("acme", c.email)
	}
	return asJSON(f.t, f.upstreamMember("acme", c.email)[string(c.field)])
}

// TestEveryMemberField changes every field as who may, who may not, for a member of another organization, and after the end of the
// session.
func TestEveryMemberField(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, field := range stytch.MemberFields() {
		along := field == stytch.MemberFieldUnlinkEmail || field == stytch.MemberFieldPreserveSessions
		if !along && !slices.ContainsFunc(memberFieldCases, func(c memberFieldCase) bool { return c.field == field }) {
			t.Errorf("no case changes %s", field)
		}
	}
	for _, c := range memberFieldCases {
		t.Run(string(c.field), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			id := f.member("acme", c.email) // its address may change
			b, path, before := f.visit("acme"), c.path(f), c.value(f)
			untouched := func(a *answer, who string) {
				t.Helper()
				if now := c.value(f); now != before {
					t.Errorf("%s: it was %s and is %s", who, before, now)
				}
				a.wroteNothing()
			}

			t.Run("the policy says no", func(t *testing.T) {
				lacking := f.signIn(tara, "acme")
				page := lacking.get(path).want(http.StatusOK)
				_, byStaff := c.field.Staff()
				if !byStaff {
					page.says(c.action)
				}
				if c.field == stytch.MemberFieldTrusted {
					page.says("only the support staff changes it")
				}
				// No permission is published for the external id, so only the upstream knows who may not change it.
				open := page.doc().Find("main form:has(button:not([aria-disabled])) [name='"+string(c.field)+"']").Length() > 0
				if open != (c.field == stytch.MemberFieldExternalID) {
					t.Errorf("that the field can be changed is %t", open)
				}
				a := lacking.post(path, c.made(f)).want(http.StatusForbidden)
				untouched(a, "lacking")
				if n := a.writes(); len(n) > 0 && c.field != stytch.MemberFieldExternalID && c.group != "" {
					t.Errorf("it sends %v", n)
				}
			})
			t.Run("the upstream says no", func(t *testing.T) {
				form := c.made(f)
				f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: c.resource, Action: c.action})
				a := b.post(path, form).want(http.StatusForbidden).says(c.resource + " : " + c.action)
				f.sandbox.ClearFaults()
				untouched(a, "refused")
			})
			t.Run("another organization", func(t *testing.T) {
				globex := f.organization("globex")
				elsewhere := strings.Replace(path, f.organization("acme"), globex, 1)
				a := b.post(elsewhere, c.made(f)).want(http.StatusUnauthorized)
				untouched(a, "not entered")
				inside := strings.Replace(path, id, f.member("globex", nadia), 1)
				a = b.post(inside, c.made(f)).want(http.StatusNotFound)
				untouched(a, "not of this organization")
			})
			t.Run("expired", func(t *testing.T) {
				late := f.signIn(ada, "support-desk").enter("acme")
				form := c.made(f)
				f.endElsewhere("acme")
				a := late.post(path, form).want(http.StatusUnauthorized)
				untouched(a, "expired")
			})
			t.Run("may", func(t *testing.T) {
				b := f.signIn(ada, "support-desk").enter("acme")
				a := b.post(path, c.made(f))
				a.leads(paths.Member(f.organization("acme"), id))
				sent := a.writes()
				if len(sent) == 0 || len(sent) > 2 {
					t.Errorf("it sends %v", sent)
				}
			})
		})
	}
}

// TestMemberFormsTakeNoOtherFields: what a form does not have is nobody's to send by it.
func TestMemberFormsTakeNoOtherFields(t *testing.T) {
	t.Parallel()
	for _, c := range memberFieldCases {
		t.Run(string(c.field), func(t *testing.T) {
			t.Parallel()
			wire := &wiretap{}
			f := newFixture(t, setup{transport: wire})
			form := c.made(f)
			for name, value := range map[string]string{
				"organization_id": f.organization("globex"), "member_id": f.member("acme", olivia), "is_admin": "true", "roles": "stytch_admin",
				"trusted_metadata": `{"admin":true}`, "is_breakglass": "yes", "email_address": "evil@new.example", "create_member_as_pending": "yes", "status": "deleted",
			} {
				if name != string(c.field) {
					form.Set(name, value)
					if c.group != "second-factor" {
						form.Set("was."+name, "")
					}
				}
			}
			b := f.visit("acme")
			wire.take()
			a := b.post(c.path(f), form).want(http.StatusSeeOther)
			sent := wire.take()
			if len(sent) == 0 {
				t.Fatalf("nothing was sent: %v", a.operations())
			}
			for _, body := range sent {
				for name := range body {
					if name != string(c.field) {
						t.Errorf("%s was sent: %v", name, body)
					}
				}
			}
		})
	}
}

// TestOwnMemberFields: one's own member is changed by what stytch.self carries, and no further.
func TestOwnMemberFields(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme") // a plain member
	home := paths.Member(f.organization("acme"), f.member("acme", aaron))
	for _, c := range []struct{ group, field, typed string }{
		{"name", "name", "Aaron F."}, {"metadata", "untrusted_metadata", `{"a":1}`}, {"second-factor", "mfa_enrolled", "yes"},
	} {
		path := editing(aaron, c.group)(f)
		b.post(path, b.fill(path, c.field, c.typed)).leads(home)
	}
	for _, c := range []struct{ group, action string }{
		{"roles", "stytch.member : update.settings.roles"},
		{"breakglass", "stytch.member : update.settings.is-breakglass"},
		{"trusted-metadata", "only the support staff changes it"},
	} {
		a := b.get(editing(aaron, c.group)(f)).want(http.StatusOK).says("Read only.").says(c.action)
		if a.doc().Find("main form button").Length() > 0 {
			t.Errorf("%s has a button", c.group)
		}
	}
	b.get(paths.MemberEmail(f.organization("acme"), f.member("acme", aaron))).leads(paths.AccountEmail)
	b.post(paths.MemberEmail(f.organization("acme"), f.member("acme", aaron)), values("way", "now", "email_address", "a@new.example", "was.email_address", aaron, "confirm", "yes")).leads(paths.AccountEmail)
	b.get(editing(tom, "name")(f)).want(http.StatusForbidden)
}
