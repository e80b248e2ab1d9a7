package handlers

import (
	"slices"
	"strings"

	"console.internal/internal/authz"
	"console.internal/internal/stytch"
	"console.internal/views"
)

const (
	roleMember = "stytch_member"
	// roleAdmin may change everything in an organization.
	roleAdmin = "stytch_admin"
	// actionRoles is what it takes to give and take roles.
	actionRoles = "update.settings.roles"
)

// policyOf is the project's policy with the roles that the organization made for itself.
func (h *console) policyOf(o *stytch.Organization) authz.Policy {
	project := h.Policy.Policy()
	policy := authz.Policy{Roles: slices.Clone(project.Roles)}
	for _, custom := range o.CustomRoles {
		role := authz.Role{ID: custom.ID}
		for _, p := range custom.Permissions {
			role.Permissions = append(role.Permissions, authz.Permission(p))
		}
		policy.Roles = append(policy.Roles, role)
	}
	return policy
}

// assignableRoles are the roles that may be given to a member of the organization: those of the project and the organization's own.
// A role of the support staff is offered in the staff organization alone: elsewhere it is worth nothing, and whoever sees it in a
// list would think otherwise. The one that everybody has is not given.
func (h *console) assignableRoles(o *stytch.Organization) []string {
	var ids []string
	for _, role := range h.policyOf(o).Roles {
		staff := slices.ContainsFunc(role.Permissions, func(p authz.Permission) bool { return strings.HasPrefix(p.Resource, "console-") })
		if role.ID != roleMember && (!staff || o.ID == h.StaffOrganizationID) {
			ids = append(ids, role.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func isDirect(s stytch.RoleSource) bool { return s.Type == "direct_assignment" }

// directRoles are the roles that somebody gave to a member, which are all that Update Member replaces.
func directRoles(m *stytch.Member) []string {
	var ids []string
	for _, role := range m.Roles {
		if role.ID != roleMember && slices.ContainsFunc(role.Sources, isDirect) {
			ids = append(ids, role.ID)
		}
	}
	return ids
}

// heldRoles are the roles that a member has for other reasons, with those reasons alone.
func heldRoles(m *stytch.Member) []stytch.Role {
	var held []stytch.Role
	for _, role := range m.Roles {
		if sources := slices.DeleteFunc(slices.Clone(role.Sources), isDirect); len(sources) > 0 {
			held = append(held, stytch.Role{ID: role.ID, Sources: sources})
		}
	}
	return held
}

// roleChoices are the boxes: what may be given, and what the member has been given all the same, to be taken away.
func (h *console) roleChoices(f *memberForm) []views.Option {
	ids := append(h.assignableRoles(&f.Organization), directRoles(&f.Member)...)
	slices.Sort(ids)
	return roleOptions(slices.Compact(ids))
}

func roleOptions(ids []string) []views.Option {
	out := make([]views.Option, len(ids))
	for i, id := range ids {
		out[i] = views.Option{Value: id, Text: id}
	}
	return out
}

// taken and given are what a change does to the direct roles.
func taken(c change) []string {
	wanted := splitText(c.wanted)
	return slices.DeleteFunc(splitText(c.now), func(id string) bool { return slices.Contains(wanted, id) })
}

func given(c change) []string {
	now := splitText(c.now)
	return slices.DeleteFunc(splitText(c.wanted), func(id string) bool { return slices.Contains(now, id) })
}

// lostRoles are the roles that the member does not have any more afterwards, for no reason.
func (f *memberForm) lostRoles(c change) []string {
	held := heldRoles(&f.Member)
	return slices.DeleteFunc(taken(c), func(id string) bool {
		return slices.ContainsFunc(held, func(r stytch.Role) bool { return r.ID == id })
	})
}

// endsSessions are the connections whose sessions end: they give a role that is taken away (rule roles-end-sessions).
func (f *memberForm) endsSessions(roles []string) []string {
	var names []string
	for _, role := range heldRoles(&f.Member) {
		if !slices.Contains(roles, role.ID) {
			continue
		}
		for _, s := range role.Sources {
			if strings.HasPrefix(s.Type, "sso_connection") {
				names = append(names, connectionName(&f.Organization, s.Details.ConnectionID))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// locksOut says whether somebody takes from themselves what it takes to give it back: the last role that lets them change roles.
func (h *console) locksOut(f *memberForm, changes []change) bool {
	if !f.own {
		return false
	}
	for _, c := range changes {
		if c.field.name != string(stytch.MemberFieldRoles) {
			continue
		}
		policy, lost, before := h.policyOf(&f.Organization), f.lostRoles(c), f.t.Roles()
		after := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return slices.Contains(lost, id) })
		after = append(after, given(c)...)
		return policy.May(before, onMembers, actionRoles) && !policy.May(after, onMembers, actionRoles)
	}
	return false
}

// roleRisks says what a change of roles does besides.
func (h *console) roleRisks(f *memberForm, changes []change) []string {
	var risks []string
	for _, c := range changes {
		if slices.Contains(given(c), roleAdmin) {
			risks = append(risks, "With "+roleAdmin+" they may change everything in this organization, and give every role to everybody.")
		}
		for _, name := range f.endsSessions(taken(c)) {
			if f.keep {
				risks = append(risks, "Sessions that came in by "+name+" go on, with the roles that it gives.")
			} else {
				risks = append(risks, "Sessions that came in by "+name+" end, because it gives a role that is taken away here.")
			}
		}
		if slices.Contains(f.lostRoles(c), roleAdmin) {
			risks = append(risks, h.lastAdmin(f)...)
		}
	}
	if h.locksOut(f, changes) {
		risks = append(risks, "You take your own right to change roles. Only somebody else who has it can give it back.")
	}
	return risks
}

// lastAdmin warns where nobody else would be left who may change everything. Who may not search members is told nothing of others.
func (h *console) lastAdmin(f *memberForm) []string {
	if h.lacksIn(f.t, onMembers, "search") != nil {
		return nil
	}
	found, err := administrators(f.ctx, f.t)
	if err != nil {
		return []string{"Whether anybody else here has " + roleAdmin + " could not be found out."}
	}
	if slices.ContainsFunc(found, func(m stytch.MemberSummary) bool { return m.ID != f.Member.ID }) {
		return nil
	}
	return []string{"Nobody else here has " + roleAdmin + ": afterwards nobody has it."}
}
