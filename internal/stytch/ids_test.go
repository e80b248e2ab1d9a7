package stytch

import (
	"regexp"
	"strings"
	"testing"
)

func TestIDShapes(t *testing.T) {
	t.Parallel()
	const uuid = "0123456f-89ab-4cde-8f01-23456789abcd"
	for id, want := range map[string][3]bool{
		"organization-test-" + uuid: {true, false, false},
		"organization-live-" + uuid: {true, false, false},
		"member-test-" + uuid:       {false, true},
		"member-live-" + uuid:       {false, true},
		"":                          {},
		uuid:                        {},
		"organization-" + uuid:      {},
		"organization-test-":        {},
		"organization-prod-" + uuid: {},
		"Organization-test-" + uuid: {},
		"organization-test-" + strings.ToUpper(uuid):              {},
		"organization-test-" + uuid + " ":                         {},
		" organization-test-" + uuid:                              {},
		"organization-test-" + uuid + "\n":                        {},
		"organization-test-" + uuid + "/../x":                     {},
		"organization-test-" + uuid[:35]:                          {},
		"organization-test-" + uuid + "0":                         {},
		"organization-test-" + strings.ReplaceAll(uuid, "-", "_"): {},
		"organization-test-test-" + uuid:                          {},
		"organization-test-0123456g-89ab-4cde-8f01-23456789abcd":  {},
		"organization-test-01234567890ab-4cde-8f01-23456789abcd":  {},
		"organization-test-０123456f-89ab-4cde-8f01-2345678":       {},
		"member-session-test-" + uuid:                             {false, false, true},
		"member-session-live-" + uuid:                             {false, false, true},
		"session-test-" + uuid:                                    {},
		"member-session-" + uuid:                                  {},
		"acme":                                                    {},
	} {
		if got := [3]bool{IsOrganizationID(id), IsMemberID(id), IsSessionID(id)}; got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}

func FuzzIDShapes(f *testing.F) {
	for _, seed := range []string{orgID, memberID, "organization-test-", "member-live-../..", "\x00"} {
		f.Add(seed)
	}
	const uuid = `-(test|live)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	organization, member, session := regexp.MustCompile(`^organization`+uuid), regexp.MustCompile(`^member`+uuid), regexp.MustCompile(`^member-session`+uuid)
	f.Fuzz(func(t *testing.T, id string) {
		if IsOrganizationID(id) != organization.MatchString(id) || IsMemberID(id) != member.MatchString(id) || IsSessionID(id) != session.MatchString(id) {
			t.Errorf("%q", id)
		}
	})
}

func TestTidyID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"request-id-test-b05c992f-ebdc-489d-a754-c7e70ba13141": "request-id-test-b05c992f-ebdc-489d-a754-c7e70ba13141",
		"A_b-9": "A_b-9", "": "", "a b": "", "a\nb": "", "<b>": "", "a.b": "", "é": "", "\xff": "",
		strings.Repeat("a", 80): strings.Repeat("a", 80), strings.Repeat("a", 81): "",
	} {
		if got := tidyID(id); got != want {
			t.Errorf("%q becomes %q", id, got)
		}
	}
}
