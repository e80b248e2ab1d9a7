package sandbox

import "slices"

// policy is the project's RBAC policy on the wire.
type policy struct {
	Roles     []policyRole     `json:"roles"`
	Resources []policyResource `json:"resources"`
	Scopes    []policyScope    `json:"scopes"`
}

type policyRole struct {
	RoleID      string             `json:"role_id"`
	Description string             `json:"description"`
	Permissions []policyPermission `json:"permissions"`
}

type policyPermission struct {
	ResourceID string   `json:"resource_id"`
	Actions    []string `json:"actions"`
}

type policyResource struct {
	ResourceID  string   `json:"resource_id"`
	Description string   `json:"description"`
	Actions     []string `json:"actions"`
}

type policyScope struct {
	Scope       string             `json:"scope"`
	Description string             `json:"description"`
	Permissions []policyPermission `json:"permissions"`
}

func (c *call) rbacPolicy() (any, error) {
	return struct {
		envelope
		Policy *policy `json:"policy"`
	}{c.ok(), &c.store.policy}, nil
}

func allow(resource string, actions ...string) policyPermission {
	return policyPermission{resource, actions}
}

// newPolicy is the seed's policy: the upstream's own roles and resources, the console's, and a few of an application.
func newPolicy() policy {
	return policy{Roles: seedRoles(), Resources: append(stytchResources(), customResources()...), Scopes: seedScopes()}
}

func seedRoles() []policyRole {
	return []policyRole{
		{"stytch_member", "Granted to all members upon creation; it cannot be deleted.", []policyPermission{
			allow("stytch.self", "*"), allow("documents", "read"),
		}},
		{"stytch_admin", "Granted to members who create an organization through discovery; it cannot be deleted.", []policyPermission{
			allow("stytch.organization", "*"), allow("stytch.member", "*"), allow("stytch.sso", "*"), allow("stytch.scim", "*"),
			allow("stytch.custom-org-roles", "*"), allow("documents", "*"), allow("billing", "*"),
		}},
		{"support_admin", "Support staff who may do everything the console offers. Given only in the staff organization.", []policyPermission{
			allow("console-organizations", "*"), allow("console-members", "*"), allow("console-connected-apps", "*"),
			allow("console-m2m-clients", "*"), allow("console-rbac", "*"), allow("console-project", "*"), allow("console-audit", "*"),
		}},
		{"support_agent", "Support staff who find tenants and people. Given only in the staff organization.", []policyPermission{
			allow("console-organizations", "search", "get", "enter"), allow("console-members", "find", "get-provider-state"),
			allow("console-connected-apps", "search", "get"), allow("console-audit", "search"),
		}},
		{"tenant_support", "What support staff may do inside a tenant. Given only in tenants.", tenantSupport()},
		{"member_inviter", "Lets people in, and may hand out no roles.", []policyPermission{allow("stytch.member", "create", "search")}},
		{"billing_viewer", "Reads invoices.", []policyPermission{allow("billing", "read")}},
		{"editor", "Writes documents.", []policyPermission{allow("documents", "create", "read", "update", "share")}},
	}
}

// tenantSupport changes whatever has an action of its own, and everything about members. It deletes no organization, and only
// reads how people sign in through directories. Action for action: with "*" it could change what has no action, too.
func tenantSupport() []policyPermission {
	all := map[string][]string{}
	for _, resource := range stytchResources() {
		all[resource.ResourceID] = resource.Actions
	}
	updates := slices.DeleteFunc(all["stytch.organization"], func(action string) bool { return action == "delete" })
	return []policyPermission{
		allow("stytch.organization", updates...), allow("stytch.member", all["stytch.member"]...),
		allow("stytch.sso", "create", "get", "update"), allow("stytch.scim", "create", "get", "update"),
	}
}

func stytchResources() []policyResource {
	personal := []string{
		"update.info.name", "update.info.email", "update.info.untrusted-metadata", "update.info.mfa-phone",
		"update.info.delete.mfa-phone", "update.info.delete.mfa-totp", "update.info.delete.password", "update.info.unlink.retired-email",
		"update.settings.mfa-enrolled", "update.settings.default-mfa-method", "delete", "revoke-sessions",
		"get.connected-apps", "revoke.connected-app",
	}
	return []policyResource{
		{"stytch.organization", "The organization itself.", []string{
			"update.info.name", "update.info.slug", "update.info.logo-url",
			"update.settings.allowed-auth-methods", "update.settings.allowed-mfa-methods", "update.settings.email-jit-provisioning",
			"update.settings.email-invites", "update.settings.allowed-domains", "update.settings.default-sso-connection",
			"update.settings.sso-jit-provisioning", "update.settings.mfa-policy", "update.settings.implicit-roles",
			"update.settings.oauth-tenant-jit-provisioning", "update.settings.allowed-oauth-tenants", "delete",
		}},
		{"stytch.member", "The members of the organization.", append([]string{
			"create", "search", "update.settings.is-breakglass", "update.settings.roles",
		}, personal...)},
		{"stytch.self", "The member who acts.", personal},
		{"stytch.sso", "Single sign-on connections.", []string{"create", "get", "update", "delete"}},
		{"stytch.scim", "SCIM connections.", []string{"create", "get", "update", "delete"}},
		{"stytch.custom-org-roles", "Roles of the organization's own.", []string{"create", "get", "update", "delete"}},
	}
}

func customResources() []policyResource {
	return []policyResource{
		{"console-organizations", "Tenants, seen by support staff.", []string{
			"search", "get", "create", "enter", "update-trusted-metadata", "update-external-id", "update-claimed-domains", "update-app-policy",
		}},
		{"console-members", "Members of any tenant, seen by support staff.", []string{
			"find", "get-provider-state", "get-recovery-codes", "rotate-recovery-codes", "update-trusted-metadata", "update-external-id",
		}},
		{"console-connected-apps", "OAuth clients of the project.", []string{
			"search", "get", "create", "update", "delete", "rotate-secret", "preview-consent",
		}},
		{"console-m2m-clients", "Machine clients of the project.", []string{"search", "get", "create", "update", "delete", "rotate-secret"}},
		{"console-rbac", "Roles of organizations.", []string{"get", "update-organization-policy"}},
		{"console-project", "The project.", []string{"get-metrics"}},
		{"console-audit", "What was done in the console.", []string{"search", "export"}},
		{"documents", "Documents of the application.", []string{"create", "read", "update", "delete", "share"}},
		{"billing", "Invoices and plans.", []string{"read", "update"}},
	}
}

func seedScopes() []policyScope {
	return []policyScope{
		{"read:documents", "Read your documents", []policyPermission{allow("documents", "read")}},
		{"write:documents", "Create and change documents", []policyPermission{allow("documents", "create", "update")}},
		{"read:billing", "Read invoices", []policyPermission{allow("billing", "read")}},
		{"manage:billing", "Change plans and pay invoices", []policyPermission{allow("billing", "*")}},
	}
}
