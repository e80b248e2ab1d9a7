package handlers

import (
	"net/url"
	"strings"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// lacksIn is the permission that the roles of a tenant's session do not carry, or nil. It is a hint: the upstream decides. Before
// the policy was ever read, and where somebody has a role that the project's policy does not know, as an organization's own, everything
// is offered.
func (h *console) lacksIn(t stytch.Tenant, resource, action string) *views.Permission {
	need := h.lacking(t.Roles(), resource, action)
	if need != nil && h.Policy.May(t.Roles(), "stytch.member", "search") && len(need.Roles) > 0 {
		need.Holders = paths.With(paths.Members(t.OrganizationID()), url.Values{"role": {strings.Join(need.Roles, ",")}})
	}
	return need
}

// lacksOwn is lacksIn for what members may do to themselves, too.
func (h *console) lacksOwn(t stytch.Tenant, memberID, action string) *views.Permission {
	if memberID == t.MemberID() && h.lacking(t.Roles(), "stytch.self", action) == nil {
		return nil
	}
	return h.lacksIn(t, "stytch.member", action)
}

// lacksStaff is the permission that the person's roles in the staff organization do not carry, or nil. Somebody who does not hold
// its key lacks every one.
func (h *console) lacksStaff(p *session.Person, resource, action string) *views.Permission {
	if _, held := p.Staff(); !held {
		return &views.Permission{Resource: resource, Action: action, Roles: h.Policy.Policy().RolesWith(resource, action)}
	}
	key, _ := p.Key(h.StaffOrganizationID)
	need := h.lacking(key.Roles, resource, action)
	if need != nil {
		need.In = key.Name
	}
	return need
}

func (h *console) lacking(roles []string, resource, action string) *views.Permission {
	policy := h.Policy.Policy()
	if action == "" || len(policy.Roles) == 0 || policy.May(roles, resource, action) || !policy.Knows(roles) {
		return nil
	}
	return &views.Permission{Resource: resource, Action: action, Roles: policy.RolesWith(resource, action), Yours: roles}
}
