package stytch

// MemberField is a field of a member that can be updated, by its upstream name.
type MemberField string

// The fields of a member, each with the type of its value.
const (
	// MemberFieldName takes a string.
	MemberFieldName MemberField = "name"
	// MemberFieldUntrusted and MemberFieldTrusted take a jsontext.Value of an object. Its names are merged with those that are there,
	// and null takes one away (rule metadata-merge).
	MemberFieldUntrusted MemberField = "untrusted_metadata"
	MemberFieldTrusted   MemberField = "trusted_metadata"
	// MemberFieldPhone takes a string. A member who has a number must have it deleted first (rule phone-once).
	MemberFieldPhone MemberField = "mfa_phone_number"
	// MemberFieldMFAEnrolled and MemberFieldBreakglass take a bool.
	MemberFieldMFAEnrolled MemberField = "mfa_enrolled"
	MemberFieldDefaultMFA  MemberField = "default_mfa_method"
	MemberFieldBreakglass  MemberField = "is_breakglass"
	// MemberFieldRoles takes a []string: the roles that are given directly, all of them.
	MemberFieldRoles MemberField = "roles"
	// MemberFieldEmail takes a string. Passwords are gone then, and the address is not verified any more (rule email-change).
	MemberFieldEmail      MemberField = "email_address"
	MemberFieldExternalID MemberField = "external_id"
	// MemberFieldUnlinkEmail takes a bool and goes along with MemberFieldEmail: the old address is free for others then.
	MemberFieldUnlinkEmail MemberField = "unlink_email"
	// MemberFieldPreserveSessions takes a bool and goes along with MemberFieldRoles: without it, sessions end that rest on a
	// connection that gives a role which is taken away (rule roles-end-sessions).
	MemberFieldPreserveSessions MemberField = "preserve_existing_sessions"
)

// memberFields are all of them, and what the upstream asks of a member session for each (rule member-field-actions).
var memberFields = []fieldRow[MemberField]{
	{field: MemberFieldName, action: "update.info.name", self: true, is: a[string]},
	{field: MemberFieldUntrusted, action: "update.info.untrusted-metadata", self: true, is: isObject},
	{field: MemberFieldTrusted, staff: StaffMemberTrustedUpdate, secretOnly: true, is: isObject},
	{field: MemberFieldPhone, action: "update.info.mfa-phone", self: true, is: a[string]},
	{field: MemberFieldMFAEnrolled, action: updateMFAEnrolled, self: true, is: a[bool]},
	{field: MemberFieldDefaultMFA, action: "update.settings.default-mfa-method", self: true, is: a[string]},
	{field: MemberFieldBreakglass, action: updateBreakglass, is: a[bool]},
	{field: MemberFieldRoles, action: updateRoles, is: a[[]string]},
	{field: MemberFieldEmail, action: "update.info.email", is: a[string]},
	{field: MemberFieldExternalID, staff: StaffMemberExternalIDUpdate, is: a[string]},
	{field: MemberFieldUnlinkEmail, action: "update.info.email", with: MemberFieldEmail, is: a[bool]},
	{field: MemberFieldPreserveSessions, with: MemberFieldRoles, is: a[bool]},
}

// MemberFields returns all fields, in the order of the table.
func MemberFields() []MemberField { return namesOf(memberFields) }

// Action is the action on stytch.member that a member session needs to update the field, "" where the upstream publishes none
// (rule unpublished-actions).
func (f MemberField) Action() string { return rowOf(memberFields, f).action }

// Self says whether, for one's own member, the same action on stytch.self is enough.
func (f MemberField) Self() bool { return rowOf(memberFields, f).self }

// Staff is the operation by which Staff.UpdateMemberField writes the field, and whether there is one. Its row names the
// permission.
func (f MemberField) Staff() (Operation, bool) {
	row := rowOf(memberFields, f)
	return row.staff, row.staff != 0
}
