package handlers

import (
	"context"
	"strconv"

	"console.internal/internal/stytch"
)

// maxTakenOut is how many apps a preview names that a narrower policy takes out.
const maxTakenOut = 20

// appEffectsNow says which of the apps that members let in a narrower policy takes out (rule app-policy). Where that cannot be read it
// says what such a policy does. Only the end of a session is an error.
func (h *console) appEffectsNow(ctx context.Context, s *settings, changed map[string]change) ([]string, error) {
	says := appEffects(changed)
	if len(says) == 0 {
		return nil, nil
	}
	apps, err := s.t.ConnectedApps(ctx)
	if isGone(err) {
		return nil, err
	}
	if err != nil {
		h.Log.WarnContext(ctx, "part not read", "error", err)
		return says, nil
	}
	return takenOut(s.org, changed, apps), nil
}

// takenOut says for each app that is let in whether the policy still allows it after the changes.
func takenOut(org *stytch.Organization, changed map[string]change, apps []stytch.ConnectedApp) []string {
	after := *org
	for field, value := range map[stytch.OrganizationField]*string{stytch.OrganizationFirstPartyApps: &after.FirstPartyApps, stytch.OrganizationThirdPartyApps: &after.ThirdPartyApps} {
		if one, ok := changed[string(field)]; ok {
			*value = one.wanted
		}
	}
	for field, list := range map[stytch.OrganizationField]*[]string{stytch.OrganizationAllowedFirstParty: &after.AllowedFirstParty, stytch.OrganizationAllowedThirdParty: &after.AllowedThirdParty} {
		if one, ok := changed[string(field)]; ok {
			*list = splitText(one.wanted)
		}
	}
	var says []string
	more := 0
	for _, app := range apps {
		switch {
		case allowsApp(&after, app.ID, stytch.IsFirstPartyApp(app.Type)):
		case len(says) == maxTakenOut:
			more++
		default:
			says = append(says, "“"+nameOf(app.Name, app.ID)+"” is taken out here: what members granted it ends. Its client id is "+app.ID+".")
		}
	}
	switch {
	case len(says) == 0:
		return []string{"No app that members have let in is taken out by this."}
	case more > 0:
		says = append(says, "So are "+strconv.Itoa(more)+" more.")
	}
	return says
}
