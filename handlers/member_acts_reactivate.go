package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// deletedOne is the deleted member that the address names. The upstream shows one in a search alone (rule deleted-members).
func (h *console) deletedOne(c echo.Context, t stytch.Tenant) (stytch.MemberSummary, error) {
	memberID := c.Param("member_id")
	if !stytch.IsMemberID(memberID) {
		return stytch.MemberSummary{}, notFound("")
	}
	found, err := t.SearchMembers(c.Request().Context(), stytch.MemberSearch{Limit: 1, Operands: []stytch.Operand{
		{Name: "member_ids", Value: []string{memberID}}, {Name: "statuses", Value: []string{"deleted"}},
	}})
	if err != nil {
		return stytch.MemberSummary{}, err
	}
	if len(found.Items) == 0 || found.Items[0].ID != memberID {
		missing := notFound("")
		missing.Heading, missing.What = "No such member is deleted here", "They were never a member of this organization, or are one again."
		missing.Href, missing.HrefText = deletedMembers(t), "To the deleted members"
		return stytch.MemberSummary{}, missing
	}
	return found.Items[0], nil
}

// deletedMembers is the list of those who are deleted.
func deletedMembers(t stytch.Tenant) string {
	return paths.With(paths.Members(t.OrganizationID()), map[string][]string{"status": {"deleted"}})
}

// reactivation is the page that asks before a member comes back. It says what the upstream says, and apart from that what is only
// expected of it.
func (h *console) reactivation(p *session.Person, t stytch.Tenant, m *stytch.MemberSummary) views.ConfirmPage {
	key, _ := p.Key(t.OrganizationID())
	var roles []string
	for _, r := range m.Roles {
		if r.ID != "stytch_member" {
			roles = append(roles, r.ID)
		}
	}
	page := views.ConfirmPage{
		Title: "Reactivate " + nameOf(m.Name, m.Email) + "?", Button: "Reactivate this member", Calm: true, Permission: h.lacksIn(t, onMembers, "create"),
		Crumbs: []views.Crumb{
			{Text: key.Name, Href: paths.Organization(t.OrganizationID())},
			{Text: "Members", Href: paths.Members(t.OrganizationID())},
			{Text: "Deleted", Href: deletedMembers(t)},
		},
		Action: paths.MemberAct(paths.MemberReactivateRoute, t.OrganizationID(), m.ID), Cancel: deletedMembers(t),
		Facts: []views.Fact{
			{Label: "E-mail", Value: m.Email},
			{Label: "Roles", Value: strings.Join(roles, ", "), Note: "when they were deleted"},
			{Label: "Second factor", Status: rowMFA(m)},
			{Label: "Id", Value: m.ID, ID: true},
		},
		Says: []string{
			"They are active again at once, and can sign in with " + m.Email + ". Nothing is mailed to them.",
			"Stytch does this only where one of their addresses was verified, and nobody else here has it by now.",
			"Sessions that they had stay ended. Apps that they had let in ask again.",
		},
		Warnings: []string{"Stytch does not say what else comes back. Expect everything they had: roles, metadata, password and second factors. Look at the member afterwards, and take away what they must not have."},
	}
	if len(roles) > 0 {
		page.Warnings = append(page.Warnings, "Expect them to be "+strings.Join(roles, ", ")+" again.")
	}
	return page
}

// reactivationTroubles are the refusals to bring a member back.
var reactivationTroubles = map[string]string{
	"no_deleted_member_found_for_reactivation":     "They are not deleted any more.",
	"email_unverified_for_reactivation":            "None of their addresses was ever verified, so Stytch does not bring them back. Make or invite them anew.",
	"reactivation_email_belongs_to_another_member": "Somebody else here has their address now. Change that member's address first.",
}

// showReactivate asks before a deleted member comes back.
func (h *console) showReactivate(c echo.Context, p *session.Person, t stytch.Tenant) error {
	m, err := h.deletedOne(c, t)
	if err != nil {
		return err
	}
	return h.confirm(c, http.StatusOK, views.AreaMembers, h.reactivation(p, t, &m))
}

// reactivateMember brings a deleted member back.
func (h *console) reactivateMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	m, err := h.deletedOne(c, t)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, err = t.ReactivateMember(ctx, m.ID)
	if text, ok := wordsFor(err, reactivationTroubles); ok {
		page := h.reactivation(p, t, &m)
		page.Problems = []views.Problem{{Text: text}}
		return h.confirm(c, http.StatusUnprocessableEntity, views.AreaMembers, page)
	}
	kind, text, to := views.FlashOK, "The member is active again. Look at what came back.", paths.Member(t.OrganizationID(), m.ID)
	if isLost(err) {
		kind, text, to = views.FlashWarn, unknownEnd(err), paths.With(paths.Members(t.OrganizationID()), map[string][]string{"id": {m.ID}, "status": {"active", "deleted"}})
		err = nil
	}
	if err != nil {
		return err
	}
	h.Sessions.Flash(ctx, string(kind), text)
	return seeOther(c, to)
}
