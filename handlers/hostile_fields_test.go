package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/handlers"
)

// foreignFields are fields that a form is sent with besides its own: what somebody would like to be taken along.
var foreignFields = []string{
	"roles", "organization_id", "member_id", "is_admin", "is_breakglass", "trusted_metadata", "email_address", "external_id", "organization_external_id",
	"claimed_email_domains", "session_token", "status", "mfa_enrolled",
}

// TestNoFormTakesForeignFields sends each form of the table with fields that are not its own, as shown and as wanted. Nothing of them
// reaches the upstream.
func TestNoFormTakesForeignFields(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	const marker = "evil-marker"
	forms := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		for _, d := range drives[key(r)] {
			if d.form == nil || d.meanwhile != nil {
				continue
			}
			sent := &recorder{}
			f := newFixture(t, setup{transport: sent})
			b := d.who(f)
			own := d.form(b)
			// What the page itself has a field for is its own, filled in or not.
			shown := map[string]bool{}
			b.get(d.path(f)).doc().Find("main form [name]").Each(func(_ int, field *goquery.Selection) { shown[field.AttrOr("name", "")] = true })
			d.form = func(*browser) url.Values {
				form := maps.Clone(own)
				for _, name := range foreignFields {
					if !own.Has(name) && !own.Has("was."+name) && !shown[name] {
						form.Set(name, marker)
						form.Set("was."+name, "{}")
					}
				}
				return form
			}
			d.send(b, r.Method)
			forms++
			if n := sent.bodies(marker); n > 0 {
				t.Errorf("%s as %s: %d requests hold a foreign field", key(r), d.name, n)
			}
		}
	}
	t.Logf("%d forms with %d foreign fields", forms, len(foreignFields))
}
