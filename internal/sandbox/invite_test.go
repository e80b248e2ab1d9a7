package sandbox_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const (
	olivia   = "olivia.hart@acme.example"
	newcomer = "new.comer@acme.example"
	console  = "http://127.0.0.1:8080/authenticate"
)

// invite invites somebody; more are further fields.
func (w *world) invite(organization, email string, more fields, headers ...string) answer {
	w.t.Helper()
	body := fields{"organization_id": organization, "email_address": email}
	maps.Copy(body, more)
	return w.post("/magic_links/email/invite", body, headers...)
}

func TestInvite(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	made := w.invite("acme", newcomer, fields{
		"name": "New Comer", "roles": []string{"billing_viewer"}, "trusted_metadata": fields{"desk": "7"},
		"invite_redirect_url": console + "?email=" + url.QueryEscape(newcomer),
	}).want("200")
	if made.text("member", "status") != "invited" || made.text("member", "name") != "New Comer" || made.at("member", "email_address_verified") != false {
		t.Errorf("made %s", made.raw)
	}
	message := w.newest()
	link, err := url.Parse(message.Link)
	if err != nil {
		t.Fatal(err)
	}
	query := link.Query()
	if message.Kind != "invite" || message.To != newcomer || !strings.Contains(message.Subject, "Acme Corporation") ||
		query.Get("email") != newcomer || query.Get("stytch_token_type") != "multi_tenant_magic_links" || query.Get("slug") != "acme" {
		t.Errorf("sent %+v", message)
	}
	// A second one does not end the first.
	w.invite("acme", newcomer, nil).want("200")
	w.Advance(7*24*time.Hour - time.Minute)
	in := w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(message)}).want("200")
	roles, _ := in.at("member_session", "roles").([]any)
	if in.text("member", "status") != "active" || !slices.Contains(roles, any("billing_viewer")) {
		t.Errorf("came in as %s", in.raw)
	}
	w.invite("acme", newcomer, nil).want("400 duplicate_member_email")
	w.Advance(time.Minute)
	w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(w.newest())}).want("401 unable_to_auth_magic_link")
}

func TestInviteIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, organization, email string
		more                      fields
		as                        string
		want                      string
	}{
		{"an admin", "acme", newcomer, nil, olivia, "200"},
		{"support", "acme", newcomer, nil, ada, "200"},
		{"a plain member", "acme", newcomer, nil, aaron, "403 session_authorization_error"},
		{"another organization", "harbour", newcomer, nil, olivia, "403 session_authorization_tenancy_error"},
		{"trusted metadata of a member", "acme", newcomer, fields{"trusted_metadata": fields{"a": "b"}}, olivia, "401 cannot_update_trusted_metadata"},
		{"active", "acme", olivia, nil, "", "400 duplicate_member_email"},
		{"pending", "acme", "farah.aziz@acme.example", nil, "", "200"},
		{"no invitations", "initech", "new@initech.example", nil, "", "400 invalid_email_for_invites"},
		{"another domain", "support-desk", "new@elsewhere.example", nil, "", "400 invalid_email_for_invites"},
		{"the right domain", "support-desk", "new@support.example", nil, "", "200"},
		{"unknown role", "acme", newcomer, fields{"roles": []string{"king"}}, "", "400 invalid_rbac_role_id"},
		{"a role of the organization", "acme", newcomer, fields{"roles": []string{"invoice_approver"}}, "", "200"},
		{"that a member had", "acme", "sofia.berg@acme.example", nil, "", "400 duplicate_member_email"},
		{"of a domain of others", "acme", "new@initech.example", nil, "", "400 action_not_allowed_email_domain_is_claimed"},
		{"too much metadata", "acme", newcomer, fields{"untrusted_metadata": fields{"a": strings.Repeat("a", 4096)}}, "", "400 metadata_too_large"},
		{"invited by nobody", "acme", newcomer, fields{"invited_by_member_id": "nobody"}, "", "404 member_not_found"},
		{"too long", "acme", newcomer, fields{"invite_expiration_minutes": 10081}, "", "400 invalid_expiration"},
		{"another place", "acme", newcomer, fields{"invite_redirect_url": "https://evil.example/"}, "", "400 no_match_for_provided_magic_link_url"},
		{"another query", "acme", newcomer, fields{"invite_redirect_url": console + "?next=x"}, "", "400 no_match_for_provided_magic_link_url"},
		{"no organization", "nobody", newcomer, nil, "", "404 organization_not_found"},
		{"no address", "acme", "nonsense", nil, "", "400 invalid_email"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			var headers []string
			if tt.as != "" {
				headers = w.as("acme", tt.as)
			}
			w.invite(tt.organization, tt.email, tt.more, headers...).want(tt.want)
			if sent := len(w.sent()); (sent == 1) != (tt.want == "200") {
				t.Errorf("%d messages were sent", sent)
			}
		})
	}
}

// A role that comes from the e-mail domain, too, is given directly: it stays when the domain's is taken away.
func TestInviteGivesDirectly(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	w.invite("acme", newcomer, fields{"roles": []string{"editor"}}).want("200")
	w.invite("acme", newcomer, fields{"roles": []string{"editor"}}).want("200")
	w.put("/organizations/acme", fields{"rbac_email_implicit_role_assignments": []fields{}}).want("200")
	roles := w.get("/organizations/acme/member?email_address="+newcomer).list("member", "roles")
	if len(roles) != 2 || roles[1]["role_id"] != "editor" || len(answer.list(answer{fields: roles[1]}, "sources")) != 1 {
		t.Errorf("roles are %v", roles)
	}
}

// Whoever the seed has invited finds a link in the outbox.
func TestSeedInvitations(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	check := func() {
		t.Helper()
		for email, slug := range map[string]string{ada: "meadow", "oscar.lund@globex.example": "globex", "ivan.morozov@acme.example": "acme"} {
			at := slices.IndexFunc(w.Outbox(), func(m sandbox.Message) bool { return m.To == email && m.Kind == "invite" })
			if at < 0 {
				t.Fatalf("%s has no invitation", email)
			}
			message := w.Outbox()[at]
			if !strings.HasPrefix(message.Link, console+"?email="+url.QueryEscape(email)+"&slug="+slug+"&stytch_token_type=multi_tenant_magic_links&token=") {
				t.Errorf("sent %s", message.Link)
			}
			in := w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(message)}).want("200")
			if in.text("member", "status") != "active" || in.text("organization", "organization_slug") != slug {
				t.Errorf("%s: %s", slug, in.raw)
			}
		}
	}
	check()
	w.Reset()
	check()
	if sent := w.sent(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
	page := string(w.send(w.plain, http.MethodGet, "/sandbox/outbox", nil).raw)
	for _, want := range []string{"You are invited to Meadow Foods", ">Accept the invitation<", sandbox.SeedPassword} {
		if !strings.Contains(page, want) {
			t.Errorf("the outbox does not say %s", want)
		}
	}
}
