package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/handlers"
)

// TestNothingHappensBeforeItIsConfirmed opens every page that asks before an act on a member: it writes nothing, says what will
// happen, goes to its own address, and leads back.
func TestNothingHappensBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	asks := 0
	for _, r := range handlers.Routes() {
		_, isAct := memberActDrives[http.MethodPost+" "+r.Path]
		if r.Method != http.MethodGet || !isAct {
			continue
		}
		asks++
		d := memberActDrives[key(r)][0]
		t.Run(r.Path, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			a := d.send(d.who(f), r.Method).want(http.StatusOK)
			a.wroteNothing()
			path, _, _ := strings.Cut(d.path(f), "?")
			form := a.doc().Find("main form[method=post]")
			if form.Length() != 1 || form.AttrOr("action", "") != path {
				t.Errorf("%d forms, to %q, want one to %q", form.Length(), form.AttrOr("action", ""), path)
			}
			if !strings.HasSuffix(a.h1(), "?") || a.doc().Find("main .feed li").Length() == 0 {
				t.Errorf("%q does not ask, or does not say what will happen", a.h1())
			}
			if cancel := form.Find("a.btn"); cancel.Text() != "Cancel" || !strings.HasPrefix(path, cancel.AttrOr("href", "-")[:len("/organizations/")]) {
				t.Errorf("%q leads to %q", cancel.Text(), cancel.AttrOr("href", ""))
			}
		})
	}
	if asks < 10 {
		t.Errorf("%d pages ask", asks)
	}
}
