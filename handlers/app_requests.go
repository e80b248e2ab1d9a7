package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/apprequest"
	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// appAsked is an app that a member asks for, as the upstream and the authorization request have it.
type appAsked struct {
	// clientID is the id of the client, also where the request named it by an address of its own (rule client-id-metadata).
	clientID, clientName string
	// clientType is one of the stytch.App* constants.
	clientType string
	// redirectHost is where the client would have been answered: the host of its redirect address, or the scheme of one without.
	redirectHost string
}

// askForApp asks whoever may change the app policy of the Tenant's organization to allow an app. A member has one open request for each
// app: asking again is no error, and changes and records nothing. The form that brought it is spent, as with every act. Where the
// organization has too many open requests, the error is a *problem; one that wraps stytch.ErrNotRecorded or session.ErrNotKept means
// that nothing was asked.
func (h *console) askForApp(c echo.Context, p *session.Person, t stytch.Tenant, app appAsked) error {
	switch {
	case !stytch.IsAppID(app.clientID):
		return stytch.ErrInput
	case p.Impersonator() != "":
		return readOnly()
	}
	ctx := c.Request().Context()
	if _, isOpen, err := h.AppRequests.Of(ctx, t.OrganizationID(), t.MemberID(), app.clientID); isOpen || err != nil {
		return err
	}
	err := h.kept(c, stytch.Act{
		Name: audit.AskForApp, ActingOrganizationID: t.OrganizationID(), ActingMemberID: t.MemberID(),
		OrganizationID: t.OrganizationID(), MemberID: t.MemberID(), Target: app.clientID,
	}, func(ctx context.Context) error {
		_, err := h.AppRequests.Ask(ctx, apprequest.Request{
			OrganizationID: t.OrganizationID(), MemberID: t.MemberID(), Email: p.Email, Name: p.Name, ClientID: app.clientID, ClientName: app.clientName,
			FirstParty: stytch.IsFirstPartyApp(app.clientType), RedirectHost: app.redirectHost,
		})
		return err
	})
	if errors.Is(err, apprequest.ErrFull) {
		return &problem{
			Status: http.StatusConflict, Heading: "Too many apps are asked for", What: "Your organization has as many open requests as it may have. Yours was not kept.",
			Do: "Tell your administrator yourself, or ask again when they have looked at them.", Err: err,
		}
	}
	return err
}

// kept does something to what the console itself keeps, once for each form, between its intent and its outcome in the record. The act
// is that of the person who is signed in.
func (h *console) kept(c echo.Context, a stytch.Act, do func(context.Context) error) error {
	ctx := c.Request().Context()
	if err := stateOf(c).act(ctx); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	a.Actor, a.Reference = actorOf(stateOf(c).person), stateOf(c).reference
	finish, err := h.Audit.Intend(ctx, a)
	if err != nil {
		return errors.Join(stytch.ErrNotRecorded, err)
	}
	outcome := stytch.Outcome{Result: stytch.ResultDone}
	if err = do(ctx); err != nil {
		outcome.Result = stytch.ResultFailed
	}
	finish(ctx, outcome)
	return err
}

// appRequestCalls are the operations of a page that shows what members asked for.
var appRequestCalls = []stytch.Operation{stytch.AppRequestsList, stytch.StaffAppRequestsList}

// appRequests are the open requests of an organization, as somebody may see them.
type appRequests struct {
	// offered is false where the person has no role by which they could see them, as far as is known. Nothing is asked then.
	offered bool
	open    []apprequest.Request
}

// readAppRequests reads what members of the Tenant's organization asked for, for whoever may change its app policy. It can run beside
// the other reads of a page. The route must name appRequestCalls.
func (h *console) readAppRequests(ctx context.Context, p *session.Person, t stytch.Tenant) (appRequests, error) {
	doors := h.appRequestDoors(p, t)
	if len(doors) == 0 {
		return appRequests{}, nil
	}
	out := appRequests{offered: true}
	err := firstDoor(ctx, doors)
	if err == nil {
		out.open, err = h.AppRequests.List(ctx, t.OrganizationID())
	}
	return out, err
}

// appRequestDoors are the sessions of the person with which the requests of a tenant may be seen, as far as the policy lets expect: the
// tenant's own, and the one of the support staff.
func (h *console) appRequestDoors(p *session.Person, t stytch.Tenant) []func(context.Context) error {
	var doors []func(context.Context) error
	if check := stytch.AppRequestsList.Row().Check; h.lacksIn(t, check.Resource, check.Action) == nil {
		doors = append(doors, func(ctx context.Context) error { return t.Permitted(ctx, stytch.AppRequestsList) })
	}
	if check := stytch.StaffAppRequestsList.Row().Check; h.lacksStaff(p, check.Resource, check.Action) == nil {
		if staff, held := p.Staff(); held {
			doors = append(doors, func(ctx context.Context) error { return staff.Permitted(ctx, stytch.StaffAppRequestsList) })
		}
	}
	return doors
}

// firstDoor asks one after the other until one lets through. What the last one said is the answer else.
func firstDoor(ctx context.Context, doors []func(context.Context) error) (err error) {
	for _, door := range doors {
		if err = door(ctx); err == nil || !stytch.IsForbidden(err) {
			return err
		}
	}
	return err
}

// appRequestsPart is the part of a page that shows what members asked for. What the policy allows by now is closed.
func (h *console) appRequestsPart(c echo.Context, org *stytch.Organization, read part[appRequests]) views.AppAsks {
	m := views.AppAsks{Shown: read.got.offered}
	if !m.Shown {
		return m
	}
	open := read.got.open
	if read.err == nil {
		open = h.closeAllowed(c, org, open)
	}
	for _, r := range open {
		at := slices.IndexFunc(m.Apps, func(a views.AppAsked) bool { return a.ClientID == r.ClientID })
		if at < 0 {
			at = len(m.Apps)
			m.Apps = append(m.Apps, views.AppAsked{ClientID: r.ClientID})
			if stateOf(c).person.Impersonator() == "" {
				m.Apps[at].Allow, m.Apps[at].Dismiss = paths.SettingsAllow(org.ID, r.ClientID, r.FirstParty), paths.AppRequest(org.ID, r.ClientID)
			}
		}
		app := &m.Apps[at]
		// The newest request knows the client best. An address that the client had before is shown too: it may be the one that is known.
		app.Name, app.Owner = r.ClientName, ownerOther
		if r.FirstParty {
			app.Owner = ownerOperator
		}
		if host := nameOf(r.RedirectHost, "unknown"); !slices.Contains(app.Hosts, host) {
			app.Hosts = append(app.Hosts, host)
		}
		app.Asked = append(app.Asked, views.AppAsk{Name: nameOf(r.Name, r.Email), Email: r.Email, Href: paths.Member(org.ID, r.MemberID), At: moment(r.AskedAt)})
	}
	m.Section = h.section(c, read.err, len(m.Apps) == 0)
	return m
}

// closeAllowed leaves out the requests for apps that the organization allows by now, and closes them. Where that fails they are left
// out all the same, and closed the next time.
func (h *console) closeAllowed(c echo.Context, org *stytch.Organization, open []apprequest.Request) []apprequest.Request {
	ctx := context.WithoutCancel(c.Request().Context())
	closed := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(open), func(r apprequest.Request) bool {
		if closed[r.ClientID] || !allowsApp(org, r.ClientID, r.FirstParty) {
			return closed[r.ClientID]
		}
		closed[r.ClientID] = true
		n, err := h.AppRequests.Close(ctx, org.ID, r.ClientID)
		if err == nil && n > 0 {
			// Nobody closes them: that the app was allowed is recorded, with whoever did it.
			err = h.Audit.Note(ctx, stytch.Act{Name: audit.AppRequestsClose, OrganizationID: org.ID, Target: r.ClientID, Reference: stateOf(c).reference},
				stytch.Outcome{Result: stytch.ResultDone})
		}
		if err != nil {
			h.Log.ErrorContext(ctx, "requests for an allowed app not closed", "reference", stateOf(c).reference, "error", err)
		}
		return true
	})
}

// allowsApp says whether the organization's policy lets its members use an app (rule app-policy). A policy that is not known allows
// nothing.
func allowsApp(org *stytch.Organization, clientID string, firstParty bool) bool {
	policy, listed := org.ThirdPartyApps, org.AllowedThirdParty
	if firstParty {
		policy, listed = org.FirstPartyApps, org.AllowedFirstParty
	}
	return policy == allAllowed || (policy == restricted && slices.Contains(listed, clientID))
}

// dismissAppRequests closes all requests for an app, and leaves the policy as it is.
func (h *console) dismissAppRequests(c echo.Context, p *session.Person, t stytch.Tenant) error {
	clientID := c.Param("client_id")
	if !stytch.IsAppID(clientID) {
		return notFound("")
	}
	doors := h.appRequestDoors(p, t)
	if len(doors) == 0 {
		// The upstream says so itself, and what is missing.
		doors = append(doors, func(ctx context.Context) error { return t.Permitted(ctx, stytch.AppRequestsList) })
	}
	if err := firstDoor(c.Request().Context(), doors); err != nil {
		return err
	}
	n := 0
	err := h.kept(c, stytch.Act{
		Name: audit.AppRequestsClose, ActingOrganizationID: t.OrganizationID(), ActingMemberID: t.MemberID(), OrganizationID: t.OrganizationID(), Target: clientID,
	}, func(ctx context.Context) (err error) {
		n, err = h.AppRequests.Close(ctx, t.OrganizationID(), clientID)
		return err
	})
	if err != nil {
		return err
	}
	text := countOf(n, "request") + " dismissed. Nobody is told; members may ask again."
	if n == 0 {
		text = "There was no open request for this app any more."
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), text)
	return seeOther(c, paths.OrganizationApps(t.OrganizationID()))
}

// withdrawRequests ends what a member asked for who is no more. Where that fails the requests expire by themselves.
func (h *console) withdrawRequests(ctx context.Context, a *asked) {
	if err := h.AppRequests.Withdraw(context.WithoutCancel(ctx), a.t.OrganizationID(), a.Member.ID); err != nil {
		h.Log.ErrorContext(ctx, "requests of a deleted member not withdrawn", "error", err)
	}
}
