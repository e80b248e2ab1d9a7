package stytch

import "strings"

// IsOrganizationID says whether id has the exact shape of an organization id (rule id-shapes). Slugs and external ids,
// which the upstream would take in the same place, have not: both can change hands.
func IsOrganizationID(id string) bool { return hasShape(id, "organization-") }

// IsMemberID says whether id has the exact shape of a member id (rule id-shapes).
func IsMemberID(id string) bool { return hasShape(id, "member-") }

// IsSessionID says whether id has the exact shape of a member session's id (rule id-shapes).
func IsSessionID(id string) bool { return hasShape(id, "member-session-") }

// IsAppID says whether id has the exact shape of a Connected App's client id (rule id-shapes).
func IsAppID(id string) bool { return hasShape(id, "connected-app-") }

func hasShape(id, kind string) bool {
	rest, ok := strings.CutPrefix(id, kind)
	if !ok {
		return false
	}
	if uuid, isTest := strings.CutPrefix(rest, "test-"); isTest {
		return isUUID(uuid)
	}
	uuid, isLive := strings.CutPrefix(rest, "live-")
	return isLive && isUUID(uuid)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
