package ui

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestText(t *testing.T) {
	t.Parallel()
	mark := func(s string) string { return `<span class="tag hex">` + s + `</span>` }
	for _, c := range []struct{ name, in, want, plain string }{
		{"plain", "Acme Industrial", "Acme Industrial", "Acme Industrial"},
		{"empty", "", "", ""},
		{"escaped", `<b>"&'`, "&lt;b&gt;&#34;&amp;&#39;", `<b>"&'`},
		{"zero width", "Ac\u200bme", "Ac" + mark("U+200B") + "me", "Ac[U+200B]me"},
		{"direction", "Evil \u202egnp.exe", "Evil " + mark("U+202E") + "gnp.exe", "Evil [U+202E]gnp.exe"},
		{"isolate", "a\u2066b\u2069", "a" + mark("U+2066") + "b" + mark("U+2069"), "a[U+2066]b[U+2069]"},
		{"control", "a\x00\n\tb\x7f", "a" + mark("U+0000") + mark("U+000A") + mark("U+0009") + "b" + mark("U+007F"), "a[U+0000][U+000A][U+0009]b[U+007F]"},
		{"not UTF-8", "a\xffb", "a" + mark("U+FFFD") + "b", "a[U+FFFD]b"},
		{"soft hyphen", "pay\u00adpal", "pay" + mark("U+00AD") + "pal", "pay[U+00AD]pal"},
		{"blank letter", "a\u3164b", "a" + mark("U+3164") + "b", "a[U+3164]b"},
		{"tag character", "a\U000e0041b", "a" + mark("U+E0041") + "b", "a[U+E0041]b"},
		{"line separator", "a\u2028b", "a" + mark("U+2028") + "b", "a[U+2028]b"},
		{"Arabic", "شركة النور", "شركة النور", "شركة النور"},
		{"emoji", "🚀 👩\u200d👧 ❤\ufe0f", "🚀 👩\u200d👧 ❤\ufe0f", "🚀 👩\u200d👧 ❤\ufe0f"},
		{"joiner between letters", "a\u200db", "a" + mark("U+200D") + "b", "a[U+200D]b"},
		{"accents", "Zoe\u0308", "Zoe\u0308", "Zoe\u0308"},
		{"stacked accents", "a" + strings.Repeat("\u0301", 1000) + "b", "a" + strings.Repeat("\u0301", 6) + mark("+994") + "b", "a" + strings.Repeat("\u0301", 6) + "[+994]b"},
		{"both", "<\u200b>", "&lt;" + mark("U+200B") + "&gt;", "<[U+200B]>"},
		{"marked first and last", "\u200ba\u200b", mark("U+200B") + "a" + mark("U+200B"), "[U+200B]a[U+200B]"},
	} {
		var b bytes.Buffer
		if err := Text(c.in).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got, want := b.String(), "<bdi>"+c.want+"</bdi>"; got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
		if got := Plain(c.in); got != c.plain {
			t.Errorf("%s: plain %q, want %q", c.name, got, c.plain)
		}
	}
}

func TestTextAllocatesNothing(t *testing.T) {
	var b bytes.Buffer
	b.Grow(1 << 16)
	ctx := t.Context()
	id := ID{Value: "organization-live-07971b06-ac8b-4cdb-9c15-63b17e653931", What: "organization id"}
	allocs := testing.AllocsPerRun(100, func() {
		b.Reset()
		if Text("Acme Industrial").Render(ctx, &b) != nil || id.Render(ctx, &b) != nil || (Status{Kind: StatusOK, Text: "Active"}).Render(ctx, &b) != nil {
			t.Fatal("not drawn")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want none", allocs)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{`{}`, `{}`},
		{`[]`, `[]`},
		{`null`, `null`},
		{`{"a":1.50,"b":[true,null,"x"]}`, "{\n  <b>&#34;a&#34;</b>: 1.50,\n  <b>&#34;b&#34;</b>: [true, null, &#34;x&#34;]\n}"},
		{`[{"a":{}},[1]]`, "[\n  {\n    <b>&#34;a&#34;</b>: {}\n  },\n  [1]\n]"},
		{`{"<script>":"</pre>\u202e"}`, "{\n  <b>&#34;&lt;script&gt;&#34;</b>: &#34;&lt;/pre&gt;<span class=\"tag hex\">U+202E</span>&#34;\n}"},
		{`{"a":1} <b>`, `{&#34;a&#34;:1} &lt;b&gt;`},
		{`<b>`, `&lt;b&gt;`},
		{`{"a":`, `{&#34;a&#34;:`},
		{strings.Repeat("[", 200), strings.Repeat("[", 200)},
		{strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("[", 100) + strings.Repeat("]", 100)},
		{`12345678901234567890`, `12345678901234567890`},
	} {
		var b bytes.Buffer
		if err := JSON(c.in).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.in, b.String(), c.want)
		}
	}
}

func TestPagerWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    Pager
		want string
	}{
		{Pager{From: 1, To: 50, Total: -1, Next: "/x"}, "Rows 1 to 50. Stytch gives no total."},
		{Pager{From: 51, To: 76, Total: 1331}, "Rows 51 to 76, the end. 1,331 in all."},
		{Pager{From: 1, To: 1, Total: 1}, "Row 1, the end. 1 in all."},
		{Pager{Total: 1234567}, "No more rows. 1,234,567 in all."},
	} {
		if got := c.p.words(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// FuzzText checks that no text changes the markup around it: what is drawn parses to one <bdi> with nothing but marks in it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Acme", "<script>", "\u202e", "</bdi><img src=x onerror=x>", "\xff", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		if err := Text(s).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		nodes, err := html.ParseFragment(&b, &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
		if err != nil || len(nodes) != 1 || nodes[0].Data != "bdi" {
			t.Fatalf("%q: %d nodes, %v", s, len(nodes), err)
		}
		for n := nodes[0].FirstChild; n != nil; n = n.NextSibling {
			if n.Type == html.ElementNode && n.Data != "span" {
				t.Fatalf("%q: <%s>", s, n.Data)
			}
		}
		if plain := Plain(s); strings.ContainsAny(plain, "\u202e\u200b\x00\n") {
			t.Fatalf("%q: plain %q", s, plain)
		}
	})
}
