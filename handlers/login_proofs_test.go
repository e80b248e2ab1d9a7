package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/internal/paths"
)

const tom = "tom.baker@acme.example"

// proof is something that signs in: a link, a code or a token, which the field of a form holds.
type proof struct {
	name, field string
	// take asks for it, for a person and an organization (its slug; "" for discovery), and returns the form that spends it.
	take func(b *browser, email, slug string) (path string, form url.Values)
	life time.Duration
	// discovery says that it is of no one organization.
	discovery bool
}

var proofs = []proof{
	{name: "discovery link", field: "token", take: takeMail("link"), life: time.Hour, discovery: true},
	{name: "link", field: "token", take: takeMail("link"), life: time.Hour},
	{name: "discovery code", field: "code", take: takeMail("code"), life: 10 * time.Minute, discovery: true},
	{name: "code", field: "code", take: takeMail("code"), life: 10 * time.Minute},
	{name: "discovery reset", field: "token", take: takeMail("reset"), life: 30 * time.Minute, discovery: true},
	{name: "reset", field: "token", take: takeMail("reset"), life: 30 * time.Minute},
	{name: "discovery provider", field: "token", take: takeProvider, life: 5 * time.Minute, discovery: true},
	{name: "provider", field: "token", take: takeProvider, life: 5 * time.Minute},
	{name: "impersonation", field: "token", take: takeImpersonation, life: 5 * time.Minute},
}

func takeMail(method string) func(*browser, string, string) (string, url.Values) {
	return func(b *browser, email, slug string) (string, url.Values) {
		b.f.t.Helper()
		b.ask(email, slug, method)
		if method == "code" {
			return paths.LoginCode, mailedCode(email)(b)
		}
		return b.behind(b.f.lastMail(email).Link)
	}
}

func takeProvider(b *browser, email, slug string) (string, url.Values) {
	b.f.t.Helper()
	w := (&visitor{b: b}).open(paths.LoginOAuth("google", slug))
	link, err := b.f.sandbox.FinishOAuth(w.link("Continue to"), email)
	if err != nil {
		b.f.t.Fatal(err)
	}
	return b.behind(link)
}

func takeImpersonation(b *browser, email, slug string) (string, url.Values) {
	b.f.t.Helper()
	return b.behind(b.f.impersonation(slug, email))
}

// rita is somebody of the operator's who acts as members.
const rita = "rita@vendor.example"

func (f *fixture) impersonation(slug, email string) string {
	f.t.Helper()
	link, err := f.sandbox.Impersonate(slug, email, rita)
	if err != nil {
		f.t.Fatal(err)
	}
	return link
}

// behind is the form of the page behind a link, filled in.
func (b *browser) behind(link string) (string, url.Values) {
	b.f.t.Helper()
	w := (&visitor{b: b.clone()}).openLink(link)
	form := w.doc().Find("main form").First()
	fields := formFields(form)
	if form.Find("input[name=password]").Length() > 0 {
		fields.Set("password", freshPassword)
		fields.Set("act", "save")
	}
	return form.AttrOr("action", ""), fields
}

// flaw is what may be wrong with a proof.
type flaw struct {
	name string
	// bad makes of a good proof what stands in its place. The form is the good one, which b may spend.
	bad func(p proof, b *browser, path string, form url.Values) string
}

var flaws = []flaw{
	{"used twice", func(p proof, b *browser, path string, form url.Values) string {
		b.clone().post(path, form).want(http.StatusSeeOther)
		return form.Get(p.field)
	}},
	{"expired", func(p proof, b *browser, _ string, form url.Values) string {
		b.f.sandbox.Advance(p.life)
		return form.Get(p.field)
	}},
	{"truncated", func(p proof, _ *browser, _ string, form url.Values) string {
		return form.Get(p.field)[:len(form.Get(p.field))-1]
	}},
	{"half of it", func(p proof, _ *browser, _ string, form url.Values) string {
		return form.Get(p.field)[:len(form.Get(p.field))/2]
	}},
	{"bit flipped", func(p proof, _ *browser, _ string, form url.Values) string {
		if p.field == "code" {
			return flipped(form.Get(p.field))
		}
		return swapped(form.Get(p.field))
	}},
	{"another person's", func(p proof, b *browser, _ string, _ url.Values) string {
		return p.elsewhere(b.f, tom, "acme")
	}},
	{"of another organization", func(p proof, b *browser, _ string, _ url.Values) string {
		return p.elsewhere(b.f, ada, "umbrella")
	}},
	{"of the other kind", func(p proof, b *browser, _ string, _ url.Values) string {
		kind := strings.TrimPrefix(p.name, "discovery ")
		for _, other := range proofs {
			if other.discovery != p.discovery && strings.TrimPrefix(other.name, "discovery ") == kind {
				return other.elsewhere(b.f, ada, "acme")
			}
		}
		b.f.t.Fatal("there is no other kind")
		return ""
	}},
}

// elsewhere is such a proof in a browser of its own.
func (p proof) elsewhere(f *fixture, email, slug string) string {
	f.t.Helper()
	if p.discovery {
		slug = ""
	}
	_, form := p.take(f.browser(), email, slug)
	return form.Get(p.field)
}

// mayHave says whether a proof can have a flaw. Discovery is of no organization; whoever has the dashboard's token of
// another member may use it, and its page says what it is for.
func (p proof) mayHave(f flaw) bool {
	switch f.name {
	case "of another organization":
		return !p.discovery && p.name != "impersonation"
	case "another person's", "of the other kind":
		return p.name != "impersonation"
	}
	return true
}

// TestEveryProofThatIsNotGood spends every link, code and token that is not good: it is refused with a way on, and nobody
// is signed in.
func TestEveryProofThatIsNotGood(t *testing.T) {
	t.Parallel()
	var cells atomic.Int32
	t.Cleanup(func() { t.Logf("%d cells", cells.Load()) })
	for _, p := range proofs {
		for _, flaw := range flaws {
			if !p.mayHave(flaw) {
				continue
			}
			t.Run(p.name+", "+flaw.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				b := f.browser()
				slug := "acme"
				if p.discovery {
					slug = ""
				}
				path, form := p.take(b, ada, slug)
				good := maps.Clone(form)
				form = maps.Clone(form)
				form.Set(p.field, flaw.bad(p, b, path, good))
				a := b.post(path, form)
				if a.status != http.StatusUnprocessableEntity {
					t.Errorf("status %d to %q, want 422", a.status, a.header.Get("Location"))
				}
				a.wayOn()
				if b.proved() || b.halfway() {
					t.Error("signed in")
				}
				cells.Add(1)
				if flaw.name == "used twice" || flaw.name == "expired" {
					return
				}
				// Nothing that is not good spoils what is.
				if a := b.post(path, good); a.status != http.StatusSeeOther {
					t.Errorf("after it the good one: status %d %q", a.status, a.h1())
				}
			})
		}
	}
}

const linkOther = "This link is not what it says"

// TestLinksThatLie writes another organization or person on a link than those that it is for, as somebody would who wants
// its button pressed: nothing is kept of what comes of it.
func TestLinksThatLie(t *testing.T) {
	t.Parallel()
	takes := map[string]func(b *browser) (string, url.Values){"invitation": func(b *browser) (string, url.Values) {
		return b.behind(b.f.invitationTo("meadow", ada))
	}}
	for _, p := range proofs {
		if !p.discovery && p.field == "token" {
			takes[p.name] = func(b *browser) (string, url.Values) { return p.take(b, ada, "acme") }
		}
	}
	for name, take := range takes {
		for _, lie := range [][2]string{{"slug", "umbrella"}, {"email", tom}} {
			t.Run(name+", "+lie[0], func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				b := f.browser()
				path, form := take(b)
				form.Set(lie[0], lie[1])
				a := b.post(path, form)
				if a.status != http.StatusUnprocessableEntity || a.h1() != linkOther {
					t.Fatalf("status %d to %q, %q; want 422 %q", a.status, a.header.Get("Location"), a.h1(), linkOther)
				}
				a.wayOn()
				if b.proved() || b.halfway() {
					t.Error("signed in")
				}
				if len(a.revoked()) != 1 {
					t.Errorf("revoked %v, want the session that was made", a.revoked())
				}
			})
		}
	}
}

// TestResetOfAnotherAddress is the same for a reset that is of no one organization.
func TestResetOfAnotherAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	path, form := takeMail("reset")(b, ada, "")
	form.Set("email", tom)
	if a := b.post(path, form).want(http.StatusUnprocessableEntity).wayOn(); a.h1() != linkOther || b.proved() {
		t.Errorf("%q, past the mail: %t", a.h1(), b.proved())
	}
}

// invitationTo is the link of the seed's invitation.
func (f *fixture) invitationTo(slug, email string) string {
	f.t.Helper()
	for _, m := range f.sandbox.Outbox() {
		if m.Kind == "invite" && m.To == email && strings.Contains(m.Link, "slug="+slug) {
			return m.Link
		}
	}
	f.t.Fatalf("%s is not invited to %s", email, slug)
	return ""
}
