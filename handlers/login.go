package handlers

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The ways to sign in that a form can ask for.
const (
	methodLink = "link"
	methodCode = "code"
)

// start leads to the first page of whoever comes.
func (h *console) start(c echo.Context) error {
	p := stateOf(c).person
	if p == nil {
		return seeOther(c, paths.Login)
	}
	return seeOther(c, h.landing(p.HomeID()))
}

// landing is the first page after signing in to an organization.
func (h *console) landing(organizationID string) string {
	if organizationID == h.StaffOrganizationID && organizationID != "" {
		return paths.Organizations
	}
	return paths.Organization(organizationID)
}

// notSignedIn leads a reader to the sign-in page and back later; a form is told, so that nothing typed is lost.
func (h *console) notSignedIn(c echo.Context) error {
	if c.Request().Method != http.MethodGet && c.Request().Method != http.MethodHead {
		return echo.ErrUnauthorized
	}
	return h.toLogin(c)
}

// toLogin keeps the address wanted first, for documents alone: a part of a page is no place to return to.
func (h *console) toLogin(c echo.Context) error {
	if to := here(c); paths.Local(to) && !isPartial(c) {
		f := h.Sessions.Flow(c.Request())
		f.Return = to
		if err := h.Sessions.SetFlow(c.Response(), c.Request(), f); err != nil {
			return err
		}
	}
	return seeOther(c, paths.Login)
}

// notices are what the sign-in page may say about how one came to it, by the value of its query.
var notices = map[string]views.Flash{
	"out":     {Kind: views.FlashOK, Text: "You are signed out."},
	"here":    {Kind: views.FlashWarn, Text: "You are signed out here. Stytch did not confirm that the sessions ended there too; they end by themselves when their time is up."},
	"expired": {Kind: views.FlashWarn, Text: "That took longer than ten minutes. Start again."},
}

// showLogin asks for an e-mail address, for all organizations or for the one whose slug is in the address. It reads no
// organization: whether one exists is nobody's business here.
func (h *console) showLogin(c echo.Context) error {
	return h.loginPage(c, http.StatusOK, h.Sessions.Flow(c.Request()).Email, "")
}

func (h *console) loginPage(c echo.Context, status int, email, trouble string) error {
	slug := c.Param("slug")
	m := views.LoginPage{Email: email, Action: paths.Login}
	title := "Sign in"
	if slug != "" {
		if !isSlug(slug) {
			return notFound("")
		}
		m.Organization, m.Action, m.Discovery = slug, paths.LoginFor(slug), paths.Login
		title = "Sign in to " + slug
	}
	m.Frame = h.frame(c, title, views.AreaNone)
	m.Frame.Path = m.Action
	if notice, ok := notices[param(c, "notice")]; ok && m.Frame.Flash == nil {
		m.Frame.Flash = &notice
	}
	if h.Outbox != "" && slug == "" {
		m.Hints = h.Hints
	}
	if trouble != "" {
		m.Problems = []views.Problem{{Field: "email", Text: trouble}}
	}
	return h.render(c, status, views.Login(m))
}

// sendLogin sends a link or a code. An unknown address, an unknown slug and a refused one get the same page as a good
// one: the form must not tell who is a member of what.
func (h *console) sendLogin(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	slug := c.Param("slug")
	if slug != "" && !isSlug(slug) {
		return notFound("")
	}
	email, method := field(c, "email"), field(c, "method")
	if !isEmail(email) {
		return h.loginPage(c, http.StatusUnprocessableEntity, email, "Enter an e-mail address, such as name@company.example.")
	}
	if method != methodCode {
		method = methodLink
	}
	if !h.sends.take("address "+h.address(c.Request()), "email "+strings.ToLower(email)) {
		return h.loginPage(c, http.StatusTooManyRequests, email, "Five messages were sent in the last 15 minutes. Use one of them, or wait.")
	}
	flow := h.Sessions.Flow(c.Request())
	if flow.Verifier == "" {
		// One verifier for all links that this browser asks for: an older mail works as well as a newer one.
		flow.Verifier = newVerifier()
	}
	flow.Email, flow.Organization, flow.Method = email, slug, method
	if err := h.send(c.Request().Context(), flow); err != nil {
		if stytch.IsLimited(err) {
			return h.loginPage(c, http.StatusTooManyRequests, email, "Too many messages were sent. Wait a minute, then try again.")
		}
		if stytch.IsType(err, "invalid_email") {
			return h.loginPage(c, http.StatusUnprocessableEntity, email, "Stytch does not take this for an e-mail address.")
		}
		if slug == "" || !isRefusal(err) {
			return err
		}
	}
	if err := h.Sessions.SetFlow(c.Response(), c.Request(), flow); err != nil {
		return err
	}
	return seeOther(c, paths.LoginSent)
}

func (h *console) send(ctx context.Context, flow session.Flow) error {
	switch {
	case flow.Organization == "" && flow.Method == methodCode:
		return h.Client.SendDiscoveryCode(ctx, flow.Email)
	case flow.Organization == "":
		return h.Client.SendDiscoveryLink(ctx, flow.Email, h.authenticateURL(paths.Authenticate), challenge(flow.Verifier))
	case flow.Method == methodCode:
		return h.Client.SendCode(ctx, flow.Organization, flow.Email)
	}
	return h.Client.SendLink(ctx, flow.Organization, flow.Email, h.authenticateURL(paths.Authenticate), challenge(flow.Verifier))
}

// newVerifier makes a PKCE verifier: 43 characters, 256 bits.
func newVerifier() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// showSent says what was sent, and takes the code.
func (h *console) showSent(c echo.Context) error { return h.sentPage(c, http.StatusOK, "") }

func (h *console) sentPage(c echo.Context, status int, trouble string) error {
	flow := h.Sessions.Flow(c.Request())
	if flow.Email == "" {
		return seeOther(c, paths.Login)
	}
	again := paths.Login
	if flow.Organization != "" {
		again = paths.LoginFor(flow.Organization)
	}
	m := views.LoginSentPage{
		Frame: h.frame(c, "Check your e-mail", views.AreaNone), Email: flow.Email, Code: flow.Method == methodCode,
		Digits: "six", Lasts: "one hour", Action: paths.LoginCode, Again: again, Change: again,
		AgainAll: []views.Hidden{{Name: "email", Value: flow.Email}, {Name: "method", Value: flow.Method}},
	}
	m.Frame.Path = paths.LoginSent
	if m.Code {
		m.Lasts = "10 minutes"
	}
	if trouble != "" {
		m.Problems = []views.Problem{{Field: "code", Text: trouble}}
	}
	return h.render(c, status, views.LoginSent(m))
}

// takeCode spends the code that the flow's address got.
func (h *console) takeCode(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	flow := h.Sessions.Flow(c.Request())
	if flow.Email == "" {
		return seeOther(c, paths.Login)
	}
	code := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, field(c, "code"))
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return h.sentPage(c, http.StatusUnprocessableEntity, "Enter the six digits of the code.")
	}
	if !h.attempts.take("address "+h.address(c.Request()), "email "+strings.ToLower(flow.Email)) {
		return h.sentPage(c, http.StatusTooManyRequests, "Ten codes were tried in the last 15 minutes. Wait, then ask for a new one.")
	}
	ctx := c.Request().Context()
	if flow.Organization != "" {
		in, err := h.Client.AuthenticateCode(ctx, flow.Organization, flow.Email, code, h.SessionMinutes)
		if err != nil {
			return h.codeRefused(c, err)
		}
		return h.finish(c, in)
	}
	found, err := h.Client.AuthenticateDiscoveryCode(ctx, flow.Email, code)
	if err != nil {
		return h.codeRefused(c, err)
	}
	return h.discovered(c, found)
}

// codeRefused says the same for a wrong code, an old one, one that was never sent and one of a locked member (rule
// user-lock): who is a member, and locked, is nobody's business here.
func (h *console) codeRefused(c echo.Context, err error) error {
	switch status := stytch.HTTPStatus(err); {
	case stytch.IsLimited(err) && !stytch.IsType(err, "user_lock_limit_reached"):
		return h.sentPage(c, http.StatusTooManyRequests, "Too many codes were tried. Wait, then ask for a new one.")
	case status == 0 || status >= 500 || stytch.IsType(err, "unauthorized_credentials") || stytch.IsType(err, "invalid_session_duration"):
		return err
	}
	return h.sentPage(c, http.StatusUnprocessableEntity, "This code is not right, or it is too old. Check it, or send a new one. After many wrong ones none works for an hour.")
}

// discovered goes on with a proven address: the organizations it may enter.
func (h *console) discovered(c echo.Context, found stytch.Discovery) error {
	old, err := h.Sessions.BeginIntermediate(c.Request().Context(), found.Email, found.Token, nil)
	h.revokeAll(c.Request().Context(), old)
	if err != nil {
		return err
	}
	return seeOther(c, paths.LoginOrganizations)
}

// finish ends a sign-in to an organization: with a session, or with the page that says what is still missing.
func (h *console) finish(c echo.Context, in stytch.SignIn) error {
	ctx := c.Request().Context()
	if !in.Done {
		old, err := h.Sessions.BeginIntermediate(ctx, in.Member.Email, in.Intermediate, more(in))
		h.revokeAll(ctx, old)
		if err != nil {
			return err
		}
		return seeOther(c, paths.LoginMore)
	}
	to := h.Sessions.Flow(c.Request()).Return
	if !paths.Local(to) {
		to = h.landing(in.Organization.ID)
	}
	old, err := h.Sessions.Begin(ctx, in)
	h.revokeAll(ctx, old)
	if err != nil {
		return err
	}
	h.Sessions.EndFlow(c.Response())
	return seeOther(c, to)
}

// revokeAll ends sessions upstream, side by side and within a bound. It says whether all of them are known to have ended.
func (h *console) revokeAll(ctx context.Context, held []stytch.Tenant) bool {
	// The person may close the tab while they wait; their sessions end all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	failed := make([]error, len(held))
	for i, t := range held {
		wg.Go(func() {
			if err := t.Revoke(ctx); err != nil && !stytch.IsSessionGone(err) {
				failed[i] = err
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		h.Log.WarnContext(ctx, "sessions not revoked", "error", err)
		return false
	}
	return true
}

// logout takes the keys away first, then ends the sessions upstream: a failure there leaves nobody signed in here.
func (h *console) logout(c echo.Context) error {
	ctx := c.Request().Context()
	held, err := h.Sessions.End(ctx)
	notice := "out"
	if !h.revokeAll(ctx, held) {
		notice = "here"
	}
	if err != nil {
		return err
	}
	h.Sessions.EndFlow(c.Response())
	// Not "cookies": that would clear those of every application under the registrable domain.
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return seeOther(c, paths.LoginNotice(notice))
}
