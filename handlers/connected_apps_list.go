package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
	"console.internal/views/ui"
)

// The upstream neither filters nor sorts clients (rule connected-app-search), so the console does, in what it looks at.
const (
	// lookRows is how many clients a search brings, lookPages how many searches one look may spend.
	lookRows  = 200
	lookPages = 5
	// clientRows is how many of those found are shown at a time.
	clientRows = 100
)

// clientLook is a stretch of the project's clients.
type clientLook struct {
	clients []stytch.AppClientSummary
	next    string // where those behind begin; "" at the end
	total   int    // all clients of the project; negative where the upstream does not tell
}

// lookAtClients looks at the clients from a place on. Where the searches run out on the way, it stops there.
func lookAtClients(ctx context.Context, staff stytch.Staff, cursor string) (clientLook, error) {
	look := clientLook{next: cursor, total: -1}
	for i := range lookPages {
		page, err := staff.SearchAppClients(ctx, look.next, lookRows)
		if i > 0 && errors.Is(err, stytch.ErrSearchBudget) {
			return look, nil
		}
		if err != nil {
			return clientLook{}, err
		}
		look.clients, look.next, look.total = append(look.clients, page.Items...), page.Next, page.Total
		if look.next == "" {
			break
		}
	}
	return look, nil
}

// clientFilters is what somebody looks for among the clients.
type clientFilters struct {
	values url.Values
}

// The filters of the list, and what their chips say.
var clientFilterLabels = []struct{ name, label string }{
	{"text", "Contains"}, {"type", "Type is"}, {"made", "Registered by"}, {"status", "Status is"}, {"full", "Full access"}, {"rotating", "Secret is half changed"},
}

var (
	clientTypes = choices(stytch.AppFirstParty, "First party", stytch.AppFirstPartyPublic, "First party, public", stytch.AppThirdParty, "Third party", stytch.AppThirdPartyPublic, "Third party, public")
	clientMade  = choices(madeByOperator, "The operator", madeByItself, "Itself", madeByURL, "Its own address", madeByNobody, "Not known")
	// clientOrders are how the list can be sorted; the first is the usual way.
	clientOrders = choices("name", "By name", "-name", "By name, backwards", "type", "By type", "host", "By redirect host", "rotating", "Half changed secrets first", "none", "As Stytch has them")
	clientStates = choices("active", "Active", "other", "Any other")
)

// clientFiltersOf reads what somebody looks for. What is none of the choices is left out.
func clientFiltersOf(query url.Values) clientFilters {
	f := clientFilters{values: url.Values{}}
	take := func(name string, offered []views.Option) {
		if v := clean(query.Get(name)); v != "" && (offered == nil || slices.ContainsFunc(offered, func(o views.Option) bool { return o.Value == v })) {
			f.values.Set(name, v)
		}
	}
	yes := choices("yes", "", "no", "")
	take("text", nil)
	take("type", clientTypes)
	take("made", clientMade)
	take("status", clientStates)
	take("full", yes)
	take("rotating", yes)
	if take("sort", clientOrders); f.values.Get("sort") == clientOrders[0].Value {
		f.values.Del("sort")
	}
	return f
}

// matches says whether a client is looked for.
func (f clientFilters) matches(a *stytch.AppClientSummary) bool {
	is := func(name string, holds bool) bool {
		v := f.values.Get(name)
		return v == "" || (v == "yes") == holds
	}
	switch {
	case f.values.Get("type") != "" && f.values.Get("type") != a.Type:
		return false
	case f.values.Get("made") != "" && f.values.Get("made") != madeBy(a.CreationMethod, a.MetadataURL):
		return false
	case f.values.Get("status") != "" && (f.values.Get("status") == "active") != (a.Status == "active"):
		return false
	}
	return is("full", a.FullAccess) && is("rotating", a.NextSecretLastFour != "") && f.contains(a)
}

// contains looks for the text in what tells a client from others.
func (f clientFilters) contains(a *stytch.AppClientSummary) bool {
	text := strings.ToLower(f.values.Get("text"))
	if text == "" || strings.Contains(strings.ToLower(a.Name), text) || strings.Contains(strings.ToLower(a.ID), text) {
		return true
	}
	return slices.ContainsFunc(redirectHosts(a.RedirectURLs), func(host string) bool { return strings.Contains(strings.ToLower(host), text) })
}

// found are the clients looked for, in the order asked for.
func (f clientFilters) found(all []stytch.AppClientSummary) []stytch.AppClientSummary {
	found := slices.DeleteFunc(slices.Clone(all), func(a stytch.AppClientSummary) bool { return !f.matches(&a) })
	byName := func(a, b *stytch.AppClientSummary) int {
		// Those without a name come last.
		left, right := strings.ToLower(clientName(a.Name)), strings.ToLower(clientName(b.Name))
		if (left == "") != (right == "") {
			return cmp.Compare(len(right), len(left))
		}
		return cmp.Or(strings.Compare(left, right), strings.Compare(a.ID, b.ID))
	}
	order := byName
	switch f.values.Get("sort") {
	case "none":
		return found
	case "-name":
		order = func(a, b *stytch.AppClientSummary) int { return byName(b, a) }
	case "type":
		order = func(a, b *stytch.AppClientSummary) int { return cmp.Or(strings.Compare(a.Type, b.Type), byName(a, b)) }
	case "host":
		host := func(a *stytch.AppClientSummary) string {
			return strings.ToLower(strings.Join(redirectHosts(a.RedirectURLs), " "))
		}
		order = func(a, b *stytch.AppClientSummary) int {
			return cmp.Or(strings.Compare(host(a), host(b)), byName(a, b))
		}
	case "rotating":
		rank := func(a *stytch.AppClientSummary) int {
			if a.NextSecretLastFour != "" {
				return 0
			}
			return 1
		}
		order = func(a, b *stytch.AppClientSummary) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), byName(a, b)) }
	}
	slices.SortStableFunc(found, func(a, b stytch.AppClientSummary) int { return order(&a, &b) })
	return found
}

// listConnectedApps lists the OAuth clients of the project.
func (h *console) listConnectedApps(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	f := clientFiltersOf(c.QueryParams())
	m := f.form()
	cursor := param(c, "cursor")
	before := 0 // how many were looked at to get to the cursor
	if n, err := strconv.Atoi(param(c, "from")); err == nil && n > 0 && n < maxRow && cursor != "" {
		before = n
	}
	look, err := lookAtClients(c.Request().Context(), staff, cursor)
	m.Budget = h.budget(p, err)
	if err != nil {
		status, fatal := h.searchTrouble(c, err, &m.Section)
		if fatal != nil {
			return fatal
		}
		return h.connectedAppsPage(c, status, p, m)
	}
	found := f.found(look.clients)
	at := 0
	if n, err := strconv.Atoi(param(c, "row")); err == nil && n > 0 && n <= len(found) {
		at = n - 1
	}
	for i := range found[at:min(len(found), at+clientRows)] {
		m.Rows = append(m.Rows, clientRow(&found[at+i]))
	}
	m.Pager = f.pager(cursor, before, at, len(m.Rows), len(found))
	m.Looked = looked(&look, before)
	if cursor != "" {
		m.Begin = paths.With(paths.ConnectedApps, f.values)
	}
	if look.next != "" {
		m.More = paths.With(paths.ConnectedApps, f.at(look.next, before+len(look.clients), 0))
	}
	return h.connectedAppsPage(c, http.StatusOK, p, m)
}

// looked says how far it looked.
func looked(look *clientLook, before int) string {
	n := len(look.clients)
	text := "Looked at " + ui.Thousands(n) + " clients"
	if n == 1 {
		text = "Looked at 1 client"
	}
	if before > 0 {
		text = "Looked at clients " + ui.Thousands(before+1) + " to " + ui.Thousands(before+n)
	}
	switch {
	case look.next != "" && look.total > before+n:
		return text + "; the project has " + ui.Thousands(look.total) + "."
	case look.next != "":
		return text + "; the project has more."
	case before > 0:
		return text + ", the end."
	}
	return text + ": all that the project has."
}

func (h *console) connectedAppsPage(c echo.Context, status int, p *session.Person, m views.ConnectedAppsList) error {
	return h.renderPart(c, status, func() templ.Component {
		return views.ConnectedApps(views.ConnectedAppsPage{
			Frame: h.frame(c, "Connected Apps", views.AreaConnectedApps), New: paths.ConnectedAppNew, NewNeed: h.lacksFor(p, stytch.AppClientCreate), List: m,
		})
	}, views.ConnectedAppsPart(m))
}

// at is the address of the same list from another place on.
func (f clientFilters) at(cursor string, before, row int) url.Values {
	v := url.Values{}
	for name := range f.values {
		v.Set(name, f.values.Get(name))
	}
	if cursor != "" {
		v.Set("cursor", cursor)
		v.Set("from", strconv.Itoa(before))
	}
	if row > 0 {
		v.Set("row", strconv.Itoa(row+1))
	}
	return v
}

// pager leads to the other pages of what was found.
func (f clientFilters) pager(cursor string, before, at, shown, all int) views.Pager {
	m := views.Pager{Total: all, Size: clientRows}
	if shown > 0 {
		m.From, m.To = at+1, at+shown
	}
	if at > 0 {
		m.First = paths.With(paths.ConnectedApps, f.at(cursor, before, 0))
		m.Back = paths.With(paths.ConnectedApps, f.at(cursor, before, max(0, at-clientRows)))
	}
	if at+shown < all {
		m.Next = paths.With(paths.ConnectedApps, f.at(cursor, before, at+shown))
	}
	return m
}

// form is the form of the filters, with what was chosen.
func (f clientFilters) form() views.ConnectedAppsList {
	m := views.ConnectedAppsList{Action: paths.ConnectedApps, Clear: paths.ConnectedApps}
	chosen := func(name string, offered []views.Option) []views.Option {
		offered = slices.Clone(offered)
		for i := range offered {
			offered[i].Selected = offered[i].Value == f.values.Get(name)
		}
		return offered
	}
	m.Filters = views.ConnectedAppsFilters{
		Text: f.values.Get("text"), Type: chosen("type", clientTypes), Made: chosen("made", clientMade), Status: chosen("status", clientStates),
		Sort: chosen("sort", clientOrders), Rotating: f.values.Get("rotating"), Full: f.values.Get("full"),
	}
	for _, one := range clientFilterLabels {
		v := f.values.Get(one.name)
		if v == "" {
			continue
		}
		chip := views.Chip{Label: one.label, Value: v, Href: paths.With(paths.ConnectedApps, without(f.values, one.name))}
		for _, offered := range [][]views.Option{m.Filters.Type, m.Filters.Made, m.Filters.Status} {
			for _, o := range offered {
				if one.name != "text" && o.Value == v {
					chip.Value = o.Text
				}
			}
		}
		m.Chips = append(m.Chips, chip)
	}
	return m
}

// clientRow is a client in the list.
func clientRow(a *stytch.AppClientSummary) views.ConnectedAppRow {
	row := views.ConnectedAppRow{
		ID: a.ID, Href: paths.ConnectedApp(a.ID), Name: clientName(a.Name), Type: appKind(a.Type), Made: madeWords(a.CreationMethod, a.MetadataURL),
		Full: views.Status{Kind: views.StatusDim, Text: "No"}, Status: clientStatus(a.Status),
	}
	if hosts := redirectHosts(a.RedirectURLs); len(hosts) > 0 {
		row.Host, row.Hosts = hosts[0], len(hosts)-1
	}
	if a.FullAccess {
		row.Full = views.Status{Kind: views.StatusWarn, Text: "Allowed"}
	}
	if a.NextSecretLastFour != "" {
		row.Status = views.Status{Kind: views.StatusWarn, Text: "Secret half changed"}
	}
	return row
}
