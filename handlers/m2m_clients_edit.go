package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// m2mGroup is a group of what is known of an M2M client. One form changes one group.
type m2mGroup struct {
	id, title string
	fields    func(*stytch.M2MClient) []formField
	// effects says what a change does, on a page that comes before it; nil saves at once.
	effects func([]change) []string
}

var m2mGroups = []m2mGroup{
	{id: "name", title: "Name and description", fields: m2mNameFields},
	{id: "scopes", title: "Scopes", fields: m2mScopeFields, effects: m2mScopeEffects},
	{id: "status", title: "Status", fields: m2mStatusFields, effects: m2mStatusEffects},
	{id: "metadata", title: "Trusted metadata", fields: m2mMetadataFields, effects: func(changes []change) []string { return metadataRisks(nil, nil, changes) }},
}

// m2mForm is the form of one group for one client.
type m2mForm struct {
	staff  stytch.Staff
	person *session.Person
	group  *m2mGroup
	client stytch.M2MClient
	fields []formField
	now    map[string]string
}

func (f *m2mForm) action() string { return paths.M2MClientEdit(f.client.ID, f.group.id) }

func (f *m2mForm) crumbs() []views.Crumb { return m2mCrumbs(&f.client) }

func m2mCrumbs(m *stytch.M2MClient) []views.Crumb {
	s := m2mSecretOf(*m)
	return m2mKind.crumbs(&s)
}

// readM2M reads the client that the address names, and has every page about it say when its secret is half changed.
func (h *console) readM2M(c echo.Context, p *session.Person) (stytch.Staff, stytch.M2MClient, error) {
	staff, err := projectStaff(p)
	if err != nil {
		return staff, stytch.M2MClient{}, err
	}
	m, err := staff.M2MClient(c.Request().Context(), clientIDOf(c))
	if err != nil {
		return staff, m, err
	}
	half(c, m.SecretLastFour, m.NextSecretLastFour, paths.M2MClientSecret(m.ID, ""))
	return staff, m, nil
}

// m2mFormOf reads the client and makes the form of the group in the address.
func (h *console) m2mFormOf(c echo.Context, p *session.Person) (*m2mForm, error) {
	if _, err := projectStaff(p); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(m2mGroups, func(g m2mGroup) bool { return g.id == c.Param("group") })
	if at < 0 {
		return nil, notFound("")
	}
	staff, m, err := h.readM2M(c, p)
	if err != nil {
		return nil, err
	}
	return &m2mForm{staff: staff, person: p, group: &m2mGroups[at], client: m, fields: m2mGroups[at].fields(&m), now: m2mNow(&m)}, nil
}

// showM2MClientEdit is the form of one group.
func (h *console) showM2MClientEdit(c echo.Context, p *session.Person) error {
	f, err := h.m2mFormOf(c, p)
	if err != nil {
		return err
	}
	return h.m2mEditPage(c, http.StatusOK, f, nil, nil)
}

// m2mEditPage is the form, with what was typed where the request brought something.
func (h *console) m2mEditPage(c echo.Context, status int, f *m2mForm, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.SettingsFormPage{
		Crumbs: f.crumbs(), Title: f.group.title, Action: f.action(), Back: paths.M2MClient(f.client.ID), Problems: problems, Trouble: trouble,
	}
	if trouble != nil {
		m.Title = trouble.Heading
	}
	need := h.lacksFor(f.person, stytch.M2MClientUpdate)
	typed := wantedOf(f.fields, c.Request().PostForm)
	for i := range f.fields {
		field := &f.fields[i]
		now := f.now[field.name]
		one := views.SettingsField{Name: field.name, Label: field.label, Note: field.note, Kind: settingsKinds[field.kind], Value: now, Was: now, Options: field.options}
		if value, sent := typed[field.name]; sent {
			one.Value, one.Was = value, c.Request().PostForm.Get(wasField(field.name))
		} else if need != nil {
			one.Locked, one.Shown, one.Need = true, inLine(field, now), *need
		}
		if !one.Locked {
			m.Button = "Save"
		}
		m.Fields = append(m.Fields, one)
	}
	if m.Button != "" && f.group.effects != nil {
		m.Button = "Review changes"
	}
	m.Frame = h.frame(c, m.Title, views.AreaM2MClients)
	return h.render(c, status, views.SettingsForm(m))
}

// editM2MClient changes what the person changed in one group, and nothing else.
func (h *console) editM2MClient(c echo.Context, p *session.Person) error {
	f, err := h.m2mFormOf(c, p)
	if err != nil {
		return err
	}
	changes := changesOf(f.fields, c.Request().PostForm, f.now)
	if problems := problemsOf(changes); len(problems) > 0 {
		return h.m2mEditPage(c, http.StatusUnprocessableEntity, f, problems, nil)
	}
	switch {
	case len(changes) == 0:
		h.Sessions.Flash(c.Request().Context(), "", "Nothing is different, so nothing was saved.")
		return seeOther(c, paths.M2MClient(f.client.ID))
	case conflicts(changes), f.group.effects != nil && !confirmed(c):
		return h.reviewM2M(c, f, changes)
	}
	return h.m2mSaved(c, f, changes, sendM2M(stytch.Noting(c.Request().Context(), "", auditChanges(changes)...), f, changes))
}

func sendM2M(ctx context.Context, f *m2mForm, changes []change) error {
	wanted, err := m2mChange(changes)
	if err != nil {
		return err
	}
	_, err = f.staff.UpdateM2MClient(ctx, f.client.ID, wanted)
	return err
}

// reviewM2M shows what is about to change, or asks whose change is to stay.
func (h *console) reviewM2M(c echo.Context, f *m2mForm, changes []change) error {
	m := views.ReviewPage{
		Crumbs: f.crumbs(), Title: "Review " + countOf(len(changes), "change"), Action: f.action(), Button: "Save " + countOf(len(changes), "change"), Back: f.action(),
	}
	if f.group.effects != nil {
		m.Warnings = f.group.effects(changes)
	}
	if changes[0].field.name == m2mStatusField && changes[0].wanted == m2mInactive {
		m.Danger = true
	}
	if conflicts(changes) {
		m.Title, m.Button, m.Danger = "Somebody else saved first", "Go on", false
	}
	m.Frame = h.frame(c, m.Title, views.AreaM2MClients)
	return h.review(c, changes, m)
}

// m2mSaved ends a save: done, refused, or nobody knows.
func (h *console) m2mSaved(c echo.Context, f *m2mForm, changes []change, err error) error {
	if err == nil {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), "Saved: "+labelsOf(changes)+".")
		return seeOther(c, paths.M2MClient(f.client.ID))
	}
	if isGone(err) {
		return err
	}
	if trouble, known := m2mTrouble(err, f.fields); known {
		return h.m2mEditPage(c, http.StatusUnprocessableEntity, f, []views.Problem{trouble}, nil)
	}
	said := h.explain(c, err)
	if stytch.IsForbidden(err) {
		return h.m2mEditPage(c, said.Status, f, nil, &views.SettingsTrouble{Heading: said.Heading, What: said.What, Need: said.Permission, RequestID: said.RequestID})
	}
	if isLost(err) {
		return h.m2mLost(c, f, changes, err)
	}
	return err
}

// m2mLost says that nobody knows whether a change was made, and how it stands now.
func (h *console) m2mLost(c echo.Context, f *m2mForm, changes []change, lost error) error {
	fresh, err := f.staff.M2MClient(c.Request().Context(), f.client.ID)
	if err != nil {
		return lost
	}
	now, cause := m2mNow(&fresh), h.explain(c, lost)
	m := views.ReviewPage{Crumbs: f.crumbs(), Title: cause.Heading, Action: f.action(), Button: "Send again", Back: paths.M2MClient(f.client.ID), Hidden: carried(c.Request().PostForm)}
	says := "It is not known whether this was saved. Below is how it stands now."
	if !slices.ContainsFunc(changes, func(one change) bool { return now[one.field.name] != one.wanted }) {
		says = "It was saved all the same: what you wanted is how it stands now."
	}
	if cause.RequestID != "" {
		says += " Stytch's request: " + cause.RequestID
	}
	m.Problems = []views.Problem{{Text: says}}
	for _, one := range changes {
		m.Rows = append(m.Rows, views.ReviewRow{
			Field: one.field.name, Label: one.field.label, Was: one.field.words(one.was), Now: one.field.words(now[one.field.name]), Wanted: one.field.words(one.wanted),
		})
	}
	m.Frame = h.frame(c, cause.Heading, views.AreaM2MClients)
	return h.render(c, cause.Status, views.Review(m))
}
