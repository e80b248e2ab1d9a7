package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// unreadable is a request that the console itself does not take.
func unreadable(refused *requestError) *views.ConsentRefusal {
	r := &views.ConsentRefusal{
		Heading: "The request cannot be read", What: "What is wrong with it: " + refused.what + ".",
		Back: "The member is told so, and nothing goes back to the app.", Cure: "Whoever makes the app has to mend its request.",
	}
	if refused.code != "" {
		r.Back = goesBack(refused.code)
	}
	return r
}

// goesBack says what a client gets.
func goesBack(code string) string {
	return "The app gets the error " + code + ", if the redirect_uri is one of its own; else the member is told and nothing goes back."
}

// noChallenge is a public client that does not use PKCE (rule app-types).
func noChallenge(clientID string) *views.ConsentRefusal {
	r := &views.ConsentRefusal{
		Heading: "The app does not use PKCE", What: "It keeps no secret, so without a code_challenge whoever catches the code could use it.", Back: goesBack(oauthInvalidRequest),
		Cure: "The app has to send code_challenge and code_challenge_method=S256. Every OAuth library of today does when it is told to.",
	}
	if stytch.IsAppID(clientID) {
		r.Href, r.HrefText = paths.ConnectedApp(clientID), "To the client"
	}
	return r
}

// previewRefused is what the upstream says no to, and what helps. What is no answer to the request itself is an error like any other.
func (h *console) previewRefused(c echo.Context, v *consentPreview, got *asking, err error) error {
	e, ok := errors.AsType[*stytch.Error](err)
	switch {
	case !ok:
		return err
	case e.Type == "member_not_found":
		text := "There is no such member here."
		return h.previewPage(c, http.StatusUnprocessableEntity, v, views.ConsentPreviewPage{Problems: []views.Problem{{Field: views.PreviewMember, Text: text}}})
	}
	r, known := h.refusalOf(v, got, e.Type)
	// Of what has no words, a bad request alone is certain to be about the app's: the rest is between the console and Stytch.
	if !known && e.Status != http.StatusBadRequest {
		return err
	}
	r.Type, r.RequestID = e.Type, e.RequestID
	return h.previewPage(c, http.StatusOK, v, views.ConsentPreviewPage{Refused: &r})
}

// refusalOf finds the words for a refusal of the upstream, by its name (rule authorize-errors). It says whether it knows the name.
func (h *console) refusalOf(v *consentPreview, got *asking, name string) (r views.ConsentRefusal, known bool) {
	if stytch.IsAppID(v.request.clientID) {
		r.Href, r.HrefText = paths.ConnectedApp(v.request.clientID), "To the client"
	}
	if back, ok := sentBack[name]; ok {
		r.Back = goesBack(back.code)
	}
	switch name {
	case "connected_app_not_found":
		r.Heading, r.What, r.Back = "There is no such app", "No client of this project has the id "+v.request.clientID+".", "The member is told so, and nothing goes back to the app."
		r.Cure = "Compare the app's client_id with those of the project: it may be one of another project, of test instead of live, or a deleted one."
		r.Href, r.HrefText = paths.ConnectedApps, "To the clients"
	case "connected_app_supplied_redirect_url_not_found_in_client":
		r.Heading, r.What = "The redirect address is not registered", "The app wants to be answered at "+v.request.redirectURI+"."
		r.Back = "The member is told so, and nothing goes back: whoever waits there may not be the app."
		r.Cure = "Register the address with the client, letter for letter, or have the app use one that is registered."
		if got.client.err == nil && got.client.got.ID != "" {
			r.Cure += " These are:"
			r.Listed = got.client.got.RedirectURLs
			if len(r.Listed) == 0 {
				r.Cure = "Register the address with the client: it has none yet."
			}
		}
	case "connected_app_not_allowed_for_org":
		r.Heading, r.What = "The organization does not allow the app", "Its policy leaves this app out. The member is told so, and can ask an administrator for it."
		r.Cure = "Somebody who may change the policy can allow the app. The change is shown once more before it is saved."
		r.Href, r.HrefText = paths.SettingsGroup(v.t.OrganizationID(), settingsApps), "To the policy"
		if got.client.err == nil && got.client.got.ID != "" {
			r.Href, r.HrefText = paths.SettingsAllow(v.t.OrganizationID(), got.client.got.ID, stytch.IsFirstPartyApp(got.client.got.Type)), "Allow it …"
		}
	case "pkce_required_for_idp_authorization_flow":
		return *noChallenge(v.request.clientID), true
	case "oauth_invalid_scope_requested":
		r.Heading, r.What = "A scope is not known", "The app asks for: "+strings.Join(v.request.scopes, " ")+"."
		r.Cure = "The app has to ask for scopes that the project has: the standard ones, and those of the project's RBAC policy."
		if unknown := h.unknownScopes(v.request.scopes); len(unknown) > 0 {
			r.Cure += " Neither has:"
			r.Listed = unknown
		}
	case "third_party_clients_cannot_use_full_access":
		r.Heading, r.What = "The app may not have full access", "It is another company's, and full_access is for the operator's own."
		r.Cure = "The app has to leave the scope full_access out. The type of a client cannot be changed."
	case "third_party_clients_require_consent_for_offline_access":
		r.Heading, r.What = "The app may not stay connected without being allowed to", "It asks for offline_access in a way that shows the member no page."
		r.Cure = "The app has to leave prompt=none out when it asks for offline_access the first time."
	case "oidc_prompt_none_must_be_exclusive":
		r.Heading, r.What = "The app asks for a page and for none", "The prompt none stands alone."
		r.Cure = "The app has to send prompt=none, or the others without it."
	case "authorization_endpoint_not_configured_for_project":
		r.Heading, r.What = "Connected Apps are not set up", "Stytch does not know where people of this project are asked."
		r.Cure = "Set the authorization URL of the project to " + h.authenticateURL(paths.Authorize) + "."
		r.Href = ""
	default:
		r.Heading, r.What, r.Cure = "Stytch refuses the request", "The console has no words of its own for why.", "Look the error up in Stytch's documentation, and quote the request to its support."
		r.Href = ""
		return r, false
	}
	return r, true
}

// standardScopes are the scopes that every project has.
var standardScopes = []string{scopeOpenID, scopeEmail, scopeProfile, scopePhone, scopeOffline, scopeFullAccess}

// unknownScopes are those that are neither standard nor in the project's policy, as far as that was read.
func (h *console) unknownScopes(scopes []string) []string {
	policy := h.Policy.Policy()
	var unknown []string
	for _, scope := range scopes {
		if _, ok := policy.Scope(scope); !ok && !slices.Contains(standardScopes, scope) {
			unknown = append(unknown, scope)
		}
	}
	return unknown
}
