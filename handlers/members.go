package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// membersFilters are all filters that the upstream documents for members (rule member-filters). There is none by name.
// The statuses are read apart: they are boxes, several of which may be ticked.
var membersFilters = []filter{
	{"email", "member_emails", "E-mail is", each(isEmail, "Enter a whole e-mail address.")},
	{"email_contains", "member_email_fuzzy", "E-mail contains", fuzzy},
	{"id", "member_ids", "Id is", each(stytch.IsMemberID, "A member id looks like member-live- and 36 characters.")},
	{"role", "member_roles", "Has the role", exact},
	{"breakglass", "member_is_breakglass", "Break-glass", yesNo},
	{"password", "member_password_exists", "Has a password", yesNo},
	{"phone", "member_mfa_phone_numbers", "Phone is", each(isPhone, "Enter it with the country, as +442079460412.")},
	{"phone_contains", "member_mfa_phone_number_fuzzy", "Phone contains", fuzzy},
}

// memberStatuses are the statuses of a member, by the upstream's word (rule member-statuses).
var memberStatuses = []views.Option{
	{Value: "active", Text: "Active"}, {Value: "invited", Text: "Invited"}, {Value: "pending", Text: "Pending"}, {Value: "deleted", Text: "Deleted"},
}

func isPhone(s string) bool {
	return len(s) >= 8 && len(s) <= 16 && s[0] == '+' && strings.Trim(s[1:], "0123456789") == ""
}

// listMembers lists the members of a tenant.
func (h *console) listMembers(c echo.Context, p *session.Person, t stytch.Tenant) error {
	at := placeOf(c)
	key, _ := p.Key(t.OrganizationID())
	m, operands, filters := membersForm(c, t.OrganizationID())
	m.Organization = key.Name
	for _, role := range h.Policy.Policy().Roles {
		m.Roles = append(m.Roles, role.ID)
	}
	if len(m.Problems) > 0 {
		return h.membersPage(c, http.StatusUnprocessableEntity, key, t, m)
	}
	found, err := t.SearchMembers(c.Request().Context(), stytch.MemberSearch{Operands: operands, Cursor: at.cursor, Limit: pageRows})
	m.Budget = h.budget(p, err)
	if err != nil {
		status, fatal := h.searchTrouble(c, err, &m.Section)
		if fatal != nil {
			return fatal
		}
		return h.membersPage(c, status, key, t, m)
	}
	m.Rows = make([]views.MemberRow, len(found.Items))
	for i := range found.Items {
		m.Rows[i] = memberRow(&found.Items[i])
	}
	m.Pager = at.pager(paths.Members(t.OrganizationID()), filters, len(m.Rows), found.Total, found.Next)
	if len(m.Rows) == 0 {
		m.Section.State = views.SectionEmpty
	}
	return h.membersPage(c, http.StatusOK, key, t, m)
}

func (h *console) membersPage(c echo.Context, status int, key session.Key, t stytch.Tenant, m views.MembersList) error {
	return h.renderPart(c, status, func() templ.Component {
		return views.Members(views.MembersPage{
			Frame: h.frame(c, "Members of "+key.Name, views.AreaMembers), Organization: key.Name,
			OrganizationHref: paths.Organization(key.OrganizationID), List: m,
			New: paths.MemberNew(key.OrganizationID), NewNeed: h.lacksIn(t, onMembers, "create"),
		})
	}, views.MembersPart(m))
}

// membersForm reads the filters from the address.
func membersForm(c echo.Context, organizationID string) (views.MembersList, []stytch.Operand, url.Values) {
	path := paths.Members(organizationID)
	m := views.MembersList{Action: path, Clear: path}
	operands, filters, problems := readFilters(c, membersFilters)
	m.Problems = problems
	var statuses []string
	for _, option := range memberStatuses {
		if slices.Contains(c.QueryParams()["status"], option.Value) {
			option.Selected = true
			statuses = append(statuses, option.Value)
		}
		m.Filters.Status = append(m.Filters.Status, option)
	}
	if len(statuses) > 0 {
		operands = append(operands, stytch.Operand{Name: "statuses", Value: statuses})
		filters["status"] = statuses
	}
	m.Chips = chips(path, membersFilters, filters)
	if len(statuses) > 0 {
		m.Chips = append(m.Chips, views.Chip{Label: "Status is", Value: strings.Join(statuses, " or "), Href: paths.With(path, without(filters, "status"))})
	}
	m.Filters.Email, m.Filters.EmailContains, m.Filters.ID = filters.Get("email"), filters.Get("email_contains"), filters.Get("id")
	m.Filters.Role, m.Filters.Breakglass, m.Filters.Password = filters.Get("role"), filters.Get("breakglass"), filters.Get("password")
	m.Filters.Phone, m.Filters.PhoneContains = filters.Get("phone"), filters.Get("phone_contains")
	return m, operands, filters
}

// memberRow is a member in the list.
func memberRow(m *stytch.MemberSummary) views.MemberRow {
	row := views.MemberRow{ID: m.ID, Name: nameOf(m.Name, ""), Email: m.Email, Status: memberStatus(m.Status, m.IsLocked, m.IsBreakglass), MFA: rowMFA(m), Created: date(m.CreatedAt)}
	row.Href = paths.Member(m.OrganizationID, m.ID)
	if m.Status == "deleted" {
		// The upstream answers 404 for a deleted one (rule deleted-members): there is nothing but taking them back.
		row.Href = paths.MemberAct(paths.MemberReactivateRoute, m.OrganizationID, m.ID)
	}
	for _, role := range m.Roles {
		if role.ID == "stytch_member" {
			continue
		}
		if row.Roles == "" {
			row.Roles = role.ID
		} else {
			row.More++
		}
	}
	return row
}

func memberStatus(status string, isLocked, isBreakglass bool) views.Status {
	switch {
	case status == "deleted":
		return views.Status{Kind: views.StatusOff, Text: "Deleted"}
	case isLocked:
		return views.Status{Kind: views.StatusBad, Text: "Locked"}
	case isBreakglass:
		return views.Status{Kind: views.StatusWarn, Text: "Break-glass"}
	case status == "active":
		return views.Status{Kind: views.StatusOK, Text: "Active"}
	case status == "invited":
		return views.Status{Kind: views.StatusWait, Text: "Invited"}
	case status == "pending":
		return views.Status{Kind: views.StatusWait, Text: "Pending"}
	}
	return views.Status{Text: status}
}

func rowMFA(m *stytch.MemberSummary) views.Status {
	switch {
	case m.TOTPID != "":
		return views.Status{Text: "App"}
	case m.MFAPhone != "":
		return views.Status{Text: "Text"}
	case m.MFAEnrolled:
		return views.Status{Kind: views.StatusPart, Text: "To enrol"}
	}
	return views.Status{}
}
