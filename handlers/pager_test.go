package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// steps are where the pager of a page leads.
func steps(a *answer) (first, back, next string) {
	a.t.Helper()
	doc := a.doc()
	href := func(words string) string {
		return doc.Find("nav.pager a:contains('"+words+"')").AttrOr("href", "")
	}
	return href("First page"), href("Back"), href("Next")
}

func TestPagerWalksForthAndBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{sandbox: sandbox.Options{Organizations: 400}})
	b := f.visit("")
	path := paths.Organizations + "?slug_contains=-000"
	var visited []string
	for page := range 8 {
		a := b.get(path).want(http.StatusOK)
		from := page*50 + 1
		if want := "Rows " + itoa(from) + " to " + itoa(from+49); !strings.Contains(a.text(".pager"), want) {
			t.Fatalf("page %d says %q, want %q", page+1, a.text(".pager"), want)
		}
		// A reload shows the same rows: every state is in the address.
		if again := b.get(path); again.text("tbody th") != a.text("tbody th") || again.text(".pager") != a.text(".pager") {
			t.Errorf("page %d is another one after a reload", page+1)
		}
		first, back, next := steps(a)
		if (page == 0) != (first == "") {
			t.Errorf("page %d: first page is %q", page+1, first)
		}
		if page > 0 && first != paths.Organizations+"?slug_contains=-000" {
			t.Errorf("page %d: the first page is %q: the filter is lost", page+1, first)
		}
		if page > 0 && page <= 5 {
			if back == "" {
				t.Fatalf("page %d: no way back", page+1)
			}
			if got, want := b.get(back).text("tbody th"), b.get(visited[page-1]).text("tbody th"); got != want {
				t.Errorf("page %d leads back to another page than the one before", page+1)
			}
		}
		u, err := url.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(u.Query()["trail"]); n > 4 {
			t.Errorf("page %d: a trail of %d cursors", page+1, n)
		}
		if next != "" && (u.Query().Get("slug_contains") != "-000" || len(next) > 2000) {
			t.Errorf("page %d: next page %q", page+1, next)
		}
		visited = append(visited, path)
		if path = next; path == "" {
			if !strings.Contains(a.text(".pager"), ", the end") {
				t.Errorf("the last page does not say so: %q", a.text(".pager"))
			}
			if page != 7 {
				t.Errorf("ended on page %d, want 8", page+1)
			}
			return
		}
	}
	t.Error("there is no last page")
}

// TestBackFourTimes: a few steps back lead through the very pages that one came by, and then to the first page.
func TestBackFourTimes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{sandbox: sandbox.Options{Organizations: 400}})
	b := f.visit("")
	at := paths.Organizations
	for range 6 {
		_, _, at = steps(b.get(at).want(http.StatusOK))
	}
	rows := []string{}
	for {
		a := b.get(at).want(http.StatusOK)
		rows = append(rows, strings.TrimSuffix(strings.Fields(a.text(".pager p"))[1], ","))
		_, back, _ := steps(a)
		if back == "" {
			break
		}
		at = back
	}
	if got, want := strings.Join(rows, " "), "301 251 201 151 101"; got != want {
		t.Errorf("went back by rows %s, want %s", got, want)
	}
	first, _, _ := steps(b.get(at))
	b.get(first).want(http.StatusOK).says("Rows 1 to 50.")
}

// otherThan is another character of a cursor's alphabet. The last ones of a cursor may hold bits that say nothing.
func otherThan(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

func TestForgedPlaces(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme := paths.Members(f.organization("acme"))
	_, _, next := steps(b.get(acme).want(http.StatusOK))
	u, err := url.Parse(next)
	if err != nil {
		t.Fatal(err)
	}
	good := u.Query().Get("cursor")
	for _, c := range []struct {
		name, query string
		status      int
		words       string
	}{
		{"no cursor of ours", "cursor=abc", 422, "Check the filters, or start again from the first page."},
		{"a changed one", "cursor=" + good[:10] + otherThan(good[10]) + good[11:], 422, "start again from the first page."},
		{"one of another search", "cursor=" + good + "&email_contains=acme", 422, "start again from the first page."},
		{"not text", "cursor=%ff%fe", 200, "Rows 1 to 50."},
		{"markup", "cursor=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 422, "start again from the first page."},
		{"too long", "cursor=" + strings.Repeat("a", 5000), 200, "Rows 1 to 50."},
		{"from is a word", "cursor=" + good + "&from=many", 200, "Rows 1 to "},
		{"from below one", "cursor=" + good + "&from=-51", 200, "Rows 1 to "},
		{"from over all bounds", "cursor=" + good + "&from=99999999999999999999", 200, "Rows 1 to "},
		{"from without a cursor", "from=4000", 200, "Rows 1 to 50."},
		{"a trail of nonsense", "cursor=" + good + "&from=51&trail=%3Cb%3E&trail=x&trail=y&trail=z&trail=1&trail=2", 200, "Rows 51 to "},
	} {
		a := b.get(acme + "?" + c.query).want(c.status).says(c.words)
		if c.status == http.StatusUnprocessableEntity {
			if way := a.doc().Find("main .note a").AttrOr("href", ""); way != acme {
				t.Errorf("%s: the way back is %q, want %q", c.name, way, acme)
			}
		}
		if n := a.doc().Find("main script, main b > b").Length(); n != 0 {
			t.Errorf("%s: markup came from the address", c.name)
		}
	}
}
