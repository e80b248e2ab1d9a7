package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// writeAsStaff writes what no session of the tenant may, one field a call: each has an action of its own that the staff session is
// asked for.
func (h *console) writeAsStaff(c echo.Context, s *settings, changes []change) error {
	staff, held := s.p.Staff()
	if !held {
		return notFound("")
	}
	if len(changes) == 1 {
		return h.settingsSaved(c, s, changes, writeField(c.Request().Context(), staff, s.org.ID, changes[0]))
	}
	// A step counts on the one before: a choice that limits to a list must not be made without the list.
	steps := make([]views.Receipt, len(changes))
	left, status := 0, http.StatusOK
	for i, one := range changes {
		steps[i] = views.Receipt{Text: one.field.label + ": " + nameOf(one.field.words(one.wanted), "nothing"), State: views.Waiting}
		if left > 0 {
			left++
			continue
		}
		err := writeField(c.Request().Context(), staff, s.org.ID, one)
		if err == nil {
			steps[i].State = views.Done
			continue
		}
		left = 1
		steps[i], status = h.failedStep(c, steps[i], err)
	}
	if left == 0 {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), "Saved: "+labelsOf(changes)+".")
	}
	return h.settingsReceipt(c, status, s, steps, changes[len(changes)-left:])
}

// failedStep says why a step was not done, or that nobody knows.
func (h *console) failedStep(c echo.Context, step views.Receipt, err error) (views.Receipt, int) {
	p := h.explain(c, err)
	step.State, step.Note, step.RequestID = views.Failed, p.Heading+". "+p.What, p.RequestID
	if isLost(err) {
		step.State, step.Note = views.Unknown, p.Heading+". It may have been done all the same."
	}
	status := p.Status
	if trouble, known := settingsTrouble(err); known {
		status, step.Note = http.StatusUnprocessableEntity, trouble.Text
	}
	return step, status
}

// settingsReceipt says what became of each step, and offers to write what is left.
func (h *console) settingsReceipt(c echo.Context, status int, s *settings, steps []views.Receipt, left []change) error {
	m := views.SettingsReceiptPage{
		Crumbs: settingsCrumbs(s.org), Title: s.group.title + ": written", Steps: steps,
		Action: paths.SettingsGroup(s.org.ID, s.group.id), Back: paths.Settings(s.org.ID),
	}
	if len(left) > 0 {
		m.Title, m.Button = strconv.Itoa(len(steps)-len(left))+" of "+countOf(len(steps), "step")+" done", "Write what is left"
		m.Hidden = []views.Hidden{{Name: "as", Value: "staff"}, {Name: "confirm", Value: "yes"}}
		for _, one := range left {
			m.Hidden = append(m.Hidden, one.hidden()...)
		}
	}
	m.Frame = h.frame(c, m.Title, views.AreaSettings)
	return h.render(c, status, views.SettingsReceipt(m))
}

// writeField writes one field with the project secret, after the staff session was asked for its action.
func writeField(ctx context.Context, staff stytch.Staff, organizationID string, one change) error {
	ctx = stytch.Noting(ctx, "", auditChanges([]change{one})...)
	if isExternalIDGone(one) {
		_, err := staff.DeleteOrganizationExternalID(ctx, organizationID)
		return err
	}
	value := valuesOf([]change{one})[one.field.name]
	if one.field.kind == kindJSON {
		merge, err := mergePatch(one.now, one.wanted)
		if err != nil {
			return err
		}
		value = merge
	}
	_, err := staff.UpdateOrganizationField(ctx, organizationID, stytch.OrganizationField(one.field.name), value)
	return err
}
