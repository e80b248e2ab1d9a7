package paths

import (
	"net/url"
	"strings"
	"testing"
)

func TestAppRequestsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, id := range hostile {
		for name, built := range map[string]struct {
			address string
			at, of  int
		}{
			"AppRequest": {AppRequest("o", id), 5, 6}, "AppRequest's organization": {AppRequest(id, "c"), 2, 6}, "ConsentPreview": {ConsentPreview(id), 2, 5},
			"SettingsAllow's organization": {strings.TrimSuffix(SettingsAllow(id, "", true), "?party=first"), 2, 5},
		} {
			segments := strings.Split(built.address, "/")
			if len(segments) != built.of {
				t.Errorf("%s(%.30q) has %d segments: %s", name, id, len(segments), built.address)
				continue
			}
			if got, err := url.PathUnescape(segments[built.at]); err != nil || got != id {
				t.Errorf("%s(%.30q) is %.60s", name, id, built.address)
			}
		}
		for firstParty, party := range map[bool]string{true: "first", false: "third"} {
			path, query, _ := strings.Cut(SettingsAllow("o", id, firstParty), "?")
			if got, err := url.ParseQuery(query); err != nil || path != SettingsGroup("o", "apps") || got.Get("allow") != id || got.Get("party") != party || len(got) > 2 {
				t.Errorf("SettingsAllow(%.30q) is %.60s", id, path+"?"+query)
			}
		}
	}
}
