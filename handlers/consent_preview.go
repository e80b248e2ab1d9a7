package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// consentPreview is a preview on its way.
type consentPreview struct {
	p     *session.Person
	t     stytch.Tenant
	staff stytch.Staff
	// typed is the member and the address, as they were typed.
	member, address string
	// request is what the address says, and notes are what is to be said of it besides.
	request authorizationRequest
	notes   []string
	// memberID is whose view it is.
	memberID string
}

// previewOf is a preview as it was asked for. Without a staff session there is none.
func previewOf(c echo.Context, p *session.Person, t stytch.Tenant) (*consentPreview, error) {
	staff, held := p.Staff()
	if !held {
		return nil, notFound("")
	}
	return &consentPreview{p: p, t: t, staff: staff, member: field(c, views.PreviewMember), address: field(c, views.PreviewURL)}, nil
}

// showConsentPreview is the form that tries an authorization request for a member.
func (h *console) showConsentPreview(c echo.Context, p *session.Person, t stytch.Tenant) error {
	v, err := previewOf(c, p, t)
	if err != nil {
		return err
	}
	v.member = param(c, views.PreviewMember)
	return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{})
}

// previewConsent says what a member would be asked. What was pasted comes in a form and is in no address of ours, so that no log has it.
func (h *console) previewConsent(c echo.Context, p *session.Person, t stytch.Tenant) error {
	v, err := previewOf(c, p, t)
	if err != nil {
		return err
	}
	query, problems := h.previewQuery(v)
	if len(problems) > 0 {
		return h.previewPage(c, http.StatusUnprocessableEntity, v, views.ConsentPreviewPage{Problems: problems})
	}
	if len(query) > maxAuthorization {
		return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{Refused: &views.ConsentRefusal{
			Heading: "The request is too long", What: "It has " + count(len(query), "bytes") + " after the question mark; the console takes 2,000.",
			Cure: "The app has to ask in fewer words: a shorter state, or fewer scopes and resources.",
		}})
	}
	v.request, err = parseAuthorization(query)
	if refused, ok := errors.AsType[*requestError](err); ok {
		return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{Refused: unreadable(refused)})
	}
	if err != nil {
		return err
	}
	problem, err := h.previewMember(c.Request().Context(), v)
	if err != nil {
		return err
	}
	if problem != "" {
		return h.previewPage(c, http.StatusUnprocessableEntity, v, views.ConsentPreviewPage{Problems: []views.Problem{{Field: views.PreviewMember, Text: problem}}})
	}
	return h.previewSeen(c, v)
}

// previewQuery is the query of what was pasted: of a whole address, or the query alone.
func (h *console) previewQuery(v *consentPreview) (query string, problems []views.Problem) {
	if v.member == "" || (!isEmail(v.member) && !stytch.IsMemberID(v.member)) {
		problems = append(problems, views.Problem{Field: views.PreviewMember, Text: "Enter a whole e-mail address, or a member id."})
	}
	const paste = "Paste the whole address of the request, with what follows the question mark."
	address, query, whole := strings.Cut(v.address, "?")
	if !whole {
		address, query = "", v.address
	}
	query, _, _ = strings.Cut(query, "#") // browsers send no fragment
	if query == "" || strings.ContainsAny(v.address, " \t\r\n") || (!whole && !strings.Contains(query, "client_id=")) {
		return "", append(problems, views.Problem{Field: views.PreviewURL, Text: paste})
	}
	if ours := h.authenticateURL(paths.Authorize); address != "" && address != ours {
		v.notes = append(v.notes, "The app does not send people here: its request goes to "+address+". The authorization address of this console is "+ours+".")
	}
	return query, problems
}

// previewMember finds the member. The problem says why there is none to preview for.
func (h *console) previewMember(ctx context.Context, v *consentPreview) (problem string, err error) {
	if stytch.IsMemberID(v.member) {
		v.memberID = v.member
		return "", nil
	}
	found, err := v.t.SearchMembers(ctx, stytch.MemberSearch{Operands: []stytch.Operand{{Name: "member_emails", Value: []string{v.member}}}, Limit: pageRows})
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(found.Items, func(m stytch.MemberSummary) bool { return m.Status == "active" })
	switch {
	case at >= 0:
		v.memberID = found.Items[at].ID
	case len(found.Items) > 0:
		return "They are not an active member here, so they cannot sign in to any app.", nil
	default:
		return "Nobody here has this address.", nil
	}
	return "", nil
}

// previewSeen asks what the member would be asked, side by side with what the page says of the client.
func (h *console) previewSeen(c echo.Context, v *consentPreview) error {
	ctx := c.Request().Context()
	var got asking
	var consent part[stytch.Consent]
	var wg sync.WaitGroup
	consent.read(&wg, func() (stytch.Consent, error) {
		return v.staff.PreviewConsent(ctx, v.t, v.memberID, v.request.upstream())
	})
	got.apps.read(&wg, func() ([]stytch.MemberApp, error) { return v.t.MemberApps(ctx, v.memberID) })
	if stytch.IsAppID(v.request.clientID) {
		got.client.read(&wg, func() (stytch.ConsentClient, error) { return h.consentClient(ctx, c, v.request.clientID) })
	}
	wg.Wait()
	if err := firstGone(consent.err, got.apps.err); err != nil {
		return err
	}
	if stytch.IsForbidden(consent.err) && stytch.IsForbidden(got.apps.err) {
		// The tenant's session lacks what both ask for, and the refusal of the preview does not say which of its two permissions it was.
		return got.apps.err
	}
	if consent.err != nil {
		return h.previewRefused(c, v, &got, consent.err)
	}
	got.consent = consent.got
	if !stytch.IsAppID(v.request.clientID) {
		got.client.got, got.client.err = h.consentClient(ctx, c, got.consent.Client.ID)
	}
	if stytch.IsPublicApp(got.consent.Client.Type) && v.request.challenge == "" {
		return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{Refused: noChallenge(got.consent.Client.ID)})
	}
	if got.apps.err != nil {
		v.notes = append(v.notes, "What the member has let in before could not be read, so all is shown as new.")
	}
	seen := h.consentOf(languageOf(c, v.request.locales), &v.request, &got)
	// They are the member's to follow.
	seen.Switch, seen.Apps = "", ""
	v.notes = append([]string{h.previewOutcome(v, &got)}, v.notes...)
	return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{Seen: &seen})
}

// previewOutcome says what would become of the request, in the order in which the endpoint looks at it.
func (h *console) previewOutcome(v *consentPreview, got *asking) string {
	who := nameOf(got.consent.Member.Name, got.consent.Member.Email)
	straight := mayPass(&authorization{authorizationRequest: v.request}, got)
	text := who + " would see this page, with Deny and Allow below it. Nothing is decided here."
	switch {
	case v.request.asks(promptNone) && !straight:
		text = who + " would see nothing: the app asks for no page (prompt=none), and gets the error consent_required. Without that they would see this page."
	case straight && !v.request.asks(promptSelect):
		text = who + " would not see this page: Stytch asks for no consent, so they go straight on to the app. This is what they would grant."
	}
	switch {
	case v.request.asks(promptLogin):
		text += " They have to sign in anew first (prompt=login)."
	case v.request.maxAge >= 0:
		text += " They have to sign in anew first if they did so more than " + inWords(v.request.maxAge) + " ago (max_age)."
	}
	return text
}

// inWords is a bound on an age.
func inWords(d time.Duration) string {
	if d%time.Minute == 0 && d > 0 {
		return countOf(int(d/time.Minute), "minute")
	}
	return countOf(int(d/time.Second), "second")
}

// previewPage is the form with what came of it.
func (h *console) previewPage(c echo.Context, status int, v *consentPreview, m views.ConsentPreviewPage) error {
	organizationID := v.t.OrganizationID()
	key, _ := v.p.Key(organizationID)
	m.Title, m.Action, m.Member, m.URL, m.Notes = "Preview consent", paths.ConsentPreview(organizationID), v.member, v.address, v.notes
	m.Crumbs = []views.Crumb{
		{Text: "Organizations", Href: paths.Organizations},
		{Text: nameOf(key.Name, organizationID), Href: paths.Organization(organizationID)},
		{Text: "Connected Apps", Href: paths.OrganizationApps(organizationID)},
	}
	row := stytch.ConsentPreview.Row()
	if need := h.lacksStaff(v.p, row.Check.Resource, row.Check.Action); need != nil {
		m.Permission = append(m.Permission, *need)
	}
	if need := h.lacksIn(v.t, row.Also.Resource, row.Also.Action); need != nil {
		m.Permission = append(m.Permission, *need)
	}
	m.Frame = h.frame(c, m.Title, views.AreaTenantApps)
	return h.render(c, status, views.ConsentPreview(m))
}
