package paths_test

import (
	"testing"

	"console.internal/internal/paths"
)

// What a client sends stays byte for byte, but for the console's own field, however it is written.
func TestAuthorization(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                  "",
		"a=1&b=%20+x&&c":                    "a=1&b=%20+x&&c",
		"a=1&organization=x&b=2":            "a=1&b=2",
		"organization=x":                    "",
		"organization":                      "",
		"organization=x&organization=y&a=1": "a=1",
		"%6Frganization=x&a=1":              "a=1",
		"organi%7aation=x&a=1":              "a=1",
		"organization_id=x&a=organization":  "organization_id=x&a=organization",
		"a=1&%zz=2&state=organization%3Dx":  "a=1&%zz=2&state=organization%3Dx",
	} {
		if got := paths.WithoutOrganization(query); got != want {
			t.Errorf("%q: %q", query, got)
		}
		if got := paths.Authorization(paths.Authorize, query, ""); got != paths.Authorize+"?"+want {
			t.Errorf("%q: %q", query, got)
		}
		at := paths.Authorization(paths.AuthorizeWho, query, "o&1")
		if at != paths.AuthorizeWho+"?"+want+"&organization=o%261" || !paths.Local(at) || paths.WithoutOrganization(at[len(paths.AuthorizeWho)+1:]) != want {
			t.Errorf("%q: %q", query, at)
		}
	}
}
