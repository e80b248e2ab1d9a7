package handlers

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// directoryFilters are all filters that the upstream documents for organizations (rule organization-filters).
var directoryFilters = []filter{
	{"name", "organization_name_fuzzy", "Name contains", fuzzy},
	{"slug_contains", "organization_slug_fuzzy", "Slug contains", fuzzy},
	{"slug", "organization_slugs", "Slug is", each(isSlug, "A slug has letters, digits and - . _ ~ only.")},
	{"id", "organization_ids", "Id is", each(stytch.IsOrganizationID, "An organization id looks like organization-live- and 36 characters.")},
	{"email", "member_emails", "Has the member", each(isEmail, "Enter a whole e-mail address.")},
	{"email_contains", "member_email_fuzzy", "Has a member whose e-mail contains", fuzzy},
	{"domain", "allowed_domains", "Allowed domain is", exact},
	{"domain_contains", "allowed_domain_fuzzy", "Allowed domain contains", fuzzy},
	{"claimed_domain", "claimed_email_domains", "Claimed domain is", exact},
	{"sso", "has_active_sso_connection", "Active single sign-on", yesNo},
	{"connection", "sso_connection_id", "SSO connection is", plainText},
}

// listOrganizations is the directory: all tenants for staff, one's own for everybody else.
func (h *console) listOrganizations(c echo.Context, p *session.Person) error {
	staff, ok := p.Staff()
	if !ok || param(c, "show") == "mine" {
		return h.listMemberships(c, p)
	}
	at := placeOf(c)
	m, operands, filters := directoryForm(c)
	if len(m.Problems) > 0 {
		return h.directoryPage(c, http.StatusUnprocessableEntity, m)
	}
	found, err := staff.SearchOrganizations(c.Request().Context(), stytch.OrganizationSearch{Operands: operands, Cursor: at.cursor, Limit: pageRows})
	m.Budget = h.budget(p, err)
	if err != nil {
		status, fatal := h.searchTrouble(c, err, &m.Section)
		if fatal != nil {
			return fatal
		}
		return h.directoryPage(c, status, m)
	}
	m.Rows = make([]views.DirectoryRow, len(found.Items))
	for i := range found.Items {
		m.Rows[i] = directoryRow(&found.Items[i], h.Now())
	}
	m.Pager = at.pager(paths.Organizations, filters, len(m.Rows), found.Total, found.Next)
	if len(m.Rows) == 0 {
		m.Section.State = views.SectionEmpty
	}
	return h.directoryPage(c, http.StatusOK, m)
}

func (h *console) directoryPage(c echo.Context, status int, m views.DirectoryList) error {
	return h.renderPart(c, status, func() templ.Component {
		return views.Directory(views.DirectoryPage{
			Frame: h.frame(c, "Organizations", views.AreaOrganizations), Mine: paths.OwnOrganizations, New: paths.OrganizationNew, List: m,
		})
	}, views.DirectoryPart(m))
}

// directoryForm reads the filters from the address. What was typed stays in the form, also where it is refused.
func directoryForm(c echo.Context) (views.DirectoryList, []stytch.Operand, url.Values) {
	m := views.DirectoryList{Action: paths.Organizations, Clear: paths.Organizations}
	operands, filters, problems := readFilters(c, directoryFilters)
	m.Problems = problems
	m.Chips = chips(paths.Organizations, directoryFilters, filters)
	m.Filters = views.DirectoryFilters{
		Name: filters.Get("name"), SlugContains: filters.Get("slug_contains"), Slug: filters.Get("slug"), ID: filters.Get("id"),
		Email: filters.Get("email"), EmailContains: filters.Get("email_contains"), Domain: filters.Get("domain"),
		DomainContains: filters.Get("domain_contains"), ClaimedDomain: filters.Get("claimed_domain"), SSO: filters.Get("sso"),
		Connection: filters.Get("connection"),
	}
	return m, operands, filters
}

// readFilters turns the address into the upstream's filters.
func readFilters(c echo.Context, known []filter) ([]stytch.Operand, url.Values, []views.Problem) {
	var operands []stytch.Operand
	var problems []views.Problem
	values := url.Values{}
	for _, f := range known {
		v := param(c, f.name)
		if v == "" {
			continue
		}
		values.Set(f.name, v)
		value, trouble := f.parse(v)
		if trouble != "" {
			problems = append(problems, views.Problem{Field: f.name, Text: trouble})
			continue
		}
		operands = append(operands, stytch.Operand{Name: f.upstream, Value: value})
	}
	return operands, values, problems
}

// chips are the filters in use, each with the address of the same list without it.
func chips(path string, known []filter, values url.Values) []views.Chip {
	var out []views.Chip
	for _, f := range known {
		v := values.Get(f.name)
		if v == "" {
			continue
		}
		out = append(out, views.Chip{Label: f.label, Value: v, Href: paths.With(path, without(values, f.name))})
	}
	return out
}

// without is the filters but one.
func without(values url.Values, name string) url.Values {
	rest := maps.Clone(values)
	rest.Del(name)
	return rest
}

// budget says how many searches the person has left, and whether err, of the last one, is that there was none. What is
// left for others is left out.
func (h *console) budget(p *session.Person, err error) views.Budget {
	b := h.Client.Budget()
	if b == nil {
		return views.Budget{}
	}
	return views.Budget{UsedUp: errors.Is(err, stytch.ErrSearchBudget), Text: strconv.Itoa(b.Left(p.SessionID())) + " of " + strconv.Itoa(b.PerSession()) + " searches left this minute"}
}

// searchTrouble decides how a list shows that its search failed: as a part that failed, with the filters kept, or as a
// page of its own (fatal) where nothing of the list may be shown.
func (h *console) searchTrouble(c echo.Context, err error, section *views.Section) (status int, fatal error) {
	if isGone(err) || stytch.IsForbidden(err) || errors.Is(err, stytch.ErrOperation) {
		return 0, err
	}
	if stytch.HTTPStatus(err) == http.StatusBadRequest {
		*section = views.Section{
			State: views.SectionFailed, Problem: "Stytch does not take this search. Check the filters, or start again from the first page.",
			RequestID: upstreamID(err), Retry: c.Request().URL.Path,
		}
		return http.StatusUnprocessableEntity, nil
	}
	p := h.explain(c, err)
	h.Log.WarnContext(c.Request().Context(), "list not read", "reference", stateOf(c).reference, "error", err)
	*section = views.Section{State: views.SectionFailed, Problem: p.Heading + ". " + p.What + " " + p.Do, RequestID: p.RequestID, Retry: here(c)}
	return p.Status, nil
}

// listMemberships lists the organizations that the person belongs to or was invited to.
func (h *console) listMemberships(c echo.Context, p *session.Person) error {
	m := views.MembershipsPage{}
	if _, ok := p.Staff(); ok {
		m.Directory = paths.Organizations
	}
	status := http.StatusOK
	found, err := p.Home().Memberships(c.Request().Context())
	switch {
	case err != nil:
		var fatal error
		if status, fatal = h.searchTrouble(c, err, &m.Section); fatal != nil {
			return fatal
		}
	case len(found.Organizations) == 0:
		m.Section.State = views.SectionEmpty
	}
	for _, d := range found.Organizations {
		if !stytch.IsOrganizationID(d.Organization.ID) {
			continue
		}
		row := views.Membership{
			ID: d.Organization.ID, Name: d.Organization.Name, Slug: d.Organization.Slug,
			Kind: membershipStatus(d.Membership.Type), Href: paths.Organization(d.Organization.ID),
		}
		if key, held := p.Key(d.Organization.ID); held {
			row.Held, row.Left = true, h.left(key)
		} else if p.Impersonator() == "" {
			row.Action = paths.Enter(d.Organization.ID)
			_, row.Button = membershipWords(d.Membership.Type)
		}
		m.Rows = append(m.Rows, row)
	}
	m.Frame = h.frame(c, "Your organizations", views.AreaOrganizations)
	return h.render(c, status, views.Memberships(m))
}

func membershipStatus(membership string) views.Status {
	switch membership {
	case "active_member":
		return views.Status{Kind: views.StatusOK, Text: "Active"}
	case "pending_member":
		return views.Status{Kind: views.StatusWait, Text: "Pending"}
	case "invited_member":
		return views.Status{Kind: views.StatusWait, Text: "Invited"}
	}
	return views.Status{Kind: views.StatusDim, Text: "May join"}
}
