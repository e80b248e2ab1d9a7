package handlers

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// settingsTroubles are refusals of a value, by the upstream's name: the field that each is about, and a person's words (rule
// organization-refusals).
var settingsTroubles = map[string]views.Problem{
	"organization_name_missing":                                                  {Field: "organization_name", Text: "Enter a name."},
	"invalid_organization_name":                                                  {Field: "organization_name", Text: "Stytch does not take this name."},
	"organization_name_includes_banned_words":                                    {Field: "organization_name", Text: "Stytch does not take this name: it has a word that is not allowed."},
	"invalid_organization_slug":                                                  {Field: "organization_slug", Text: "Stytch does not take this slug."},
	"organization_slug_already_used":                                             {Field: "organization_slug", Text: "Another organization has this slug."},
	"duplicate_organization":                                                     {Field: "organization_slug", Text: "Another organization has this slug."},
	"organization_logo_url_too_long":                                             {Field: "organization_logo_url", Text: "This address is too long for Stytch."},
	"invalid_organization_external_id":                                           {Field: "organization_external_id", Text: "Stytch does not take this for an external id."},
	"organization_external_id_already_used":                                      {Field: "organization_external_id", Text: "Another organization has this external id."},
	"invalid_organization_auth_factor_setting":                                   {Field: "email_invites", Text: "Nobody could join any more. Leave at least one way open."},
	"invalid_organization_auth_factor_setting_for_email_jit_provisioning":        {Field: "email_jit_provisioning", Text: "Joining by e-mail can be limited to allowed domains or closed, and nothing else."},
	"invalid_organization_auth_factor_setting_for_oauth_tenant_jit_provisioning": {Field: "oauth_tenant_jit_provisioning", Text: "Joining by OAuth tenant can be limited to a list or closed, and nothing else."},
	"invalid_restricted_email_setting":                                           {Field: "email_allowed_domains", Text: "Joining or inviting is limited to allowed domains: name at least one."},
	"invalid_restricted_sso_setting":                                             {Field: "sso_jit_provisioning_allowed_connections", Text: "Joining is limited to ticked connections: tick at least one."},
	"invalid_restricted_oauth_tenants_setting":                                   {Field: "allowed_oauth_tenants", Text: "Joining is limited to tenants on the list: name at least one."},
	"invalid_oauth_allowed_tenants_format":                                       {Field: "allowed_oauth_tenants", Text: "Stytch does not take one of these tenants."},
	"organization_settings_domain_too_common":                                    {Field: "email_allowed_domains", Text: "One of these domains is open to everybody, so Stytch does not take it."},
	"organization_settings_invalid_domain":                                       {Field: "email_allowed_domains", Text: "Stytch does not take one of these for a domain."},
	"organization_settings_duplicate_domain":                                     {Field: "email_allowed_domains", Text: "A domain is there twice."},
	"organization_settings_disposable_domain":                                    {Field: "email_allowed_domains", Text: "One of these domains gives out addresses to throw away, so Stytch does not take it."},
	"organization_settings_claimed_domain_too_common":                            {Field: "claimed_email_domains", Text: "One of these domains is open to everybody, so nobody can claim it."},
	"organization_settings_invalid_claimed_domain":                               {Field: "claimed_email_domains", Text: "Stytch does not take one of these for a domain."},
	"organization_settings_duplicate_claimed_domain":                             {Field: "claimed_email_domains", Text: "A domain is there twice."},
	"claimed_email_domains_not_supported":                                        {Field: "claimed_email_domains", Text: "This project cannot claim domains. Stytch turns that on for a project."},
	"too_many_domains":                                                           {Text: "These are more domains than Stytch takes."},
	"invalid_sso_default_connection_id":                                          {Field: "sso_default_connection_id", Text: "This connection is not active any more. Choose another one."},
	"sso_connection_not_found":                                                   {Text: "One of these connections is not there any more."},
	"invalid_organization_auth_method_settings":                                  {Field: "auth_methods", Text: "Stytch does not take these methods together."},
	"invalid_organization_allowed_auth_methods":                                  {Field: "allowed_auth_methods", Text: "Stytch does not take one of these methods."},
	"allowed_auth_methods_required_for_restricted":                               {Field: "allowed_auth_methods", Text: "The methods are limited: tick at least one."},
	"invalid_organization_mfa_policy":                                            {Field: "mfa_policy", Text: "Stytch does not take this choice."},
	"invalid_organization_mfa_factor_setting":                                    {Field: "mfa_methods", Text: "Stytch does not take this choice."},
	"invalid_organization_allowed_mfa_methods":                                   {Field: "allowed_mfa_methods", Text: "Stytch does not take one of these methods."},
	"allowed_mfa_methods_required_for_restricted":                                {Field: "allowed_mfa_methods", Text: "The methods are limited: tick at least one."},
	"rbac_domain_too_common":                                                     {Field: "rbac_email_implicit_role_assignments", Text: "One of these domains is open to everybody, so Stytch gives no role for it."},
	"rbac_invalid_domain":                                                        {Field: "rbac_email_implicit_role_assignments", Text: "Stytch does not take one of these for a domain."},
	"invalid_rbac_role_id":                                                       {Field: "rbac_email_implicit_role_assignments", Text: "One of these roles is not there."},
	"rbac_role_not_found":                                                        {Field: "rbac_email_implicit_role_assignments", Text: "One of these roles is not there."},
	"metadata_too_large":                                                         {Field: "trusted_metadata", Text: "This is too long: 4 KB are the most."},
	"metadata_too_many_keys":                                                     {Field: "trusted_metadata", Text: "These are too many keys: 20 are the most."},
	"metadata_invalid_format":                                                    {Field: "trusted_metadata", Text: "Stytch does not take this for metadata."},
}

// settingsTrouble is what a refusal of a value says, and beside which field.
func settingsTrouble(err error) (views.Problem, bool) {
	e, ok := errors.AsType[*stytch.Error](err)
	if !ok {
		return views.Problem{}, false
	}
	trouble, known := settingsTroubles[e.Type]
	return trouble, known
}

// isLost says whether nobody knows if what was sent was done: the answer did not come, or was none.
func isLost(err error) bool {
	if f, ok := errors.AsType[*stytch.Fault](err); ok {
		return f.Kind != stytch.Mismatch && !errors.Is(err, stytch.ErrOperation)
	}
	e, ok := errors.AsType[*stytch.Error](err)
	return ok && e.Status >= http.StatusInternalServerError
}

// showSettingsGroup is the form of one group.
func (h *console) showSettingsGroup(c echo.Context, p *session.Person, t stytch.Tenant) error {
	s, err := h.settingsAt(c, p, t)
	if err != nil {
		return err
	}
	s.allowApp(param(c, "allow"), param(c, "party"))
	return h.settingsForm(c, http.StatusOK, s, nil, nil)
}

func (h *console) settingsAt(c echo.Context, p *session.Person, t stytch.Tenant) (*settings, error) {
	group, ok := settingsGroupOf(c.Param("group"))
	if !ok {
		return nil, notFound("")
	}
	self, err := h.settingsSelf(c, p, t)
	if err != nil {
		return nil, err
	}
	return h.settingsOf(p, t, group, &self.Organization), nil
}

func settingsCrumbs(org *stytch.Organization) []views.Crumb {
	return []views.Crumb{
		{Text: "Organizations", Href: paths.Organizations},
		{Text: nameOf(org.Name, org.Slug), Href: paths.Organization(org.ID)},
		{Text: "Settings", Href: paths.Settings(org.ID)},
	}
}

// settingsForm is the form of a group, with what was typed where the request brought something.
func (h *console) settingsForm(c echo.Context, status int, s *settings, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.SettingsFormPage{
		Crumbs: settingsCrumbs(s.org), Title: s.group.title, Lead: s.group.lead, Action: paths.SettingsGroup(s.org.ID, s.group.id), Back: paths.Settings(s.org.ID),
		Problems: problems, Trouble: trouble, Note: s.note,
	}
	if trouble != nil {
		m.Title = trouble.Heading
	}
	form := c.Request().PostForm
	if s.filled != nil {
		form = s.filled
	}
	typed := wantedOf(s.fields, form)
	for i := range s.fields {
		field := h.settingsField(s, &s.fields[i])
		if value, sent := typed[field.Name]; sent {
			field.Value, field.Was = value, form.Get(wasField(field.Name))
			// What the upstream has just refused stays as it was typed, whatever is known by now of who may change it.
			field.Locked = field.Locked && trouble == nil
		}
		m.Fields = append(m.Fields, field)
		if !field.Locked {
			m.Button = "Save"
		}
	}
	if m.Button != "" && s.group.reviewed {
		m.Button = "Review changes"
	}
	if _, held := s.p.Staff(); held && trouble != nil && s.group.staff {
		op, _ := stytch.OrganizationField(s.fields[0].name).Staff()
		check := op.Row().Check
		m.Staff, m.StaffNeed = true, h.lacksStaff(s.p, check.Resource, check.Action)
	}
	m.Frame = h.frame(c, m.Title, views.AreaSettings)
	return h.render(c, status, views.SettingsForm(m))
}

// settingsKinds are the kinds of fields as they are drawn.
var settingsKinds = map[fieldKind]views.FieldKind{
	kindText: views.FieldText, kindChoice: views.FieldChoices, kindList: views.FieldLines, kindWords: views.FieldLines, kindBoxes: views.FieldBoxes, kindJSON: views.FieldJSON,
	kindAddresses: views.FieldLines, kindPassage: views.FieldJSON,
}

func (h *console) settingsField(s *settings, f *formField) views.SettingsField {
	now := s.now[f.name]
	m := views.SettingsField{Name: f.name, Label: f.label, Note: f.note, Kind: settingsKinds[f.kind], Value: now, Was: now, Options: f.options}
	need, why := h.locked(s, f)
	if need != nil || why != "" {
		m.Locked, m.Shown, m.Why = true, inLine(f, now), why
	}
	if need != nil {
		m.Need = *need
	}
	return m
}

// saveSettingsGroup changes what the person changed in one group, and nothing else.
func (h *console) saveSettingsGroup(c echo.Context, p *session.Person, t stytch.Tenant) error {
	s, err := h.settingsAt(c, p, t)
	if err != nil {
		return err
	}
	changes := changesOf(h.writable(s), c.Request().PostForm, s.now)
	if problems := append(problemsOf(changes), s.broken(changes)...); len(problems) > 0 {
		return h.settingsForm(c, http.StatusUnprocessableEntity, s, problems, nil)
	}
	switch {
	case len(changes) == 0:
		h.Sessions.Flash(c.Request().Context(), "", "Nothing is different, so nothing was saved.")
		return seeOther(c, paths.Settings(s.org.ID))
	case conflicts(changes), s.group.reviewed && !confirmed(c):
		return h.reviewSettings(c, s, changes)
	case s.group.staffOnly, s.group.staff && asStaff(c):
		return h.writeAsStaff(c, s, changes)
	}
	ctx := stytch.Noting(c.Request().Context(), "", auditChanges(changes)...)
	return h.settingsSaved(c, s, changes, sendSettings(ctx, t, changes))
}

// asStaff says that the support staff is to write what the tenant's session may not.
func asStaff(c echo.Context) bool { return field(c, "as") == "staff" }

// sendSettings sends the changes in the tenant's own session. An external id is not emptied but deleted (rule
// organization-external-id-delete); it is alone in its group.
func sendSettings(ctx context.Context, t stytch.Tenant, changes []change) error {
	if isExternalIDGone(changes[0]) {
		_, err := t.DeleteOrganizationExternalID(ctx)
		return err
	}
	values := make(map[stytch.OrganizationField]any, len(changes))
	for name, value := range valuesOf(changes) {
		values[stytch.OrganizationField(name)] = value
	}
	_, err := t.UpdateOrganization(ctx, values)
	return err
}

func isExternalIDGone(one change) bool {
	return one.field.name == string(stytch.OrganizationExternalID) && one.wanted == ""
}

// reviewSettings shows what is about to change, or asks whose change is to stay.
func (h *console) reviewSettings(c echo.Context, s *settings, changes []change) error {
	m := views.ReviewPage{
		Crumbs: settingsCrumbs(s.org), Title: "Review " + countOf(len(changes), "change"), Action: paths.SettingsGroup(s.org.ID, s.group.id),
		Button: "Save " + countOf(len(changes), "change"), Back: paths.SettingsGroup(s.org.ID, s.group.id),
	}
	switch {
	case s.group.id == settingsApps:
		var err error
		if m.Warnings, err = h.appEffectsNow(c.Request().Context(), s, byName(changes)); err != nil {
			return err
		}
	case s.group.effects != nil:
		m.Warnings = s.group.effects(byName(changes))
	}
	if conflicts(changes) {
		m.Title, m.Button = "Somebody else saved first", "Go on"
	}
	if asStaff(c) {
		m.Hidden = []views.Hidden{{Name: "as", Value: "staff"}}
	}
	m.Frame = h.frame(c, m.Title, views.AreaSettings)
	return h.review(c, changes, m)
}

// settingsSaved ends a save: done, refused, or nobody knows.
func (h *console) settingsSaved(c echo.Context, s *settings, changes []change, err error) error {
	if err == nil {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), "Saved: "+labelsOf(changes)+".")
		return seeOther(c, paths.Settings(s.org.ID))
	}
	if isGone(err) {
		return err
	}
	if trouble, known := settingsTrouble(err); known {
		if !slices.ContainsFunc(s.fields, func(f formField) bool { return f.name == trouble.Field }) {
			trouble.Field = ""
		}
		return h.settingsForm(c, http.StatusUnprocessableEntity, s, []views.Problem{trouble}, nil)
	}
	if stytch.IsForbidden(err) {
		p := h.explain(c, err)
		return h.settingsForm(c, p.Status, s, nil, &views.SettingsTrouble{Heading: p.Heading, What: p.What, Need: h.needed(c, s, changes, err), RequestID: p.RequestID})
	}
	if isLost(err) {
		return h.settingsLost(c, s, changes, err)
	}
	return err
}

// needed is the permission that was missing for a change: the staff one where its check said no, else the first that the session's
// roles lack. Where they lack none as far as is known, it is that of the first field.
func (h *console) needed(c echo.Context, s *settings, changes []change, err error) *views.Permission {
	if e, ok := errors.AsType[*stytch.Error](err); ok {
		if need := h.missing(c, e.Operation); need != nil {
			return need
		}
	}
	for _, one := range changes {
		if need := h.lacksIn(s.t, organizationResource, one.field.action); need != nil {
			return need
		}
	}
	if action := changes[0].field.action; action != "" {
		return &views.Permission{Resource: organizationResource, Action: action, Roles: h.Policy.Policy().RolesWith(organizationResource, action)}
	}
	return nil
}

// settingsLost says that nobody knows whether a change was made, and how it stands now.
func (h *console) settingsLost(c echo.Context, s *settings, changes []change, lost error) error {
	self, err := h.settingsSelf(c, s.p, s.t)
	if err != nil {
		return lost
	}
	now := settingsNow(&self.Organization)
	p := h.explain(c, lost)
	m := views.ReviewPage{
		Crumbs: settingsCrumbs(s.org), Title: p.Heading, Action: paths.SettingsGroup(s.org.ID, s.group.id), Button: "Send again", Back: paths.Settings(s.org.ID),
	}
	says := "It is not known whether this was saved. Below is how it stands now."
	if !slices.ContainsFunc(changes, func(one change) bool { return now[one.field.name] != one.wanted }) {
		says = "It was saved all the same: what you wanted is how it stands now."
	}
	if p.RequestID != "" {
		says += " Stytch's request: " + p.RequestID
	}
	m.Problems = []views.Problem{{Text: says}}
	for _, one := range changes {
		m.Rows = append(m.Rows, views.ReviewRow{
			Field: one.field.name, Label: one.field.label, Was: one.field.words(one.was), Now: one.field.words(now[one.field.name]), Wanted: one.field.words(one.wanted),
		})
	}
	m.Hidden = carried(c.Request().PostForm)
	m.Frame = h.frame(c, p.Heading, views.AreaSettings)
	return h.render(c, p.Status, views.Review(m))
}

// carried are the fields of a form as they were sent, but for those that each page makes anew.
func carried(form url.Values) []views.Hidden {
	var out []views.Hidden
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if name == ticketField || name == "confirm" || len(name) > 64 || strings.ContainsAny(name, "\x00\r\n") {
			continue
		}
		for _, value := range form[name] {
			out = append(out, views.Hidden{Name: name, Value: value})
		}
	}
	return out
}

// labelsOf names the fields of changes in a sentence.
func labelsOf(changes []change) string {
	labels := make([]string, len(changes))
	for i, one := range changes {
		labels[i] = strings.ToLower(one.field.label[:1]) + one.field.label[1:]
	}
	return strings.Join(labels, ", ")
}
