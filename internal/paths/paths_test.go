package paths

import (
	"net/url"
	"strings"
	"testing"
)

// hostile are ids and slugs as an attacker would have them.
var hostile = []string{
	"..", ".", "../../logout", "a/b", `a\b`, "a?b=c", "a#b", "a;b", "%2e%2e", "%2f", "//evil.example", "javascript:alert(1)", "<script>", `"onclick="`,
	"a b", "a\tb", "a\r\nb", "a\x00b", "ü", "\u202e", "\xff", "", strings.Repeat("x", 10_000),
}

// What is put into an address stays one segment of it, so no id leads to another page.
func TestSegmentsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, id := range hostile {
		for name, built := range map[string]struct {
			address string
			at, of  int
		}{
			"LoginFor": {LoginFor(id), 2, 3}, "Organization": {Organization(id), 2, 3}, "Enter": {Enter(id), 2, 4}, "Leave": {Leave(id), 2, 4},
			"Activity": {Activity(id), 2, 4}, "ActivityCSV": {ActivityCSV(id), 2, 5}, "ActivityJSON": {ActivityJSON(id), 2, 5},
			"EntryEnd": {EntryEnd(id), 2, 4}, "Members": {Members(id), 2, 4}, "Member": {Member("o", id), 4, 5}, "Member's organization": {Member(id, "m"), 2, 5},
			"WithPassword": {strings.TrimSuffix(WithPassword(LoginFor(id)), "?way=password"), 2, 3},
		} {
			segments := strings.Split(built.address, "/")
			if len(segments) != built.of {
				t.Errorf("%s(%.30q) has %d segments: %s", name, id, len(segments), built.address)
				continue
			}
			got, err := url.PathUnescape(segments[built.at])
			if err != nil || got != id || strings.ContainsAny(built.address, "?#\\<>\" \r\n\t\x00") {
				t.Errorf("%s(%.30q) is %.60s", name, id, built.address)
			}
		}
	}
}

// What is put into a query stays the value of its one name, so no id changes what else an address says.
func TestValuesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, id := range hostile {
		for name, built := range map[string]struct{ address, path, value string }{
			"LoginMoreFor": {LoginMoreFor(id), LoginMore, "organization"}, "LoginMFAFor": {LoginMFAFor(id, ""), LoginMFA, "organization"},
			"LoginMFAFor's method": {LoginMFAFor("", id), LoginMFA, "method"}, "Own": {Own(AccountName, id), AccountName, "organization"},
			"LoginOAuth": {LoginOAuth("google", id), Login + "/oauth/google", "organization"}, "ActivityOf": {ActivityOf("o", id), Activity("o"), "member"},
		} {
			path, query, _ := strings.Cut(built.address, "?")
			got, err := url.ParseQuery(query)
			if err != nil || path != built.path || got.Get(built.value) != id || len(got) > 1 || strings.ContainsAny(query, "?#\\<>\" \r\n\t\x00") {
				t.Errorf("%s(%.30q) is %.60s", name, id, built.address)
			}
		}
		path, _, _ := strings.Cut(LoginOAuth(id, "acme"), "?")
		if segments := strings.Split(path, "/"); len(segments) != 4 {
			t.Errorf("LoginOAuth(%.30q) has %d segments: %s", id, len(segments), path)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		LoginFor("acme"): "/login/acme", Organization("o"): "/organizations/o", Enter("o"): "/organizations/o/enter",
		Leave("o"): "/organizations/o/leave", Members("o"): "/organizations/o/members", Member("o", "m"): "/organizations/o/members/m",
		LoginNotice("out"): "/login?notice=out", WithPassword(Login): "/login?way=password", WithPassword(LoginFor("acme")): "/login/acme?way=password",
		LoginOAuth("google", ""): "/login/oauth/google", LoginOAuth("google", "acme"): "/login/oauth/google?organization=acme",
		LoginMFAFor("o", ""): "/login/mfa?organization=o", LoginMFAFor("o", "totp"): "/login/mfa?method=totp&organization=o",
		LoginMoreFor("o"): "/login/more?organization=o", Own(Account, ""): "/account", Own(AccountSessions, "o"): "/account/sessions?organization=o",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for pattern, made := range map[string]string{
		LoginSlug: LoginFor("x"), OrganizationRoute: Organization("x"), OrganizationEnter: Enter("x"), OrganizationLeave: Leave("x"),
		ActivityRoute: Activity("x"), ActivityCSVRoute: ActivityCSV("x"), ActivityJSONRoute: ActivityJSON("x"), MembersRoute: Members("x"), MemberRoute: Member("x", "x"), LoginOAuthRoute: LoginOAuth("x", ""),
	} {
		want := strings.NewReplacer(":organization_id", "x", ":member_id", "x", ":slug", "x", ":provider", "x").Replace(pattern)
		if made != want {
			t.Errorf("the pattern %s and the link %s differ", pattern, made)
		}
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query url.Values
		want  string
	}{
		{nil, "/find"},
		{url.Values{"q": {""}}, "/find"},
		{url.Values{"q": {"a b&c=d#e"}}, "/find?q=a+b%26c%3Dd%23e"},
		{url.Values{"b": {"2"}, "a": {"1", "", "0"}, "c": {}}, "/find?a=1&a=0&b=2"},
		{url.Values{"": {"x"}}, "/find?=x"},
	} {
		if got := With(Find, c.query); got != c.want {
			t.Errorf("%v: %s, want %s", c.query, got, c.want)
		}
	}
}

var (
	local = []string{
		"/", "/organizations", "/organizations/x/members?status=active&cursor=a%2Fb", "/find?q=//evil.example", "/find?q=https://evil.example/",
		"/a//b", "/login?x=%5C", "/%2f/evil.example", "/ü", "/find?q=ü#part", "/@evil.example", "/:80",
	}
	foreign = []string{
		"", "organizations", "./x", "../x", "?q=x", "#x", "//evil.example", "///evil.example", "////evil.example/..", "//", "/\\evil.example", "\\\\evil.example",
		"\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "/\r\nLocation: https://evil.example",
		"/x\\y", "/x\x00y", "/x\x7fy", "https://evil.example/", "HTTPS://evil.example", "https:/evil.example", "https:evil.example", "http:", "javascript:alert(1)",
		"JaVaScRiPt:alert(1)", "data:text/html,x", "mailto:x@evil.example", "//user@evil.example/", "/%zz", "/%", "\u2028//evil.example", "\ufeff/x",
		"/" + strings.Repeat("x", 2048),
	}
)

func TestLocal(t *testing.T) {
	t.Parallel()
	for _, to := range local {
		if !Local(to) {
			t.Errorf("%q is refused", to)
		}
	}
	for _, to := range foreign {
		if Local(to) {
			t.Errorf("%.60q is taken", to)
		}
	}
	if !Local("/" + strings.Repeat("x", 2047)) {
		t.Error("an address of 2,048 bytes is refused")
	}
}

// Whatever is taken leads to the console's own origin, also after what browsers do to an address before they read it.
func FuzzLocal(f *testing.F) {
	for _, to := range append(append([]string{}, local...), foreign...) {
		f.Add(to)
	}
	base, err := url.Parse("https://console.example/authenticate")
	if err != nil {
		f.Fatal(err)
	}
	browser := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/")
	f.Fuzz(func(t *testing.T, to string) {
		if !Local(to) {
			return
		}
		for _, read := range []string{to, browser.Replace(strings.TrimSpace(to))} {
			u, err := url.Parse(read)
			if err != nil {
				continue
			}
			if at := base.ResolveReference(u); at.Scheme != base.Scheme || at.Host != base.Host || at.User != nil {
				t.Errorf("%q leads to %s", to, at)
			}
		}
		if strings.ContainsAny(to, "\r\n\x00\\") || strings.HasPrefix(to, "//") {
			t.Errorf("%q is taken", to)
		}
	})
}
