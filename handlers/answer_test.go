package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/sandbox"
)

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
	// page is the reference under which the upstream logged the calls.
	page string
	f    *fixture
	// sent is the form that it answers.
	sent url.Values
}

// want fails unless the answer has this status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d; h1 %q, Location %q", a.status, status, a.h1(), a.header.Get("Location"))
	}
	return a
}

// leads fails unless the answer is a 303 to this address.
func (a *answer) leads(to string) *answer {
	a.t.Helper()
	if a.status != http.StatusSeeOther || a.header.Get("Location") != to {
		a.t.Fatalf("status %d to %q, want 303 to %q; h1 %q", a.status, a.header.Get("Location"), to, a.h1())
	}
	return a
}

func (a *answer) doc() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// text is what a selector's elements say, with single spaces.
func (a *answer) text(selector string) string {
	return strings.Join(strings.Fields(a.doc().Find(selector).Text()), " ")
}

func (a *answer) h1() string { return a.text("h1") }

// says fails unless the page says this somewhere in its main part.
func (a *answer) says(words string) *answer {
	a.t.Helper()
	if text := a.text("body"); !strings.Contains(text, words) {
		a.t.Errorf("the page does not say %q; it says: %.600s", words, text)
	}
	return a
}

func (a *answer) saysNot(words string) *answer {
	a.t.Helper()
	if strings.Contains(a.body, words) {
		a.t.Errorf("the page says %q", words)
	}
	return a
}

// calls are the upstream calls that the page made, in the order in which they came.
func (a *answer) calls() []sandbox.RequestLog {
	var out []sandbox.RequestLog
	for _, r := range a.f.sandbox.Requests() {
		if r.Page == a.page {
			out = append(out, r)
		}
	}
	return out
}

// operations are the names of the upstream calls that the page made, sorted.
func (a *answer) operations() []string {
	var out []string
	for _, r := range a.calls() {
		out = append(out, r.Operation)
	}
	slices.Sort(out)
	return out
}
