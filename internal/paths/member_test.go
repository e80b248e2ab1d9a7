package paths

import (
	"net/url"
	"strings"
	"testing"
)

// No id of a member's page leads to another page, and no group of theirs to another place.
func TestMemberSegmentsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, id := range hostile {
		for name, built := range map[string]struct {
			address string
			at, of  int
		}{
			"MemberNew": {MemberNew(id), 2, 5}, "MemberEdit's organization": {MemberEdit(id, "m", "name"), 2, 7}, "MemberEdit's member": {MemberEdit("o", id, "name"), 4, 7},
			"MemberEdit's group": {MemberEdit("o", "m", id), 6, 7}, "MemberEmail": {MemberEmail("o", id), 4, 6}, "MemberRetiredEmail": {MemberRetiredEmail("o", id, ""), 4, 6},
		} {
			segments := strings.Split(built.address, "/")
			if len(segments) != built.of {
				t.Errorf("%s(%.30q) has %d segments: %s", name, id, len(segments), built.address)
				continue
			}
			got, err := url.PathUnescape(segments[built.at])
			if err != nil || got != id || strings.ContainsAny(built.address, "?#\\<>\" \r\n\t\x00") {
				t.Errorf("%s(%.30q) is %.60s", name, id, built.address)
			}
		}
		path, query, _ := strings.Cut(MemberRetiredEmail("o", "m", id), "?")
		got, err := url.ParseQuery(query)
		if err != nil || path != MemberRetiredEmail("o", "m", "") || got.Get("email_id") != id || len(got) > 1 {
			t.Errorf("MemberRetiredEmail(%.30q) has the query %.60s", id, query)
		}
	}
}
