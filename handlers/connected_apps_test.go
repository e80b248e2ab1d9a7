package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// Without a staff organization the pages of the project do not exist, whoever asks.
func TestClientsNeedAStaffOrganization(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{noStaff: true})
	b := f.signIn(ada, "support-desk")
	n := 0
	for _, r := range handlers.Routes() {
		if !strings.HasPrefix(r.Path, paths.ConnectedApps) {
			continue
		}
		n++
		path := strings.NewReplacer(":client_id", seedClients()[clientWarehouse], ":group", "about").Replace(r.Path)
		a := b.do(r.Method, path, map[string]url.Values{http.MethodPost: {}}[r.Method])
		if a.status != http.StatusNotFound || len(a.calls()) > 0 {
			t.Errorf("%s %s: status %d after %d calls", r.Method, r.Path, a.status, len(a.calls()))
		}
	}
	if n != 10 {
		t.Errorf("%d routes", n)
	}
	b.get(paths.Organizations).saysNot(`href="` + paths.ConnectedApps + `"`)
}

// TestNewClients makes one of each type, and sends along what nobody may take: a client begins without rights.
func TestNewClients(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	form := b.get(paths.ConnectedAppNew).want(http.StatusOK)
	for _, words := range []string{"First party, confidential", "First party, public", "Third party, confidential", "Third party, public", "must use PKCE", "It never gets full access"} {
		form.says(words)
	}
	for _, clientType := range []string{stytch.AppFirstParty, stytch.AppFirstPartyPublic, stytch.AppThirdParty, stytch.AppThirdPartyPublic} {
		typed := newClientForm(clientType)(b)
		for name, value := range map[string]string{
			"full_access_allowed": "yes", "bypass_consent_for_offline_access": "yes", "client_id": "connected-app-mine", "status": "inactive", "client_secret": "mine-of-choice",
			"access_token_expiry_minutes": "1440", "logo_url": "https://evil.example/x.png",
		} {
			typed.Set(name, value)
		}
		a := b.post(paths.ConnectedAppNew, typed)
		id := strings.TrimPrefix(a.header.Get("Location"), paths.ConnectedApps+"/")
		if stytch.IsPublicApp(clientType) {
			b.get(a.want(http.StatusSeeOther).header.Get("Location")).says("is made. It has no secret.").says("Fresh <b>Client")
		} else {
			a.secretOf()
			id = strings.TrimPrefix(a.doc().Find("main form").AttrOr("action", ""), paths.ConnectedApps+"/")
		}
		got := f.wireClient(id)
		want := wireClient{ID: id, Name: "Fresh <b>Client", Type: clientType, Minutes: 60, LastFour: got.LastFour}
		if got.RedirectURLs == nil || got.RedirectURLs[0] != "https://fresh.example/callback" {
			t.Errorf("%s: redirects to %q", clientType, got.RedirectURLs)
		}
		got.RedirectURLs = nil
		if got.ID == "" || !sameClient(got, want) {
			t.Errorf("%s: made is %+v", clientType, got)
		}
	}
}

func sameClient(a, b wireClient) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Type == b.Type && a.FullAccess == b.FullAccess && a.Bypass == b.Bypass && a.Minutes == b.Minutes && a.LastFour == b.LastFour && a.Next == b.Next
}

// What is wrong with a new client is said beside its field, and nothing typed is lost.
func TestNewClientIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for _, tt := range []struct {
		field, words string
		form         url.Values
	}{
		{"client_type", "Choose a type.", values("client_name", "Mine")},
		{"client_type", "Choose a type.", values("client_name", "Mine", "client_type", "zeroth_party")},
		{"client_name", "Enter a name", values("client_type", "third_party")},
		{"client_name", "too long", values("client_type", "third_party", "client_name", strings.Repeat("ü", 129))},
		{"redirect_urls", "is not encrypted", values("client_type", "third_party", "client_name", "Mine", "redirect_urls", "https://a.example/\nhttp://a.example/")},
		{"redirect_urls", "Only public clients", values("client_type", "third_party", "client_name", "Mine", "redirect_urls", "com.example.app:/cb")},
	} {
		a := b.post(paths.ConnectedAppNew, tt.form)
		a.want(http.StatusUnprocessableEntity).wroteNothing()
		if text := a.text("#" + tt.field + "-e"); !strings.Contains(text, tt.words) {
			t.Errorf("%v: beside %s is %q", tt.form, tt.field, text)
		}
		if kept := a.doc().Find("textarea[name=redirect_urls]").Text(); strings.TrimSpace(kept) != tt.form.Get("redirect_urls") {
			t.Errorf("%v: %q is left", tt.form, kept)
		}
		if kept := a.doc().Find("input[name=client_name]").AttrOr("value", ""); kept != tt.form.Get("client_name") {
			t.Errorf("%v: the name is %q now", tt.form, kept)
		}
	}
}

// Each refusal of the upstream's is said beside the field that it is about.
func TestClientRefusals(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	id := seedClients()[clientWarehouse]
	type typed struct{ group, field, was, wanted string }
	redirects := typed{"redirects", "redirect_urls", warehouseURL, "https://new.example/"}
	template := typed{"tokens", "access_token_template_content", `{"plan":"{{organization.trusted_metadata.plan}}"}`, "{}"}
	for kind, of := range map[string]typed{
		"connected_app_invalid_redirect_url": redirects, "connected_app_redirect_url_must_include_scheme": redirects,
		"connected_app_redirect_url_must_use_http_or_https_scheme": redirects, "connected_app_redirect_url_must_use_https_scheme": redirects,
		"connected_app_redirect_url_http_scheme_must_use_loopback": redirects, "connected_app_redirect_url_cannot_use_localhost": redirects, "duplicate_redirect_url": redirects,
		"third_party_clients_cannot_use_full_access":             {"rights", "full_access_allowed", "no", "yes"},
		"third_party_clients_require_consent_for_offline_access": {"rights", "bypass_consent_for_offline_access", "no", "yes"},
		"idp_invalid_access_token_expiry_minutes":                {"tokens", "access_token_expiry_minutes", "15", "20"},
		"idp_invalid_access_token_custom_audience":               {"tokens", "access_token_custom_audience", "https://warehouse.example/api", "x"},
		"idp_invalid_access_token_jwt_template":                  template, "jwt_template_invalid_json": template, "jwt_template_invalid_tag": template, "jwt_template_mismatched_tag": template,
	} {
		f.fault(sandbox.Fault{Operation: stytch.AppClientUpdate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: kind})
		a := b.post(paths.ConnectedAppEdit(id, of.group), changing(of.field, of.was, of.wanted)(b))
		f.sandbox.ClearFaults()
		a.want(http.StatusUnprocessableEntity)
		if text := a.text("#" + of.field + "-e"); len(text) < 15 || strings.Contains(text, "_") {
			t.Errorf("%s: beside %s is %q", kind, of.field, text)
		}
	}
	// What is said of redirect URLs is said of post-logout ones, too; what is about no field stands above the form.
	for kind, field := range map[string]string{"connected_app_invalid_redirect_url": "#post_logout_redirect_urls-e", "connected_app_misconfigured_client": "main .note[role=alert]"} {
		f.fault(sandbox.Fault{Operation: stytch.AppClientUpdate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: kind})
		a := b.post(paths.ConnectedAppEdit(id, "post-logout"), changing("post_logout_redirect_urls", "", "https://bye.example/")(b)).want(http.StatusUnprocessableEntity)
		f.sandbox.ClearFaults()
		if text := a.text(field); !strings.Contains(text, "Stytch does not take") {
			t.Errorf("%s: %s is %q", kind, field, text)
		}
	}
}

// Where people are sent is shown once more before it is saved, with what it means, and so are rights.
func TestClientChangesAreReviewed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := seedClients()[clientWarehouse]
	at := paths.ConnectedAppEdit(id, "redirects")
	const wanted = "https://new.example/callback\nhttp://127.0.0.1/cb"
	review := b.post(at, values("was.redirect_urls", warehouseURL, "redirect_urls", wanted)).want(http.StatusOK)
	review.wroteNothing()
	review.says("Sign-ins that ask for 1 address that is taken away are refused").says("Codes may go to new.example.").says("whatever program listens on the member's own computer")
	b.post(at, review.fields(at)).leads(paths.ConnectedApp(id))
	if got := strings.Join(f.wireClient(id).RedirectURLs, "\n"); got != wanted {
		t.Errorf("it redirects to %q", got)
	}
	rights := paths.ConnectedAppEdit(id, "rights")
	review = b.post(rights, values("was.full_access_allowed", "no", "full_access_allowed", "yes", "was.bypass_consent_for_offline_access", "no", "bypass_consent_for_offline_access", "yes"))
	review.want(http.StatusOK).says("all that they may do, it may do").says("Members are not asked before it stays connected").wroteNothing()
	b.post(rights, review.fields(rights)).leads(paths.ConnectedApp(id))
	if got := f.wireClient(id); !got.FullAccess || !got.Bypass {
		t.Errorf("its rights are %+v", got)
	}
	b.get(paths.ConnectedApp(id)).says("May be asked for").says("Without consent")
	// Others save at once, and only what was changed is sent.
	b.post(paths.ConnectedAppEdit(id, "tokens"), values("was.access_token_expiry_minutes", "15", "access_token_expiry_minutes", "30", "full_access_allowed", "no", "was.full_access_allowed", "yes")).leads(paths.ConnectedApp(id))
	if got := f.wireClient(id); got.Minutes != 30 || !got.FullAccess {
		t.Errorf("it is %+v", got)
	}
}

// Rights are for first-party clients alone: the page says why, and a form that was made up changes nothing.
func TestThirdPartyHasNoRights(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	at := paths.ConnectedAppEdit(seedClients()[clientLedgerly], "rights")
	page := b.get(at).want(http.StatusOK).says("Only first-party clients may have it")
	if page.doc().Find("main form").Length() > 0 {
		t.Error("the page has a form")
	}
	for _, field := range []string{"full_access_allowed", "bypass_consent_for_offline_access"} {
		b.post(at, changing(field, "no", "yes")(b)).want(http.StatusForbidden).says("Only first-party clients may have it").says("Nothing was changed.").wroteNothing()
	}
}

// TestWhoLetAClientIn: each organization that somebody has entered is asked with its own session; one that does not answer is said to
// be unread, and that others cannot be seen is said plainly.
func TestWhoLetAClientIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk").enter("acme").enter("umbrella")
	id := seedClients()[clientLedgerly]
	for _, path := range []string{paths.ConnectedApp(id), paths.ConnectedAppDelete(id)} {
		page := b.get(path).want(http.StatusOK)
		page.says("it may be in use in organizations that cannot be seen from here")
		rows := map[string]string{}
		for _, row := range page.doc().Find("table tbody tr").EachIter() {
			rows[strings.TrimSpace(row.Find("th").Text())] = strings.Join(strings.Fields(row.Find("td").Text()), " ")
		}
		if !strings.HasPrefix(rows["Acme Corporation"], "3 membersoffline_access 1, read:billing 3, openid 3") {
			t.Errorf("%s: acme is %q", path, rows["Acme Corporation"])
		}
		if rows["Support desk"] != "Not in use" || len(rows) < 3 {
			t.Errorf("%s: the rows are %q", path, rows)
		}
		if n := page.doc().Find("table tbody a[href^='" + paths.Members(f.organization("acme")) + "/']").Length(); n != 3 {
			t.Errorf("%s: %d members are named", path, n)
		}
	}
	f.fault(sandbox.Fault{Operation: stytch.OrganizationAppGet.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError, Count: 1})
	page := b.get(paths.ConnectedApp(id)).want(http.StatusOK)
	if n := strings.Count(page.text("main"), "Not read"); n != 1 {
		t.Errorf("%d organizations are unread", n)
	}
	page.says("It may be in use here all the same. Stytch has a fault.")
	// A session that has ended in one tenant is that tenant's trouble alone.
	f.sandbox.ClearFaults()
	f.endElsewhere("acme")
	b.get(paths.ConnectedApp(id)).want(http.StatusOK).says("Not read").says("Your session has ended")
	if !b.isSignedIn() {
		t.Error("signed out")
	}
	b.get(paths.ConnectedApp(id)).want(http.StatusOK).saysNot("Acme Corporation")
	// That of the staff is the page's.
	f.endElsewhere("support-desk")
	b.get(paths.ConnectedApp(id)).want(http.StatusSeeOther)
}

// A client is deleted by whoever types its name; one that has none, or none that can be typed, by its id.
func TestDeletingClients(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	nameless := seedClients()[""]
	for id, name := range map[string]string{seedClients()[clientWarehouse]: clientWarehouse, nameless: nameless} {
		at := paths.ConnectedAppDelete(id)
		b.get(at).want(http.StatusOK).says("Type " + name + " to go on").says("Nothing brings it back")
		for _, typed := range []string{"", strings.ToLower(name) + "x", name[:len(name)-1]} {
			a := b.post(at, values("typed", typed)).want(http.StatusUnprocessableEntity)
			a.says("This is not what is asked for.").says("cannot be seen from here").wroteNothing()
		}
		b.post(at, values("typed", name)).leads(paths.ConnectedApps)
		b.get(paths.ConnectedApps).says("is deleted.")
		if f.wireClient(id).ID != "" {
			t.Errorf("%s is still there", name)
		}
		b.get(paths.ConnectedApp(id)).want(http.StatusNotFound)
	}
}

// Whatever a client calls itself and wherever it leads, its pages are made of our markup alone, load nothing of its, and link nowhere.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	b.get(paths.ConnectedApps).want(http.StatusOK).harmless("list")
	b.get(paths.ConnectedApps + "?" + url.Values{"text": {"<script>\u202e"}}.Encode()).want(http.StatusOK).harmless("filter")
	n := 0
	for name, id := range seedClients() {
		n++
		for _, path := range []string{
			paths.ConnectedApp(id), paths.ConnectedAppDelete(id), paths.ConnectedAppSecret(id, ""), paths.ConnectedAppEdit(id, "about"),
			paths.ConnectedAppEdit(id, "redirects"), paths.ConnectedAppEdit(id, "tokens"), paths.ConnectedAppEdit(id, "rights"),
		} {
			b.get(path).want(http.StatusOK).harmless(name + " " + path)
		}
	}
	if n < 15 {
		t.Errorf("%d clients", n)
	}
	hostile := b.get(paths.ConnectedApp(seedClients()["<script>alert(7)</script> app"])).says("<script>alert(7)</script> app").says("data:text/html,").says("U+202E")
	if hostile.doc().Find("main img, main [src], main a[href^=data], main a[href^=http]").Length() > 0 {
		t.Error("something of the client's is loaded or linked")
	}
	b.get(paths.ConnectedApp(seedClients()["Terminal helper"])).says("This client registered itself.")
	b.get(paths.ConnectedApp(seedClients()["Agent Bridge"])).says("This client is its own address").says("https://agent.example/oauth/client.json")
	b.get(paths.ConnectedApp(seedClients()["Pocket Notes"])).says("An app on the device")
	b.get(paths.ConnectedApp(seedClients()["Notebook CLI"])).says("This computer")
	nameless := b.get(paths.ConnectedApp(seedClients()[""]))
	if nameless.h1() != "No name yet" {
		t.Errorf("the nameless one is called %q", nameless.h1())
	}
}

// crowd makes clients, past the console.
func (f *fixture) crowd(n int) {
	f.t.Helper()
	for i := range n {
		r := httptest.NewRequest(http.MethodPost, "/v1/connected_apps/clients", strings.NewReader(`{"client_type":"third_party_public","client_name":"Crowd `+strconv.Itoa(i)+`","redirect_urls":["https://crowd.example/cb"]}`))
		r.SetBasicAuth(f.sandbox.ProjectID(), f.sandbox.Secret())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		f.sandbox.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			f.t.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
}

// TestListLooksSoFar: the list spends five searches at most, says how far it looked, and goes on from there.
func TestListLooksSoFar(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	small := b.get(paths.ConnectedApps).want(http.StatusOK)
	small.says("Looked at " + strconv.Itoa(len(seedClients())) + " clients: all that the project has.")
	if n := len(clientsOf(f.sandbox)); n != len(seedClients()) {
		t.Errorf("%d clients, and %d names", n, len(seedClients()))
	}
	f.crowd(1000)
	searches := func(a *answer) (n int) {
		for _, op := range a.operations() {
			if op == stytch.AppClientsSearch.String() {
				n++
			}
		}
		return n
	}
	a := b.get(paths.ConnectedApps + "?text=Crowd&sort=-name").want(http.StatusOK).says("Looked at 1,000 clients; the project has")
	if n := searches(a); n != 5 {
		t.Errorf("%d searches", n)
	}
	if n := a.doc().Find("tbody tr").Length(); n != 100 {
		t.Errorf("%d rows", n)
	}
	more := a.doc().Find("a:contains('Look at those behind')").AttrOr("href", "")
	rest := b.get(more).want(http.StatusOK).says("Looked at clients 1,001 to " + strings.Replace(strconv.Itoa(1000+len(seedClients())), "1", "1,", 1) + ", the end.").says("Crowd 999")
	if n := searches(rest); n != 1 {
		t.Errorf("%d searches", n)
	}
	next := a.doc().Find("nav.pager a:contains('Next')").AttrOr("href", "")
	page := b.get(next).want(http.StatusOK).says("Rows 101 to 200")
	if got, first := page.text("tbody tr:first-child th"), a.text("tbody tr:last-child th"); got >= first {
		t.Errorf("after %q comes %q", first, got)
	}
	if back := page.doc().Find("nav.pager a:contains('Back')").AttrOr("href", ""); b.get(back).text("tbody tr:first-child th") != a.text("tbody tr:first-child th") {
		t.Errorf("back leads to %s", back)
	}
	b.get(paths.ConnectedApps + "?text=Ledgerly&row=50").want(http.StatusOK).says("Ledgerly")
}

// Where the searches of a minute run out on the way, the list shows what it has, and where it stopped.
func TestListStopsWithTheBudget(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{budget: 3, perSession: 3})
	b := f.signIn(ada, "support-desk")
	f.crowd(1000)
	a := b.get(paths.ConnectedApps).want(http.StatusOK).says("Looked at 600 clients; the project has")
	if a.doc().Find("a:contains('Look at those behind')").Length() != 1 {
		t.Error("there is no way on")
	}
	b.get(paths.ConnectedApps).want(http.StatusTooManyRequests).says("The searches of this minute are used up.")
}

func TestFilteredList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	a := b.get(paths.ConnectedApps + "?rotating=yes").want(http.StatusOK)
	if names := a.text("tbody th a.row"); names != clientPayroll {
		t.Errorf("half changed are %q", names)
	}
	if chip := a.text(".chips .chip"); !strings.HasPrefix(chip, "Secret is half changed yes") {
		t.Errorf("the chip says %q", chip)
	}
	if a.doc().Find("details.more[open]").Length() != 1 {
		t.Error("the filter in use is folded away")
	}
	b.get(paths.ConnectedApps + "?text=nobody-is-called-so").want(http.StatusOK).says("No client matches").says("Looked at")
	row := b.get(paths.ConnectedApps + "?text=Desktop").doc().Find("tbody tr")
	if text := strings.Join(strings.Fields(row.Text()), " "); row.Length() != 1 || !strings.Contains(text, "First party, public") || !strings.Contains(text, "127.0.0.1") || !strings.Contains(text, "+1") || !strings.Contains(text, "Allowed") {
		t.Errorf("the row is %q", text)
	}
	if row.Find("a.row").AttrOr("href", "") != paths.ConnectedApp(seedClients()["Desktop app"]) || row.Find("button.copy").Length() != 1 {
		t.Error("the row leads nowhere, or its id cannot be copied")
	}
	b.get(paths.ConnectedApps + "?cursor=made-up").want(http.StatusUnprocessableEntity).says("could not be read")
}

// Whoever pastes the id of a client comes to its page; others than staff are told that nothing was found.
func TestFindClient(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	id := seedClients()[clientLedgerly]
	f.signIn(ada, "support-desk").get(paths.Find + "?q=" + id).leads(paths.ConnectedApp(id))
	f.signIn(olivia, "acme").get(paths.Find + "?q=" + id).want(http.StatusNotFound)
}
