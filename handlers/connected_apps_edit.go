package handlers

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// clientForm is one group of a client as somebody sees it.
type clientForm struct {
	p      *session.Person
	staff  stytch.Staff
	group  *clientGroup
	client stytch.AppClient
	fields []formField
	now    map[string]string
	// need and why say why it cannot be changed.
	need *views.Permission
	why  string
}

func (h *console) clientFormOf(c echo.Context, p *session.Person) (*clientForm, error) {
	staff, err := projectStaff(p)
	if err != nil {
		return nil, err
	}
	group, ok := clientGroupOf(c.Param("group"))
	if !ok {
		return nil, notFound("")
	}
	f := &clientForm{p: p, staff: staff, group: group}
	if f.client, err = staff.AppClient(c.Request().Context(), c.Param("client_id")); err != nil {
		return nil, err
	}
	halfRotated(c, &f.client)
	f.fields, f.now = group.fields(h, &f.client), clientNow(&f.client)
	if group.shut != nil {
		f.why = group.shut(&f.client)
	}
	f.need = h.lacksFor(p, stytch.AppClientUpdate)
	return f, nil
}

func (f *clientForm) action() string { return paths.ConnectedAppEdit(f.client.ID, f.group.id) }

func (f *clientForm) back() string { return paths.ConnectedApp(f.client.ID) }

// showConnectedAppEdit is the form of one group.
func (h *console) showConnectedAppEdit(c echo.Context, p *session.Person) error {
	f, err := h.clientFormOf(c, p)
	if err != nil {
		return err
	}
	return h.clientFormPage(c, http.StatusOK, f, nil, nil)
}

// clientFormPage shows the form: as it stands, or with what was typed.
func (h *console) clientFormPage(c echo.Context, status int, f *clientForm, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.SettingsFormPage{
		Crumbs: clientCrumbs(&f.client), Title: f.group.title, Lead: f.group.lead, Action: f.action(), Back: f.back(), Problems: problems, Trouble: trouble,
	}
	if trouble != nil {
		// What the upstream has just refused stays as it was typed, whatever is known by now of who may change it.
		m.Title, f.need = trouble.Heading, nil
	}
	for i := range f.fields {
		one := &f.fields[i]
		shown := shownField(one, c.Request().PostForm, f.now)
		if f.why != "" || f.need != nil {
			shown.Locked, shown.Shown, shown.Why = true, one.words(f.now[one.name]), f.why
			if f.need != nil {
				shown.Need = *f.need
			}
		}
		m.Fields = append(m.Fields, shown)
	}
	if f.why == "" && f.need == nil {
		if m.Button = "Save"; f.group.reviewed {
			m.Button = "Review changes"
		}
	}
	m.Frame = h.frame(c, m.Title, views.AreaConnectedApps)
	return h.render(c, status, views.SettingsForm(m))
}

// editConnectedApp saves what was changed of one group, or shows it first.
func (h *console) editConnectedApp(c echo.Context, p *session.Person) error {
	f, err := h.clientFormOf(c, p)
	if err != nil {
		return err
	}
	if f.why != "" {
		// Nobody's page has such a field: the request was made up.
		refused := mayNot(nil)
		refused.What, refused.Do, refused.Href, refused.HrefText = f.why+" Nothing was changed.", "", f.back(), "Back to the client"
		return refused
	}
	changes := changesOf(f.fields, c.Request().PostForm, f.now)
	if problems := problemsOf(changes); len(problems) > 0 {
		return h.clientFormPage(c, http.StatusUnprocessableEntity, f, problems, nil)
	}
	switch {
	case len(changes) == 0:
		h.Sessions.Flash(c.Request().Context(), "", "Nothing is different, so nothing was saved.")
		return seeOther(c, f.back())
	case conflicts(changes), f.group.reviewed && !confirmed(c):
		return h.reviewClient(c, f, changes)
	}
	ctx := stytch.Noting(c.Request().Context(), "", auditChanges(changes)...)
	if _, err := f.staff.UpdateAppClient(ctx, f.client.ID, clientValues(changes)); err != nil {
		return h.clientNotSaved(c, f, err)
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), "Saved: "+labelsOf(changes)+".")
	return seeOther(c, f.back())
}

// clientValues are the changes as they are sent.
func clientValues(changes []change) map[stytch.AppClientField]any {
	values := make(map[stytch.AppClientField]any, len(changes))
	for name, value := range valuesOf(changes) {
		field := stytch.AppClientField(name)
		if field == stytch.AppClientFullAccess || field == stytch.AppClientBypassOffline {
			value = value == "yes"
		}
		values[field] = value
	}
	return values
}

// reviewClient shows what is about to change, or asks whose change is to stay.
func (h *console) reviewClient(c echo.Context, f *clientForm, changes []change) error {
	m := views.ReviewPage{
		Crumbs: clientCrumbs(&f.client), Title: "Review " + countOf(len(changes), "change"), Action: f.action(),
		Button: "Save " + countOf(len(changes), "change"), Back: f.action(),
	}
	if f.group.effects != nil {
		m.Warnings = f.group.effects(byName(changes))
	}
	if conflicts(changes) {
		m.Title, m.Button = "Somebody else saved first", "Go on"
	}
	m.Frame = h.frame(c, m.Title, views.AreaConnectedApps)
	return h.review(c, changes, m)
}

// clientNotSaved says beside its field what the upstream did not take. Where nobody knows how it ended the form is kept: what is
// there by then is no change, so that sending it again does nothing twice.
func (h *console) clientNotSaved(c echo.Context, f *clientForm, err error) error {
	if trouble, known := clientTrouble(err); known {
		return h.clientFormPage(c, http.StatusUnprocessableEntity, f, []views.Problem{trouble.among(f.fields).Problem}, nil)
	}
	if stytch.IsForbidden(err) {
		said := h.explain(c, err)
		return h.clientFormPage(c, said.Status, f, nil, &views.SettingsTrouble{Heading: said.Heading, What: said.What, Need: said.Permission, RequestID: said.RequestID})
	}
	return err
}

// clientRefusal is a refusal of a value: the field that it is about, and a person's words.
type clientRefusal struct{ views.Problem }

// among is the refusal as one of a form with these fields: where the form has no such field, it is about the form as a whole. What is
// said of redirect URLs is said of post-logout ones, too, so it belongs to the one that the form has.
func (r clientRefusal) among(fields []formField) clientRefusal {
	has := func(name string) bool {
		return slices.ContainsFunc(fields, func(f formField) bool { return f.name == name })
	}
	if r.Field == string(stytch.AppClientRedirectURLs) && !has(r.Field) {
		r.Field = string(stytch.AppClientPostLogoutURLs)
	}
	if !has(r.Field) && r.Field != fieldClientType {
		r.Field = ""
	}
	return r
}

// clientTroubles are refusals of a value, by the upstream's name (rule app-refusals).
var clientTroubles = map[string]views.Problem{
	"connected_app_invalid_redirect_url":                       {Field: "redirect_urls", Text: "Stytch does not take one of these addresses."},
	"connected_app_redirect_url_must_include_scheme":           {Field: "redirect_urls", Text: "One of these does not say how to get there. Begin it with https://."},
	"connected_app_redirect_url_must_use_http_or_https_scheme": {Field: "redirect_urls", Text: "Stytch takes only https here, and http for addresses of this computer: no scheme of an app."},
	"connected_app_redirect_url_must_use_https_scheme":         {Field: "redirect_urls", Text: "Stytch takes only https here."},
	"connected_app_redirect_url_http_scheme_must_use_loopback": {Field: "redirect_urls", Text: "One of these is not encrypted. Only addresses of this computer, as http://127.0.0.1/callback, may be http."},
	"connected_app_redirect_url_cannot_use_localhost":          {Field: "redirect_urls", Text: "Stytch does not take localhost here. Write the number, as http://127.0.0.1/callback."},
	"duplicate_redirect_url":                                   {Field: "redirect_urls", Text: "An address is there twice."},
	"third_party_clients_cannot_use_full_access":               {Field: "full_access_allowed", Text: "Only first-party clients may have full access."},
	"third_party_clients_require_consent_for_offline_access":   {Field: "bypass_consent_for_offline_access", Text: "Only first-party clients may stay connected without consent."},
	"idp_invalid_access_token_expiry_minutes":                  {Field: "access_token_expiry_minutes", Text: "Stytch does not take so many minutes, or so few."},
	"idp_invalid_access_token_custom_audience":                 {Field: "access_token_custom_audience", Text: "Stytch does not take this audience."},
	"idp_invalid_access_token_jwt_template":                    {Field: "access_token_template_content", Text: "Stytch does not take this template: it must be a JSON object."},
	"jwt_template_invalid_json":                                {Field: "access_token_template_content", Text: "Stytch does not take this for JSON."},
	"jwt_template_invalid_tag":                                 {Field: "access_token_template_content", Text: "Stytch does not know what one of the tags stands for."},
	"jwt_template_mismatched_tag":                              {Field: "access_token_template_content", Text: "A tag is not closed: it ends with }}."},
	"invalid_connected_app_type":                               {Field: fieldClientType, Text: "Stytch does not take this type."},
	"connected_app_misconfigured_client":                       {Text: "Stytch does not take these settings together."},
	"too_many_connected_apps":                                  {Text: "The project has as many clients as Stytch allows. Delete one first."},
}

// clientTrouble is what a refusal of a value says, and beside which field.
func clientTrouble(err error) (clientRefusal, bool) {
	e, ok := errors.AsType[*stytch.Error](err)
	if !ok {
		return clientRefusal{}, false
	}
	trouble, known := clientTroubles[e.Type]
	return clientRefusal{trouble}, known
}
