package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// clientKind is a kind of OAuth client of the project, as far as its secret goes. Both kinds change it in the same steps (rule
// secret-rotation).
type clientKind struct {
	area views.Area
	list views.Crumb
	// public says why a client of this kind may have no secret.
	public string
	// page and secret are the addresses of a client and of its secret, the latter with the step that it asks about.
	page   func(clientID string) string
	secret func(clientID, act string) string
	// read tells where the secret stands. begin makes the new one and tells it, this once.
	read             func(context.Context, stytch.Staff, string) (clientSecret, error)
	begin            func(context.Context, stytch.Staff, string) (stytch.Secret, clientSecret, error)
	complete, cancel func(context.Context, stytch.Staff, string) error
	// turns is the operation whose check is the permission for all steps.
	turns stytch.Operation
	// moved are the refusals that mean that the secret stands elsewhere than somebody thought.
	moved []string
}

// clientSecret is where the secret of a client stands.
type clientSecret struct {
	id, name       string
	public         bool
	lastFour, next string
}

func (s *clientSecret) running() bool { return s.next != "" }

// title is what a client is called on its pages: one without a name by its id.
func (s *clientSecret) title() string { return nameOf(s.name, s.id) }

// The steps of a rotation, by the form's word.
const (
	rotateStart    = "start"
	rotateComplete = "complete"
	rotateCancel   = "cancel"
)

// Fields that carry what the page of a step showed: the ends of both secrets. Whoever finishes a rotation must not stop another
// secret than the one that they read of.
const (
	fieldAct      = "act"
	fieldLastFour = "secret_ends"
	fieldNextFour = "next_secret_ends"
)

// projectStaff lets through to the pages about the project who holds the key of the staff organization. For others they do not exist.
func projectStaff(p *session.Person) (stytch.Staff, error) {
	staff, held := p.Staff()
	if !held {
		return stytch.Staff{}, notFound("")
	}
	return staff, nil
}

// lacksFor is the staff permission that a person lacks for an operation, or nil.
func (h *console) lacksFor(p *session.Person, op stytch.Operation) *views.Permission {
	check := op.Row().Check
	return h.lacksStaff(p, check.Resource, check.Action)
}

// half notes that the secret of the client which the page is about is half changed, so that the page says so. href is where it is
// gone on with.
func half(c echo.Context, lastFour, next, href string) {
	if next != "" {
		stateOf(c).rotation = &views.RotationNotice{LastFour: lastFour, NextLastFour: next, Href: href}
	}
}

// rotation is the state machine of a client's secret as it is drawn; nil for one without a secret.
func (k *clientKind) rotation(h *console, p *session.Person, s *clientSecret) *views.Rotation {
	if s.public {
		return nil
	}
	return &views.Rotation{
		LastFour: s.lastFour, NextLastFour: s.next, Permission: h.lacksFor(p, k.turns),
		Start: k.secret(s.id, rotateStart), Complete: k.secret(s.id, rotateComplete), Cancel: k.secret(s.id, rotateCancel),
	}
}

func (k *clientKind) crumbs(s *clientSecret) []views.Crumb {
	return []views.Crumb{k.list, {Text: s.title(), Href: k.page(s.id)}}
}

// show is the page of a client's secret, and of each step that it takes.
func (k *clientKind) show(h *console, c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	s, err := k.read(c.Request().Context(), staff, clientIDOf(c))
	if err != nil {
		return err
	}
	act := param(c, fieldAct)
	if act == "" {
		return k.stands(h, c, p, &s)
	}
	if !s.takes(act) {
		return k.back(h, c, &s, "The secret does not stand as this step needs it. This is how it stands now.")
	}
	half(c, s.lastFour, s.next, k.secret(s.id, ""))
	return h.confirm(c, http.StatusOK, k.area, k.asks(h, p, &s, act))
}

// takes says whether a step can be made where the secret stands.
func (s *clientSecret) takes(act string) bool {
	switch act {
	case rotateStart:
		return !s.public && !s.running()
	case rotateComplete, rotateCancel:
		return s.running()
	}
	return false
}

// stands shows where the secret stands.
func (k *clientKind) stands(h *console, c echo.Context, p *session.Person, s *clientSecret) error {
	half(c, s.lastFour, s.next, "")
	m := views.ClientRotationPage{
		Crumbs: k.crumbs(s), Title: "Client secret", Rotation: k.rotation(h, p, s), None: k.public, Back: k.page(s.id),
		Facts: []views.Fact{{Label: "Name", Value: s.name}, {Label: "Client id", Value: s.id, ID: true}},
	}
	m.Frame = h.frame(c, "Client secret of "+s.title(), k.area)
	return h.render(c, http.StatusOK, views.ClientRotation(m))
}

// asks is the page that asks before a step, and says what ends with it.
func (k *clientKind) asks(h *console, p *session.Person, s *clientSecret, act string) views.ConfirmPage {
	m := views.ConfirmPage{
		Crumbs: k.crumbs(s), Action: k.secret(s.id, ""), Cancel: k.secret(s.id, ""), Permission: h.lacksFor(p, k.turns),
		Facts:  []views.Fact{{Label: "Name", Value: s.name}, {Label: "Client id", Value: s.id, ID: true}},
		Hidden: []views.Hidden{{Name: fieldAct, Value: act}, {Name: fieldLastFour, Value: s.lastFour}, {Name: fieldNextFour, Value: s.next}},
	}
	old, fresh := secretEnding(s.lastFour, "the old one"), secretEnding(s.next, "the new one")
	const tokens = "Tokens that were issued stay good until they run out."
	switch act {
	case rotateStart:
		m.Title, m.Button, m.Calm = "Make a new secret for "+s.title()+"?", "Make a new secret", true
		m.Says = []string{"A new secret is made and shown to you, once.", "The secret that is in use, " + old + ", stays good until you finish.", "Nothing ends now."}
	case rotateComplete:
		m.Title, m.Button = "Stop "+old+"?", "Finish: stop "+old
		m.Says = []string{"From now on " + fresh + " is the only secret.", "Whoever still uses " + old + " gets no token any more, at once.", tokens}
		m.Warnings = []string{"Nothing brings " + old + " back. Stytch does not tell whether it is still in use: ask whoever runs the client first."}
	case rotateCancel:
		m.Title, m.Button = "Discard "+fresh+"?", "Cancel: discard "+fresh
		m.Says = []string{"The secret " + old + " stays, and is the only one again.", "Whoever uses " + fresh + " already gets no token any more, at once.", tokens}
	}
	return m
}

// secretEnding names a secret by its end.
func secretEnding(lastFour, without string) string {
	if lastFour == "" {
		return without
	}
	return "…" + lastFour
}

// turn takes a step.
func (k *clientKind) turn(h *console, c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	act := field(c, fieldAct)
	if !slices.Contains([]string{rotateStart, rotateComplete, rotateCancel}, act) {
		return echo.ErrBadRequest
	}
	ctx := c.Request().Context()
	s, err := k.read(ctx, staff, clientIDOf(c))
	if err != nil {
		return err
	}
	if !s.takes(act) || field(c, fieldLastFour) != s.lastFour || field(c, fieldNextFour) != s.next {
		return k.back(h, c, &s, "The secret was changed meanwhile. Nothing was done. This is how it stands now.")
	}
	half(c, s.lastFour, s.next, k.secret(s.id, ""))
	if act == rotateStart {
		return k.start(h, c, staff, &s)
	}
	ctx = stytch.Noting(ctx, "", s.change(act))
	step, done := k.complete, "The secret "+secretEnding(s.lastFour, "that was in use")+" has stopped. "+secretEnding(s.next, "The new one")+" is the only one."
	if act == rotateCancel {
		step, done = k.cancel, "The new secret "+secretEnding(s.next, "")+" is discarded. "+secretEnding(s.lastFour, "The old one")+" stays."
	}
	if err := step(ctx, staff, s.id); err != nil {
		return k.failed(h, c, &s, err)
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), done)
	return seeOther(c, k.page(s.id))
}

// change is a step for the record.
func (s *clientSecret) change(act string) stytch.Change {
	if act == rotateCancel {
		return stytch.Change{Field: "next_client_secret_last_four", Was: s.next}
	}
	return stytch.Change{Field: "client_secret_last_four", Was: s.lastFour, Now: s.next}
}

// start makes the new secret and shows it. The page is the answer to the form and has no address.
func (k *clientKind) start(h *console, c echo.Context, staff stytch.Staff, s *clientSecret) error {
	secret, now, err := k.begin(c.Request().Context(), staff, s.id)
	if err != nil {
		return k.failed(h, c, s, err)
	}
	return k.once(h, c, &now, secret, views.ClientSecretPage{
		Title: "New secret of " + s.title(), Done: k.secret(s.id, ""), Lost: "Lost it? Cancel the rotation, and make another one.",
		Facts: []views.Fact{{Label: "Works", Value: "From now on, beside " + secretEnding(s.lastFour, "the old one") + " until you finish"}},
	})
}

// once shows a secret, this once: the answer is not remembered for another arrival of the form, not stored by the browser, and
// not compressed, since its size would tell of it.
func (k *clientKind) once(h *console, c echo.Context, s *clientSecret, secret stytch.Secret, m views.ClientSecretPage) error {
	stateOf(c).secret = true
	plain(c.Response().Header())
	half(c, s.lastFour, s.next, "")
	m.Secret = revealed([]stytch.Secret{secret})[0]
	m.Crumbs = k.crumbs(s)
	m.Facts = append([]views.Fact{{Label: "Name", Value: s.name}, {Label: "Client id", Value: s.id, ID: true}}, m.Facts...)
	m.Frame = h.frame(c, "Client secret", k.area)
	return h.render(c, http.StatusOK, views.ClientSecret(m))
}

// failed ends a step that was not taken, or of which nobody knows.
func (k *clientKind) failed(h *console, c echo.Context, s *clientSecret, err error) error {
	switch {
	case slices.ContainsFunc(k.moved, func(name string) bool { return stytch.IsType(err, name) }):
		return k.back(h, c, s, "The secret was changed meanwhile. Nothing was done. This is how it stands now.")
	case isLost(err) && field(c, fieldAct) == rotateStart:
		return k.back(h, c, s, unknownEnd(err)+" A new secret that nobody has seen is of no use: cancel it, and make another one.")
	case isLost(err):
		return k.back(h, c, s, unknownEnd(err))
	}
	return err
}

// back leads to where the secret stands, with a message.
func (k *clientKind) back(h *console, c echo.Context, s *clientSecret, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(views.FlashWarn), text)
	return seeOther(c, k.secret(s.id, ""))
}
