package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// step is one write of an act that needs several.
type step struct {
	// name is what a form calls it that tries it again.
	name string
	// text says what is done, and none why there is nothing to do; "" where there is.
	text, none string
	// note is what is known of it before it is done.
	note string
	// action is what it needs on resource; "" is stytch.member.
	resource, action string
	// do does it and returns the upstream's id of the request.
	do func(ctx context.Context) (requestID string, err error)
	// stands says how it stands, after an answer that was lost.
	stands func(now *asked) string
}

// errUnread is a step that does not know what to do, since that could not be read.
var errUnread = errors.New("handlers: what to do is not known")

// fieldStep names a step in a form that tries it again.
const fieldStep = "step"

// stepsFor bounds how long the steps of one form may take: the answer must still reach the browser.
const stepsFor = 40 * time.Second

// again are the steps that a form names which tries some again, or all where it names none. A step of several things, as one for each
// app, has a name that ends with a colon where they could not be read; what is named and is not there any more is done.
func again(named []string, steps []step) []step {
	if len(named) == 0 {
		return steps
	}
	var out []step
	for _, s := range steps {
		group, _, several := strings.Cut(s.name, ":")
		if slices.Contains(named, s.name) || several && slices.ContainsFunc(named, func(name string) bool {
			return name == group+":" || s.name == group+":" && strings.HasPrefix(name, s.name)
		}) {
			out = append(out, s)
		}
	}
	if len(out) == 0 && slices.ContainsFunc(named, func(name string) bool { return strings.HasPrefix(name, stepApp) }) {
		out = append(out, step{name: stepApp, text: "Revoke the app", none: "It is revoked already."})
	}
	return out
}

// run does steps in their order. No failure of one stops the next. A form that was sent before, and one of somebody who may only
// look, are errors: then nothing was done.
func (h *console) run(c echo.Context, steps []step) ([]views.Receipt, error) {
	// Half of it done because a browser went away would be worse than all of it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), stepsFor)
	defer cancel()
	receipts := make([]views.Receipt, len(steps))
	for i, s := range steps {
		receipts[i] = views.Receipt{Text: s.text, State: views.Skipped, Note: s.none}
		switch {
		case s.none != "":
		case ctx.Err() != nil:
			receipts[i].State, receipts[i].Note = views.Waiting, "What came before took too long."
		default:
			id, err := s.do(ctx)
			if errors.Is(err, stytch.ErrSpent) || errors.Is(err, stytch.ErrReadOnly) {
				return nil, err
			}
			if err != nil {
				h.Log.WarnContext(ctx, "step not done", "reference", stateOf(c).reference, "step", s.name, "error", err)
			}
			receipts[i] = receiptOf(&s, id, err)
		}
	}
	return receipts, nil
}

// remaining are the names of the steps that are to be tried again.
func remaining(steps []step, receipts []views.Receipt) []views.Hidden {
	var again []views.Hidden
	for i, r := range receipts {
		if r.State != views.Done && r.State != views.Skipped {
			again = append(again, views.Hidden{Name: fieldStep, Value: steps[i].name})
		}
	}
	return again
}

// standing adds to the receipts of steps whose answers were lost how it stands now. The member that now returns is nil where they
// are deleted.
func standing(steps []step, receipts []views.Receipt, now func() (*asked, error)) {
	var a *asked
	stood(receipts, func() (err error) {
		a, err = now()
		return err
	}, func(i int) string { return steps[i].stands(a) })
}

// stood adds to the receipts whose answers were lost how it stands, after one read of that.
func stood(receipts []views.Receipt, read func() error, stands func(i int) string) {
	if !slices.ContainsFunc(receipts, func(r views.Receipt) bool { return r.State == views.Unknown }) {
		return
	}
	err := read()
	for i := range receipts {
		switch {
		case receipts[i].State != views.Unknown:
		case err != nil:
			receipts[i].Note += " How it stands now could not be read."
		default:
			receipts[i].Note += " " + stands(i)
		}
	}
}

// goneAlready are the refusals that mean that there was nothing to do.
var goneAlready = []string{"member_not_found", "member_password_not_found", "totp_not_found", "member_phone_number_not_found", "connected_app_not_found"}

// receiptOf says what became of one step. Its words are ours.
func receiptOf(s *step, requestID string, err error) views.Receipt {
	r := views.Receipt{Text: s.text, State: views.Done, RequestID: requestID}
	if err == nil {
		return r
	}
	r.State, r.RequestID = views.Failed, upstreamID(err)
	switch {
	case isGone(err):
		r.Note = "Your own session has ended, so it was not done."
	case errors.Is(err, stytch.ErrNotRecorded):
		r.Note = "The console cannot record it, so it was not sent."
	case errors.Is(err, errUnread):
		r.Note = "What there is to be done could not be read, so nothing was."
	case isLost(err):
		r.State, r.Note = views.Unknown, "The answer to it was lost, so nobody knows whether it was done."
	case stytch.IsForbidden(err):
		r.Note = "Stytch refused it to you. You need " + cmp.Or(s.resource, onMembers) + " : " + s.action + "."
	case slices.ContainsFunc(goneAlready, func(name string) bool { return stytch.IsType(err, name) }):
		r.State, r.Note = views.Skipped, "It was gone already."
	case stytch.IsLimited(err):
		r.Note = "Stytch asks to slow down, and did not do it."
	default:
		r.Note = "Stytch did not accept it, and did not do it."
	}
	return r
}
