package views

// MemberFormPage changes one group of what is known of a member.
type MemberFormPage struct {
	SettingsFormPage

	Email string    // whom it is about: names repeat, addresses do not
	Held  []RoleRow // roles that the member has for other reasons than that somebody gave them: shown, and never sent
	Keep  bool      // offers to leave the sessions alone that a role which is taken away would end
	Kept  bool      // and that is ticked
}
