package views

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, page templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// sends is what the main form of a page sends when its first button is pressed, or Enter: its address, then its fields and
// their values, "?" for what is typed.
func sends(form *goquery.Selection) []string {
	out := []string{form.AttrOr("method", "") + " " + form.AttrOr("action", "")}
	form.Find("input[name]").Each(func(_ int, s *goquery.Selection) {
		value := "?"
		if s.AttrOr("type", "") == "hidden" || s.AttrOr("type", "") == "checkbox" {
			value = s.AttrOr("value", "")
		}
		out = append(out, s.AttrOr("name", "")+"="+value)
	})
	if button := form.Find("button").First(); button.AttrOr("name", "") != "" {
		out = append(out, button.AttrOr("name", "")+"="+button.AttrOr("value", ""))
	}
	return out
}

// TestForms holds each step of signing in to what its handler reads.
func TestForms(t *testing.T) {
	t.Parallel()
	const organization = "organization_id=" + sampleOrganization
	pages := samples()
	for name, want := range map[string][]string{
		"signin":          {"post /login", "email=?", "organization=?", "method=link"},
		"signin-password": {"post /login", "email=?", "password=?", "organization=?", "method=password"},
		"signin-problems": {"post /login/acme", "email=?", "method=link"},
		"signin-sent":     {"post /login", "email=" + sampleEmail, "method=link"},
		"signin-code":     {"post /login/code", "email=" + hostile, "code=?"},
		"signin-more":     {"post /login/more", organization, "method=link"},

		"signin-mfa-totp":           {"post /login/mfa", organization, "method=totp", "code=?", "default=yes"},
		"signin-mfa-recovery":       {"post /login/mfa", organization, "method=recovery_code", "code=?"},
		"signin-mfa-sms":            {"post /login/mfa/start", organization, "method=sms_otp"},
		"signin-mfa-sms-sent":       {"post /login/mfa", organization, "method=sms_otp", "code=?"},
		"signin-mfa-choose":         {"post /login/mfa/start", organization, "method=totp"},
		"signin-mfa-totp-start":     {"post /login/mfa/start", organization, "method=totp"},
		"signin-mfa-totp-setup":     {"post /login/mfa", organization, "method=totp", "code=?"},
		"signin-mfa-sms-setup":      {"post /login/mfa/start", organization, "method=sms_otp", "phone=?"},
		"signin-mfa-sms-setup-sent": {"post /login/mfa", organization, "method=sms_otp", "code=?"},

		"authenticate-link-bare":          {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=" + hostile},
		"authenticate-invitation":         {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=x", "slug=meadow", "email=ada@meadow.example"},
		"password":                        {"post /authenticate/password", "token=" + hostile, "password=?", "act=save"},
		"password-good":                   {"post /authenticate/password", "token=" + hostile, "current=?", "password=?", "act=save"},
		"recovery-codes":                  {"post /recovery-codes", "codes=ckss-2skx-ebow\nspbc-424h-usof"},
		"recovery-codes-inside":           {"post /recovery-codes", "codes=" + hostile},
		"step-up-totp":                    {"post /account/recovery-codes", "act=show", "proof_method=totp", "proof_code=?"},
		"step-up-recovery":                {"post /account/recovery-codes", "act=show", "proof_method=recovery_code", "proof_code=?"},
		"step-up-sms":                     {"post /account/recovery-codes", "act=show", "proof_method=sms_otp", "proof_send=yes"},
		"step-up-sms-sent":                {"post /account/recovery-codes", "act=show", "proof_method=sms_otp", "proof_code=?"},
		"step-up-email":                   {"post /account/recovery-codes", "act=show", "proof_method=code", "proof_send=yes"},
		"step-up-password":                {"post /account/recovery-codes", "act=show", "proof_method=password", "proof_password=?"},
		"again":                           {"post /account/name", "name=Ada Fenwick", "organization=" + sampleOrganization, "nickname="},
		"again-hostile":                   {"post /account/name", "x=" + hostile, "password=?"},
		"acting-solo":                     {"post /logout"},
		"authenticate-impersonation":      {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=x", "slug=meadow", "email=ada@meadow.example"},
		"authenticate-oauth-bare":         {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=" + hostile},
		"signin-organization":             {"post /login/organizations", "organization_id=organization-live-1"},
		"authenticate-invitation-bare":    {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=" + hostile},
		"authenticate-impersonation-bare": {"post /authenticate", "stytch_token_type=multi_tenant_magic_links", "token=" + hostile},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, sends(read(t, pages[name]).Find("main form").First())); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestOtherWays checks what a page offers beside its main form.
func TestOtherWays(t *testing.T) {
	t.Parallel()
	pages := samples()
	for name, want := range map[string]struct {
		form   string // of the last form
		sends  []string
		absent string
	}{
		"signin-password":           {form: "main form", sends: []string{`button[value="reset"][formnovalidate]`, `button[value="mail"][formnovalidate]`}},
		"signin-mfa-sms-sent":       {form: `form[action="/login/mfa/start"]`, sends: []string{`[name="method"][value="sms_otp"]`}, absent: `[name="phone"]`},
		"signin-mfa-sms-setup-sent": {form: `form[action="/login/mfa/start"]`, sends: []string{`[name="method"][value="sms_otp"]`}, absent: `[name="phone"]`},
		"step-up-totp":              {form: "main form:not(:first-of-type)", sends: []string{`[name="act"][value="show"]`, `button[name="proof_method"][value="password"]`}, absent: `input[name="proof_method"]`},
		"step-up-sms-sent":          {form: "main form:not(:first-of-type)", sends: []string{`button[name="proof_send"]`, `input[name="proof_method"][value="sms_otp"]`}},
		"signin-sent-reset":         {form: "main form", sends: []string{`[name="method"]`}, absent: `[name="code"]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := read(t, pages[name]).Find(want.form)
			for _, s := range want.sends {
				if form.Find(s).Length() == 0 {
					t.Errorf("no %s", s)
				}
			}
			if want.absent != "" && form.Find(want.absent).Length() > 0 {
				t.Errorf("%s is there", want.absent)
			}
		})
	}
}

// TestGo checks that only a page which may go on by itself tells the script so.
func TestGo(t *testing.T) {
	t.Parallel()
	for name, page := range samples() {
		want := strings.HasPrefix(name, "authenticate-oauth")
		if got := read(t, page).Find("form[data-go]").Length() > 0; got != want {
			t.Errorf("%s: goes on by itself: %v, want %v", name, got, want)
		}
	}
}

// TestOutward checks what a page may lead to by itself.
func TestOutward(t *testing.T) {
	t.Parallel()
	for address, kept := range map[string]bool{
		"https://accounts.google.com/o/oauth2/v2/auth?a=b&c=%22": true,
		"http://localhost:4321/callback":                         true,
		"com.example.app:/callback?code=x":                       true,
		"HTTPS://a.example/%7e?x=%2F+&y":                         true,
		"javascript:alert(1)":                                    false,
		"JavaScript:alert(1)":                                    false,
		"\tjavascript:alert(1)":                                  false,
		"data:text/html,<script>alert(1)</script>":               false,
		"blob:https://console.example/1":                         false,
		"file:///etc/passwd":                                     false,
		"vbscript:x":                                             false,
		"/login":                                                 false,
		"//evil.example":                                         false,
		"":                                                       false,
	} {
		frame := bareSample(&English, "On")
		frame.Refresh = address
		doc := read(t, Leave(LeavePage{Frame: frame, Host: "x", Href: address, Back: "/login"}))
		refresh, link := doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""), doc.Find("a.go").AttrOr("href", "")
		want, wantLink := "", ""
		if kept {
			want, wantLink = "0;url="+address, address
		}
		if refresh != want || link != wantLink {
			t.Errorf("%q: goes on to %q and links %q", address, refresh, link)
		}
	}
}

// TestSetupLink checks that the one address which passes the filter of schemes is an authenticator's.
func TestSetupLink(t *testing.T) {
	t.Parallel()
	good := sampleSetup()
	for uri, want := range map[string]string{good.URI: good.URI, "javascript:alert(1)": "", "otpauth:alert(1)": "", "otpauth://hotp/x": "", "": ""} {
		s := good
		s.URI = uri
		doc := read(t, SetupTOTP(s))
		if got := doc.Find("a").AttrOr("href", ""); got != want {
			t.Errorf("%q: links %q", uri, got)
		}
		if got := doc.Find(".copy").AttrOr("value", ""); got != strings.Join(good.Groups, "") {
			t.Errorf("copies %q", got)
		}
		if got := doc.Find("svg.qr").AttrOr("viewBox", ""); got != "0 0 33 33" {
			t.Errorf("the code is drawn in %q", got)
		}
	}
}

// TestActing checks that every page says whose eyes one sees with, signed in or not.
func TestActing(t *testing.T) {
	t.Parallel()
	for _, frame := range []Frame{actingFrame("x", AreaNone), outsideFrame("x")} {
		frame.Acting = &Acting{As: "Zoë", By: "ada@support.example", Left: "42 minutes", End: "/logout"}
		got := strings.Join(strings.Fields(read(t, Error(ErrorPage{Frame: frame, Heading: "x"})).Find(`form.acting[action="/logout"] p`).Text()), " ")
		if want := "You see this as Zoë. ada@support.example is behind it. Read only, 42 minutes left."; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAgainShows checks that what was typed is shown by the names that people know, and secrets are not.
func TestAgainShows(t *testing.T) {
	t.Parallel()
	doc := read(t, samples()["again"])
	if got := strings.Join(strings.Fields(doc.Find("details dd").Text()), " "); got != "Ada Fenwick" {
		t.Errorf("shows %q", got)
	}
	if link := doc.Find(`main a[target="_blank"]`); link.AttrOr("rel", "") != "noopener" {
		t.Error("the page that signs in can reach the one that was left")
	}
}

// TestWords checks the words that a page says of where something went, for all that may be unknown.
func TestWords(t *testing.T) {
	t.Parallel()
	pages := samples()
	for name, want := range map[string]string{
		"signin-sent":                  "If sam@support.example can sign in here, a link is on its way. It works for 10 minutes, once, and only in this browser.",
		"signin-sent-reset":            "If sam@support.example can sign in here, a link to set a new password is on its way. It works once, and only in this browser.",
		"signin-mfa-sms":               "Acme Industrial asks for a second factor. We send a code to the number that ends in 4567.",
		"signin-mfa-sms-sent":          "Acme Industrial asks for a second factor. A code is on its way to the number that ends in 4567.",
		"signin-mfa-sms-setup":         "Acme Industrial asks for a second factor. A code comes to your phone as a text message.",
		"signin-mfa-sms-unknown":       "The organization asks for a second factor. A code is on its way to you.",
		"step-up-sms":                  "To show your recovery codes, prove it once more. We send a code to the number that ends in 4567.",
		"step-up-email":                "To show your recovery codes, prove it once more. We send a code to you.",
		"step-up-password":             "To show your recovery codes, prove it once more. Enter your password.",
		"password":                     "For sam@support.example. It goes to Stytch. This console does not keep it.",
		"authenticate-invitation":      "For ada@meadow.example. If this is an invitation, this accepts it.",
		"authenticate-invitation-bare": "For the address that the link was sent to. If this is an invitation, this accepts it.",
		"signin-more":                  "Acme Industrial does not take the way you came. Go on as ada@acme.example with one of these.",
		"again":                        "Your session ended. Nothing was done. What you sent is kept on this page, and nowhere else.",
		"signin-more-none":             "The organization does not take the way you came.",
	} {
		if got := strings.Join(strings.Fields(read(t, pages[name]).Find("h1 + p").Text()), " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
