package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// find takes whatever is pasted into the search box and leads to the thing. What can be told from its shape costs no
// call; a search is made only where nothing cheaper does.
func (h *console) find(c echo.Context, p *session.Person) error {
	q := param(c, "q")
	staff, isStaff := p.Staff()
	switch {
	case q == "":
		return h.findPage(c, http.StatusOK, views.FindPage{})
	case stytch.IsOrganizationID(q):
		return seeOther(c, paths.Organization(q))
	case stytch.IsMemberID(q):
		return h.findMember(c, p, q, staff, isStaff)
	case stytch.IsAppID(q) && isStaff:
		return seeOther(c, paths.ConnectedApp(q))
	case isEmail(q):
		return h.findEmail(c, p, q, staff, isStaff)
	}
	return h.findName(c, p, q, staff, isStaff)
}

func (h *console) findPage(c echo.Context, status int, m views.FindPage) error {
	m.Query = param(c, "q")
	m.Frame = h.frame(c, "Find", views.AreaNone)
	m.Frame.Query = m.Query
	if m.Query != "" && len(m.Results) == 0 && m.Section.State == views.SectionShown {
		m.Section.State = views.SectionEmpty
		status = http.StatusNotFound
	}
	return h.render(c, status, views.Find(m))
}

// findMember leads to a member by id: staff anywhere, others in the organizations that they hold a key to.
func (h *console) findMember(c echo.Context, p *session.Person, memberID string, staff stytch.Staff, isStaff bool) error {
	m := views.FindPage{Kind: "a member id"}
	if isStaff {
		found, err := staff.FindMember(c.Request().Context(), memberID)
		if err == nil {
			return seeOther(c, paths.Member(found.Member.OrganizationID, memberID))
		}
		if !stytch.IsNotFound(err) {
			return err
		}
		m.Tried = []string{"all organizations"}
		return h.findPage(c, http.StatusOK, m)
	}
	// A member id does not tell its organization, so each one that a key is held to is offered.
	for _, key := range p.Keys() {
		m.Results = append(m.Results, views.Found{
			Kind: "Member", Name: "Look in " + key.Name, Detail: memberID, In: key.Name, ID: memberID, Href: paths.Member(key.OrganizationID, memberID),
		})
	}
	if len(m.Results) == 1 {
		return seeOther(c, m.Results[0].Href)
	}
	return h.findPage(c, http.StatusOK, m)
}

// findEmail leads to the organizations where an address is a member: for staff all, for others their own.
func (h *console) findEmail(c echo.Context, p *session.Person, email string, staff stytch.Staff, isStaff bool) error {
	filter := url.Values{"email": {email}}
	m := views.FindPage{Kind: "an e-mail address"}
	if !isStaff {
		for _, key := range p.Keys() {
			m.Results = append(m.Results, views.Found{
				Kind: "Organization", Name: key.Name, Detail: "Look for " + email + " here", ID: key.OrganizationID,
				Href: paths.With(paths.Members(key.OrganizationID), filter),
			})
		}
		if len(m.Results) == 1 {
			return seeOther(c, m.Results[0].Href)
		}
		return h.findPage(c, http.StatusOK, m)
	}
	found, err := staff.SearchOrganizations(c.Request().Context(), stytch.OrganizationSearch{
		Operands: []stytch.Operand{{Name: "member_emails", Value: []string{email}}}, Limit: pageRows,
	})
	m.Budget = h.budget(p, err)
	if err != nil {
		status, fatal := h.searchTrouble(c, err, &m.Section)
		if fatal != nil {
			return fatal
		}
		return h.findPage(c, status, m)
	}
	if len(found.Items) == 1 {
		return seeOther(c, paths.With(paths.Members(found.Items[0].ID), filter))
	}
	for i := range found.Items {
		o := &found.Items[i]
		m.Results = append(m.Results, views.Found{
			Kind: "Organization", Name: o.Name, Detail: o.Slug, ID: o.ID, Href: paths.With(paths.Members(o.ID), filter),
		})
	}
	if found.Next != "" {
		m.Results = append(m.Results, views.Found{
			Kind: "Directory", Name: "All organizations that have this member", Href: paths.With(paths.Organizations, filter),
		})
	}
	m.Tried = []string{"members of all organizations, by e-mail address"}
	return h.findPage(c, http.StatusOK, m)
}

// findName leads to an organization by its slug or external id; for staff, any other word goes to the directory's filter
// by name, which is a search and therefore behind a link.
func (h *console) findName(c echo.Context, p *session.Person, q string, staff stytch.Staff, isStaff bool) error {
	m := views.FindPage{Tried: []string{"organizations by slug"}}
	if isStaff {
		m.Tried = []string{"organizations by slug and by external id"}
		if isReference(q) {
			found, err := staff.FindOrganization(c.Request().Context(), q)
			switch {
			case err == nil && stytch.IsOrganizationID(found.ID):
				return seeOther(c, paths.Organization(found.ID))
			case err != nil && !stytch.IsNotFound(err) && stytch.HTTPStatus(err) != http.StatusBadRequest:
				return err
			}
		}
		if len([]rune(q)) >= minFuzzy {
			m.Results = append(m.Results, views.Found{
				Kind: "Directory", Name: "Organizations whose name contains " + q, Href: paths.With(paths.Organizations, url.Values{"name": {q}}),
			})
		}
		return h.findPage(c, http.StatusOK, m)
	}
	mine, err := p.Home().Memberships(c.Request().Context())
	if err != nil {
		return err
	}
	for _, d := range mine.Organizations {
		if strings.EqualFold(d.Organization.Slug, q) && stytch.IsOrganizationID(d.Organization.ID) {
			return seeOther(c, paths.Organization(d.Organization.ID))
		}
		if strings.Contains(strings.ToLower(d.Organization.Name), strings.ToLower(q)) && stytch.IsOrganizationID(d.Organization.ID) {
			m.Results = append(m.Results, views.Found{
				Kind: "Organization", Name: d.Organization.Name, Detail: d.Organization.Slug, ID: d.Organization.ID, Href: paths.Organization(d.Organization.ID),
			})
		}
	}
	return h.findPage(c, http.StatusOK, m)
}

// isReference says whether q can be a slug or an external id (rules slug-shape, external-id-shape). Ids of other things
// share the alphabet, and asking for them costs one call.
func isReference(q string) bool {
	return isSlug(strings.ReplaceAll(q, "|", "-"))
}
