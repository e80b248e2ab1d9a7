package handlers

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The ways to sign in that a form can ask for.
const (
	methodLink     = "link"
	methodCode     = "code"
	methodPassword = "password"
	methodReset    = "reset"
	methodOAuth    = "oauth"
)

// Wait sleeps, or less when the person has gone.
func Wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// settle lets a whole number of steps pass since the request came. Stytch takes longer for an address that it knows than
// for one that it does not; a stranger with a clock must not see which it was.
func (h *console) settle(c echo.Context) {
	passed := h.Now().Sub(stateOf(c).began)
	h.Wait(c.Request().Context(), (passed/h.Settle+1)*h.Settle-passed)
}

// sendLogin sends what was asked for, or tries a password. An unknown address, an unknown slug and a refused one get the
// same page as a good one, and wait as long: the form must not tell who is a member of what.
func (h *console) sendLogin(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	slug := c.Param("slug")
	if slug != "" && !isSlug(slug) {
		return notFound("")
	}
	method := field(c, "method")
	form := loginForm{email: field(c, "email"), password: method == methodPassword || method == methodReset}
	if slug == "" {
		form.slug = field(c, "organization")
		slug = form.slug
	}
	refuse := func(status int, field, text string) error {
		form.problems = append(form.problems, views.Problem{Field: field, Text: text})
		return h.loginPage(c, status, form)
	}
	if slug != "" && !isSlug(slug) {
		return refuse(http.StatusUnprocessableEntity, "organization", "A slug has letters, digits and - . _ ~ and no spaces.")
	}
	if !isEmail(form.email) {
		return refuse(http.StatusUnprocessableEntity, "email", "Enter an e-mail address, such as name@company.example.")
	}
	if method == methodPassword {
		return h.tryPassword(c, slug, form)
	}
	if !h.sends.take(h.address(c.Request()), strings.ToLower(form.email)) {
		return refuse(http.StatusTooManyRequests, "email", "Five messages were sent in the last 15 minutes. Use one of them, or wait.")
	}
	flow := h.flowFor(c, form.email, slug, method)
	err := h.send(c, flow)
	h.settle(c)
	if err != nil {
		if slug == "" && stytch.IsLimited(err) {
			return refuse(http.StatusTooManyRequests, "email", "Too many messages were sent. Wait a minute, then try again.")
		}
		if slug == "" && stytch.IsType(err, "invalid_email") {
			return refuse(http.StatusUnprocessableEntity, "email", "Stytch does not take this for an e-mail address.")
		}
		if stytch.IsType(err, noCommonPasswords) {
			return refuse(http.StatusUnprocessableEntity, "organization", slugForPassword)
		}
		if slug == "" || (!isRefusal(err) && !stytch.IsLimited(err)) {
			return err
		}
		// Told to whoever runs the console alone: a redirect address that is not registered looks like this too.
		h.Log.WarnContext(c.Request().Context(), "sign-in not sent", "reference", stateOf(c).reference, "error", err)
	}
	if err := h.Sessions.SetFlow(c.Response(), c.Request(), flow); err != nil {
		return err
	}
	return seeOther(c, paths.LoginSent)
}

// flowFor is what the browser carries for a sign-in that starts now.
func (h *console) flowFor(c echo.Context, email, organization, method string) session.Flow {
	flow := h.Sessions.Flow(c.Request())
	if flow.Verifier == "" {
		// One verifier for all that this browser asks for: an older mail works as well as a newer one.
		flow.Verifier = newVerifier()
	}
	switch method {
	case methodCode, methodReset, methodOAuth:
	default:
		method = methodLink
	}
	flow.Email, flow.Organization, flow.Method = email, organization, method
	return flow
}

func (h *console) send(c echo.Context, flow session.Flow) error {
	ctx := c.Request().Context()
	mail := stytch.Mail{Redirect: h.authenticateURL(paths.Authenticate), Challenge: challenge(flow.Verifier), Locale: locale(c)}
	if flow.Organization == "" {
		switch flow.Method {
		case methodCode:
			return h.Client.SendDiscoveryCode(ctx, flow.Email, mail.Locale)
		case methodReset:
			return h.Client.StartDiscoveryPasswordReset(ctx, flow.Email, mail)
		}
		return h.Client.SendDiscoveryLink(ctx, flow.Email, mail)
	}
	switch flow.Method {
	case methodCode:
		return h.Client.SendCode(ctx, flow.Organization, flow.Email, mail.Locale)
	case methodReset:
		return h.Client.StartPasswordReset(ctx, flow.Organization, flow.Email, mail)
	}
	return h.Client.SendLink(ctx, flow.Organization, flow.Email, mail)
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

// noCommonPasswords is the refusal of a project whose passwords are of one organization each (rule cross-org-passwords). It comes
// only where no organization was named, so it tells nobody which ones there are.
const (
	noCommonPasswords = "cross_org_passwords_not_enabled" //nolint:gosec // G101: the name of a refusal
	slugForPassword   = "Here a password is of one organization. Enter its slug."
)

// tryPassword signs in with a password. A wrong one, an unknown address, an unknown slug and a locked member are one answer.
func (h *console) tryPassword(c echo.Context, slug string, form loginForm) error {
	password := stytch.Secret(c.Request().PostForm.Get("password"))
	refuse := func(status int, text string) error {
		form.problems = []views.Problem{{Field: "password", Text: text}}
		return h.loginPage(c, status, form)
	}
	if password == "" {
		return refuse(http.StatusUnprocessableEntity, "Enter your password.")
	}
	if !h.attempts.take(h.address(c.Request()), strings.ToLower(form.email)) {
		return refuse(http.StatusTooManyRequests, "Ten passwords were tried in the last 15 minutes. Wait, or use a link.")
	}
	ctx := c.Request().Context()
	var done func() error
	var err error
	if slug == "" {
		var found stytch.Discovery
		found, err = h.Client.AuthenticateDiscoveryPassword(ctx, form.email, password)
		done = func() error { return h.discovered(c, found) }
	} else {
		var in stytch.SignIn
		in, err = h.carrying(c, slug, form.email, func(w stytch.With) (stytch.SignIn, error) {
			return h.Client.AuthenticatePassword(ctx, slug, form.email, password, w)
		})
		done = func() error { return h.finish(c, in) }
	}
	h.settle(c)
	switch {
	case err == nil:
		return done()
	case stytch.IsType(err, noCommonPasswords):
		form.problems = []views.Problem{{Field: "organization", Text: slugForPassword}}
		return h.loginPage(c, http.StatusUnprocessableEntity, form)
	case stytch.IsType(err, "member_reset_password"), stytch.IsType(err, "breached_password"):
		// Said only to who knew the password (rule member-reset-password).
		return refuse(http.StatusUnprocessableEntity, "This password must be changed before it works again: it is known from a breach, or an administrator asked for it. Send a link to set a new one.")
	case isRefusal(err), stytch.IsType(err, "unauthorized_credentials"), stytch.IsType(err, "user_lock_limit_reached"), slug != "" && stytch.IsLimited(err):
		return refuse(http.StatusUnprocessableEntity, "Address and password do not fit together. After many wrong ones none works for an hour.")
	case stytch.IsLimited(err):
		return refuse(http.StatusTooManyRequests, "Too many passwords were tried. Wait a minute, then try again.")
	}
	return err
}

// carrying runs a first factor with what the browser has of a sign-in in the middle to that organization, so that both
// count together (rule intermediate-added-to).
func (h *console) carrying(c echo.Context, organization, email string, prove func(stytch.With) (stytch.SignIn, error)) (stytch.SignIn, error) {
	with := stytch.With{Minutes: h.SessionMinutes, Locale: locale(c)}
	pending, ok := h.Sessions.Pending(c.Request().Context(), organization)
	if !ok || organization == "" || !strings.EqualFold(pending.Email, email) {
		return prove(with)
	}
	with.Intermediate = pending.Token
	in, err := prove(with)
	if isIntermediateGone(err) || stytch.IsType(err, "invalid_intermediate_session_token_for_organization") {
		// It ended meanwhile. The factor alone may do.
		with.Intermediate = ""
		return prove(with)
	}
	return in, err
}
