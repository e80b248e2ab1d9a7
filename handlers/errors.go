package handlers

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// problem is an error that knows what to tell the person. Its texts are ours; the cause goes to the log alone.
type problem struct {
	Status            int
	Heading, What, Do string
	Permission        *views.Permission
	Href, HrefText    string
	// Retry offers the same address again, SignIn the sign-in page, Home the start page.
	Retry, SignIn, Home bool
	// Keeps says that the page keeps the form that was sent, as it does after the end of a session and after faults. Anew says that it
	// never does: what the form is about is to be looked at again.
	Keeps, Anew bool
	RequestID   string
	Err         error
}

// Error is for the log.
func (p *problem) Error() string {
	if p.Err != nil {
		return p.Err.Error()
	}
	return p.Heading
}

// Unwrap returns the cause.
func (p *problem) Unwrap() error { return p.Err }

// sink is the one place where errors become pages.
func (h *console) sink(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if gone, ok := errors.AsType[*stytch.SessionGone](err); ok && h.sessionGone(c, gone) {
		return
	}
	p := h.explain(c, err)
	safe := c.Request().Method == http.MethodGet || c.Request().Method == http.MethodHead
	if isPartial(c) && safe {
		// A page of its own does not belong into a part of another one.
		to := here(c)
		if !paths.Local(to) {
			// A path of two slashes is another host to the script that follows it.
			to = paths.Root
		}
		c.Response().Header().Set("HX-Redirect", to)
		_ = c.NoContent(http.StatusOK)
		return
	}
	if h.again(c, p) {
		return
	}
	m := views.ErrorPage{
		Frame: h.frame(c, p.Heading, views.AreaNone), Status: p.Status, Heading: p.Heading, What: p.What, Do: p.Do,
		Permission: p.Permission, Href: p.Href, HrefText: p.HrefText, RequestID: p.RequestID, Reference: stateOf(c).reference,
	}
	if p.Retry && safe {
		m.Retry = here(c)
	}
	if p.SignIn {
		m.SignIn = paths.Login
	}
	if p.Home && m.Href == "" {
		m.Href, m.HrefText = paths.Root, "To the start page"
	}
	if err := h.render(c, p.Status, views.Error(m)); err != nil {
		h.Log.ErrorContext(c.Request().Context(), "error page not rendered", "reference", m.Reference, "error", err)
		_ = c.String(http.StatusInternalServerError, "The console failed. Reference "+m.Reference+"\n")
	}
}

// sessionGone deals with a member session that the upstream no longer knows: its key comes off the ring, and the same
// address then shows how to get a new one. It says no where it must be told on a page.
func (h *console) sessionGone(c echo.Context, gone *stytch.SessionGone) bool {
	s := stateOf(c)
	if s.person == nil {
		return false
	}
	key, _ := s.person.Key(gone.OrganizationID)
	s.person.Drop(gone.OrganizationID)
	if c.Request().Method != http.MethodGet && c.Request().Method != http.MethodHead {
		return false
	}
	if key.Home {
		_ = h.toLogin(c)
		return true
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashWarn), "Your session in "+key.Name+" has ended. Enter again to go on.")
	to := here(c)
	if stateOf(c).tenant.OrganizationID() != gone.OrganizationID {
		// The session that ended is the staff one, on a page that is not the staff organization's own.
		to = paths.Organization(gone.OrganizationID)
	}
	_ = seeOther(c, to)
	return true
}

// explain finds the words for an error.
func (h *console) explain(c echo.Context, err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	if gone, ok := errors.AsType[*stytch.SessionGone](err); ok {
		return h.goneProblem(c, gone)
	}
	if errors.Is(err, stytch.ErrReadOnly) {
		return readOnly()
	}
	if errors.Is(err, session.ErrSignedOut) {
		return &problem{
			Status: http.StatusUnauthorized, Heading: "You signed out meanwhile", What: "Somebody signed out in this browser while this ran, so it was undone.",
			Do: "Sign in again.", SignIn: true, Err: err,
		}
	}
	if errors.Is(err, stytch.ErrSpent) {
		return spentForm(h.stands(c))
	}
	if errors.Is(err, stytch.ErrNotRecorded) {
		return &problem{
			Status: http.StatusServiceUnavailable, Heading: "The console cannot record this", What: "What is done here is recorded first, and that failed. Nothing was done.",
			Do: "Tell whoever runs the console that its disk may be full, then try again.", Retry: true, Err: err,
		}
	}
	if errors.Is(err, session.ErrNotKept) {
		return &problem{
			Status: http.StatusServiceUnavailable, Heading: "The console cannot keep anything new", What: "Its disk is full, or cannot be written. What is there can be looked at, and signing out works.",
			Do: "Tell whoever runs the console, then try again.", Retry: true, Err: err,
		}
	}
	if errors.Is(err, stytch.ErrSearchBudget) {
		return &problem{
			Status: http.StatusTooManyRequests, Heading: "The search budget of this minute is used up",
			What: "Nothing was searched. Stytch limits searches for the whole project, so the console spends only a part of them.",
			Do:   "Wait a minute, then try again.", Retry: true, Err: err,
		}
	}
	if errors.Is(err, stytch.ErrInput) && !isFault(err) {
		return notFound("")
	}
	if f, ok := errors.AsType[*stytch.Fault](err); ok {
		return faultProblem(f)
	}
	if e, ok := errors.AsType[*stytch.Error](err); ok {
		return h.refusalProblem(c, e)
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return statusProblem(e)
	}
	return &problem{
		Status: http.StatusInternalServerError, Heading: "The console failed", What: "It met an error of its own. It is in its log under the reference below.",
		Do: "Try again. If it stays, tell whoever runs this console the reference.", Retry: true, Err: err,
	}
}

// goneProblem tells the end of the session that one signed in with from the end of one in a tenant.
func (h *console) goneProblem(c echo.Context, gone *stytch.SessionGone) *problem {
	p := &problem{
		Status: http.StatusUnauthorized, Heading: "Your session has ended", What: "Stytch no longer knows it. Nothing was done.",
		Do: "Sign in again.", SignIn: true, RequestID: upstreamID(gone), Err: gone,
	}
	if person := stateOf(c).person; person != nil && person.HomeID() != gone.OrganizationID {
		p.Do, p.SignIn = "Enter the organization, then send this again.", false
		p.Href, p.HrefText = paths.Organization(gone.OrganizationID), "Enter the organization"
	}
	return p
}

// readOnly refuses somebody who acts as another one.
func readOnly() *problem {
	return &problem{
		Status: http.StatusForbidden, Heading: "You may only look", What: "You act as somebody else, so nothing can be changed. Nothing was done.",
		Do: "End it, and sign in as yourself.", Home: true,
	}
}

// wordsFor finds a person's words for a refusal, by the upstream's name of it.
func wordsFor(err error, words map[string]string) (text string, ok bool) {
	for name, text := range words {
		if stytch.IsType(err, name) {
			return text, true
		}
	}
	return "", false
}

func isFault(err error) bool {
	_, ok := errors.AsType[*stytch.Fault](err)
	return ok
}

func notFound(requestID string) *problem {
	return &problem{
		Status: http.StatusNotFound, Heading: "Nothing is here",
		What: "There is no such page, or what it showed does not exist any more.",
		Do:   "Check the address, or paste an id, a slug or an e-mail address into the search box.", Home: true, RequestID: requestID,
	}
}

func faultProblem(f *stytch.Fault) *problem {
	p := &problem{
		Status: http.StatusBadGateway, Heading: "Stytch does not answer", RequestID: f.RequestID, Retry: true, Err: f,
		What: "The connection to it failed, or its answer was not whole. What you asked for is not shown.",
		Do:   "Try again in a moment.",
	}
	switch f.Kind {
	case stytch.Timeout:
		p.Status, p.Heading = http.StatusGatewayTimeout, "Stytch takes too long"
		p.What = "It did not answer in time."
	case stytch.Malformed, stytch.TooLarge, stytch.Redirected:
		p.Heading = "Stytch's answer cannot be read"
		p.What = "It answered, but not with what it should. Something between the console and Stytch may have answered in its place."
	case stytch.Mismatch:
		return notFound(f.RequestID)
	case stytch.Unreachable:
	}
	return p
}

// refusalProblem explains an answer that refuses. Its text is not shown: it is written for developers, and hostile input.
func (h *console) refusalProblem(c echo.Context, e *stytch.Error) *problem {
	p := &problem{Status: http.StatusBadGateway, RequestID: e.RequestID, Err: e}
	switch {
	case e.Status == http.StatusForbidden:
		p.Status, p.Heading, p.What = http.StatusForbidden, forbiddenHeading(e.Operation), "Stytch refused it. Nothing was changed."
		p.Permission = h.missing(c, e.Operation)
		p.Do = "Ask somebody who manages roles for one that carries it."
		p.Href, p.HrefText = h.wayBack(c)
	case e.Status == http.StatusNotFound:
		return notFound(e.RequestID)
	case e.Type == "user_lock_limit_reached": // (rule user-lock)
		p.Status, p.Heading = http.StatusForbidden, "Locked for an hour"
		p.What = "There were too many wrong codes or passwords in a row, so nothing lets you in there for now. Nothing was done."
		p.Do, p.Home = "Wait, or ask an administrator of the organization to unlock you.", true
	case e.Status == http.StatusTooManyRequests:
		p.Status, p.Heading = http.StatusTooManyRequests, "Stytch asks to slow down"
		p.What, p.Do, p.Retry = "There were too many requests. Nothing was done.", "Wait a minute, then try again.", true
	case e.Type == "unauthorized_credentials":
		p.Heading, p.What = "Stytch does not know this console", "It refused the project id or the secret that the console runs with."
		p.Do = "Tell whoever runs this console: the secret may have been rotated."
	case e.Type == "invalid_session_duration":
		p.Heading, p.What = "The session would be too long", "The project allows shorter sessions than this console asks for."
		p.Do = "Tell whoever runs this console to lower --session-hours."
	case e.Status == http.StatusGatewayTimeout:
		p.Status, p.Heading, p.What = http.StatusGatewayTimeout, "Stytch takes too long", "It did not answer in time."
		p.Do, p.Retry = "Try again in a moment.", true
	case e.Status >= http.StatusInternalServerError:
		p.Heading, p.What, p.Do, p.Retry = "Stytch has a fault", "It could not answer this.", "Try again in a moment.", true
	default:
		p.Heading, p.What = "Stytch refused this", "It did not accept what the console sent. Nothing was done."
		p.Do, p.Home = "Try another way. If it stays, tell whoever runs this console the reference.", true
	}
	return p
}

// forbiddenHeading says what it is that somebody may not do.
func forbiddenHeading(op stytch.Operation) string {
	switch op {
	case stytch.OrganizationsSearch:
		return "You may not search all organizations"
	case stytch.OrganizationGet:
		return "You may not look up organizations"
	case stytch.MemberFind:
		return "You may not look up members"
	case stytch.MembersSearch:
		return "You may not see the members here"
	case stytch.MemberGet, stytch.MemberSessionsList:
		return "You may not see this member"
	case stytch.AppClientsSearch, stytch.AppClientGet:
		return "You may not see the Connected Apps"
	case stytch.M2MClientsSearch, stytch.M2MClientGet:
		return "You may not see the M2M clients"
	default:
		return "You may not do this"
	}
}

// wayBack leads from a refusal to the nearest page that needs less.
func (h *console) wayBack(c echo.Context) (href, text string) {
	s := stateOf(c)
	if id := s.tenant.OrganizationID(); id != "" && s.person != nil {
		if key, ok := s.person.Key(id); ok && here(c) != paths.Organization(id) {
			return paths.Organization(id), "Back to " + nameOf(key.Name, key.Slug)
		}
	}
	return paths.OwnOrganizations, "Organizations you may enter"
}

// stands is where somebody sees how that stands which a form was about.
func (h *console) stands(c echo.Context) string {
	if memberID := c.Param("member_id"); stytch.IsMemberID(memberID) {
		return paths.Member(c.Param("organization_id"), memberID)
	}
	if organizationID := c.Param("organization_id"); stytch.IsOrganizationID(organizationID) {
		return paths.Organization(organizationID)
	}
	if to := m2mStands(c); to != "" { // whose ids may look like anything
		return to
	}
	if clientID := c.Param("client_id"); stytch.IsAppID(clientID) && !strings.HasSuffix(c.Request().URL.Path, "/delete") {
		return paths.ConnectedApp(clientID)
	}
	if strings.HasPrefix(c.Request().URL.Path, paths.ConnectedApps) {
		return paths.ConnectedApps
	}
	if strings.HasPrefix(c.Request().URL.Path, paths.Account) {
		return paths.Account
	}
	return paths.Root
}

func statusProblem(e *echo.HTTPError) *problem {
	p := &problem{Status: e.Code, Err: e, Home: true}
	switch e.Code {
	case http.StatusNotFound:
		return notFound("")
	case http.StatusMethodNotAllowed:
		p.Heading, p.What = "This cannot be opened that way", "The address exists, but not for this kind of request."
	case http.StatusRequestEntityTooLarge:
		p.Heading, p.What = "That was too much", "The form was larger than anything this console takes. Nothing was done."
	case http.StatusUnauthorized:
		p.Heading, p.What, p.Do, p.SignIn, p.Home = "You are not signed in", "Nothing was done.", "Sign in, then send it again.", true, false
	default:
		p.Status = http.StatusBadRequest
		p.Heading, p.What = "That request cannot be read", "Nothing was done."
	}
	return p
}

// missing explains which permission an operation asks for, and who has it.
func (h *console) missing(c echo.Context, op stytch.Operation) *views.Permission {
	check := op.Row().Check
	s := stateOf(c)
	if check.Resource == "" || s.person == nil {
		return nil
	}
	organizationID := s.tenant.OrganizationID()
	if check.Staff {
		organizationID = h.StaffOrganizationID
	}
	key, _ := s.person.Key(organizationID)
	return &views.Permission{
		Resource: check.Resource, Action: check.Action, In: key.Name,
		Roles: h.Policy.Policy().RolesWith(check.Resource, check.Action), Yours: key.Roles,
	}
}

// upstreamID is the upstream's id of the request that failed.
func upstreamID(err error) string {
	if e, ok := errors.AsType[*stytch.Error](err); ok {
		return e.RequestID
	}
	if f, ok := errors.AsType[*stytch.Fault](err); ok {
		return f.RequestID
	}
	return ""
}

// log writes one line for a request. The query is left out: it may hold a token or an address.
func (h *console) log(c echo.Context, s *state, err error) {
	level := slog.LevelInfo
	status := c.Response().Status
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attributes := []slog.Attr{
		slog.String("reference", s.reference), slog.String("method", c.Request().Method), slog.String("route", c.Path()),
		slog.Int("status", status), slog.Int64("microseconds", h.Now().Sub(s.began).Microseconds()),
	}
	if err != nil {
		attributes = append(attributes, slog.String("error", err.Error()), slog.String("upstream", upstreamID(err)))
	}
	h.Log.LogAttrs(c.Request().Context(), level, "request", attributes...)
}
