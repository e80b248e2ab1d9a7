package handlers

import (
	"net/url"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// ledger is the record as somebody may see it: of all organizations, or of one.
type ledger struct {
	// path is the address of the list, csv and json are those of the exports.
	path, csv, json string
	// tenantID is the organization whose entries alone are shown; empty for all.
	tenantID string
	// names are the organizations whose names the person sees anyway, by id.
	names map[string]string
	// staffID is the pinned staff organization, which the record of one tenant tells apart from others.
	staffID string
}

// row is an entry in the list. It shows nothing but what [ledger.seen] left of it.
func (l *ledger) row(e *audit.Entry) views.RecordRow {
	r := views.RecordRow{
		Seq: e.Seq, Time: e.At.UTC().Format(time.DateTime), Stamp: e.At.UTC().Format(time.RFC3339Nano),
		Who: who(e), What: whatWasDone(e), Result: resultStatus(e.Result),
		OrganizationID: e.OrganizationID, Organization: l.names[e.OrganizationID], OrganizationHref: organizationHref(e.OrganizationID),
		RequestID: e.UpstreamRequestID, Facts: l.facts(e),
	}
	if from := l.organizationFact("", e.Actor.OrganizationID); from.Text != "" {
		r.From = from.Text
	} else {
		r.FromID = from.ID
	}
	switch {
	case e.Actor.Email != "":
		r.WhoHref = l.only("person", e.Actor.Email)
	case e.ActingMemberID != "":
		r.WhoHref = l.only("person", e.ActingMemberID)
	}
	switch {
	case e.MemberID != "" && e.MemberID == e.ActingMemberID: // themselves
	case e.MemberID != "":
		r.About, r.AboutHref = e.MemberID, memberHref(e.OrganizationID, e.MemberID)
	case e.Target != e.OrganizationID:
		r.About = e.Target
	}
	for _, change := range e.Changes {
		r.Changes = append(r.Changes, views.RecordChange{Field: change.Field, Was: change.Was, Now: change.Now})
	}
	return r
}

// who is the person behind an entry; "" for the console itself.
func who(e *audit.Entry) string {
	if (e.Actor == stytch.Actor{}) {
		return ""
	}
	return nameOf(e.Actor.Name, nameOf(e.Actor.Email, "Somebody"))
}

// only is the list with nothing but what has a value in common.
func (l *ledger) only(filter, value string) string {
	if value == "" {
		return ""
	}
	return paths.With(l.path, url.Values{filter: {value}})
}

// facts are everything that is known of an entry but its changes.
func (l *ledger) facts(e *audit.Entry) []views.RecordFact {
	var out []views.RecordFact
	add := func(f views.RecordFact) {
		if f.Text != "" || f.ID != "" {
			out = append(out, f)
		}
	}
	add(views.RecordFact{Label: "Result", Text: resultWords(e)})
	add(views.RecordFact{Label: "Refusal", Text: e.ErrorType})
	add(views.RecordFact{Label: "Reason", Text: e.Reason})
	if (e.Actor == stytch.Actor{}) {
		add(views.RecordFact{Label: "Person", Text: "Nobody: the console did it by itself."})
	}
	add(views.RecordFact{Label: "Person", Text: e.Actor.Name})
	add(views.RecordFact{Label: "E-mail", Text: e.Actor.Email, Only: l.only("person", e.Actor.Email)})
	add(l.organizationFact("From", e.Actor.OrganizationID))
	add(l.memberFact("Member", e.Actor.OrganizationID, e.Actor.MemberID))
	if e.ActingMemberID != e.Actor.MemberID {
		add(l.memberFact("Acted as", e.ActingOrganizationID, e.ActingMemberID))
	}
	if l.tenantID == "" {
		add(l.organizationFact("Organization", e.OrganizationID))
	}
	add(l.memberFact("On", e.OrganizationID, e.MemberID))
	if e.Target != e.MemberID && e.Target != e.OrganizationID {
		add(views.RecordFact{Label: "On", ID: e.Target, Only: l.only("target", e.Target)})
	}
	add(views.RecordFact{Label: "Operation", Text: e.Operation, Only: l.only("operation", e.Operation)})
	if e.FinishedAt.Sub(e.At) >= time.Second {
		add(views.RecordFact{Label: "Finished", Text: e.FinishedAt.UTC().Format(time.DateTime) + " UTC"})
	}
	add(views.RecordFact{Label: "Reference", ID: e.Reference, Only: l.only("request", e.Reference)})
	add(views.RecordFact{Label: "Request", ID: e.UpstreamRequestID, Only: l.only("request", e.UpstreamRequestID)})
	return out
}

// organizationFact is an organization, by the name that the person knows, and its id. In a tenant's own record another one is told in
// words, which are no id.
func (l *ledger) organizationFact(label, organizationID string) views.RecordFact {
	f := views.RecordFact{Label: label, Text: l.names[organizationID]}
	if !stytch.IsOrganizationID(organizationID) {
		f.Text = nameOf(f.Text, organizationID)
		return f
	}
	if l.tenantID == "" {
		f.ID, f.Href, f.Only = organizationID, organizationHref(organizationID), l.only(organizationFilter, organizationID)
	}
	return f
}

func (l *ledger) memberFact(label, organizationID, memberID string) views.RecordFact {
	f := views.RecordFact{Label: label, ID: memberID, Href: memberHref(organizationID, memberID)}
	if stytch.IsMemberID(memberID) {
		f.Only = l.only("member", memberID)
	}
	return f
}

// organizationHref is the page of an organization. What the record holds was once checked, and is checked again before it becomes an
// address.
func organizationHref(organizationID string) string {
	if !stytch.IsOrganizationID(organizationID) {
		return ""
	}
	return paths.Organization(organizationID)
}

func memberHref(organizationID, memberID string) string {
	if !stytch.IsOrganizationID(organizationID) || !stytch.IsMemberID(memberID) {
		return ""
	}
	return paths.Member(organizationID, memberID)
}
