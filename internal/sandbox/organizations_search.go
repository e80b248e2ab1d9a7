package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

func (c *call) organizationSearch() (any, error) {
	in, err := decode[searchRequest](c)
	if err != nil {
		return nil, err
	}
	in.OrganizationIDs = nil
	if err := c.spend(); err != nil {
		return nil, err
	}
	limit, err := in.limit()
	if err != nil {
		return nil, err
	}
	rows, err := c.findOrganizations(&in)
	if err != nil {
		return nil, err
	}
	start, err := c.start(&in)
	if err != nil {
		return nil, err
	}
	cut, next := page(rows, start, limit)
	out := c.opening("organizations", len(cut), 1200)
	for i, t := range cut {
		encoded, err := t.json()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, encoded...)
	}
	out = c.metadata(append(out, "],"...), &in, len(rows), next)
	return rawAnswer(append(out, '}')), nil
}

// findOrganizations gives the organizations that match, in order of creation. A list of ids, slugs or addresses goes through an
// index; only the other filters look at every organization.
func (c *call) findOrganizations(in *searchRequest) ([]*tenant, error) {
	either, err := in.either()
	if err != nil {
		return nil, err
	}
	operands, err := in.operands("organization")
	if err != nil {
		return nil, err
	}
	rows := c.store.tenants
	var tests []test[*tenant]
	for _, o := range operands {
		t, err := c.organizationTest(o)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
		if !either || len(operands) == 1 {
			if few, indexed := c.indexedOrganizations(o); indexed && len(few) < len(rows) {
				rows = few
			}
		}
	}
	return matching(rows, tests, either), nil
}

// indexedOrganizations narrows a search by one filter whose values are keys.
func (c *call) indexedOrganizations(o operand) ([]*tenant, bool) {
	if o.name != "organization_ids" && o.name != "organization_slugs" && o.name != "member_emails" {
		return nil, false
	}
	values, err := o.texts()
	if err != nil {
		return nil, false
	}
	found := map[*tenant]bool{}
	for _, value := range values {
		if o.name == "member_emails" {
			for _, m := range c.store.emails[strings.ToLower(value)] {
				found[m.tenant] = true
			}
		} else if t := c.store.organization(value); t != nil {
			found[t] = true
		}
	}
	rows := make([]*tenant, 0, len(found))
	for t := range found {
		rows = append(rows, t)
	}
	slices.SortFunc(rows, func(a, b *tenant) int { return cmp.Compare(a.position, b.position) })
	return rows, true
}

func (c *call) organizationTest(o operand) (test[*tenant], error) {
	switch o.name {
	case "organization_ids":
		return exact(o, func(t *tenant) []string {
			return []string{t.OrganizationID, t.OrganizationSlug, text(t.OrganizationExternalID)}
		})
	case "organization_slugs":
		return exact(o, func(t *tenant) []string { return []string{t.OrganizationSlug} })
	case "organization_name_fuzzy":
		return contains(o, func(t *tenant) []string { return []string{t.OrganizationName} })
	case "organization_slug_fuzzy":
		return contains(o, func(t *tenant) []string { return []string{t.OrganizationSlug} })
	case "member_emails":
		return c.hasMember(o)
	case "member_email_fuzzy":
		wanted, err := o.fuzzy()
		return func(t *tenant) bool {
			return slices.ContainsFunc(t.live, func(m *member) bool { return strings.Contains(strings.ToLower(m.EmailAddress), wanted) })
		}, err
	case "allowed_domains":
		return exact(o, func(t *tenant) []string { return t.EmailAllowedDomains })
	case "allowed_domain_fuzzy":
		return contains(o, func(t *tenant) []string { return t.EmailAllowedDomains })
	case "claimed_email_domains":
		return exact(o, func(t *tenant) []string { return t.ClaimedEmailDomains })
	case "has_active_sso_connection":
		return is(o, func(t *tenant) bool { return len(t.SSOActiveConnections) > 0 })
	case "sso_connection_id":
		wanted, err := o.text()
		return func(t *tenant) bool { return slices.Contains(t.connectionIDs(), wanted) }, err
	}
	return nil, o.unknown()
}

func (c *call) hasMember(o operand) (test[*tenant], error) {
	wanted, err := o.texts()
	if err != nil {
		return nil, err
	}
	for _, email := range wanted {
		if err := checkEmail(email); err != nil {
			return nil, err
		}
	}
	return func(t *tenant) bool {
		return slices.ContainsFunc(wanted, func(email string) bool { return c.store.memberByEmail(t, email) != nil })
	}, nil
}

func text(optional *string) string {
	if optional == nil {
		return "\x00" // no value that a filter could name
	}
	return *optional
}
