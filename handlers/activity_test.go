package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"console.internal/handlers"
	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// foreign are the things of the noted record that nobody of acme may learn: reasons of the support staff, and who and what is in other
// organizations.
func foreign(f *fixture) []string {
	return []string{
		"SUP-4821", "SUP-4822", "secret word", sam, nadia, "Nadia", f.organization("support-desk"), f.organization("globex"), f.member("support-desk", sam),
		f.member("support-desk", ada), f.member("globex", nadia),
	}
}

// TestTheActivityIsTheTenantsOwn: its own people and the support staff see the same there, and nothing of others.
func TestTheActivityIsTheTenantsOwn(t *testing.T) {
	t.Parallel()
	f, staff, _ := noted(t)
	acme := f.organization("acme")
	for name, b := range map[string]*browser{"an administrator": f.signIn(olivia, "acme"), "the staff": staff} {
		a := b.get(paths.Activity(acme)).want(http.StatusOK)
		if diff := cmp.Diff([]string{"note-staff", "note-entered", "note-own"}, a.listed()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		main, err := a.doc().Find("main").Html()
		if err != nil {
			t.Fatal(err)
		}
		exports := b.get(paths.ActivityCSV(acme)).want(http.StatusOK).body + b.get(paths.ActivityJSON(acme)).want(http.StatusOK).body
		for _, secret := range foreign(f) {
			if strings.Contains(main, secret) || strings.Contains(exports, secret) {
				t.Errorf("%s: the page has it %t, the exports %t: %s", name, strings.Contains(main, secret), strings.Contains(exports, secret), secret)
			}
		}
		for entry, says := range map[string][]string{
			"note-own":     {"Olivia Hart", "Acme Corporation", "Changed a member", "He asked.", olivia, "Tom → Thomas"},
			"note-entered": {"Ada", "Support", "Tried to end sessions", "Refused", ada},
			"note-staff":   {"Sam", "Support", "Tried to change the organization", "Failed", `{"plan":"gold"}`},
		} {
			text := strings.Join(strings.Fields(a.entry(entry).Text()), " ")
			for _, words := range says {
				if !strings.Contains(text, words) {
					t.Errorf("%s: %s does not say %q: %s", name, entry, words, text)
				}
			}
		}
		if reason := fact(a.entry("note-entered"), "Reason"); reason != "" {
			t.Errorf("%s: the reason of the staff is %q", name, reason)
		}
		if a.doc().Find("#f-organization").Length() > 0 || a.doc().Find("table.log thead th:contains('Organization')").Length() > 0 {
			t.Errorf("%s: there is a filter or a column for other organizations", name)
		}
	}
}

// TestActivityFilters: no filter leads out of the tenant, and none finds an entry by what it does not show.
func TestActivityFilters(t *testing.T) {
	t.Parallel()
	f, _, times := noted(t)
	b := f.signIn(olivia, "acme")
	acme, tom := f.organization("acme"), f.member("acme", "tom.baker@acme.example")
	for name, c := range map[string]struct {
		query []string
		want  []string
	}{
		"another organization":        {[]string{"organization", f.organization("globex")}, []string{"note-staff", "note-entered", "note-own"}},
		"one's own person":            {[]string{"person", olivia}, []string{"note-own"}},
		"who acted as a member here":  {[]string{"person", ada}, []string{"note-entered"}},
		"that member":                 {[]string{"person", f.member("acme", ada)}, []string{"note-entered"}},
		"staff by hidden address":     {[]string{"person", sam}, nil},
		"staff by hidden id":          {[]string{"person", f.member("support-desk", sam)}, nil},
		"staff's id of another place": {[]string{"member", f.member("support-desk", ada)}, nil},
		"a member":                    {[]string{"member", tom}, []string{"note-entered", "note-own"}},
		"a member elsewhere":          {[]string{"member", f.member("globex", nadia)}, nil},
		"target":                      {[]string{"target", "member-session-test-1"}, []string{"note-entered"}},
		"refused":                     {[]string{"result", "refused"}, []string{"note-entered"}},
		"request":                     {[]string{"request", upstreamRequest}, []string{"note-own"}},
		"request elsewhere":           {[]string{"request", "note-elsewhere"}, nil},
		"from":                        {[]string{"from", times[1].Format("2006-01-02 15:04")}, []string{"note-staff", "note-entered"}},
	} {
		query := values(c.query...)
		a := b.get(paths.With(paths.Activity(acme), query)).want(http.StatusOK)
		if diff := cmp.Diff(c.want, a.listed()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		_, order, whole := b.get(paths.With(paths.ActivityCSV(acme), query)).want(http.StatusOK).exported()
		if diff := cmp.Diff(c.want, order); diff != "" || !whole {
			t.Errorf("%s, exported: whole %t, %s", name, whole, diff)
		}
	}
}

// Entries that may not be seen take no place: nobody can count them by the gaps.
func TestHiddenEntriesLeaveNoGap(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	acme, desk := f.organization("acme"), f.organization("support-desk")
	for i := range 200 {
		a := stytch.Act{Operation: stytch.MemberUpdate, OrganizationID: acme, Actor: actor(f, ada, "support-desk", "Ada"), ActingOrganizationID: desk, ActingMemberID: f.member("support-desk", ada)}
		if i%3 == 0 {
			a.ActingOrganizationID, a.ActingMemberID = acme, f.member("acme", ada)
		}
		f.note("note-"+itoa(i), a, stytch.Outcome{})
	}
	var got int
	path := paths.With(paths.Activity(acme), values("person", ada, "operation", stytch.MemberUpdate.String()))
	for _, want := range []int{50, 17} {
		a := b.get(path).want(http.StatusOK)
		if n := len(a.listed()); n != want {
			t.Errorf("%d entries, want %d", n, want)
		}
		got += len(a.listed())
		path = a.doc().Find(`nav.pager a:contains("Next")`).AttrOr("href", "")
	}
	if path != "" || got != 67 {
		t.Errorf("%d entries, and then %q", got, path)
	}
}

func TestActivityOfAMember(t *testing.T) {
	t.Parallel()
	f, _, _ := noted(t)
	b := f.signIn(olivia, "acme")
	acme, tom := f.organization("acme"), f.member("acme", "tom.baker@acme.example")
	a := b.get(paths.ActivityOf(acme, tom)).want(http.StatusOK)
	if a.h1() != "Activity of Tom Baker" || !strings.Contains(a.doc().Find("title").Text(), "Activity of Tom Baker") {
		t.Errorf("the page is %q", a.h1())
	}
	if link := a.doc().Find(`nav.crumb a[href="` + paths.Member(acme, tom) + `"]`); link.Length() != 1 {
		t.Error("nothing leads to the member")
	}
	if diff := cmp.Diff([]string{"note-entered", "note-own"}, a.listed()); diff != "" {
		t.Error(diff)
	}
	// Who is not there any more, or never was, has a page all the same.
	for _, id := range []string{deletedMember(b, acme), "member-test-00000000-0000-4000-8000-000000000000", f.member("globex", nadia)} {
		gone := b.get(paths.ActivityOf(acme, id)).want(http.StatusOK)
		if gone.h1() != "Activity of "+id || len(gone.listed()) > 0 {
			t.Errorf("%s: %q with %v", id, gone.h1(), gone.listed())
		}
	}
	b.get(paths.Activity(acme) + "?member=tom").want(http.StatusUnprocessableEntity).says("A member id looks like")
}

func TestWhoMaySeeAnActivity(t *testing.T) {
	t.Parallel()
	f, ended, _ := noted(t)
	acme := f.organization("acme")
	pages := []string{paths.Activity(acme), paths.ActivityOf(acme, f.member("acme", olivia)), paths.ActivityCSV(acme), paths.ActivityJSON(acme)}
	other := f.signIn(kim, "support-desk") // a member elsewhere
	for _, path := range pages {
		f.browser().get(path).want(http.StatusSeeOther).saysNot("note-own")
		other.get(path).want(http.StatusForbidden).saysNot("note-own")
		ended.get(path).want(http.StatusOK)
	}
	f.sandbox.Advance(9 * time.Hour)
	for _, path := range pages {
		if a := ended.get(path); a.status == http.StatusOK && strings.Contains(a.body, "note-own") {
			t.Errorf("%s: an ended session sees it", path)
		}
	}
	weak := newFixture(t, setup{})
	linden := weak.organization("linden")
	b := weak.signIn(sam, "support-desk")
	b.enter("linden")
	weak.note("note-one", stytch.Act{Operation: stytch.MemberUpdate, OrganizationID: linden}, stytch.Outcome{})
	for _, path := range []string{paths.Activity(linden), paths.ActivityCSV(linden), paths.ActivityJSON(linden)} {
		b.get(path).want(http.StatusForbidden).says("stytch.member").saysNot("note-one")
	}
}

// TestTheStaffsOwnActivity: what the staff looked up elsewhere, and was refused, is theirs, and does not name what is another tenant's
// to those of the staff who may see no more than their own organization.
func TestTheStaffsOwnActivity(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.staffID = f.organization("acme")
	var err error
	f.sessions, err = session.New(session.Options{
		Client: f.client, StaffOrganizationID: f.staffID, Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: f.now,
		Limits: session.Limits{Idle: time.Hour, Length: 8 * time.Hour, Rings: 10},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sessions.Close)
	f.handler = handlers.New(f.options())
	id := f.member("globex", nadia)
	b := f.signIn(olivia, "acme")
	b.get(paths.Find + "?q=" + id).want(http.StatusForbidden)
	entries, _, err := f.audit.Search(t.Context(), audit.Filter{OrganizationID: f.staffID, Operation: stytch.MemberFind.String()}, 0, 10)
	if err != nil || len(entries) != 1 || entries[0].Result != stytch.ResultRefused || entries[0].MemberID+entries[0].Target != id {
		t.Fatalf("the refusal is not recorded: %v %+v", err, entries)
	}
	b.get(paths.Activity(f.staffID)).want(http.StatusOK).says("Tried to look up a member").saysNot(id)
}
