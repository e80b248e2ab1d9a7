package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// stillThere is said where a membership could not be deleted at once.
const stillThere = "The membership that was made for it is not deleted yet; the console tries again every minute."

// desk lets through to the pages about entries who may enter tenants. Without a support role they do not exist.
func (h *console) desk(c echo.Context, p *session.Person) error {
	staff, isStaff := p.Staff()
	if h.Desk == nil || !isStaff {
		return notFound("")
	}
	return staff.Permitted(c.Request().Context(), stytch.EntriesList)
}

// listEntries shows who of the support staff is inside which tenant.
func (h *console) listEntries(c echo.Context, p *session.Person) error {
	if err := h.desk(c, p); err != nil {
		return err
	}
	open, err := h.Desk.Keeper.Open(c.Request().Context())
	if err != nil {
		return err
	}
	m := views.EntriesPage{Hours: int(h.Desk.Length.Hours()), Rows: make([]views.EntryRow, len(open))}
	for i, e := range open {
		m.Rows[i] = entryRow(e, p)
	}
	m.Frame = h.frame(c, "Support entries", views.AreaEntries)
	return h.render(c, http.StatusOK, views.Entries(m))
}

func entryRow(e entry.Entry, p *session.Person) views.EntryRow {
	r := views.EntryRow{
		Email: e.Email, Organization: nameOf(e.Organization, e.OrganizationID), Href: paths.Organization(e.OrganizationID), Reason: e.Reason,
		Since: moment(e.Began), Until: moment(e.Until), End: paths.EntryEnd(e.ID), Own: e.RingID == p.SessionID(),
	}
	switch {
	case e.Until.IsZero() && e.Attempts > 0:
		r.Status = views.Status{Kind: views.StatusWarn, Text: "Ending, tried " + count(e.Attempts, "times")}
	case e.Until.IsZero():
		r.Status = views.Status{Kind: views.StatusWait, Text: "Ending"}
	case !e.IsInside():
		r.Status = views.Status{Kind: views.StatusWait, Text: "On the way in"}
	}
	return r
}

// endOne ends the entry that the address names, one's own or somebody else's.
func (h *console) endOne(c echo.Context, p *session.Person) error {
	if err := h.desk(c, p); err != nil {
		return err
	}
	ctx := c.Request().Context()
	e, open, err := h.Desk.End(ctx, callerOf(c), c.Param("entry_id"))
	text, kind := "This entry was over already.", views.FlashOK
	switch {
	case open && err == nil:
		text = "The entry of " + e.Email + " into " + e.Organization + " is ended, and its membership is deleted."
	case open:
		h.Log.ErrorContext(ctx, "membership of the support staff not deleted", "reference", stateOf(c).reference, "error", err)
		text, kind = "The entry of "+e.Email+" into "+e.Organization+" is ended. "+stillThere, views.FlashWarn
	case err != nil:
		return err
	}
	if t, held := p.Tenant(e.OrganizationID); held && t.MemberID() == e.MemberID {
		p.Drop(e.OrganizationID)
		h.revokeAll(ctx, []stytch.Tenant{t})
	}
	h.Sessions.Flash(ctx, string(kind), text)
	return seeOther(c, paths.Entries)
}
