package handlers_test

import (
	"net/http"
	"regexp"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestProviders shows the accounts at each provider, and no token of any.
func TestProviders(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("harbour")
	path := actOn(paths.MemberProvidersRoute, "harbour", tobias)(f)
	a := b.get(path).want(http.StatusOK).says("Provider accounts of Tobias Falk")
	for provider, held := range map[string]bool{"google": false, "microsoft": true, "slack": true, "hubspot": true, "github": true, "oidc": false} {
		section := a.doc().Find("section[aria-labelledby=" + provider + "]")
		if got := section.Find("tbody tr").Length() > 0; got != held || (section.Length() == 1) != held {
			t.Errorf("%s: an account is shown: %t, want %t", provider, got, held)
		}
	}
	a.says("Held").says("in 1 h").says("Google, Identity providers of the organization (OIDC).")
	if token := regexp.MustCompile(`sandbox-(access|refresh|bot|id)[a-z]*-\S*`).FindString(a.body); token != "" {
		t.Errorf("the page holds %q", token)
	}
	f.fault(sandbox.Fault{Operation: stytch.MemberSlackState.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError})
	b.get(path).want(http.StatusOK).says("Accounts could not be read.").says("Held")
	f.sandbox.ClearFaults()
	// It needs a permission in both organizations.
	for resource, action := range map[string]string{"console-members": "get-provider-state", "stytch.member": "search"} {
		f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: resource, Action: action})
		b.get(path).want(http.StatusForbidden).saysNot("Held")
		f.sandbox.ClearFaults()
	}
	olivias := f.signIn(olivia, "acme")
	olivias.get(actOn(paths.MemberProvidersRoute, "acme", tom)(f)).want(http.StatusNotFound)
}
