package handlers

import (
	"net/url"
	"strconv"

	"console.internal/internal/stytch"
)

// allowApp fills the form of the app policy in with one more app allowed, as a link to it may ask for. Nothing is changed by that: the
// form is sent, and its preview confirmed, as any other. What the link asks for is no permission, and what it cannot ask for is left out.
func (s *settings) allowApp(clientID, party string) {
	if s.group.id != "apps" || !stytch.IsAppID(clientID) || (party != "first" && party != "third") {
		return
	}
	choice, list := stytch.OrganizationThirdPartyApps, stytch.OrganizationAllowedThirdParty
	if party == "first" {
		choice, list = stytch.OrganizationFirstPartyApps, stytch.OrganizationAllowedFirstParty
	}
	name := strconv.Quote(clientID)
	if allowsApp(s.org, clientID, party == "first") {
		s.note = name + " is allowed already: nothing has to be changed for it."
		return
	}
	listed := listText(append(splitText(s.now[string(list)]), clientID))
	switch s.now[string(choice)] {
	case restricted:
	case notAllowed:
		// What was on the list when it counted last is not let in by the way.
		listed = clientID
	default:
		return // a policy that the console does not know is nobody's to guess
	}
	s.filled = url.Values{}
	for field, wanted := range map[stytch.OrganizationField]string{choice: restricted, list: listed} {
		s.filled.Set(string(field), wanted)
		s.filled.Set(wasField(string(field)), s.now[string(field)])
	}
	s.note = name + " is filled in below. It is allowed once you have reviewed the change and saved it."
}
