package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

const fieldClientType = "client_type"

// newClient is the form of a new client: its type, its fields, and what was typed.
type newClient struct {
	clientType string
	fields     []formField
	wanted     map[string]string
}

// newClientOf is the form with what a request brought. Nothing else of a request is looked at, so that a client begins without rights.
func (h *console) newClientOf(c echo.Context) newClient {
	form := c.Request().PostForm
	n := newClient{clientType: field(c, fieldClientType), wanted: map[string]string{}}
	if !slices.ContainsFunc(appTypes, func(t views.ConnectedAppType) bool { return t.Value == n.clientType }) {
		n.clientType = ""
	}
	about := aboutFields(nil, nil)
	redirects := clientField(stytch.AppClientRedirectURLs, kindAddresses, "Redirect URLs", redirectNote+" Public clients may have a scheme of their own, as com.example.app:/callback.")
	n.fields = []formField{about[0], about[1], checked(redirects, h.clientAddresses(n.clientType))}
	for i := range n.fields {
		n.wanted[n.fields[i].name] = n.fields[i].canonical(form[n.fields[i].name])
	}
	return n
}

func (n *newClient) problems() []views.Problem {
	var problems []views.Problem
	if n.clientType == "" {
		problems = append(problems, views.Problem{Field: fieldClientType, Text: "Choose a type. It stays as it is."})
	}
	for i := range n.fields {
		f := &n.fields[i]
		// Which addresses a client may have its type decides.
		if f.kind == kindAddresses && n.clientType == "" {
			continue
		}
		if text := f.check(n.wanted[f.name]); text != "" {
			problems = append(problems, views.Problem{Field: f.name, Text: text})
		}
	}
	return problems
}

// changes are the fields that a new client begins with, as changes of nothing.
func (n *newClient) changes() []change {
	var changes []change
	for i := range n.fields {
		f := &n.fields[i]
		if n.wanted[f.name] != "" || f.kind == kindAddresses {
			changes = append(changes, change{field: f, wanted: n.wanted[f.name]})
		}
	}
	return changes
}

// showConnectedAppNew is the form of a new client.
func (h *console) showConnectedAppNew(c echo.Context, p *session.Person) error {
	if _, err := projectStaff(p); err != nil {
		return err
	}
	n := h.newClientOf(c)
	return h.connectedAppNewPage(c, http.StatusOK, p, &n, nil, nil)
}

func (h *console) connectedAppNewPage(c echo.Context, status int, p *session.Person, n *newClient, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.ConnectedAppNewPage{
		Crumbs: []views.Crumb{connectedAppsCrumb}, Action: paths.ConnectedAppNew, Back: paths.ConnectedApps, Problems: problems, Trouble: trouble,
		Need: h.lacksFor(p, stytch.AppClientCreate), Types: slices.Clone(appTypes),
	}
	for i := range m.Types {
		m.Types[i].Selected = m.Types[i].Value == n.clientType
	}
	for i := range n.fields {
		f := &n.fields[i]
		m.Fields = append(m.Fields, views.SettingsField{Name: f.name, Label: f.label, Note: f.note, Kind: settingsKinds[f.kind], Value: n.wanted[f.name]})
	}
	title := "New client"
	if trouble != nil {
		title = trouble.Heading
	}
	m.Frame = h.frame(c, title, views.AreaConnectedApps)
	return h.render(c, status, views.ConnectedAppNew(m))
}

// createConnectedApp makes a client. One that has a secret is answered with the page that shows it, this once; others lead to their
// own page.
func (h *console) createConnectedApp(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	n := h.newClientOf(c)
	if problems := n.problems(); len(problems) > 0 {
		return h.connectedAppNewPage(c, http.StatusUnprocessableEntity, p, &n, problems, nil)
	}
	changes := n.changes()
	noted := append([]stytch.Change{{Field: fieldClientType, Now: n.clientType}}, auditChanges(changes)...)
	made, err := staff.CreateAppClient(stytch.Noting(c.Request().Context(), "", noted...), n.clientType, clientValues(changes))
	if err != nil {
		return h.connectedAppNotMade(c, p, &n, err)
	}
	if stytch.IsPublicApp(made.Client.Type) {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), clientTitle(&made.Client)+" is made. It has no secret. Its id is "+made.Client.ID+".")
		return seeOther(c, paths.ConnectedApp(made.Client.ID))
	}
	secret := appSecret(&made.Client)
	return appClients.once(h, c, &secret, made.Secret, views.ClientSecretPage{
		Title: clientTitle(&made.Client) + " is made", Done: paths.ConnectedApp(made.Client.ID), Lost: "Lost it? Change it on the client's page.",
	})
}

// connectedAppNotMade says why there is no new client, or that nobody knows.
func (h *console) connectedAppNotMade(c echo.Context, p *session.Person, n *newClient, err error) error {
	if isGone(err) {
		return err
	}
	if trouble, known := clientTrouble(err); known {
		return h.connectedAppNewPage(c, http.StatusUnprocessableEntity, p, n, []views.Problem{trouble.among(n.fields).Problem}, nil)
	}
	said := h.explain(c, err)
	if stytch.IsForbidden(err) {
		return h.connectedAppNewPage(c, said.Status, p, n, nil, &views.SettingsTrouble{Heading: said.Heading, What: said.What, Need: said.Permission, RequestID: said.RequestID})
	}
	if isLost(err) {
		said.Do = "Look into the list whether the client is there, before you send this again. Its secret was shown to nobody: change it there, or delete the client."
	}
	return said
}
