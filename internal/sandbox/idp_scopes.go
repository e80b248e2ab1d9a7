package sandbox

import "slices"

const (
	scopeOffline    = "offline_access"
	scopeFullAccess = "full_access"
)

// builtInScopes are those that every project has, with what they are described as.
var builtInScopes = []struct{ scope, description string }{
	{"openid", "Request your identity"},
	{"email", "Request your email address"},
	{"profile", "Request your profile"},
	{"phone", "Request your phone number"},
	{scopeOffline, "Request access while you are away"},
	{scopeFullAccess, "Request full access to your account"},
}

// scopeResult is what becomes of one scope that an app asks for.
type scopeResult struct {
	Scope       string `json:"scope"`
	Description string `json:"description"`
	IsGrantable bool   `json:"is_grantable"`
}

// scopeResults looks at what an app asks for (rule scope-grantable). One that the project does not have is refused.
func (c *call) scopeResults(a *authorization, scopes []string) ([]scopeResult, error) {
	results := make([]scopeResult, 0, len(scopes))
	for _, scope := range scopes {
		if slices.ContainsFunc(results, func(one scopeResult) bool { return one.Scope == scope }) {
			continue
		}
		result, err := c.scopeResult(a, scope)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func (c *call) scopeResult(a *authorization, scope string) (scopeResult, error) {
	if scope == scopeFullAccess && !a.app.firstParty() {
		return scopeResult{}, errThirdPartyFullAccess()
	}
	for _, builtIn := range builtInScopes {
		if builtIn.scope == scope {
			return scopeResult{scope, builtIn.description, scope != scopeFullAccess || a.app.FullAccessAllowed}, nil
		}
	}
	for _, custom := range c.store.policy.Scopes {
		if custom.Scope == scope {
			return scopeResult{scope, custom.Description, c.covers(a, custom.Permissions)}, nil
		}
	}
	return scopeResult{}, badRequest("oauth_invalid_scope_requested", "The project has no such scope.")
}

// covers tells whether the member's roles have every one of some permissions: an app never gets what its member does not have.
func (c *call) covers(a *authorization, wanted []policyPermission) bool {
	for _, permission := range wanted {
		actions := permission.Actions
		if slices.Contains(actions, "*") {
			actions = c.store.policy.actions(permission.ResourceID)
		}
		for _, action := range actions {
			if !c.carries(a, permission.ResourceID, action) {
				return false
			}
		}
	}
	return len(wanted) > 0
}

func (c *call) carries(a *authorization, resource, action string) bool {
	return slices.ContainsFunc(a.roles(), func(role string) bool {
		return grants(c.store.policy.permissions(role), resource, action) ||
			grants(customPermissions(a.member.tenant, role), resource, action)
	})
}

// actions are all that a resource of the policy has; "*" alone, which only "*" grants, when there is no such resource.
func (p *policy) actions(resource string) []string {
	for _, one := range p.Resources {
		if one.ResourceID == resource {
			return one.Actions
		}
	}
	return []string{"*"}
}

// grantable are the scopes that can be granted.
func grantable(results []scopeResult) []string {
	var scopes []string
	for _, one := range results {
		if one.IsGrantable {
			scopes = append(scopes, one.Scope)
		}
	}
	return scopes
}
