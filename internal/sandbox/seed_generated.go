package sandbox

import (
	"fmt"
)

// big is the tenant of generated members; it exists only when some are asked for.
func (s *seeder) big(members int) {
	if members == 0 {
		return
	}
	t := s.organization("big", "Big Company", func(o *organization) { o.EmailAllowedDomains = []string{"big.example"} })
	owner := s.person(t, "Bertha Large", "big.example", statusActive)
	owner.assign("stytch_admin", "direct_assignment", nil)
	s.support(t, ada)
	given := []string{"Alex", "Billie", "Casey", "Drew", "Eli", "Frankie", "Glenn", "Harper", "Indigo", "Jules", "Kit", "Lou", "Max", "Nico", "Ollie", "Pat"}
	family := []string{"Ash", "Birch", "Cedar", "Dale", "Elm", "Frost", "Grove", "Hill", "Iverson", "Jarvis", "Knight", "Lake", "Marsh"}
	created := s.created()
	roles := newMember(t, "", "x@big.example", "", statusActive, created).Roles // shared: nothing changes a role in place
	for i := range members {
		first, last := given[i%len(given)], family[i%len(family)]
		email := fmt.Sprintf("%s.%s.%06d@big.example", lower(first), lower(last), i)
		s.addMember(t, memberFields{
			MemberID: seedID("member", email), EmailAddress: email, Name: first + " " + last, Status: statusActive,
			EmailAddressVerified: true, Roles: roles, CreatedAt: created, UpdatedAt: created,
		})
	}
}

// generated are organizations that only make the directory long.
func (s *seeder) generated(organizations int) {
	first := []string{"Amber", "Bright", "Cobalt", "Dune", "Early", "Fern", "Golden", "Hazel", "Iron", "Jade", "Kestrel", "Lunar", "Maple", "North", "Olive", "Pearl", "Quiet", "River", "Silver"}
	second := []string{"Bakery", "Consulting", "Dynamics", "Engineering", "Foods", "Group", "Holdings", "Industries", "Labs", "Media", "Networks", "Outfitters", "Partners"}
	created := s.created()
	for i := range organizations {
		name := fmt.Sprintf("%s %s %06d", first[i%len(first)], second[i%len(second)], i)
		slug := fmt.Sprintf("%s-%s-%06d", lower(first[i%len(first)]), lower(second[i%len(second)]), i)
		s.addTenant(newOrganization(seedID("organization", slug), name, slug, created))
	}
}

// lower is for the words above, which are plain letters.
func lower(word string) string { return string(word[0]|0x20) + word[1:] }
