package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
	"console.internal/views/ui"
)

// m2mKind are the M2M clients, as far as their secrets go.
var m2mKind = &clientKind{
	area: views.AreaM2MClients, list: views.Crumb{Text: "M2M clients", Href: paths.M2MClients},
	page: paths.M2MClient, secret: paths.M2MClientSecret,
	read: func(ctx context.Context, staff stytch.Staff, id string) (clientSecret, error) {
		m, err := staff.M2MClient(ctx, id)
		return m2mSecretOf(m), err
	},
	begin: func(ctx context.Context, staff stytch.Staff, id string) (stytch.Secret, clientSecret, error) {
		got, err := staff.StartM2MSecretRotation(ctx, id)
		return got.Secret, m2mSecretOf(got.Client), err
	},
	complete: func(ctx context.Context, staff stytch.Staff, id string) error {
		_, err := staff.CompleteM2MSecretRotation(ctx, id)
		return err
	},
	cancel: func(ctx context.Context, staff stytch.Staff, id string) error {
		_, err := staff.CancelM2MSecretRotation(ctx, id)
		return err
	},
	turns: stytch.M2MSecretRotateStart,
	moved: []string{"m2m_client_already_rotating_secret", "m2m_client_not_rotating_secret"},
}

func m2mSecretOf(m stytch.M2MClient) clientSecret {
	return clientSecret{id: m.ID, name: m.Name, lastFour: m.SecretLastFour, next: m.NextSecretLastFour}
}

func (h *console) showM2MClientSecret(c echo.Context, p *session.Person) error {
	return m2mKind.show(h, c, p)
}

func (h *console) turnM2MClientSecret(c echo.Context, p *session.Person) error {
	return m2mKind.turn(h, c, p)
}

// showM2MClient is one client: what is known of it, where its secret stands, and its end.
func (h *console) showM2MClient(c echo.Context, p *session.Person) error {
	_, client, err := h.readM2M(c, p)
	if err != nil {
		return err
	}
	s := m2mSecretOf(client)
	m := views.M2MClientPage{
		Crumbs: []views.Crumb{m2mKind.list}, Name: s.title(), ID: client.ID, Status: m2mStatus(client.Status), Rotation: m2mKind.rotation(h, p, &s),
		Delete: paths.M2MClientDelete(client.ID), DeleteNeed: h.lacksFor(p, stytch.M2MClientDelete),
	}
	need, now := h.lacksFor(p, stytch.M2MClientUpdate), m2mNow(&client)
	for i := range m2mGroups {
		g := &m2mGroups[i]
		group := views.SettingsGroup{ID: g.id, Title: g.title, Edit: paths.M2MClientEdit(client.ID, g.id)}
		if need != nil {
			group.Edit, group.Need = "", *need
		}
		for _, f := range g.fields(&client) {
			if f.kind == kindJSON {
				group.JSON = now[f.name]
				continue
			}
			group.Facts = append(group.Facts, views.Fact{Label: f.label, Value: inLine(&f, now[f.name])})
		}
		m.Groups = append(m.Groups, group)
	}
	m.Frame = h.frame(c, s.title(), views.AreaM2MClients)
	return h.render(c, http.StatusOK, views.M2MClient(m))
}

// m2mTypable is the name that must be typed to delete a client; its id where the name cannot be typed, and a word where neither can.
func m2mTypable(m *stytch.M2MClient) string {
	for _, text := range []string{m.Name, m.ID} {
		if plain := strings.Join(strings.Fields(text), " "); plain != "" && plain == text && ui.Plain(text) == text {
			return text
		}
	}
	return "delete"
}

// m2mDeletePage says exactly what goes with a client, and what does not.
func (h *console) m2mDeletePage(p *session.Person, m *stytch.M2MClient) views.ConfirmPage {
	s := m2mSecretOf(*m)
	return views.ConfirmPage{
		Crumbs: m2mCrumbs(m), Title: "Delete " + s.title() + "?", Action: paths.M2MClientDelete(m.ID), Cancel: paths.M2MClient(m.ID),
		Facts: []views.Fact{
			{Label: "Name", Value: m.Name},
			{Label: "Client id", Value: m.ID, ID: true},
			{Label: "Status", Status: m2mStatus(m.Status)},
			{Label: "Scopes", Value: strings.Join(m.Scopes, ", ")},
		},
		Says: []string{
			"It gets no new token, at once: whatever it does stops when the last one has run out.", outlive,
			"Its secret, scopes and metadata are gone.", "The record of what was done with it here stays.",
		},
		Warnings:   []string{"Nothing brings it back: not this console, and not Stytch. To stop it for now, make it inactive."},
		TypeName:   m2mTypable(m),
		Button:     "Delete the client",
		Permission: h.lacksFor(p, stytch.M2MClientDelete),
	}
}

// showM2MClientDelete asks before a client is deleted.
func (h *console) showM2MClientDelete(c echo.Context, p *session.Person) error {
	_, m, err := h.readM2M(c, p)
	if err != nil {
		return err
	}
	return h.confirm(c, http.StatusOK, views.AreaM2MClients, h.m2mDeletePage(p, &m))
}

// deleteM2MClient deletes a client.
func (h *console) deleteM2MClient(c echo.Context, p *session.Person) error {
	staff, m, err := h.readM2M(c, p)
	if err != nil {
		return err
	}
	asks := h.m2mDeletePage(p, &m)
	if ok, err := h.mayProceed(c, views.AreaM2MClients, asks); !ok || err != nil {
		return err
	}
	ctx := c.Request().Context()
	name := m2mKind.crumbs(&clientSecret{id: m.ID, name: m.Name})[1].Text
	_, err = staff.DeleteM2MClient(stytch.Noting(ctx, "", stytch.Change{Field: "client", Was: name}), m.ID)
	text, kind := name+" is deleted. Tokens that it has stay good until they run out: up to an hour.", views.FlashOK
	if err != nil {
		if !isLost(err) {
			return err
		}
		if _, still := staff.M2MClient(ctx, m.ID); !stytch.IsNotFound(still) {
			return h.m2mStillThere(c, asks, err, still == nil)
		}
		text, kind = "Stytch did not confirm it, and "+name+" is not there any more.", views.FlashWarn
	}
	h.Sessions.Flash(ctx, string(kind), text)
	return seeOther(c, paths.M2MClients)
}

// m2mStillThere says that the answer was lost, and how it stands now.
func (h *console) m2mStillThere(c echo.Context, m views.ConfirmPage, lost error, there bool) error {
	p := h.explain(c, lost)
	says := p.Heading + ". It is not known whether it was deleted."
	if there {
		says = p.Heading + ". The client is still there now."
	}
	if p.RequestID != "" {
		says += " Stytch's request: " + p.RequestID
	}
	m.Problems = []views.Problem{{Text: says}}
	return h.confirm(c, p.Status, views.AreaM2MClients, m)
}
