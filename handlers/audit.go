package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showAudit lists what was done in all organizations.
func (h *console) showAudit(c echo.Context, p *session.Person) error {
	l, err := h.auditLedger(c, p, stytch.AuditSearch)
	if err != nil {
		return err
	}
	status, record := h.recordPage(c, l, readRecordQuery(c, ""))
	need := h.lacksStaff(p, stytch.AuditExport.Row().Check.Resource, stytch.AuditExport.Row().Check.Action)
	for i := range record.Exports {
		record.Exports[i].Need = need
	}
	return h.renderPart(c, status, func() templ.Component {
		return views.Audit(views.AuditPage{Frame: h.frame(c, "Audit log", views.AreaAudit), Record: record})
	}, views.RecordPart(record))
}

// auditLedger is the record of all organizations, for somebody whom the upstream lets see it. Without a key of the support staff there is
// no such page.
func (h *console) auditLedger(c echo.Context, p *session.Person, op stytch.Operation) (*ledger, error) {
	staff, ok := p.Staff()
	if !ok {
		return nil, notFound("")
	}
	if err := staff.Permitted(c.Request().Context(), op); err != nil {
		return nil, err
	}
	l := &ledger{path: paths.Audit, csv: paths.AuditCSV, json: paths.AuditJSON, names: map[string]string{}}
	for _, key := range p.Keys() {
		l.names[key.OrganizationID] = key.Name
	}
	return l, nil
}

// recordPage reads a page of entries. Where they cannot be read the filters stay, and the rest of the page says so.
func (h *console) recordPage(c echo.Context, l *ledger, q recordQuery) (status int, m views.Record) {
	m = views.Record{
		Action: l.path, Clear: l.path, Tenant: l.tenantID != "", Filters: q.form(), Problems: q.problems, Chips: q.chips(l.path), Size: pageRows,
		Exports: []views.RecordExport{
			{Text: "Export CSV", Href: paths.With(l.csv, q.values)}, {Text: "Export JSON Lines", Href: paths.With(l.json, q.values)},
		},
	}
	if q.before != 0 {
		m.First = paths.With(l.path, q.values)
	}
	if len(q.problems) > 0 {
		return http.StatusUnprocessableEntity, m
	}
	entries, next, err := h.entries(c, l, q)
	if err != nil {
		h.Log.ErrorContext(c.Request().Context(), "the record cannot be read", "reference", stateOf(c).reference, "error", err)
		m.Section = views.Section{State: views.SectionFailed, Problem: "The console's own record does not answer. It goes on recording, or refuses what it cannot record.", Retry: here(c)}
		return http.StatusServiceUnavailable, m
	}
	m.Rows = make([]views.RecordRow, len(entries))
	for i := range entries {
		m.Rows[i] = l.row(&entries[i])
	}
	if next != 0 {
		m.Next = paths.With(l.path, q.at(next))
	}
	return http.StatusOK, m
}

// entries are the next ones that may be seen. What may not be seen takes no place in a page, so that no gap tells of it.
func (h *console) entries(c echo.Context, l *ledger, q recordQuery) (seen []audit.Entry, next int64, err error) {
	for next = q.before; ; {
		var found []audit.Entry
		if found, next, err = h.Audit.Search(c.Request().Context(), q.filter, next, pageRows-len(seen)); err != nil {
			return nil, 0, err
		}
		for i := range found {
			if l.seen(&found[i], &q.filter) {
				seen = append(seen, found[i])
			}
		}
		if next == 0 || len(seen) == pageRows {
			return seen, next, nil
		}
	}
}
