package views

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TestPages renders every page in every state and reads it as a browser would.
func TestPages(t *testing.T) {
	t.Parallel()
	for name, page := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := page.Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if n := doc.Find("h1").Length(); n != 1 {
				t.Errorf("%d h1, want one", n)
			}
			if n := doc.Find("main#main").Length(); n != 1 {
				t.Errorf("%d main, want one", n)
			}
			if title := doc.Find("title").Text(); !strings.HasPrefix(title, "SANDBOX: ") && !strings.HasPrefix(title, "TEST: ") && !strings.HasPrefix(title, "LIVE: ") {
				t.Errorf("title %q does not name the environment", title)
			}
			checkIDs(t, doc)
			checkHeadings(t, doc)
			checkRequests(t, doc)
			checkHostile(t, doc, out, 2)
			checkForms(t, doc)
		})
	}
}

// TestBarePages renders every page around consent. They load one style sheet and no script, in a language that they name.
func TestBarePages(t *testing.T) {
	t.Parallel()
	for name, page := range consentSamples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := page.Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if doc.Find("h1").Length() != 1 || doc.Find("main#main").Length() != 1 {
				t.Error("not one h1 in one main")
			}
			if n := doc.Find("link[rel=stylesheet]").Length(); n != 1 {
				t.Errorf("%d style sheets", n)
			}
			if doc.Find("html").AttrOr("lang", "") == "" || doc.Find("title").Text() == "" {
				t.Error("no language, or no title")
			}
			if strings.Contains(out, "%!") || strings.Contains(out, "{}") {
				t.Error("a sentence lacks a name")
			}
			if n := doc.Find("[hx-get],[hx-post]").Length(); n > 0 {
				t.Errorf("%d elements that need script", n)
			}
			checkIDs(t, doc)
			checkHeadings(t, doc)
			checkHostile(t, doc, out, 0)
			checkForms(t, doc)
		})
	}
}

func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] || id == "" {
			t.Errorf("id %q is not unique", id)
		}
		seen[id] = true
	})
	for _, attr := range []string{"for", "aria-labelledby", "aria-describedby", "popovertarget", "list"} {
		doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(attr, "")) {
				if !seen[id] {
					t.Errorf("%s=%q names nothing", attr, id)
				}
			}
		})
	}
}

func checkHeadings(t *testing.T, doc *goquery.Document) {
	t.Helper()
	level := 0
	doc.Find("h1,h2,h3,h4").Each(func(_ int, s *goquery.Selection) {
		now := int(s.Nodes[0].Data[1] - '0')
		if now > level+1 {
			t.Errorf("heading %q skips a level", strings.TrimSpace(s.Text()))
		}
		level = now
	})
	doc.Find("table").Each(func(_ int, s *goquery.Selection) {
		if s.Find("caption").Length() != 1 || s.Find("th:not([scope])").Length() > 0 {
			t.Error("a table without caption or with a th without scope")
		}
		columns := s.Find("thead th").Length()
		s.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			if n := row.Children().Length(); n != columns {
				t.Errorf("a row has %d cells for %d columns", n, columns)
			}
		})
	})
}

// checkRequests holds htmx to what the page does without it: the same address in hx-get and in href or action.
func checkRequests(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("[hx-on],[hx-vals],[hx-headers],[hx-put],[hx-patch],[hx-delete]").Length(); n > 0 {
		t.Errorf("%d elements that need eval or have no address without script", n)
	}
	for _, verb := range []string{"hx-get", "hx-post"} {
		doc.Find("[" + verb + "]").Each(func(_ int, s *goquery.Selection) {
			attr := "href"
			if goquery.NodeName(s) == "form" {
				attr = "action"
			}
			if want, got := s.AttrOr(verb, ""), s.AttrOr(attr, "none"); want != got {
				t.Errorf("%s=%q but %s=%q", verb, want, attr, got)
			}
			if s.Closest("[hx-target\\:inherited]").Length() == 0 {
				t.Error("a request outside of the part that it changes")
			}
		})
	}
	doc.Find("[data-part]").Each(func(_ int, s *goquery.Selection) {
		id := "#" + s.AttrOr("id", "")
		for _, attr := range []string{"hx-target:inherited", "hx-indicator:inherited"} {
			if got := s.AttrOr(attr, ""); got != id {
				t.Errorf("%s=%q, want %q", attr, got, id)
			}
		}
	})
}

// checkHostile looks for anything that data could have become.
func checkHostile(t *testing.T, doc *goquery.Document, out string, scripts int) {
	t.Helper()
	if n := doc.Find("script").Length(); n != scripts {
		t.Errorf("%d scripts, want the %d of the frame", n, scripts)
	}
	if strings.ContainsAny(strings.ReplaceAll(out, "\n", ""), "\u202e\u200b\x00") {
		// The value of a form field and of a copy button is the text itself; everywhere else it is marked.
		doc.Find("input,button,option").RemoveAttr("value")
		doc.Find("textarea").Empty()
		rest, err := doc.Html()
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(rest, "\u202e\u200b\x00") {
			t.Error("an invisible character is drawn without a mark")
		}
	}
	for _, n := range doc.Find("*").Nodes {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("<%s %s=...>", n.Data, a.Key)
			}
			if (a.Key == "href" || a.Key == "action" || a.Key == "src") && strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "meta" && strings.Contains(strings.ToLower(attribute(n, "content")), "javascript") {
			t.Errorf("the page goes on to %q", attribute(n, "content"))
		}
		if n.Data == "style" || n.Data == "img" || n.Data == "iframe" {
			t.Errorf("<%s>", n.Data)
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func checkForms(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("action", "") == "" {
			t.Error("a form without an address")
		}
		if s.Find("button").Length() == 0 && s.AttrOr("role", "") != "search" {
			t.Error("a form without a button")
		}
	})
	doc.Find("input:not([type=hidden],[hidden]),select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if s.Closest("label").Length() == 0 && doc.Find(`label[for="`+id+`"]`).Length() != 1 {
			t.Errorf("field %q has no label", id)
		}
	})
	doc.Find("input[type=password]").Each(func(_ int, s *goquery.Selection) {
		if _, filled := s.Attr("value"); filled || s.AttrOr("autocomplete", "") == "" {
			t.Errorf("the password field %q is filled, or does not say what it is for", s.AttrOr("name", ""))
		}
	})
	doc.Find("[role=alert],.err").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" {
			t.Error("an empty message")
		}
	})
}

// TestParts checks that a partial request gets the same region that the page has, and nothing else.
func TestParts(t *testing.T) {
	t.Parallel()
	m := sampleDirectory("Acme", hostile)
	var part, page bytes.Buffer
	if err := DirectoryPart(m.List).Render(t.Context(), &part); err != nil {
		t.Fatal(err)
	}
	if err := Directory(m).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), part.String()) {
		t.Error("the part is not what the page has")
	}
	if !strings.HasPrefix(part.String(), `<section id="`+OrganizationsPartID+`"`) || strings.Contains(part.String(), "<script") {
		t.Error("the part is not one element with its id, free of scripts")
	}
	nodes, err := html.ParseFragment(&part, &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil || len(nodes) != 1 {
		t.Errorf("%d nodes, %v", len(nodes), err)
	}
}

// TestRowAllocations keeps rows lean: the budget of a list row is shared with decoding it.
func TestRowAllocations(t *testing.T) {
	names := make([]string, 100)
	for i := range names {
		names[i] = "Organization " + string(rune('A'+i%26))
	}
	directory, members := sampleDirectory(names...), sampleMembers(names...)
	for name, render := range map[string]func(n int) error{
		"directory": func(n int) error {
			l := directory.List
			l.Rows = l.Rows[:n]
			return DirectoryPart(l).Render(t.Context(), &discard{})
		},
		"members": func(n int) error {
			l := members.List
			l.Rows = l.Rows[:n]
			return MembersPart(l).Render(t.Context(), &discard{})
		},
	} {
		allocs := func(n int) float64 {
			return testing.AllocsPerRun(20, func() {
				if err := render(n); err != nil {
					t.Fatal(err)
				}
			})
		}
		perRow := (allocs(100) - allocs(10)) / 90
		t.Logf("%s: %.2f allocations per row", name, perRow)
		if perRow > 6 {
			t.Errorf("%s: %.2f allocations per row, want at most 6", name, perRow)
		}
	}
}

type discard struct{}

func (*discard) Write(p []byte) (int, error)       { return len(p), nil }
func (*discard) WriteString(s string) (int, error) { return len(s), nil }
