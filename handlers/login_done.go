package handlers

import (
	"context"
	"errors"
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

// discovered goes on with a proven address: the organizations it may enter.
func (h *console) discovered(c echo.Context, found stytch.Discovery) error {
	old, err := h.Sessions.BeginIntermediate(c.Request().Context(), found.Email, found.Token, session.More{})
	h.revokeAll(c.Request().Context(), old)
	if err != nil {
		return err
	}
	return seeOther(c, paths.LoginOrganizations)
}

// finish ends a sign-in to an organization: with a session, or with the page that asks for what is still missing.
func (h *console) finish(c echo.Context, in stytch.SignIn) error {
	if !in.Done {
		return h.ask(c, in, "")
	}
	to, err := h.complete(c, in)
	if err != nil {
		return err
	}
	return seeOther(c, to)
}

// ask keeps a sign-in that lacks something, beside what the browser holds of the same person, and leads to what is asked for.
func (h *console) ask(c echo.Context, in stytch.SignIn, to string) error {
	ctx := c.Request().Context()
	more := moreOf(in)
	more.Return = to
	err := h.Sessions.Pend(ctx, in.Member.Email, in.Intermediate, more)
	if errors.Is(err, session.ErrSignedOut) || errors.Is(err, session.ErrOtherPerson) {
		var old []stytch.Tenant
		old, err = h.Sessions.BeginIntermediate(ctx, in.Member.Email, in.Intermediate, more)
		h.revokeAll(ctx, old)
	}
	if err != nil {
		return err
	}
	if more.Primary {
		return seeOther(c, paths.LoginMoreFor(more.OrganizationID))
	}
	return seeOther(c, paths.LoginMFAFor(more.OrganizationID, ""))
}

// moreOf is what a sign-in still lacks.
func moreOf(in stytch.SignIn) session.More {
	o := in.Organization
	m := session.More{OrganizationID: o.ID, Organization: o.Name, Slug: o.Slug, MemberID: in.MemberID}
	if in.MFARequired == nil {
		m.Primary = true
		if in.PrimaryRequired != nil {
			m.Methods = in.PrimaryRequired.AllowedMethods
		}
		return m
	}
	m.Methods = []string{factorTOTP, factorSMS}
	if o.MFAMethods == "RESTRICTED" && !in.Member.IsBreakglass {
		m.Methods = slices.DeleteFunc(m.Methods, func(method string) bool { return !slices.Contains(o.AllowedMFAMethods, method) })
	}
	if has := in.MFARequired.Options; has != nil {
		m.TOTP = has.TOTP != "" && slices.Contains(m.Methods, factorTOTP)
		if slices.Contains(m.Methods, factorSMS) {
			m.Phone = has.Phone
		}
	}
	// A number that nobody has proven may be mistyped: it must neither be the only way in nor stand in for the app.
	proven := m.Phone != "" && in.Member.MFAPhoneOK
	m.Enrolling = !m.TOTP && !proven
	if !proven && !m.Enrolling {
		m.Phone = ""
	}
	m.Default = in.Member.DefaultMFA
	m.Sent = in.MFARequired.Initiated == factorSMS
	return m
}

// complete keeps the session of a finished sign-in and says where to go. Where the person is signed in elsewhere and was on
// the way into this organization, it is one more key; else it is a new session, and the cookie changes.
func (h *console) complete(c echo.Context, in stytch.SignIn) (to string, err error) {
	ctx := c.Request().Context()
	pending, _ := h.Sessions.Pending(ctx, in.Organization.ID)
	if p := stateOf(c).person; p != nil && pending.Entering && strings.EqualFold(p.Email, in.Member.Email) {
		return h.entered(c, p, in, pending.Return)
	}
	to = h.Sessions.Flow(c.Request()).Return
	if wanted := h.Sessions.Wanted(c.Request()); wanted.Query != "" && !wanted.Arrived {
		to = paths.Authorize + "?" + wanted.Query
	} else if !paths.Local(to) {
		to = h.landing(in.Organization.ID)
	}
	if err := h.noteSignIn(c, in); err != nil {
		h.revokeAll(ctx, []stytch.Tenant{h.Sessions.Stray(in)})
		return "", err
	}
	old, err := h.Sessions.Begin(ctx, in)
	h.revokeAll(ctx, old)
	if err != nil {
		return "", err
	}
	h.Sessions.EndFlow(c.Response())
	return to, nil
}

// entered puts the key of an organization on the ring of somebody who is signed in.
func (h *console) entered(c echo.Context, p *session.Person, in stytch.SignIn, to string) (string, error) {
	ctx := c.Request().Context()
	if to == "" {
		to = paths.Organization(in.Organization.ID)
	}
	h.Sessions.Settle(ctx, in.Organization.ID)
	held, err := p.Add(in)
	if err == nil {
		// In this order: where the process ends in between, the next one takes whoever is on the way in for not in, and deletes them.
		err = h.comesIn(c, p, in)
	}
	if err != nil {
		// Nobody would hold the session that was just made, so it must not live on.
		h.revokeAll(ctx, []stytch.Tenant{held})
		if errors.Is(err, session.ErrHeld) {
			return to, nil
		}
		return "", err
	}
	h.Sessions.Flash(ctx, string(views.FlashOK), "You entered "+in.Organization.Name+".")
	return to, nil
}

// revokeAll ends sessions upstream, side by side and within a bound. It says whether all of them are known to have ended.
func (h *console) revokeAll(ctx context.Context, held []stytch.Tenant) bool {
	return h.endAll(ctx, held, stytch.Tenant.Revoke)
}

func (h *console) endAll(ctx context.Context, held []stytch.Tenant, end func(stytch.Tenant, context.Context) error) bool {
	// The person may close the tab while they wait; their sessions end all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	failed := make([]error, len(held))
	for i, t := range held {
		wg.Go(func() {
			if err := end(t, ctx); err != nil && !stytch.IsSessionGone(err) {
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
	p := stateOf(c).person
	h.noteSignOut(c)
	held, err := h.Sessions.End(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { h.endEntries(c, p) })
	upstream := h.revokeAll(ctx, held)
	wg.Wait()
	return h.signedOut(c, "out", upstream, err)
}

// signedOut ends a sign-out: upstream says whether all sessions are known to have ended there.
func (h *console) signedOut(c echo.Context, notice string, upstream bool, err error) error {
	if err != nil {
		return err
	}
	if !upstream {
		notice = "here"
	}
	h.Sessions.EndFlow(c.Response())
	// Not "cookies": that would clear those of every application under the registrable domain.
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return seeOther(c, paths.LoginNotice(notice))
}
