package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

func TestEntries(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	b.get(paths.Entries).want(http.StatusOK).says("Nobody is in a tenant as support").says("4 hours")
	f.configure("fjord", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" })
	asSupport(sam, "hostile")(f)
	b.enterAs("quayside", reason).want(http.StatusSeeOther)
	b.enterAs("fjord", "waits").want(http.StatusSeeOther)
	a := b.get(paths.Entries).want(http.StatusOK)
	rows := a.doc().Find("main tbody tr")
	if rows.Length() != 3 {
		t.Fatalf("%d rows", rows.Length())
	}
	for i, want := range [][]string{
		{sam, "<script>alert(\"org\")</script>", reason}, {ada, "you", "Quayside Bank", reason, f.entries()[1].Until.Format("15:04")}, {"Fjord Energy", "waits", "On the way in"},
	} {
		text := strings.Join(strings.Fields(rows.Eq(i).Text()), " ")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("row %d does not say %q: %s", i, words, text)
			}
		}
		if to := rows.Eq(i).Find("form").AttrOr("action", ""); to != paths.EntryEnd(f.entries()[i].ID) {
			t.Errorf("row %d ends %q", i, to)
		}
	}
	// One that cannot be ended says so.
	f.fault(sandbox.Fault{Operation: stytch.EntryDelete.String(), Kind: sandbox.FaultStatus, Status: 500, Count: 1})
	b.post(lastEntry(f), url.Values{}).leads(paths.Entries)
	b.get(paths.Entries).says("is not deleted yet").says("Ending, tried 1 times")
}

// Somebody else's entry can be ended, and they are told when they come back.
func TestEndAnothersEntry(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	inside := asSupport(ada, "quayside")(f)
	other := f.signIn(sam, "support-desk")
	path := lastEntry(f)
	other.post(path, url.Values{}).leads(paths.Entries)
	other.get(paths.Entries).says("The entry of " + ada + " into Quayside Bank is ended, and its membership is deleted.")
	f.stays(ada, false, 0)
	quayside := f.organization("quayside")
	inside.get(paths.Members(quayside)).leads(paths.Members(quayside))
	inside.get(paths.Members(quayside)).want(http.StatusOK).says("Your session in Quayside Bank has ended.").says("Enter Quayside Bank as support")
	other.post(path, url.Values{}).leads(paths.Entries)
	other.get(paths.Entries).says("This entry was over already.")
	// One's own goes with its key.
	inside.enterAs("quayside", reason).want(http.StatusSeeOther)
	a := inside.post(lastEntry(f), url.Values{}).leads(paths.Entries)
	if !a.hasCalled(stytch.SessionRevoke) {
		t.Error("its session is not ended")
	}
	inside.get(paths.Organization(quayside)).want(http.StatusOK).says("Enter Quayside Bank as support").saysNot("has ended. Enter again")
}

// The pages are for those who may enter tenants, and are not there without a staff organization or a support role.
func TestEntriesAccess(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	asSupport(ada, "quayside")(f)
	path := lastEntry(f)
	for _, visit := range []func(*browser) *answer{
		func(b *browser) *answer { return b.get(paths.Entries) },
		func(b *browser) *answer { return b.post(path, url.Values{}) },
	} {
		for who, want := range map[*browser]int{f.signIn(kim, "support-desk"): http.StatusForbidden, f.signIn(olivia, "acme"): http.StatusNotFound, f.signIn(ada, "acme"): http.StatusNotFound} {
			if a := visit(who); a.status != want || strings.Contains(a.body, "Quayside") {
				t.Errorf("status %d, want %d", a.status, want)
			}
		}
	}
	f.stays(ada, true, 1)
	b := f.signIn(ada, "support-desk")
	o := f.options()
	o.Desk = nil
	f.handler = handlers.New(o)
	b.get(paths.Entries).want(http.StatusNotFound)
	b.post(path, url.Values{}).want(http.StatusNotFound)
	none := newFixture(t, setup{noStaff: true})
	none.signIn(ada, "support-desk").get(paths.Entries).want(http.StatusNotFound)
}

// After its hours an entry is over, also where nobody comes back.
func TestEntryEndsByItself(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	asSupport(ada, "quayside")(f)
	f.advance(4*time.Hour - time.Minute)
	f.sweep()
	f.stays(ada, true, 1)
	f.advance(time.Minute)
	f.sweep()
	f.stays(ada, false, 0)
}
