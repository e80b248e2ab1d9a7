package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

// Everything that is done upstream is recorded by the client. What only the console does is recorded here.

// noteSignIn records that somebody has signed in. Where that fails the session must not be kept: what they do next could not be
// recorded either.
func (h *console) noteSignIn(c echo.Context, in stytch.SignIn) error {
	actor := stytch.Actor{Email: in.Member.Email, Name: in.Member.Name, MemberID: in.MemberID, OrganizationID: in.Organization.ID}
	if by := in.Impersonator(); by != "" {
		actor.Name = by + " as " + nameOf(in.Member.Name, in.Member.Email)
	}
	return h.record(c.Request().Context(), audit.SignIn, actor, in.Organization.ID, in.MemberID, stateOf(c).reference)
}

// noteSignOut records that somebody has signed out, which nothing may keep them from.
func (h *console) noteSignOut(c echo.Context) {
	p := stateOf(c).person
	if p == nil {
		return
	}
	if err := h.record(c.Request().Context(), audit.SignOut, actorOf(p), p.HomeID(), p.Home().MemberID(), stateOf(c).reference); err != nil {
		h.Log.ErrorContext(c.Request().Context(), "sign-out not recorded", "reference", stateOf(c).reference, "error", err)
	}
}

func (h *console) record(ctx context.Context, name string, actor stytch.Actor, organizationID, memberID, reference string) error {
	return h.Audit.Note(context.WithoutCancel(ctx), stytch.Act{
		Name: name, Actor: actor, ActingOrganizationID: organizationID, ActingMemberID: memberID,
		OrganizationID: organizationID, MemberID: memberID, Reference: reference,
	}, stytch.Outcome{Result: stytch.ResultDone})
}
