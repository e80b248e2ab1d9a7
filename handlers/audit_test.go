package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// note adds an entry to the record. Its name is the console's reference, so that it can be found on a page.
func (f *fixture) note(name string, a stytch.Act, o stytch.Outcome) {
	f.t.Helper()
	a.Reference = name
	if a.Name == "" {
		a.Name = a.Operation.String()
	}
	if o.Result == "" {
		o.Result = stytch.ResultDone
	}
	if err := f.audit.Note(f.t.Context(), a, o); err != nil {
		f.t.Fatal(err)
	}
}

// fact is what an entry of a page says under a label, "" where it does not have one.
func fact(row *goquery.Selection, label string) string {
	for _, dt := range row.Find("dl.facts dt").EachIter() {
		if strings.TrimSpace(dt.Text()) == label {
			dd := dt.Next().Clone()
			dd.Find("a.text-xs").Remove() // the way to those that have it in common
			return strings.Join(strings.Fields(dd.Text()), " ")
		}
	}
	return ""
}

// listed are the names of the noted entries on a page, in its order. Those of visits have names that are drawn by lot.
func (a *answer) listed() []string {
	a.t.Helper()
	var out []string
	for _, row := range a.doc().Find("table.log tbody tr").EachIter() {
		if name := fact(row, "Reference"); strings.HasPrefix(name, "note-") {
			out = append(out, name)
		}
	}
	return out
}

func (a *answer) entry(name string) *goquery.Selection {
	a.t.Helper()
	for _, row := range a.doc().Find("table.log tbody tr").EachIter() {
		if fact(row, "Reference") == name {
			return row
		}
	}
	a.t.Fatalf("the page does not list %s", name)
	return nil
}

func actor(f *fixture, email, slug, name string) stytch.Actor {
	return stytch.Actor{Email: email, Name: name, MemberID: f.member(slug, email), OrganizationID: f.organization(slug)}
}

const upstreamRequest = "request-id-test-00000000-0000-4000-8000-000000000001"

// noted is a record with four entries, each a minute after the one before; the times are those of its minutes.
func noted(t *testing.T) (f *fixture, b *browser, times []time.Time) {
	t.Helper()
	f = newFixture(t, setup{})
	b = f.signIn(ada, "support-desk")
	b.enter("acme")
	acme, globex, desk := f.organization("acme"), f.organization("globex"), f.organization("support-desk")
	tom := f.member("acme", "tom.baker@acme.example")
	for _, n := range []struct {
		name string
		act  stytch.Act
		out  stytch.Outcome
	}{
		{"note-own", stytch.Act{
			Operation: stytch.MemberUpdate, Actor: actor(f, olivia, "acme", "Olivia Hart"), ActingOrganizationID: acme, ActingMemberID: f.member("acme", olivia),
			OrganizationID: acme, MemberID: tom, Reason: "He asked.", Changes: []stytch.Change{{Field: "Name", Was: "Tom", Now: "Thomas"}, {Field: "Phone", Now: newPhone}},
		}, stytch.Outcome{RequestID: upstreamRequest}},
		{"note-entered", stytch.Act{
			Operation: stytch.OwnSessionsRevoke, Actor: actor(f, ada, "support-desk", "Ada"), ActingOrganizationID: acme, ActingMemberID: f.member("acme", ada),
			OrganizationID: acme, MemberID: tom, Target: "member-session-test-1", Reason: "SUP-4821 stolen laptop",
		}, stytch.Outcome{Result: stytch.ResultRefused, ErrorType: "session_authorization_error"}},
		{"note-staff", stytch.Act{
			Operation: stytch.StaffTrustedUpdate, Actor: actor(f, sam, "support-desk", "Sam"), ActingOrganizationID: desk, ActingMemberID: f.member("support-desk", sam),
			OrganizationID: acme, Reason: "SUP-4822 a secret word", Changes: []stytch.Change{{Field: "Trusted metadata", Was: "{}", Now: `{"plan":"gold"}`}},
		}, stytch.Outcome{Result: stytch.ResultFailed}},
		{"note-elsewhere", stytch.Act{
			Operation: stytch.MemberUpdate, Actor: actor(f, nadia, "globex", "Nadia"), ActingOrganizationID: globex, ActingMemberID: f.member("globex", nadia),
			OrganizationID: globex, MemberID: f.member("globex", nadia),
		}, stytch.Outcome{Result: stytch.ResultUnknown}},
	} {
		f.advance(time.Minute)
		times = append(times, f.now().UTC())
		f.note(n.name, n.act, n.out)
	}
	f.advance(time.Minute)
	return f, b, times
}

func TestAuditFilters(t *testing.T) {
	t.Parallel()
	f, b, times := noted(t)
	minute := func(i int) string { return times[i].Format("2006-01-02 15:04") }
	change := stytch.MemberUpdate.String()
	for name, c := range map[string]struct {
		query []string
		want  []string
	}{
		"none":                {nil, []string{"note-elsewhere", "note-staff", "note-entered", "note-own"}},
		"person by address":   {[]string{"person", olivia}, []string{"note-own"}},
		"person in capitals":  {[]string{"person", strings.ToUpper(olivia)}, []string{"note-own"}},
		"person by member id": {[]string{"person", f.member("support-desk", sam)}, []string{"note-staff"}},
		"nobody":              {[]string{"person", "nobody@acme.example"}, nil},
		"organization":        {[]string{"organization", f.organization("globex")}, []string{"note-elsewhere"}},
		"member":              {[]string{"member", f.member("acme", "tom.baker@acme.example")}, []string{"note-entered", "note-own"}},
		"target":              {[]string{"target", "member-session-test-1"}, []string{"note-entered"}},
		"operation":           {[]string{"operation", change}, []string{"note-elsewhere", "note-own"}},
		"refused":             {[]string{"result", "refused"}, []string{"note-entered"}},
		"failed":              {[]string{"result", "failed"}, []string{"note-staff"}},
		"unknown":             {[]string{"result", "unknown"}, []string{"note-elsewhere"}},
		"request":             {[]string{"request", upstreamRequest}, []string{"note-own"}},
		"reference":           {[]string{"request", "note-staff"}, []string{"note-staff"}},
		"from":                {[]string{"from", minute(2)}, []string{"note-elsewhere", "note-staff"}},
		"to, that minute too": {[]string{"to", minute(1)}, []string{"note-entered", "note-own"}},
		"one minute":          {[]string{"from", minute(1), "to", minute(1)}, []string{"note-entered"}},
		"days":                {[]string{"from", times[0].Format("2006-01-02"), "to", times[3].Format("2006-01-02")}, []string{"note-elsewhere", "note-staff", "note-entered", "note-own"}},
		"together":            {[]string{"operation", change, "result", "done"}, []string{"note-own"}},
	} {
		query := values(c.query...)
		a := b.get(paths.With(paths.Audit, query)).want(http.StatusOK)
		if diff := cmp.Diff(c.want, a.listed()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if n := a.doc().Find(".chips a.chip").Length(); n != len(query) {
			t.Errorf("%s: %d chips", name, n)
		}
		for field, typed := range query {
			kept := a.doc().Find(`main form [name="` + field + `"]`)
			if goquery.NodeName(kept) == "select" {
				kept = kept.Find("option[selected]")
			}
			if kept.AttrOr("value", "") != typed[0] {
				t.Errorf("%s: the field %s has %q", name, field, kept.AttrOr("value", ""))
			}
		}
		if len(c.want) == 0 {
			a.says("No entry matches")
		}
	}
}

func TestAuditFiltersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for field, c := range map[string]struct{ typed, says string }{
		"person": {"ada", "Enter a whole e-mail address or a member id."}, "organization": {"acme", "An organization id looks like"},
		"member": {"olivia", "A member id looks like"}, "result": {"maybe", "Choose one of the list."}, "from": {"yesterday", "Write it as 2026-11-22"},
		"to": {"2026-13-01", "Write it as 2026-11-22"},
	} {
		path := paths.With(paths.Audit, values(field, c.typed))
		a := b.get(path).want(http.StatusUnprocessableEntity)
		in := a.doc().Find("#f-" + field)
		if problem := a.text("#f-" + field + "-e"); !strings.Contains(problem, c.says) || in.Length() != 1 {
			t.Errorf("%s: it says %q beside the field", field, problem)
		}
		if len(a.listed()) > 0 || a.doc().Find("table.log").Length() > 0 {
			t.Errorf("%s: entries are listed all the same", field)
		}
		b.get(strings.Replace(path, paths.Audit, paths.AuditCSV, 1)).want(http.StatusUnprocessableEntity).says(c.says)
	}
	b.get(paths.Audit + "?from=2026-11-22&to=2026-11-21").want(http.StatusUnprocessableEntity).says("This is before the other one.")
	b.get(paths.Audit + "?operation=something_of_old").want(http.StatusOK).says("No entry matches").says("something_of_old")
	b.get(paths.Audit + "?operation=some+thing").want(http.StatusUnprocessableEntity).says("Choose one of the list.")
	b.get(paths.Audit + "?before=-1&before=x").want(http.StatusOK)
}

// TestAuditRow: an entry says who did what, from where, in which tenant, to whom, how it ended, and why.
func TestAuditRow(t *testing.T) {
	t.Parallel()
	f, b, times := noted(t)
	acme, tom := f.organization("acme"), f.member("acme", "tom.baker@acme.example")
	a := b.get(paths.Audit).want(http.StatusOK)
	own := a.entry("note-own")
	text := strings.Join(strings.Fields(own.Text()), " ")
	for _, words := range []string{"Olivia Hart", "Changed a member", "Done", "He asked.", "Tom → Thomas", "not set → " + newPhone, times[0].Format("2006-01-02 15:04:05")} {
		if !strings.Contains(text, words) {
			t.Errorf("the entry does not say %q: %s", words, text)
		}
	}
	for label, want := range map[string]string{
		"E-mail": olivia, "From": "Acme Corporation " + acme, "Member": f.member("acme", olivia), "Organization": "Acme Corporation " + acme, "On": tom, "Operation": stytch.MemberUpdate.String(), "Request": upstreamRequest,
		"Reason": "He asked.", "Result": "Done.",
	} {
		if got := fact(own, label); got != want {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
	for _, href := range []string{paths.Member(acme, tom), paths.Organization(acme), paths.With(paths.Audit, values("person", olivia)), paths.With(paths.Audit, values("request", upstreamRequest))} {
		if own.Find(`a[href="`+href+`"]`).Length() == 0 {
			t.Errorf("no link to %s", href)
		}
	}
	if copied := own.Find(`button.copy[aria-label="Copy request id"]`); copied.Length() < 2 {
		t.Error("the upstream's request id cannot be copied in the row and in the details")
	}
	if kind := a.entry("note-entered").Find(".st.bad").First().Text(); kind != "Refused" {
		t.Errorf("a refusal is %q", kind)
	}
	for name, says := range map[string][]string{
		"note-entered":   {"Tried to end sessions", "Support desk", "SUP-4821 stolen laptop", "session_authorization_error"},
		"note-staff":     {"Tried to change the organization", "Failed", "SUP-4822 a secret word"},
		"note-elsewhere": {"Tried to change a member", "Unknown", "It may have been done."},
	} {
		text := strings.Join(strings.Fields(a.entry(name).Text()), " ")
		for _, words := range says {
			if !strings.Contains(text, words) {
				t.Errorf("%s does not say %q: %s", name, words, text)
			}
		}
	}
	if open := a.doc().Find("table.log details[open]").Length(); open > 0 {
		t.Errorf("%d entries are unfolded", open)
	}
}

func TestAuditPages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	acme := f.organization("acme")
	var want []string
	for i := range 120 {
		name := "note-" + strconv.Itoa(i)
		f.note(name, stytch.Act{Operation: stytch.MemberUpdate, OrganizationID: acme, MemberID: f.member("acme", olivia)}, stytch.Outcome{})
		want = append(want, name)
	}
	slices.Reverse(want)
	var got []string
	pages := 0
	for path := paths.Audit + "?organization=" + acme; path != ""; pages++ {
		a := b.get(path).want(http.StatusOK)
		rows := a.listed()
		if pages < 2 && len(rows) != 50 {
			t.Errorf("page %d has %d entries", pages+1, len(rows))
		}
		got = append(got, rows...)
		if newest := a.doc().Find(`nav.pager a:contains("Newest")`).AttrOr("href", ""); (newest != "") != (pages > 0) {
			t.Errorf("page %d leads to the newest at %q", pages+1, newest)
		}
		path = a.doc().Find(`nav.pager a:contains("Next")`).AttrOr("href", "")
		a.says("The console")
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages: %s", pages, diff)
	}
	b.get(paths.Audit + "?before=1").want(http.StatusOK).says("No more rows")
}

// Texts of the record are what people typed and upstreams answered.
func TestHostileRecord(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	b.enter("acme")
	const text = "<script>alert(1)</script>\u202egnp.exe\" onmouseover=\"x"
	acme := f.organization("acme")
	f.note("note-hostile", stytch.Act{
		Name: text, Actor: stytch.Actor{Name: text, Email: text, MemberID: text, OrganizationID: acme}, ActingOrganizationID: acme, ActingMemberID: "../../logout",
		OrganizationID: acme, MemberID: text, Target: "javascript:alert(1)", Reason: text, Changes: []stytch.Change{{Field: text, Was: text, Now: "https://evil.example/"}},
	}, stytch.Outcome{Result: stytch.Result(text), RequestID: text, ErrorType: text})
	f.note("note-foreign", stytch.Act{Operation: stytch.MemberUpdate, Actor: stytch.Actor{Name: "x", OrganizationID: text}, OrganizationID: text}, stytch.Outcome{})
	for _, path := range []string{paths.Audit, paths.Activity(acme), paths.With(paths.Audit, values("target", text, "request", text))} {
		a := b.get(path).want(http.StatusOK)
		a.harmless(path)
		if strings.Contains(a.body, "<script>alert") {
			t.Errorf("%s: markup of an entry is markup on the page", path)
		}
	}
}

func TestWhoMaySeeTheAudit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.note("note-one", stytch.Act{Operation: stytch.MemberUpdate, OrganizationID: f.organization("acme")}, stytch.Outcome{})
	pages := []string{paths.Audit, paths.AuditCSV, paths.AuditJSON}
	nobody, member := f.signIn(kim, "support-desk"), f.signIn(olivia, "acme")
	for _, path := range pages {
		nobody.get(path).want(http.StatusForbidden).says("console-audit").saysNot("note-one")
		member.get(path).want(http.StatusNotFound).saysNot("note-one")
		f.browser().get(path).want(http.StatusSeeOther)
	}
	agent := f.signIn(sam, "support-desk")
	seen := agent.get(paths.Audit).want(http.StatusOK).says("note-one").says("console-audit : export")
	if links := seen.doc().Find(`a[href^="/audit/export"]`).Length(); links > 0 {
		t.Errorf("%d links to exports that are refused", links)
	}
	agent.get(paths.AuditCSV).want(http.StatusForbidden).saysNot("note-one")
	// The refused ones are in the record themselves.
	refused := f.signIn(ada, "support-desk").get(paths.Audit + "?result=refused").want(http.StatusOK)
	refused.says("Tried to look at the audit log").says("Tried to export the audit log")

	alone := newFixture(t, setup{noStaff: true})
	b := alone.signIn(ada, "support-desk")
	for _, path := range pages {
		b.get(path).want(http.StatusNotFound)
	}
}

// TestAuditPart: script asks for the part of the page that its forms and links change.
func TestAuditPart(t *testing.T) {
	t.Parallel()
	_, b, _ := noted(t)
	part := b.get(paths.Audit, "HX-Request", "true", "HX-Request-Type", "partial").want(http.StatusOK)
	if !strings.HasPrefix(part.body, `<section id="record"`) || strings.Contains(part.body, "<script") || len(part.listed()) != 4 {
		t.Errorf("the part begins %.80q", part.body)
	}
}

// TestTheRecordCannotBeRead: the page keeps what was typed and says so, and no export begins.
func TestTheRecordCannotBeRead(t *testing.T) {
	t.Parallel()
	f, broken := onDisk(t)
	b := f.signIn(ada, "support-desk")
	b.enter("acme")
	acme := f.organization("acme")
	b.get(paths.Audit).want(http.StatusOK)
	broken.isGone.Store(true)
	for _, path := range []string{paths.Audit, paths.Activity(acme)} {
		a := b.get(path + "?person=" + url.QueryEscape(olivia)).want(http.StatusServiceUnavailable).says("Entries could not be read.")
		if kept := a.doc().Find("#f-person").AttrOr("value", ""); kept != olivia {
			t.Errorf("%s: the person is %q now", path, kept)
		}
	}
	for _, path := range []string{paths.AuditCSV, paths.ActivityJSON(acme)} {
		b.get(path).want(http.StatusServiceUnavailable).says("Nothing is exported.")
	}
}
