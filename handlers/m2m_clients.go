package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// Statuses of an M2M client.
const (
	m2mActive   = "active"
	m2mInactive = "inactive"
)

// m2mFilters are all filters that the upstream has for M2M clients: each compares whole values (rule m2m-search).
var m2mFilters = []filter{
	{"id", "client_id", "Client id is", oneValue},
	{"name", "client_name", "Name is", oneValue},
	{"scope", "scopes", "Has the scope", anyWord},
}

// oneValue is a text that must match whole: names and ids of one's own choosing may have commas and spaces.
func oneValue(v string) (any, string) { return []string{v}, "" }

// anyWord is a list of words, any of which matches.
func anyWord(v string) (any, string) {
	words := strings.Fields(v)
	if len(words) > 100 {
		return nil, "Give at most 100 of them."
	}
	return words, ""
}

// clientIDOf is the id of a client that the address names; "" for what can be none. The router gives a part of an address that holds
// escapes as it was sent.
func clientIDOf(c echo.Context) string {
	id := c.Param("client_id")
	if c.Request().URL.RawPath != "" {
		var err error
		if id, err = url.PathUnescape(id); err != nil {
			return ""
		}
	}
	if clientIDTrouble(id) != "" {
		return ""
	}
	return id
}

// m2mStands is where somebody sees how that stands which a form about an M2M client was about; "" for any other form.
func m2mStands(c echo.Context) string {
	path := c.Path()
	if path != paths.M2MClients && !strings.HasPrefix(path, paths.M2MClients+"/") {
		return ""
	}
	id := clientIDOf(c)
	if path == paths.M2MClientDeleteRoute || id == "" {
		return paths.M2MClients
	}
	return paths.M2MClient(id)
}

// listM2MClients lists the M2M clients of the project. Only the support staff have the page.
func (h *console) listM2MClients(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	at := placeOf(c)
	operands, values, problems := readFilters(c, m2mFilters)
	m := views.M2MClientList{
		Action: paths.M2MClients, Clear: paths.M2MClients, Problems: problems, Chips: chips(paths.M2MClients, m2mFilters, values),
		Filters: views.M2MClientFilters{ID: values.Get("id"), Name: values.Get("name"), Scope: values.Get("scope")},
	}
	if len(problems) > 0 {
		return h.m2mClientsPage(c, http.StatusUnprocessableEntity, p, m)
	}
	found, err := staff.SearchM2MClients(c.Request().Context(), stytch.M2MClientSearch{Operands: operands, Cursor: at.cursor, Limit: pageRows})
	m.Budget = h.budget(p, err)
	if err != nil {
		status, fatal := h.searchTrouble(c, err, &m.Section)
		if fatal != nil {
			return fatal
		}
		return h.m2mClientsPage(c, status, p, m)
	}
	m.Rows = make([]views.M2MClientRow, len(found.Items))
	for i := range found.Items {
		m.Rows[i] = m2mClientRow(&found.Items[i])
	}
	m.Pager = at.pager(paths.M2MClients, values, len(m.Rows), found.Total, found.Next)
	if len(m.Rows) == 0 {
		m.Section.State = views.SectionEmpty
	}
	return h.m2mClientsPage(c, http.StatusOK, p, m)
}

func (h *console) m2mClientsPage(c echo.Context, status int, p *session.Person, m views.M2MClientList) error {
	return h.renderPart(c, status, func() templ.Component {
		return views.M2MClients(views.M2MClientsPage{
			Frame: h.frame(c, "M2M clients", views.AreaM2MClients), New: paths.M2MClientNew, NewNeed: h.lacksFor(p, stytch.M2MClientCreate), List: m,
		})
	}, views.M2MClientsPart(m))
}

func m2mClientRow(m *stytch.M2MClientSummary) views.M2MClientRow {
	r := views.M2MClientRow{ID: m.ID, Name: nameOf(m.Name, m.ID), Description: m.Description, Status: m2mStatus(m.Status), Rotating: m.NextSecretLastFour != ""}
	// An id that no address can hold is shown, and leads nowhere.
	if clientIDTrouble(m.ID) == "" {
		r.Href = paths.M2MClient(m.ID)
	}
	if len(m.Scopes) > 0 {
		r.Scopes, r.More = m.Scopes[0], len(m.Scopes)-1
	}
	return r
}

// m2mStatus is a client's status in words. One that is not known is shown as the upstream has it.
func m2mStatus(status string) views.Status {
	switch status {
	case m2mActive:
		return views.Status{Kind: views.StatusOK, Text: "Active"}
	case m2mInactive:
		return views.Status{Kind: views.StatusOff, Text: "Inactive"}
	}
	return views.Status{Kind: views.StatusWarn, Text: status}
}
