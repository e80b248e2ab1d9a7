package stytch

import "context"

// Policy is what roles may do. Roles are additive; there is no deny (rule policy-evaluation).
type Policy struct {
	Roles []PolicyRole `json:"roles"`
	// Scopes are what OAuth clients may ask for beside the scopes that the upstream itself has (rule scope-grantable).
	Scopes []PolicyScope `json:"scopes"`
}

// PolicyScope is a scope of the project, and the permissions that a member must have to grant it.
type PolicyScope struct {
	Scope       string       `json:"scope"`
	Description string       `json:"description"`
	Permissions []Permission `json:"permissions"`
}

// PolicyRole is a role and its permissions.
type PolicyRole struct {
	ID          string       `json:"role_id"`
	Permissions []Permission `json:"permissions"`
}

// Permission is a set of actions on a resource; "*" stands for all of them.
type Permission struct {
	Resource string   `json:"resource_id"`
	Actions  []string `json:"actions"`
}

type policyAnswer struct {
	Policy *Policy `json:"policy"`
}

func (a policyAnswer) complete() bool { return a.Policy != nil && len(a.Policy.Roles) > 0 }

// Policy returns the project's policy. It holds no secret, and the console's hints are made from it.
func (c *Client) Policy(ctx context.Context) (Policy, error) {
	got, err := open[policyAnswer](ctx, c, PolicyGet, request{})
	if err != nil {
		return Policy{}, err
	}
	return *got.Policy, nil
}
