package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"console.internal/handlers"
)

// unlogged are the values of a form that no log and no address may hold: secrets, and who somebody is.
func unlogged(form url.Values) []string {
	var all []string
	for _, field := range slices.Concat(secrets, []string{"token", "codes", "email", "phone", "name"}) {
		for _, value := range form[field] {
			all = append(all, strings.Fields(value)...)
		}
	}
	// Two digits that were no phone number stand in any time of day.
	return slices.DeleteFunc(all, func(value string) bool { return len(value) < 4 })
}

var durations = regexp.MustCompile(`"microseconds":\d+`)

// logged are those of the values that a log holds. A code is six digits, and a duration may be.
func logged(log string, values []string) []string {
	log = durations.ReplaceAllString(log, "")
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
		return !regexp.MustCompile(`\b` + regexp.QuoteMeta(value) + `\b`).MatchString(log)
	})
}

// TestFormsStaySecret sends every form of the table and looks for what was in it in the log, in the address that it leads to and
// in those of the page. What is typed is the form's alone; only the token of a link is in a page again, hidden in the next form.
func TestFormsStaySecret(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			for _, d := range drives[key(r)] {
				log := &safeBuffer{}
				f := newFixture(t, setup{log: log})
				a := d.send(d.who(f), r.Method)
				private := unlogged(a.sent)
				if found := logged(log.String(), private); len(found) > 0 {
					t.Errorf("%s: the log holds %q", d.name, found)
				}
				if log.String() == "" {
					t.Errorf("%s: nothing was logged, so this shows nothing", d.name)
				}
				for _, value := range private {
					if strings.Contains(a.header.Get("Location"), url.QueryEscape(value)) {
						t.Errorf("%s: the address %s holds %q", d.name, a.header.Get("Location"), value)
					}
				}
				for _, field := range secrets {
					if value := a.sent.Get(field); value != "" && strings.Contains(a.body, value) {
						t.Errorf("%s: the page holds the %s", d.name, field)
					}
				}
			}
		})
	}
}
