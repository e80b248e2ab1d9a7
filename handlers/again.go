package handlers

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/views"
)

// secretFields are typed again and never sent back in a page.
var secretFields = map[string]views.AskField{
	"password":       {Label: "Password", Type: "password"},
	"current":        {Label: "Current password", Type: "password"},
	"code":           {Label: "Code", Type: "text"},
	"proof_code":     {Label: "Code", Type: "text"},
	"proof_password": {Label: "Password", Type: "password"},
	"client_secret":  {Label: "Client secret", Type: "password"},
}

// fieldLabels are what a person calls the fields of forms.
var fieldLabels = map[string]string{
	"name": "Name", "email": "E-mail address", "phone": "Phone number", "language": "Language", "reason": "Reason",
	"email_address": "E-mail address", "external_id": "External id", "mfa_phone_number": "Phone number", "roles": "Role",
	"untrusted_metadata": "Metadata", "trusted_metadata": "Trusted metadata", "organization_name": "Name", "organization_slug": "Slug",
	"organization_logo_url": "Logo URL", "organization_external_id": "External id", "email_allowed_domains": "Allowed e-mail domains",
	"claimed_email_domains": "Claimed domains", "client_id": "Client id", "client_name": "Name", "client_description": "Description",
	"client_type": "Type", "logo_url": "Logo URL", "scopes": "Scopes", "status": "Status",
	"redirect_urls": "Redirect URLs", "post_logout_redirect_urls": "Post-logout URLs", "access_token_expiry_minutes": "Minutes",
	"access_token_custom_audience": "Audience", "access_token_template_content": "Template",
}

// keeps says whether the answer to a form holds the form: after the end of a session, a limit, and a fault of the upstream's
// or our own.
func (p *problem) keeps() bool {
	return !p.Anew && (p.Keeps || p.Status == http.StatusUnauthorized || p.Status == http.StatusTooManyRequests || p.Status >= http.StatusInternalServerError)
}

// again answers a form that failed for no fault of the person's: the same form with what was typed, where a session has ended a
// way to sign in beside it, and a button that sends it again. It says no where there is no such form.
func (h *console) again(c echo.Context, p *problem) bool {
	r := c.Request()
	if r.Method != http.MethodPost || !p.keeps() || parseForm(c) != nil {
		return false
	}
	m := views.AgainPage{
		Frame: h.frame(c, p.Heading, views.AreaNone), Heading: p.Heading, What: p.What, Status: p.Status, Action: here(c),
		RequestID: p.RequestID, Reference: stateOf(c).reference,
	}
	switch {
	case p.Status != http.StatusUnauthorized:
		m.Do = p.Do
		if p.Retry && p.Status >= http.StatusInternalServerError {
			m.Do += " It may have been done all the same."
		}
	case p.Href != "":
		m.SignIn, m.SignInText = p.Href, p.HrefText
	default:
		m.SignIn, m.SignInText = paths.Login, "Sign in"
	}
	if !paths.Local(m.Action) {
		return false
	}
	if m.Frame.Ticket != nil {
		// What nobody knows the end of may be sent once more; a form whose session has ended keeps its own ticket.
		r.PostForm.Del(ticketField)
	}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range r.PostForm[name] {
			ask, secret := secretFields[name]
			switch {
			case secret && value != "":
				ask.Name = name
				m.Ask = append(m.Ask, ask)
			case !secret && len(name) <= 64 && !strings.ContainsAny(name, "\x00\r\n"):
				m.Fields = append(m.Fields, views.Hidden{Name: name, Value: value, Label: fieldLabels[name]})
			}
		}
	}
	if err := h.render(c, p.Status, views.Again(m)); err != nil {
		h.Log.ErrorContext(r.Context(), "page not rendered", "reference", m.Reference, "error", err)
		return false
	}
	return true
}
