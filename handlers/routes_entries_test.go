package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// reason is one that somebody gives for entering as support.
const reason = "SUP-4821, asked for by Rose"

// openDesk is the desk of the fixture's client; nil without a staff organization.
func (f *fixture) openDesk() *entry.Desk {
	if f.staffID == "" {
		return nil
	}
	f.desk = entry.New(entry.Options{
		Client: f.client, Keeper: f.store.Entries(), StaffOrganizationID: f.staffID, Role: "tenant_support", Length: 4 * time.Hour,
		Note: f.audit.Note, CameIn: audit.Enter, Went: audit.Leave, Now: f.now,
	})
	return f.desk
}

// enterAs asks to be let into a tenant as support.
func (b *browser) enterAs(slug, why string) *answer {
	b.f.t.Helper()
	return b.post(paths.Enter(b.f.organization(slug)), values("reason", why))
}

// asSupport is inside a tenant that they do not belong to.
func asSupport(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.signIn(email, "support-desk")
		b.enterAs(slug, reason).leads(paths.Organization(f.organization(slug)))
		return b
	}
}

// unexchanged is somebody whose exchange will fail.
func unexchanged(who func(*fixture) *browser) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		f.fault(sandbox.Fault{Operation: stytch.SessionExchange.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError, Count: 1})
		return b
	}
}

func giving(why string) func(*browser) url.Values { return form("reason", why) }

var enterQuayside = inside("quayside", paths.Enter)

// entries are the open entries of the record.
func (f *fixture) entries() []entry.Entry {
	f.t.Helper()
	open, err := f.store.Entries().Open(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return open
}

// lastEntry is where the newest open entry is ended, or one that is none.
func lastEntry(f *fixture) string {
	if open := f.entries(); len(open) > 0 {
		return paths.EntryEnd(open[len(open)-1].ID)
	}
	return paths.EntryEnd(noEntry)
}

// watching is signed in as staff while somebody else of them is inside a tenant.
func watching(f *fixture) *browser {
	asSupport(sam, "quayside")(f)
	return f.signIn(ada, "support-desk")
}

const noEntry = "console-entry-00000000000000000000000000000000"

// entryDrives are the visits to the pages about who is inside which tenant as support.
var entryDrives = map[string][]drive{
	"GET /entries": append([]drive{{name: "somebody inside", who: watching, path: place(paths.Entries), status: http.StatusOK}}, staffDrives(paths.Entries, http.StatusOK)...),
	"POST /entries/:entry_id/end": {
		{name: "own", who: asSupport(ada, "quayside"), path: lastEntry, key: "support-desk", status: http.StatusSeeOther},
		{name: "another's", who: watching, path: lastEntry, key: "support-desk", status: http.StatusSeeOther},
		{name: "none", who: signed(ada, "support-desk"), path: place(paths.EntryEnd(noEntry)), key: "support-desk", status: http.StatusSeeOther},
		{name: "without role", who: signed(kim, "support-desk"), path: place(paths.EntryEnd(noEntry)), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: place(paths.EntryEnd(noEntry)), status: http.StatusNotFound},
	},
}

// entryDrivers spoil the ways into a tenant as support, and out of it. Deleting a membership holds nobody up.
func entryDrivers() []*driver {
	unheard := map[string]outcome{stytch.EntryDelete.String(): quiet, stytch.SessionRevoke.String(): quiet}
	const enter = "POST /organizations/:organization_id/enter"
	making := []stytch.Operation{stytch.SessionAuthenticate, stytch.OrganizationGet, stytch.EntryCreate}
	ending := []stytch.Operation{stytch.EntryDelete}
	return slices.Concat(driversOf(organizationDrives, []spoiledVisit{
		{route: enter, names: []string{"as support"}, signedIn: true, only: making},
		{route: enter, names: []string{"as support, on the wrong page"}, signedIn: true},
		{route: enter, names: []string{"as support, in vain"}, signedIn: true, only: ending, outcome: unheard},
		{route: "POST /organizations/:organization_id/leave", names: []string{"as support"}, signedIn: true, outcome: unheard},
	}), driversOf(loginDrives, []spoiledVisit{
		{route: "POST /logout", names: []string{"as support"}, only: ending, outcome: unheard},
	}), driversOf(entryDrives, []spoiledVisit{
		{route: "GET /entries", names: []string{"somebody inside"}, signedIn: true},
		{route: "POST /entries/:entry_id/end", names: []string{"own", "another's"}, signedIn: true, outcome: unheard},
	}))
}
