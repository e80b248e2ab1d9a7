package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// saveByTenant writes the changes in the tenant's own session; the upstream decides about each field.
func (h *console) saveByTenant(f *memberForm, changes []change) error {
	values := make(map[stytch.MemberField]any, len(changes))
	for name, value := range valuesOf(changes) {
		values[stytch.MemberField(name)] = value
	}
	if _, ok := values[stytch.MemberFieldRoles]; ok && f.keep {
		values[stytch.MemberFieldPreserveSessions] = true
	}
	_, err := f.t.UpdateMember(f.ctx, f.Member.ID, values)
	return err
}

// saveByStaff writes the one field that no member session may write.
func (h *console) saveByStaff(f *memberForm, changes []change) error {
	staff, held := f.person.Staff()
	if !held {
		return mayNot(nil)
	}
	one := changes[0]
	_, err := staff.UpdateMemberField(f.ctx, f.Organization.ID, f.Member.ID, stytch.MemberField(one.field.name), valuesOf(changes)[one.field.name])
	return err
}

// saveExternalID writes or takes away the external id: in the tenant's session first, and where the upstream refuses that, as the
// support staff (rule unpublished-actions).
func (h *console) saveExternalID(f *memberForm, changes []change) error {
	err := externalIDByTenant(f, changes)
	if !stytch.IsForbidden(err) {
		return err
	}
	if staff, held := f.person.Staff(); held && h.lacksStaffField(f.person, stytch.MemberFieldExternalID) == nil {
		return externalIDByStaff(f, staff, changes)
	}
	return err
}

func externalIDByTenant(f *memberForm, changes []change) error {
	if changes[0].wanted != "" {
		_, err := f.t.UpdateMember(f.ctx, f.Member.ID, map[stytch.MemberField]any{stytch.MemberFieldExternalID: changes[0].wanted})
		return err
	}
	_, err := f.t.DeleteMemberExternalID(f.ctx, f.Member.ID)
	return err
}

func externalIDByStaff(f *memberForm, staff stytch.Staff, changes []change) error {
	if changes[0].wanted != "" {
		_, err := staff.UpdateMemberField(f.ctx, f.Organization.ID, f.Member.ID, stytch.MemberFieldExternalID, changes[0].wanted)
		return err
	}
	_, err := staff.DeleteMemberExternalID(f.ctx, f.Organization.ID, f.Member.ID)
	return err
}

// noRisks is for changes that do what they say and no more.
func noRisks(*console, *memberForm, []change) []string { return nil }

// metadataRisks names the keys that go.
func metadataRisks(_ *console, _ *memberForm, changes []change) []string {
	var now, wanted map[string]jsontext.Value
	if json.Unmarshal([]byte(changes[0].now), &now) != nil || json.Unmarshal([]byte(changes[0].wanted), &wanted) != nil {
		return nil
	}
	var gone []string
	for key := range now {
		if _, stays := wanted[key]; !stays {
			gone = append(gone, "The key "+key+" goes, and what it holds.")
		}
	}
	slices.Sort(gone)
	return gone
}

func externalIDRisks(_ *console, f *memberForm, _ []change) []string {
	if f.Member.ExternalID == "" {
		return nil
	}
	return []string{"Systems that know this member by the present id do not find them by it any more."}
}

func breakglassRisks(_ *console, _ *memberForm, changes []change) []string {
	if changes[0].wanted == "yes" {
		return []string{"They may sign in by every method from now on, also by those that the organization does not allow."}
	}
	return []string{"They sign in only by what the organization allows from now on. Make sure that they have such a way."}
}

// secondFactorRisks says what it means when a member is not asked for a second factor any more.
func secondFactorRisks(_ *console, f *memberForm, changes []change) []string {
	one, ok := byName(changes)[string(stytch.MemberFieldMFAEnrolled)]
	switch {
	case !ok || one.wanted == "yes":
		return nil
	case f.Organization.MFAPolicy == mfaForAll:
		return []string{"The organization asks everybody for a second factor, so this member is asked all the same."}
	}
	return []string{"This member's first factor alone lets in whoever has it."}
}

// memberRefusals are refusals of a value, by the upstream's name: the field that each is about, and a person's words (rule
// member-refusals).
var memberRefusals = map[string]views.Problem{
	"duplicate_member_external_id":                    {Field: "external_id", Text: "Another member here has this external id."},
	"invalid_external_id":                             {Field: "external_id", Text: "Stytch does not take this external id."},
	"invalid_phone_number":                            {Field: "mfa_phone_number", Text: "Stytch does not take this for a phone number."},
	"duplicate_member_phone_number":                   {Field: "mfa_phone_number", Text: "Another member here has this number."},
	"duplicate_member_phone_number_for_member":        {Field: "mfa_phone_number", Text: "This member has a number. Remove it first."},
	"invalid_mfa_default_method":                      {Field: "default_mfa_method", Text: "Stytch does not take this choice."},
	"default_mfa_member_missing_factor":               {Field: "default_mfa_method", Text: "This member does not have that second factor."},
	"invalid_rbac_role_id":                            {Field: "roles", Text: "One of these roles is not there."},
	"invalid_rbac_role_assignment":                    {Field: "roles", Text: "One of these roles cannot be given."},
	"cannot_assign_default_rbac_role_id":              {Field: "roles", Text: "Everybody has one of these roles, so nobody gives it."},
	"cannot_preserve_existing_sessions":               {Field: "roles", Text: "Stytch cannot leave those sessions alone. Untick it."},
	"metadata_too_large":                              {Field: "untrusted_metadata", Text: "This is too long: 4 KB are the most."},
	"metadata_too_many_keys":                          {Field: "untrusted_metadata", Text: "These are too many keys: 20 are the most."},
	"metadata_invalid_format":                         {Field: "untrusted_metadata", Text: "Stytch does not take this for metadata."},
	"invalid_email":                                   {Field: "email_address", Text: "Stytch does not take this for an e-mail address."},
	"duplicate_email":                                 {Field: "email_address", Text: "A member here has this address."},
	"duplicate_member_email":                          {Field: "email_address", Text: "A member here has this address."},
	"retired_member_email":                            {Field: "email_address", Text: "Another member here had this address before."},
	"desired_email_updating_for_different_member":     {Field: "email_address", Text: "Another member here is changing to this address."},
	"desired_email_deactivated_by_different_member":   {Field: "email_address", Text: "Another member here gave this address up."},
	"action_not_allowed_email_domain_is_claimed":      {Field: "email_address", Text: "Another organization has claimed the domain of this address."},
	"invalid_email_for_invites":                       {Field: "email_address", Text: "The organization does not let this address be invited."},
	"user_already_invited":                            {Field: "email_address", Text: "They are invited already."},
	"member_cannot_update_their_email_address":        {Field: "email_address", Text: "Nobody changes their own address this way. Use your account."},
	"member_has_no_active_verified_email":             {Field: "way", Text: "Their present address is not verified, so they cannot confirm another one."},
	"email_updates_available_only_for_active_members": {Field: "way", Text: "Only active members can confirm a new address."},
	"no_default_invite_redirect_url_set":              {Text: unknownRedirect},
	"no_match_for_provided_magic_link_url":            {Text: unknownRedirect},
	"no_default_login_redirect_url_set":               {Text: unknownRedirect},
}

const unknownRedirect = "The project does not know where the link should lead. Tell whoever runs this console to register its /authenticate address."

// refusedValue is a refusal of a value beside the field that it is about, if the form has it; and a limit, which is about none.
func refusedValue(err error, fields ...string) (views.Problem, int, bool) {
	if isGone(err) {
		return views.Problem{}, 0, false
	}
	for name, p := range memberRefusals {
		if !stytch.IsType(err, name) {
			continue
		}
		if !slices.Contains(fields, p.Field) {
			p.Field = ""
			if strings.HasPrefix(name, "metadata_") && slices.Contains(fields, string(stytch.MemberFieldTrusted)) {
				p.Field = string(stytch.MemberFieldTrusted)
			}
		}
		return p, http.StatusUnprocessableEntity, true
	}
	return views.Problem{}, 0, false
}

// memberNotSaved ends a save that was refused, or of which nobody knows whether it was done.
func (h *console) memberNotSaved(c echo.Context, f *memberForm, changes []change, err error) error {
	names := make([]string, len(f.fields))
	for i := range f.fields {
		names[i] = f.fields[i].name
	}
	if problem, status, ok := refusedValue(err, names...); ok {
		return h.memberEditPage(c, status, f, []views.Problem{problem})
	}
	switch {
	case isGone(err):
		return err
	case stytch.IsForbidden(err):
		return h.memberForbidden(c, f, changes, err)
	case isLost(err):
		return h.memberLost(c, f.person, f.subject, changes, err, f.action())
	}
	return err
}

// memberForbidden names the permission that was missing: that of the operation's check, else that of the first field which the
// session's roles do not carry.
func (h *console) memberForbidden(c echo.Context, f *memberForm, changes []change, err error) error {
	p := *h.explain(c, err)
	p.Href, p.HrefText = f.home(), "Back to the member"
	for _, one := range changes {
		if p.Permission == nil && one.field.action != "" {
			p.Permission = h.wants(f.t, one.field.action)
		}
	}
	if p.Permission == nil {
		p.What = "Stytch refused it, and publishes no permission for it. Nothing was changed."
		if _, held := f.person.Staff(); held {
			p.Permission = h.lacksStaffField(f.person, stytch.MemberFieldExternalID)
		}
	}
	return &p
}

// wants is an action on members with the roles that carry it, whether the session's roles are thought to do so or not: the upstream
// has just said that they do not.
func (h *console) wants(t stytch.Tenant, action string) *views.Permission {
	if need := h.lacksIn(t, onMembers, action); need != nil {
		return need
	}
	return &views.Permission{Resource: onMembers, Action: action, Roles: h.Policy.Policy().RolesWith(onMembers, action), Yours: t.Roles()}
}

// memberLost says that nobody knows whether a change was made, and how it stands now.
func (h *console) memberLost(c echo.Context, p *session.Person, s *subject, changes []change, lost error, action string) error {
	fresh, err := readSubject(c.Request().Context(), p, s.t, s.Member.ID)
	if err != nil {
		return lost
	}
	now, cause := memberNow(&fresh.Member), h.explain(c, lost)
	m := views.ReviewPage{Crumbs: s.crumbs(), Title: cause.Heading, Action: action, Button: "Send again", Back: s.home(), Hidden: carried(c.Request().PostForm)}
	says, sent := "It was saved all the same: what you wanted is how it stands now.", valuesOf(changes)
	for _, one := range changes {
		want := one.wanted
		if text, ok := sent[one.field.name].(string); ok {
			want = text // a number is sent without its spaces
		}
		if now[one.field.name] != want {
			says = "It is not known whether this was saved. Below is how it stands now."
		}
	}
	if cause.RequestID != "" {
		says += " Stytch's request: " + cause.RequestID
	}
	m.Problems = []views.Problem{{Text: says}}
	for _, one := range changes {
		m.Rows = append(m.Rows, views.ReviewRow{
			Field: one.field.name, Label: one.field.label, Now: one.field.words(now[one.field.name]), Wanted: one.field.words(one.wanted),
		})
	}
	m.Frame = h.frame(c, cause.Heading, views.AreaMembers)
	return h.render(c, cause.Status, views.Review(m))
}
