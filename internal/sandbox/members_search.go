package sandbox

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func (c *call) memberSearch() (any, error) {
	in, err := decode[searchRequest](c)
	if err != nil {
		return nil, err
	}
	if len(in.OrganizationIDs) == 0 {
		return nil, badRequest("member_search_organization_ids_empty", "organization_ids must name at least one organization.")
	}
	limit, err := in.limit()
	if err != nil {
		return nil, err
	}
	tenants, err := c.searched(&in)
	if err != nil {
		return nil, err
	}
	if err := c.spend(); err != nil {
		return nil, err
	}
	rows, err := findMembers(&in, tenants)
	if err != nil {
		return nil, err
	}
	start, err := c.start(&in)
	if err != nil {
		return nil, err
	}
	cut, next := page(rows, start, limit)
	return c.memberPage(&in, cut, len(rows), next)
}

// searched gives the organizations of a search, each asked for on behalf of the acting session.
func (c *call) searched(in *searchRequest) ([]*tenant, error) {
	var tenants []*tenant
	for _, ref := range in.OrganizationIDs {
		t, err := c.open(ref, "stytch.member", "search")
		if err != nil {
			return nil, err
		}
		if !slices.Contains(tenants, t) {
			tenants = append(tenants, t)
		}
	}
	return tenants, nil
}

func (c *call) memberPage(in *searchRequest, cut []*member, total, next int) (any, error) {
	var organizations []*tenant
	out := c.opening("members", len(cut), 1000)
	for i, m := range cut {
		encoded, err := m.json()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, encoded...)
		if !slices.Contains(organizations, m.tenant) {
			organizations = append(organizations, m.tenant)
		}
	}
	out = append(out, `],"organizations":{`...)
	for i, t := range organizations {
		encoded, err := t.json()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out, err = jsontext.AppendQuote(out, t.OrganizationID)
		if err != nil {
			return nil, err
		}
		out = append(append(out, ':'), encoded...)
	}
	out = c.metadata(append(out, "},"...), in, total, next)
	return rawAnswer(append(out, '}')), nil
}

// findMembers gives the members that match, in order of creation. Deleted ones are found only by a filter on statuses.
func findMembers(in *searchRequest, tenants []*tenant) ([]*member, error) {
	either, err := in.either()
	if err != nil {
		return nil, err
	}
	operands, err := in.operands("member")
	if err != nil {
		return nil, err
	}
	var tests []test[*member]
	byStatus := false
	for _, o := range operands {
		t, err := memberTest(o)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
		byStatus = byStatus || o.name == "statuses"
	}
	rows := func(t *tenant) []*member {
		if byStatus {
			return t.members
		}
		return t.live
	}
	if len(tenants) == 1 {
		return matching(rows(tenants[0]), tests, either), nil
	}
	var found []*member
	for _, t := range tenants {
		found = append(found, matching(rows(t), tests, either)...)
	}
	return found, nil
}

func memberTest(o operand) (test[*member], error) {
	switch o.name {
	case "member_ids":
		return memberIDs(o)
	case "member_emails":
		return memberEmails(o)
	case "member_email_fuzzy":
		return contains(o, func(m *member) []string { return []string{m.EmailAddress} })
	case "member_is_breakglass":
		return is(o, func(m *member) bool { return m.IsBreakglass })
	case "statuses":
		return memberStatuses(o)
	case "member_mfa_phone_numbers", "member_phone_numbers":
		return exact(o, func(m *member) []string { return []string{m.MFAPhoneNumber} })
	case "member_mfa_phone_number_fuzzy", "member_phone_number_fuzzy":
		return contains(o, func(m *member) []string { return []string{m.MFAPhoneNumber} })
	case "member_password_exists":
		return is(o, func(m *member) bool { return m.MemberPasswordID != "" })
	case "member_totp_exists":
		return is(o, func(m *member) bool { return m.TOTPRegistrationID != "" })
	case "member_roles":
		return exact(o, func(m *member) []string {
			roles := make([]string, len(m.Roles))
			for i := range m.Roles {
				roles[i] = m.Roles[i].RoleID
			}
			return roles
		})
	case "member_oauth_providers":
		return exact(o, func(m *member) []string {
			providers := make([]string, len(m.OAuthRegistrations))
			for i := range m.OAuthRegistrations {
				providers[i] = m.OAuthRegistrations[i].ProviderType
			}
			return providers
		})
	case "organization_slug":
		wanted, err := o.text()
		return func(m *member) bool { return m.tenant.OrganizationSlug == wanted }, err
	case "organization_slug_fuzzy":
		return contains(o, func(m *member) []string { return []string{m.tenant.OrganizationSlug} })
	}
	return nil, o.unknown()
}

// memberIDs takes internal or external ids, not both in one list.
func memberIDs(o operand) (test[*member], error) {
	wanted, err := o.texts()
	if err != nil {
		return nil, err
	}
	internal := 0
	for _, id := range wanted {
		if hasShape("member", id) {
			internal++
		}
	}
	if internal > 0 && internal < len(wanted) {
		return nil, badRequest("member_search_cannot_mix_internal_and_external_member_ids", "member_ids must be all internal or all external ids.")
	}
	return func(m *member) bool {
		return slices.Contains(wanted, m.MemberID) || m.ExternalID != nil && slices.Contains(wanted, *m.ExternalID)
	}, nil
}

func memberEmails(o operand) (test[*member], error) {
	wanted, err := o.texts()
	if err != nil {
		return nil, err
	}
	for _, email := range wanted {
		if err := checkEmail(email); err != nil {
			return nil, err
		}
	}
	return func(m *member) bool {
		return slices.ContainsFunc(wanted, func(email string) bool { return strings.EqualFold(email, m.EmailAddress) })
	}, nil
}

func memberStatuses(o operand) (test[*member], error) {
	wanted, err := o.texts()
	if err != nil {
		return nil, err
	}
	for _, status := range wanted {
		switch status {
		case statusActive, statusPending, statusInvited, statusDeleted:
		default:
			return nil, badRequest("search_invalid_status_filter", "A status must be active, pending, invited or deleted.")
		}
	}
	return func(m *member) bool { return slices.Contains(wanted, m.Status) }, nil
}
