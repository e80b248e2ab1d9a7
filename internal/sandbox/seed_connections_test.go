package sandbox_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// parsed reads a certificate as it is shown, and holds what is shown beside it to what it says.
func parsed(t *testing.T, shown fields) *x509.Certificate {
	t.Helper()
	block, rest := pem.Decode([]byte(text(shown["certificate"])))
	if block == nil || len(rest) != 0 {
		t.Fatalf("this is no PEM: %v", shown["certificate"])
	}
	found, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if issuer := text(shown["issuer"]); issuer != "Stytch" && issuer != found.Issuer.String() {
		t.Errorf("the issuer is shown as %q and is %q", issuer, found.Issuer)
	}
	if got := found.NotAfter.UTC().Format(time.RFC3339); got != shown["expires_at"] {
		t.Errorf("the end is shown as %v and is %s", shown["expires_at"], got)
	}
	return found
}

// Every certificate of the seed can be read, and ends when it says.
func TestSeedCertificates(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := start(t, sandbox.Options{Now: func() time.Time { return now }})
	days := map[string][]int{}
	for _, slug := range []string{"acme", "initech", "quayside", "hostile"} {
		for _, connection := range w.get("/sso/" + slug).want("200").list("saml_connections") {
			one := answer{t: t, fields: connection}
			for _, shown := range one.list("signing_certificates") {
				parsed(t, shown)
			}
			for _, shown := range one.list("verification_certificates") {
				left := parsed(t, shown).NotAfter.Sub(now.Truncate(time.Second))
				days[slug] = append(days[slug], int(left/(24*time.Hour)))
			}
		}
	}
	for slug, want := range map[string][]int{"acme": {12, 700}, "initech": {6}, "quayside": {-3}, "hostile": {400}} {
		if len(days[slug]) != len(want) {
			t.Errorf("%s has certificates of %v days, want %v", slug, days[slug], want)
			continue
		}
		for i := range want {
			if days[slug][i] != want[i] {
				t.Errorf("%s has certificates of %v days, want %v", slug, days[slug], want)
			}
		}
	}
	again := start(t, sandbox.Options{Now: func() time.Time { return now }})
	one, other := w.get("/sso/initech").list("saml_connections"), again.get("/sso/initech").list("saml_connections")
	if (answer{t: t, fields: one[0]}).list("verification_certificates")[0]["certificate"] != (answer{t: t, fields: other[0]}).list("verification_certificates")[0]["certificate"] {
		t.Error("certificates differ from sandbox to sandbox")
	}
}

// The roles of the seed are those that its settings give: saving a setting unchanged takes none away.
func TestSeedRolesFollowTheSettings(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	people := map[string][]string{
		"acme":     {"priya.nair@acme.example", "olivia.hart@acme.example", "bianca.rossi@acme.example"},
		"initech":  {"peter.gibbons@initech.example", "bill.lumbergh@initech.example", "dom.portwood@initech.example"},
		"umbrella": {"alice.abernathy@umbrella.example", "mark.wilkins@umbrella.example"},
	}
	before := map[string]string{}
	for slug, emails := range people {
		for _, email := range emails {
			before[email] = w.sources(slug, email)
		}
		implicit := w.get("/organizations/"+slug).at("organization", "rbac_email_implicit_role_assignments")
		w.put("/organizations/"+slug, fields{"rbac_email_implicit_role_assignments": implicit}).want("200")
		for _, email := range emails {
			if after := w.sources(slug, email); after != before[email] {
				t.Errorf("%s had %s, and has %s", email, before[email], after)
			}
		}
	}
	for email, want := range map[string]string{
		"peter.gibbons@initech.example":    "editor by sso_connection, stytch_member by direct_assignment",
		"alice.abernathy@umbrella.example": "editor by scim_connection_group, stytch_member by direct_assignment",
		"mark.wilkins@umbrella.example":    "stytch_member by direct_assignment",
	} {
		if before[email] != want {
			t.Errorf("%s has %s, want %s", email, before[email], want)
		}
	}
}
