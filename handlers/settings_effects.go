package handlers

import (
	"slices"
	"strings"

	"console.internal/internal/stytch"
)

// becomes says whether a field changes to a value.
func becomes(changed map[string]change, f stytch.OrganizationField, value string) bool {
	one, ok := changed[string(f)]
	return ok && one.wanted == value
}

// loses are the values that go from a list, as a person reads them.
func loses(changed map[string]change, f stytch.OrganizationField) []string {
	one, ok := changed[string(f)]
	if !ok {
		return nil
	}
	stay := splitText(one.wanted)
	var gone []string
	for _, value := range splitText(one.now) {
		if !slices.Contains(stay, value) {
			gone = append(gone, one.field.optionText(value))
		}
	}
	return gone
}

func joiningEffects(changed map[string]change) []string {
	var says []string
	if becomes(changed, stytch.OrganizationEmailInvites, notAllowed) {
		says = append(says, "Nobody can be invited by e-mail any more.")
	}
	if becomes(changed, stytch.OrganizationEmailInvites, allAllowed) {
		says = append(says, "Any address can be invited.")
	}
	if becomes(changed, stytch.OrganizationEmailJIT, restricted) {
		says = append(says, "Whoever has an address at an allowed domain becomes a member at their first sign-in.")
	}
	if becomes(changed, stytch.OrganizationSSOJIT, allAllowed) {
		says = append(says, "Whoever signs in through an active connection becomes a member.")
	}
	if becomes(changed, stytch.OrganizationOAuthTenantJIT, restricted) {
		says = append(says, "Whoever signs in from a tenant on the list becomes a member.")
	}
	if gone := loses(changed, stytch.OrganizationEmailDomains); len(gone) > 0 {
		says = append(says, "Members at "+strings.Join(gone, ", ")+" stay members. New ones from there can no longer join by themselves.")
	}
	return says
}

func claimedEffects(changed map[string]change) []string {
	says := []string{"Members at a claimed domain can belong only to organizations that claim it."}
	if gone := loses(changed, stytch.OrganizationClaimedDomains); len(gone) > 0 {
		says = append(says, "People at "+strings.Join(gone, ", ")+" may belong to other organizations again.")
	}
	return says
}

func signInEffects(changed map[string]change) []string {
	var says []string
	if becomes(changed, stytch.OrganizationAuthMethods, restricted) || len(loses(changed, stytch.OrganizationAllowedAuthMethods)) > 0 {
		says = append(says, "Members who have only a method that is not allowed stay members and cannot sign in. Break-glass members are exempt.",
			"Sessions that run go on: your own, too. Make sure that you can sign in again.")
	}
	if _, ok := changed[string(stytch.OrganizationSSODefaultConnection)]; ok {
		says = append(says, "Single sign-on leads to the new connection from now on.")
	}
	return says
}

func mfaEffects(changed map[string]change) []string {
	var says []string
	if becomes(changed, stytch.OrganizationMFAPolicy, mfaForAll) {
		says = append(says, "Members without a second factor set one up at their next sign-in. Sessions that run go on.")
	}
	if becomes(changed, stytch.OrganizationMFAPolicy, mfaByWill) {
		says = append(says, "Whoever has not enrolled signs in without a second factor.")
	}
	if becomes(changed, stytch.OrganizationMFAMethods, restricted) || len(loses(changed, stytch.OrganizationAllowedMFAMethods)) > 0 {
		says = append(says, "Members whose second factor is not allowed any more set up another one at their next sign-in.")
	}
	return says
}

func appEffects(changed map[string]change) []string {
	for _, f := range []stytch.OrganizationField{stytch.OrganizationFirstPartyApps, stytch.OrganizationThirdPartyApps} {
		if becomes(changed, f, notAllowed) || becomes(changed, f, restricted) {
			return []string{appsGo}
		}
	}
	for _, f := range []stytch.OrganizationField{stytch.OrganizationAllowedFirstParty, stytch.OrganizationAllowedThirdParty} {
		if len(loses(changed, f)) > 0 {
			return []string{appsGo}
		}
	}
	return nil
}

// appsGo is what a narrower policy does (rule app-policy).
const appsGo = "Apps that are not allowed any more are taken out here: what members granted them ends."

func roleEffects(changed map[string]change) []string {
	says := []string{"Roles count at once, for members who are there and for those who come."}
	if gone := loses(changed, stytch.OrganizationImplicitRoles); len(gone) > 0 {
		says = append(says, "Members lose the role of "+strings.Join(gone, ", ")+", unless they have it in another way.")
	}
	return says
}
