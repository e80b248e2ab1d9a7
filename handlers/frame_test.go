package handlers_test

import (
	"net/http"
	"testing"

	"console.internal/internal/paths"
)

func TestTheme(t *testing.T) {
	t.Parallel()
	tests := []struct{ theme, want, attribute string }{
		{"dark", "dark", "dark"}, {"light", "light", "light"}, {"system", "", ""}, {"", "", ""}, {"dark\" x=\"", "", ""}, {"DARK", "", ""},
	}
	for _, tt := range tests {
		f := newFixture(t, setup{})
		for name, b := range map[string]*browser{"stranger": f.browser(), "staff": f.signIn(ada, "support-desk")} {
			b.post(paths.Theme, values("theme", "light", "return", "/login?x=1")).leads("/login?x=1")
			a := b.post(paths.Theme, values("theme", tt.theme, "return", paths.Login)).leads(paths.Login)
			wantHeaders(t, name, a)
			if got := b.cookies["__Host-theme"]; got != tt.want {
				t.Errorf("%s, %q: the cookie is %q, want %q", name, tt.theme, got, tt.want)
			}
			page := b.get(paths.Login).want(http.StatusOK)
			if got, _ := page.doc().Find("html").Attr("data-theme"); got != tt.attribute {
				t.Errorf("%s, %q: the page is %q", name, tt.theme, got)
			}
			if len(a.calls()) > 0 {
				t.Errorf("%s: calls %v", name, a.operations())
			}
		}
	}
	b := newFixture(t, setup{}).browser()
	b.cookies["__Host-theme"] = "dark<script>"
	if _, ok := b.get(paths.Login).saysNot("dark<script>").doc().Find("html").Attr("data-theme"); ok {
		t.Error("a theme that is none is drawn")
	}
}

// TestThemeReturnsToThePage follows the form on pages of all kinds.
func TestThemeReturnsToThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	filtered := paths.Members(f.organization("acme")) + "?email_contains=oli&status=active"
	for path, want := range map[string]string{
		paths.Organizations: paths.Organizations, filtered: filtered, paths.Organization(f.organization("acme")): paths.Organization(f.organization("acme")),
		"/nothing": "/nothing", paths.Authenticate + "?stytch_token_type=sso&token=x": paths.Root,
	} {
		form := b.get(path).doc().Find(`form[action="` + paths.Theme + `"]`)
		to := form.Find("input[name=return]").AttrOr("value", "")
		if path == paths.Authenticate+"?stytch_token_type=sso&token=x" && form.Length() == 0 {
			continue // a page before signing in has no such form
		}
		if to != want {
			t.Errorf("%s: the form returns to %q", path, to)
		}
		b.post(paths.Theme, values("theme", "dark", "return", to)).leads(want)
	}
	if got := b.get(paths.Organizations).doc().Find(".themes button[aria-pressed=true]").AttrOr("value", ""); got != "dark" {
		t.Errorf("the pressed button is %q", got)
	}
}
