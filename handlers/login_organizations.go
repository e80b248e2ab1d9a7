package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showLoginOrganizations lists the organizations that the proven address may enter. Reading the list spends nothing.
func (h *console) showLoginOrganizations(c echo.Context) error {
	pending, ok := h.Sessions.Pending(c.Request().Context(), "")
	if !ok {
		if stateOf(c).person != nil {
			return seeOther(c, paths.OwnOrganizations)
		}
		return seeOther(c, paths.LoginNotice("expired"))
	}
	found, err := h.Client.Memberships(c.Request().Context(), pending.Token)
	if isIntermediateGone(err) {
		return seeOther(c, paths.LoginNotice("expired"))
	}
	if err != nil {
		return err
	}
	m := views.LoginOrganizationsPage{
		Frame: h.frame(c, "Choose an organization", views.AreaNone), Email: pending.Email, Action: paths.LoginOrganizations, Another: paths.Login,
		Lasts: minutesLeft(h.Now(), pending.Expires),
	}
	for _, d := range found.Organizations {
		if !stytch.IsOrganizationID(d.Organization.ID) {
			continue
		}
		choice := views.Choice{ID: d.Organization.ID, Name: d.Organization.Name}
		choice.Detail, choice.Action = membershipWords(d.Membership.Type)
		switch {
		case d.MFARequired != nil:
			choice.Needs = views.Status{Kind: views.StatusPart, Text: "Second factor needed"}
		case d.PrimaryRequired != nil:
			choice.Needs = views.Status{Kind: views.StatusPart, Text: "Another way to sign in needed"}
		}
		if d.IsMember() {
			m.Yours = append(m.Yours, choice)
		} else {
			m.Join = append(m.Join, choice)
		}
	}
	return h.render(c, http.StatusOK, views.LoginOrganizations(m))
}

func isIntermediateGone(err error) bool {
	return stytch.IsSessionGone(err) || stytch.IsType(err, "intermediate_session_not_found")
}

// membershipWords says what somebody is in an organization, and what entering it is called then.
func membershipWords(membership string) (detail, action string) {
	switch membership {
	case "active_member":
		return "Member", "Enter"
	case "pending_member":
		return "Member, not signed in yet", "Enter"
	case "invited_member":
		return "Invited", "Accept"
	case "eligible_to_join_by_email_domain":
		return "Open to addresses of your e-mail domain", "Join"
	case "eligible_to_join_by_oauth_tenant":
		return "Open to accounts of your company", "Join"
	}
	return "", "Enter"
}

// chooseOrganization signs in to one of them. It accepts an invitation and joins where that is open, so it is a form.
func (h *console) chooseOrganization(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	pending, ok := h.Sessions.Pending(c.Request().Context(), "")
	if !ok {
		return seeOther(c, paths.LoginNotice("expired"))
	}
	organizationID := field(c, "organization_id")
	if !stytch.IsOrganizationID(organizationID) {
		return notFound("")
	}
	in, err := h.Client.ExchangeIntermediate(c.Request().Context(), pending.Token, organizationID, h.SessionMinutes)
	if isIntermediateGone(err) {
		return seeOther(c, paths.LoginNotice("expired"))
	}
	if err != nil {
		return notOffered(err)
	}
	return h.finish(c, in)
}

// notOffered explains why an organization cannot be chosen: in the same words whether it exists or not.
func notOffered(err error) error {
	if !isRefusal(err) {
		return err
	}
	return &problem{
		Status: http.StatusForbidden, Heading: "You may not enter this organization", What: "Nothing was done.",
		Do: "Choose one that is offered to you.", Href: paths.LoginOrganizations, HrefText: "To the organizations", Err: err,
	}
}

// isRefusal says whether the upstream refused a person or what they sent, and not this console.
func isRefusal(err error) bool {
	status := stytch.HTTPStatus(err)
	return status >= 400 && status < 500 && !stytch.IsLimited(err) && !stytch.IsType(err, "unauthorized_credentials") &&
		!stytch.IsType(err, "invalid_session_duration")
}
