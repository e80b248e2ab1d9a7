package apprequest_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"console.internal/internal/apprequest"
)

// Of a name that is too long the beginning is kept. Of a host it is the end, which says whose it is.
func TestBounded(t *testing.T) {
	t.Parallel()
	r, err := apprequest.Request{
		OrganizationID: "o", MemberID: "m", ClientID: "c", ClientName: "Notes " + strings.Repeat("é", 1000), Name: "\xff",
		RedirectHost: "accounts.example." + strings.Repeat("é.", 500) + "evil.example",
	}.Bounded()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.ClientName, "Notes é") || !strings.HasSuffix(r.ClientName, "é…") || len(r.ClientName) > 512 {
		t.Errorf("the name is %q", r.ClientName)
	}
	if !strings.HasPrefix(r.RedirectHost, "…") || !strings.HasSuffix(r.RedirectHost, ".evil.example") || len(r.RedirectHost) > 253 {
		t.Errorf("the host is %q", r.RedirectHost)
	}
	for _, text := range []string{r.ClientName, r.RedirectHost, r.Name} {
		if !utf8.ValidString(text) {
			t.Errorf("%q is not text", text)
		}
	}
}

func TestBoundedRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 129)
	for _, r := range []apprequest.Request{
		{},
		{MemberID: "m", ClientID: "c"},
		{OrganizationID: "o", ClientID: "c"},
		{OrganizationID: "o", MemberID: "m"},
		{OrganizationID: long, MemberID: "m", ClientID: "c"},
		{OrganizationID: "o", MemberID: long, ClientID: "c"},
		{OrganizationID: "o", MemberID: "m", ClientID: long},
	} {
		if _, err := r.Bounded(); !errors.Is(err, apprequest.ErrInput) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
