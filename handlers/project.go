package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// metricWords are the counts of a project in the order of the page, by the upstream's names (rule project-metrics).
var metricWords = []struct{ name, label, note, href string }{
	{"ORGANIZATION_COUNT", "Organizations", "", paths.Organizations},
	{"MEMBER_COUNT", "Members", "in all organizations", ""},
	{"M2M_CLIENT_COUNT", "M2M clients", "", paths.M2MClients},
	{"USER_COUNT", "Users", "people of no organization", ""},
}

// showProject is the project that the console speaks for: which one it is, how much is in it, and the pages about all of it. Only the
// support staff have it.
func (h *console) showProject(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	metrics, err := staff.ProjectMetrics(c.Request().Context())
	if isGone(err) {
		return err
	}
	desk, _ := p.Key(h.StaffOrganizationID)
	m := views.ProjectPage{
		ID: h.ProjectID, Staff: nameOf(desk.Name, h.StaffOrganizationID), StaffID: h.StaffOrganizationID, StaffHref: paths.Organization(h.StaffOrganizationID),
		Counts: projectCounts(metrics), CountsSection: h.section(c, err, len(metrics) == 0),
	}
	m.Frame = h.frame(c, "Project", views.AreaProject)
	return h.render(c, http.StatusOK, views.Project(m))
}

// projectCounts puts counts into words. One that nobody knows comes last, by the upstream's name.
func projectCounts(metrics []stytch.ProjectMetric) []views.ProjectCount {
	var known, unknown []views.ProjectCount
	for _, words := range metricWords {
		for _, m := range metrics {
			if m.Type == words.name {
				known = append(known, views.ProjectCount{Label: words.label, Note: words.note, Href: words.href, Count: *m.Count})
			}
		}
	}
	for _, m := range metrics {
		if !slices.ContainsFunc(metricWords, func(w struct{ name, label, note, href string }) bool { return w.name == m.Type }) {
			unknown = append(unknown, views.ProjectCount{Label: m.Type, Count: *m.Count})
		}
	}
	slices.SortStableFunc(unknown, func(a, b views.ProjectCount) int { return strings.Compare(a.Label, b.Label) })
	return append(known, unknown...)
}
