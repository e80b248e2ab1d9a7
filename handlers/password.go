package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// maxPassword bounds a password. The upstream has the last word.
const maxPassword = 256

// resetPage asks for the new password that a reset link lets one choose.
func (h *console) resetPage(c echo.Context, status int, a arrival, strength *views.Strength, problems []views.Problem) error {
	m := views.PasswordPage{
		Frame: h.frame(c, "Choose a new password", views.AreaNone), Email: a.email, Organization: a.slug, Action: paths.Password,
		Strength: strength, Problems: problems, Cancel: paths.Login,
		Hidden: []views.Hidden{
			{Name: "stytch_token_type", Value: a.kind}, {Name: "token", Value: a.token}, {Name: "slug", Value: a.slug}, {Name: "email", Value: a.email},
		},
	}
	plain(c.Response().Header())
	return h.render(c, status, views.Password(m))
}

// resetPassword checks a new password, or sets it and so signs in. A link that names an organization is of that one, any
// other counts for all of the person's organizations (rule cross-org-passwords).
func (h *console) resetPassword(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	a := arrivalOf(func(name string) string { return field(c, name) })
	if a.kind != tokenPassword || !isLinkToken(a.token) {
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateUnknown, arrival{})
	}
	if !h.attempts.take(h.address(c.Request()), "") {
		return tooManyLinks()
	}
	flow := h.Sessions.Flow(c.Request())
	password := stytch.Secret(c.Request().PostForm.Get("password"))
	email := a.email
	if email == "" && flow.Method == methodReset {
		email = flow.Email
	}
	strength, problems, err := h.weigh(c.Request().Context(), email, password)
	switch {
	case err != nil:
		return err
	case problems != nil:
		return h.resetPage(c, http.StatusUnprocessableEntity, a, strength, problems)
	case field(c, "act") == "check":
		return h.resetPage(c, http.StatusOK, a, strength, nil)
	}
	return h.spendReset(c, a, password)
}

func (h *console) spendReset(c echo.Context, a arrival, password stytch.Secret) error {
	ctx, verifier := c.Request().Context(), h.Sessions.Flow(c.Request()).Verifier
	if a.slug == "" {
		found, err := unchallenged(verifier, func(v string) (stytch.Discovery, error) {
			return h.Client.ResetDiscoveryPassword(ctx, a.token, password, v)
		})
		if err != nil {
			return h.resetRefused(c, a, err)
		}
		if a.email != "" && !strings.EqualFold(found.Email, a.email) {
			return h.refuseOther(c, a, stytch.SignIn{})
		}
		return h.discovered(c, found)
	}
	in, err := unchallenged(verifier, func(v string) (stytch.SignIn, error) {
		return h.Client.ResetPassword(ctx, a.token, password, v, stytch.With{Minutes: h.SessionMinutes, Locale: locale(c)})
	})
	if err != nil {
		return h.resetRefused(c, a, err)
	}
	return h.finishAs(c, a, in)
}

// resetRefused tells what is wrong with the password from what is wrong with the link.
func (h *console) resetRefused(c echo.Context, a arrival, err error) error {
	if text, ok := passwordTrouble(err); ok {
		return h.resetPage(c, http.StatusUnprocessableEntity, a, nil, []views.Problem{{Field: "password", Text: text}})
	}
	return h.linkRefused(c, err)
}

// passwordTroubles are refusals of a new password, by the upstream's name, in a person's words.
var passwordTroubles = map[string]string{
	"weak_password":           "This password is too easy to guess.",
	"breached_password":       "This password is known from a breach somewhere. Choose another one.",
	"password_too_long":       "This password is too long.",
	"password_already_exists": "There is a password already.",
}

// passwordTrouble puts the refusal of a new password into words.
func passwordTrouble(err error) (text string, ok bool) { return wordsFor(err, passwordTroubles) }

// strengths are the words for the upstream's scores, 0 to 4.
var strengths = []string{"Very easy to guess", "Easy to guess", "Could be stronger", "Good", "Strong"}

// weigh asks the upstream how good a new password is (rule password-strength). The problems say why it will not do.
func (h *console) weigh(ctx context.Context, email string, password stytch.Secret) (*views.Strength, []views.Problem, error) {
	wrong := func(text string) []views.Problem { return []views.Problem{{Field: "password", Text: text}} }
	switch n := password.Len(); {
	case n == 0:
		return nil, wrong("Enter a new password."), nil
	case n > maxPassword:
		return nil, wrong("This password is too long: 256 characters are the most."), nil
	}
	got, err := h.Client.Strength(ctx, email, password)
	if err != nil {
		return nil, nil, err
	}
	s := &views.Strength{Score: min(max(got.Score, 0), len(strengths)-1), OK: got.Valid, Breached: got.Breached}
	s.Words = strengths[s.Score]
	for _, advice := range append([]string{got.Warning}, got.Suggestions...) {
		if advice = strings.TrimSpace(advice); advice != "" {
			s.Advice = append(s.Advice, advice)
		}
	}
	switch {
	case got.Breached:
		s.Words = "Known from a breach"
		return s, wrong(passwordTroubles["breached_password"]), nil
	case !got.Valid:
		return s, wrong(passwordTroubles["weak_password"]), nil
	}
	return s, nil, nil
}
