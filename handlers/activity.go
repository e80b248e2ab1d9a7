package handlers

import (
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showActivity lists what was done in a tenant, or by and to one of its members.
func (h *console) showActivity(c echo.Context, p *session.Person, t stytch.Tenant) error {
	q := readRecordQuery(c, t.OrganizationID())
	var allowed part[struct{}]
	var member part[stytch.MemberDetail]
	var wg sync.WaitGroup
	ctx := c.Request().Context()
	allowed.read(&wg, func() (struct{}, error) { return struct{}{}, t.Permitted(ctx, stytch.ActivitySearch) })
	if q.filter.MemberID != "" {
		member.read(&wg, func() (stytch.MemberDetail, error) { return t.Member(ctx, q.filter.MemberID) })
	}
	wg.Wait()
	if allowed.err != nil {
		return allowed.err
	}
	l := h.activityLedger(p, t)
	status, record := h.recordPage(c, l, q)
	m := views.ActivityPage{Organization: l.names[l.tenantID], OrganizationHref: paths.Organization(l.tenantID), Record: record}
	title := "Activity of " + m.Organization
	if id := q.filter.MemberID; id != "" {
		// Whoever is deleted, or cannot be read now, has an activity all the same.
		name := nameOf(member.got.Member.Name, nameOf(member.got.Member.Email, id))
		m.Member = &views.ActivityMember{Name: name, ID: id, Href: paths.Member(l.tenantID, id)}
		title = "Activity of " + name
	}
	return h.renderPart(c, status, func() templ.Component {
		m.Frame = h.frame(c, title, views.AreaActivity)
		return views.Activity(m)
	}, views.RecordPart(record))
}

func (h *console) activityLedger(p *session.Person, t stytch.Tenant) *ledger {
	id := t.OrganizationID()
	key, _ := p.Key(id)
	return &ledger{
		path: paths.Activity(id), csv: paths.ActivityCSV(id), json: paths.ActivityJSON(id), tenantID: id, staffID: h.StaffOrganizationID,
		names: map[string]string{id: key.Name},
	}
}

// What a tenant's own people are told of where somebody comes from who is none of theirs. An id, or a name, of another organization is
// not theirs to know.
const (
	fromStaff     = "Support"
	fromElsewhere = "Another organization"
)

// seen takes out of an entry what this record does not show, and says whether anything of it is shown. The record of all organizations
// shows everything. That of one tenant shows its own entries, without the reasons, addresses and ids of those who come from elsewhere;
// an entry that was found by such a thing is not shown either, or else guessing would find it out.
func (l *ledger) seen(e *audit.Entry, f *audit.Filter) bool {
	if l.tenantID == "" {
		return true
	}
	if e.OrganizationID != l.tenantID {
		return false
	}
	here := e.ActingOrganizationID == l.tenantID
	if !here {
		e.ActingOrganizationID, e.ActingMemberID = "", ""
	}
	switch e.Actor.OrganizationID {
	case l.tenantID, "":
	default:
		e.Reason, e.Actor.MemberID = "", ""
		if !here {
			// As a member here they would have shown it to everybody here.
			e.Actor.Email = ""
		}
		if e.Actor.OrganizationID == l.staffID {
			e.Actor.OrganizationID = fromStaff
		} else {
			e.Actor.OrganizationID = fromElsewhere
		}
	}
	if l.tenantID == l.staffID && staffOnly(e.Operation) {
		// What the staff asked for about a tenant, and were refused, is recorded as theirs, and names what is that tenant's.
		e.MemberID, e.Target = "", ""
	}
	if stytch.IsOrganizationID(e.Target) && e.Target != l.tenantID {
		e.Target = ""
	}
	return l.found(e, f)
}

// found says whether what is left of an entry is still what was asked for.
func (l *ledger) found(e *audit.Entry, f *audit.Filter) bool {
	person := f.Person == "" || strings.EqualFold(e.Actor.Email, f.Person) || e.Actor.MemberID == f.Person || e.ActingMemberID == f.Person
	member := f.MemberID == "" || slices.Contains([]string{e.MemberID, e.Actor.MemberID, e.ActingMemberID}, f.MemberID)
	return person && member && (f.Target == "" || e.Target == f.Target)
}

// staffOnly says whether an operation is one that only the support staff can ask for.
func staffOnly(operation string) bool {
	rows := slices.DeleteFunc(stytch.Operations(), func(o stytch.Operation) bool { return o.String() != operation })
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(o stytch.Operation) bool { return !o.Row().Check.Staff })
}
