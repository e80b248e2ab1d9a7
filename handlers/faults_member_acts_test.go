package handlers_test

import (
	"maps"
	"net/http"

	"console.internal/internal/stytch"
)

// lost are the cells in which nobody knows whether a write was done: the member's page says so.
func lost(ops ...stytch.Operation) map[string]cell {
	cells := map[string]cell{}
	for _, s := range spoils {
		switch s.name {
		case "401", "404", "429":
		default:
			cells[s.name] = cell{status: http.StatusSeeOther}
		}
	}
	return mended(cells, ops...)
}

// unharmed are the writes of acts that say of each what became of it.
func unharmed(ops ...stytch.Operation) map[string]outcome {
	all := map[string]outcome{}
	for _, op := range ops {
		all[op.String()] = quiet
	}
	return all
}

// memberActDrivers spoil the visits to what is done to members.
func memberActDrivers() []*driver {
	const act = "/organizations/:organization_id/members/:member_id/"
	gone := cell{http.StatusNotFound, "This member does not exist here"}
	none := map[string]cell{stytch.MemberGet.String() + " 404": gone, stytch.SessionAuthenticate.String() + " 404": gone}
	hidden := unharmed(stytch.MemberSessionsList, stytch.MembersSearch)
	read := func(name string, visits ...string) spoiledVisit {
		return spoiledVisit{route: "GET " + act + name, names: visits, signedIn: true, special: none}
	}
	write := func(name string, op stytch.Operation, visits ...string) spoiledVisit {
		special := maps.Clone(none)
		maps.Copy(special, lost(op))
		return spoiledVisit{route: "POST " + act + name, names: visits, signedIn: true, special: special}
	}
	partly := func(v spoiledVisit, outcome map[string]outcome) spoiledVisit {
		v.outcome = outcome
		return v
	}
	entering := unharmed(stytch.OrganizationGet, stytch.SessionAuthenticate)
	lockDown := unharmed(stytch.MemberSessionsList, stytch.MemberAppsList, stytch.MembersSearch, stytch.MemberDelete, stytch.MemberSessionsRevoke, stytch.MemberAppRevoke,
		stytch.MemberPasswordDelete, stytch.MemberRequireReset, stytch.MemberUpdate)
	codes := both(none, map[string]cell{})
	visits := []spoiledVisit{
		partly(read("delete", "another", "own"), hidden),
		write("delete", stytch.MemberDelete, "another"),
		partly(write("delete", stytch.MemberDelete, "own, at home"), quietly),
		read("reactivate", "deleted"),
		write("reactivate", stytch.MemberReactivate, "deleted"),
		read("password", "set"), write("password", stytch.MemberPasswordDelete, "set"), write("password", stytch.MemberRequireReset, "reset"),
		read("totp", "set"), write("totp", stytch.MemberTOTPDelete, "set"),
		read("phone", "set"), write("phone", stytch.MemberPhoneDelete, "set"),
		read("sessions", "all"), write("sessions", stytch.MemberSessionsRevoke, "all of a newcomer"),
		read("invitation", "revoked"), write("invitation", stytch.MemberDelete, "revoked"), write("invitation", stytch.MemberInvite, "sent again"),
		read("apps", "let in", "own"), write("apps", stytch.MemberAppRevoke, "let in", "own"),
		read("reset-second-factor", "both"),
		{route: "POST " + act + "reset-second-factor", names: []string{"both"}, signedIn: true, special: none, outcome: unharmed(stytch.MemberTOTPDelete, stytch.MemberPhoneDelete)},
		read("recovery-codes", "asked"),
		{route: "POST " + act + "recovery-codes", names: []string{"shown", "made"}, signedIn: true, special: codes, only: []stytch.Operation{
			stytch.MemberGet, stytch.MemberRecoveryCodesGet, stytch.MemberRecoveryCodesRotate,
		}},
		{route: "POST " + act + "recovery-codes", names: []string{
			"code asked for", "proven by code", "proven by password", "proven by app", "proven by recovery code", "text asked for", "proven by text",
		}, special: proofTroubles, only: proofCalls},
		partly(read("lock-down", "kept"), unharmed(stytch.MemberSessionsList, stytch.MemberAppsList, stytch.MembersSearch)),
		{route: "POST " + act + "lock-down", names: []string{"kept", "deactivated", "no reason"}, signedIn: true, special: none, outcome: lockDown},
		{route: "POST " + act + "lock-down", names: []string{"kept, break-glass"}, signedIn: true, outcome: lockDown, only: []stytch.Operation{stytch.MemberUpdate}},
		{route: "POST " + act + "lock-down", names: []string{"kept, password good everywhere"}, signedIn: true, outcome: lockDown, only: []stytch.Operation{stytch.MemberRequireReset}},
	}
	accounts := map[string]outcome{}
	for _, op := range []stytch.Operation{
		stytch.MemberGoogleState, stytch.MemberMicrosoftState, stytch.MemberSlackState, stytch.MemberHubSpotState, stytch.MemberGitHubState, stytch.MemberOIDCState,
	} {
		accounts[op.String()] = aPart
	}
	four := partly(read("providers", "four"), accounts)
	four.skip = append(garbled(stytch.MemberGoogleState), garbled(stytch.MemberOIDCState)...) // he has none there
	visits = append(visits, four)
	for _, name := range []string{
		"delete", "reactivate", "password", "totp", "phone", "sessions", "invitation", "apps", "reset-second-factor", "recovery-codes", "providers", "lock-down",
	} {
		visits = append(visits, spoiledVisit{route: "GET " + act + name, names: []string{"not entered"}, signedIn: true, outcome: entering})
	}
	return driversOf(memberActDrives, visits)
}
