package handlers

import (
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// newM2MFields are the fields of the form of a new client but for its secret, which is no part of any list that is carried on or recorded.
func newM2MFields() []formField {
	fields := append(m2mNameFields(nil), m2mScopeFields(nil)...)
	fields = append(fields, m2mField(m2mID, kindText, "Client id",
		"Leave it empty, and Stytch makes one. Your own may have letters, digits and . _ ~ -, is unique in the project, and cannot be changed.", newClientIDTrouble))
	return append(fields, m2mMetadataFields(nil)...)
}

// newM2M is the form of a new M2M client with what was typed.
type newM2M struct {
	fields []formField
	wanted map[string]string
	secret stytch.Secret
}

// readNewM2M reads the form. A secret counts as it was typed: a space in it is a character of it.
func readNewM2M(c echo.Context) newM2M {
	n := newM2M{fields: newM2MFields(), wanted: map[string]string{}, secret: stytch.Secret(c.Request().PostForm.Get(m2mSecret))}
	for i := range n.fields {
		n.wanted[n.fields[i].name] = n.fields[i].canonical(c.Request().PostForm[n.fields[i].name])
	}
	return n
}

// showM2MClientNew is the form of a new M2M client. Only the support staff have it.
func (h *console) showM2MClientNew(c echo.Context, p *session.Person) error {
	if _, err := projectStaff(p); err != nil {
		return err
	}
	return h.newM2MPage(c, http.StatusOK, p, newM2M{fields: newM2MFields()}, nil, nil)
}

func (h *console) newM2MPage(c echo.Context, status int, p *session.Person, n newM2M, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.SettingsFormPage{
		Crumbs: []views.Crumb{{Text: "M2M clients", Href: paths.M2MClients}}, Title: "New M2M client", Action: paths.M2MClientNew, Back: paths.M2MClients,
		Lead:   "A program that asks for tokens in its own name. Its secret is shown once, after the client is made.",
		Button: "Make the client", Problems: problems, Trouble: trouble, Permission: h.lacksFor(p, stytch.M2MClientCreate),
	}
	if trouble != nil {
		m.Title, m.Permission = trouble.Heading, nil
	}
	for i := range n.fields {
		f := &n.fields[i]
		if f.name == m2mMetadata {
			m.Fields = append(m.Fields, m2mSecretField(n.secret != ""))
		}
		m.Fields = append(m.Fields, views.SettingsField{Name: f.name, Label: f.label, Note: f.note, Kind: settingsKinds[f.kind], Value: n.wanted[f.name]})
	}
	m.Frame = h.frame(c, m.Title, views.AreaM2MClients)
	return h.render(c, status, views.SettingsForm(m))
}

// m2mSecretField asks for a secret of one's own. What was typed there does not come back.
func m2mSecretField(typed bool) views.SettingsField {
	note := "Leave it empty, and Stytch makes one, which is safer. Your own is for a client that has one elsewhere: at least 8 characters that nobody can guess."
	if typed {
		note = "Type it again: this page does not send a secret back. " + note
	}
	return views.SettingsField{Name: m2mSecret, Label: "Client secret", Note: note, Kind: views.FieldSecret}
}

func (n *newM2M) problems() []views.Problem {
	var problems []views.Problem
	for i := range n.fields {
		f := &n.fields[i]
		if text := f.check(n.wanted[f.name]); text != "" {
			problems = append(problems, views.Problem{Field: f.name, Text: text})
		}
	}
	if text := m2mSecretTrouble(n.secret.Reveal()); text != "" {
		problems = append(problems, views.Problem{Field: m2mSecret, Text: text})
	}
	return problems
}

// changes are for the record, which tells whether a secret was brought along, and nothing of it.
func (n *newM2M) changes() []stytch.Change {
	var changes []stytch.Change
	for i := range n.fields {
		if name := n.fields[i].name; n.wanted[name] != "" && n.wanted[name] != "{}" {
			changes = append(changes, stytch.Change{Field: name, Now: n.wanted[name]})
		}
	}
	if n.secret != "" {
		changes = append(changes, stytch.Change{Field: m2mSecret, Now: "brought along"})
	}
	return changes
}

func (n *newM2M) request() stytch.NewM2MClient {
	made := stytch.NewM2MClient{
		ID: n.wanted[m2mID], Name: n.wanted[m2mName], Description: n.wanted[m2mDescription], Secret: n.secret, Scopes: splitText(n.wanted[m2mScopes]),
	}
	if trusted := n.wanted[m2mMetadata]; trusted != "{}" {
		made.Trusted = jsontext.Value(trusted)
	}
	return made
}

// createM2MClient makes an M2M client and shows its secret, this once.
func (h *console) createM2MClient(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	n := readNewM2M(c)
	if problems := n.problems(); len(problems) > 0 {
		return h.newM2MPage(c, http.StatusUnprocessableEntity, p, n, problems, nil)
	}
	made, err := staff.CreateM2MClient(stytch.Noting(c.Request().Context(), "", n.changes()...), n.request())
	if err != nil {
		return h.m2mNotMade(c, p, n, err)
	}
	s := m2mSecretOf(made.Client)
	if n.secret != "" {
		// Who brought the secret along has it; there is no reason to send it once more.
		h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), s.title()+" is made, with the secret that you brought along.")
		return seeOther(c, paths.M2MClient(made.Client.ID))
	}
	return m2mKind.once(h, c, &s, made.Secret, views.ClientSecretPage{
		Title: s.title() + " is made", Done: paths.M2MClient(made.Client.ID), Lost: "Lost it? Make a new secret on the page of the client.",
		Facts: []views.Fact{{Label: "Works", Value: "From now on"}},
	})
}

// m2mNotMade says why there is no new client, or that nobody knows.
func (h *console) m2mNotMade(c echo.Context, p *session.Person, n newM2M, err error) error {
	if isGone(err) {
		return err
	}
	if trouble, known := m2mTrouble(err, append(n.fields, formField{name: m2mSecret})); known {
		return h.newM2MPage(c, http.StatusUnprocessableEntity, p, n, []views.Problem{trouble}, nil)
	}
	said := h.explain(c, err)
	if stytch.IsForbidden(err) {
		return h.newM2MPage(c, said.Status, p, n, nil, &views.SettingsTrouble{Heading: said.Heading, What: said.What, Need: said.Permission, RequestID: said.RequestID})
	}
	if isLost(err) {
		said.Do = "Look into the list whether the client is there before you send this again. If it is, nobody has seen its secret: make a new one on its page."
	}
	return said
}
