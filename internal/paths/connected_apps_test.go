package paths

import (
	"net/url"
	"strings"
	"testing"
)

// No id, group or step of a client leads to another page.
func TestClientSegmentsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, id := range hostile {
		for name, built := range map[string]struct {
			address string
			at, of  int
		}{
			"ConnectedApp": {ConnectedApp(id), 2, 3}, "ConnectedAppDelete": {ConnectedAppDelete(id), 2, 4}, "ConnectedAppSecret": {ConnectedAppSecret(id, ""), 2, 4},
			"ConnectedAppEdit": {ConnectedAppEdit(id, "about"), 2, 5}, "ConnectedAppEdit's group": {ConnectedAppEdit("x", id), 4, 5},
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
		path, query, _ := strings.Cut(ConnectedAppSecret("x", id), "?")
		if got, err := url.ParseQuery(query); err != nil || path != "/connected-apps/x/secret" || got.Get("act") != id || len(got) > 1 {
			t.Errorf("the step %.30q is %.60s", id, ConnectedAppSecret("x", id))
		}
	}
	for pattern, made := range map[string]string{
		ConnectedAppRoute: ConnectedApp("x"), ConnectedAppEditRoute: ConnectedAppEdit("x", "y"), ConnectedAppSecretRoute: ConnectedAppSecret("x", ""), ConnectedAppDeleteRoute: ConnectedAppDelete("x"),
	} {
		if want := strings.NewReplacer(":client_id", "x", ":group", "y").Replace(pattern); made != want {
			t.Errorf("%s, want %s", made, want)
		}
	}
}
