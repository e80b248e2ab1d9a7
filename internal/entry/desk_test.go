package entry_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/entry"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// Entering makes a member with exactly the one role, whose external id is in the record, and leaving deletes them.
func TestEnterAndEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.now()
	e := w.goIn(ada, "quayside")
	if e.MemberID != w.member("quayside", ada) || e.Reason != "SUP-1: why not" || e.Organization != "Quayside Bank" || e.Email != ada ||
		e.ByMemberID != w.member("support-desk", ada) || e.RingID != "ring-ada" || e.Until.Sub(e.Began) != length || e.Began.Before(before) {
		t.Errorf("%+v", e)
	}
	made := w.dangerouslyGet(e.MemberID)
	for _, want := range []string{`"external_id":"` + e.ID + `"`, `"is_breakglass":false`, `"status":"active"`, `"role_id":"tenant_support"`} {
		if !strings.Contains(made, want) {
			t.Errorf("the member lacks %s: %s", want, made)
		}
	}
	if n := strings.Count(made, `"role_id"`); n != 2 || !strings.Contains(made, `"role_id":"stytch_member"`) {
		t.Errorf("it has %d roles, want this one and the one that everybody has: %s", n, made)
	}
	if got, ok, err := w.Visit(t.Context(), e.OrganizationID, e.MemberID); !ok || err != nil || got.ID != e.ID {
		t.Errorf("%+v, %t, %v", got, ok, err)
	}
	w.left(ada, "quayside", true, 1)
	if got, was, err := w.End(t.Context(), caller(ada), e.ID); got.ID != e.ID || !was || err != nil {
		t.Errorf("%+v, %t, %v", got, was, err)
	}
	w.left(ada, "quayside", false, 0)
	if _, was, err := w.End(t.Context(), caller(ada), e.ID); was || err != nil {
		t.Errorf("once more: %t, %v", was, err)
	}
	if w.goIn(ada, "quayside").ID == e.ID {
		t.Error("the second entry has the id of the first one")
	}
}

// What somebody did is noted with their name, and what nobody did with none.
func TestNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ended, left := w.goIn(ada, "quayside"), w.goIn(sam, "quayside")
	_, _, err := w.End(t.Context(), caller(sam), ended.ID)
	w.must(err)
	w.advance(length)
	w.sweep()
	if _, _, err := w.Inside(t.Context(), caller(ada), ended.OrganizationID, ended.MemberID); err != nil {
		t.Error(err) // nobody's any more
	}
	type note struct{ name, by, member, reason string }
	var got []note
	for _, a := range w.notes {
		if a.OrganizationID != ended.OrganizationID || a.ActingOrganizationID != ended.OrganizationID || a.ActingMemberID != a.MemberID {
			t.Errorf("%+v", a)
		}
		got = append(got, note{a.Name, a.Actor.Email, a.MemberID, a.Reason})
	}
	want := []note{
		{"enter", ada, ended.MemberID, ended.Reason},
		{"enter", sam, left.MemberID, left.Reason},
		{"leave", sam, ended.MemberID, ended.Reason},
		{"leave", "", left.MemberID, left.Reason},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	only := func(methods ...string) func(*sandbox.Settings) {
		return func(s *sandbox.Settings) { s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", methods }
	}
	for name, tt := range map[string]struct {
		slug  string
		setUp func(*sandbox.Settings)
		want  error
	}{
		"the staff organization":     {"support-desk", nil, entry.ErrStaffOrganization},
		"closed":                     {"closed", nil, entry.ErrClosed},
		"closed, whatever it takes":  {"closed", func(s *sandbox.Settings) { s.AuthMethods = "ALL_ALLOWED" }, entry.ErrClosed},
		"single sign-on only":        {"quayside", only("sso"), entry.ErrMethods},
		"a password only":            {"quayside", only("password"), entry.ErrMethods},
		"both":                       {"quayside", only("sso", "password"), entry.ErrMethods},
		"single sign-on, or a link":  {"quayside", only("sso", "magic_link"), nil},
		"a provider":                 {"quayside", only("google_oauth"), nil},
		"a member already":           {"acme", nil, entry.ErrMember},
		"an invited one":             {"meadow", nil, entry.ErrMember},
		"all":                        {"quayside", nil, nil},
		"a second factor is wanted":  {"quayside", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" }, nil},
		"the list counts not always": {"quayside", func(s *sandbox.Settings) { s.AllowedAuthMethods = []string{"sso"} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.setUp != nil {
				w.must(w.box.Configure(tt.slug, tt.setUp))
			}
			before := w.member(tt.slug, ada)
			_, err := w.enter(ada, tt.slug)
			if !errors.Is(err, tt.want) || (tt.want == nil) != (err == nil) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			if tt.want == nil {
				w.left(ada, tt.slug, true, 1)
				return
			}
			w.left(ada, tt.slug, before != "", 0)
			w.advance(48 * time.Hour)
			w.restart()
			w.sweep()
			if after := w.member(tt.slug, ada); after != before || len(w.wire.deleted()) > 0 {
				t.Errorf("%q was there before, and %q is now; %v were deleted", before, after, w.wire.deleted())
			}
			if len(w.notes) > 0 {
				t.Errorf("%+v is noted", w.notes)
			}
		})
	}
}

// Trusted metadata that cannot be read do not open a tenant.
func TestClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]bool{
		``: false, `null`: false, `{}`: false, `{"support_access":"open"}`: false, `{"support_access":null}`: false, `{"Support_Access":"closed"}`: false,
		`{"support_access":"closed"}`: true, `{"a":[{"b":1}],"support_access":"closed"}`: true,
		`{"support_access":true}`: true, `{"support_access":["closed"]}`: true, `{"support_access":"closed","support_access":"open"}`: true, `[]`: true, `{`: true,
	} {
		o := stytch.Organization{TrustedMetadata: []byte(text)}
		if err := w.Refuses(o); errors.Is(err, entry.ErrClosed) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The upstream decides who may enter, and nothing is made for others.
func TestEnteringIsPermittedUpstream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.box.SetFault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "console-organizations", Action: "enter"}))
	if _, err := w.enter(ada, "quayside"); !stytch.IsForbidden(err) {
		t.Errorf("%v", err)
	}
	w.left(ada, "quayside", false, 0)
	w.box.ClearFaults()
	// Nor where the route does not name it.
	ctx := stytch.WithCaller(t.Context(), caller(ada, stytch.OrganizationGet))
	if _, err := w.Enter(ctx, w.staff(ada), entry.Visitor{Email: ada}, w.organization("quayside"), "why"); !errors.Is(err, stytch.ErrOperation) {
		t.Errorf("%v", err)
	}
	if w.member("quayside", ada) != "" {
		t.Error("a member was made")
	}
}

// If the entry cannot be written down nothing is made.
func TestNothingIsMadeUnrecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.life.full = true
	if _, err := w.enter(ada, "quayside"); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
	w.left(ada, "quayside", false, 0)
}

// stepsOf are the steps of entering a tenant.
func (w *world) stepsOf(email, slug string) []string {
	w.t.Helper()
	w.life.until(0)
	w.goIn(email, slug)
	return slices.Clone(w.life.steps)
}

// A process that dies at any step of entering leaves no membership after the next start, and one that was done leaves it
// until its time.
func TestCrashAtEachStep(t *testing.T) {
	t.Parallel()
	steps := newWorld(t).stepsOf(ada, "quayside")
	for _, want := range []string{"after begin", "before made", "after made", "before extend"} {
		if !slices.Contains(steps, want) {
			t.Fatalf("%s is no step of %q", want, steps)
		}
	}
	for n := 1; n <= len(steps); n++ {
		t.Run(steps[n-1], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.life.until(n)
			e, err := w.enter(ada, "quayside")
			if err == nil {
				_, _, err = w.Inside(t.Context(), caller(ada), e.OrganizationID, e.MemberID)
			}
			if !errors.Is(err, errDead) {
				t.Fatalf("%v", err)
			}
			w.restart()
			w.sweep2()
			if steps[n-1] == "after extend" {
				w.left(ada, "quayside", true, 1) // the key may have been kept: it lasts as long as that
				w.advance(length)
				w.sweep()
			}
			if w.member("quayside", ada) != "" {
				t.Error("there is a membership after the next start")
			}
			w.advance(3 * time.Minute)
			w.sweep()
			w.left(ada, "quayside", false, 0)
			if known := slices.Contains(steps[:n], "after made"); (len(w.notes) > 0) != known {
				t.Errorf("a member is known: %t, and noted is %+v", known, w.notes)
			}
			w.goIn(ada, "quayside")
		})
	}
}

// sweep2 sweeps where a member may not be found yet.
func (w *world) sweep2() {
	w.t.Helper()
	if err := w.Sweep(w.t.Context()); err != nil && !stytch.IsType(err, "member_not_found") {
		w.t.Fatal(err)
	}
}

// Whoever dies while they end an entry has it ended after the next start.
func TestCrashWhileEnding(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 7; n++ {
		w := newWorld(t)
		e := w.goIn(ada, "quayside")
		w.life.until(n)
		_, _, err := w.End(t.Context(), caller(ada), e.ID)
		w.restart()
		if n > 1 { // it is marked
			w.sweep()
			w.left(ada, "quayside", false, 0)
		}
		if n < 7 && err == nil {
			t.Errorf("step %d: it is said to be done", n)
		}
	}
}

// A call that is lost on the way and comes late makes a member all the same; it is not forgotten.
func TestMemberThatIsMadeLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wire.lose = func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/members")
	}
	if _, err := w.enter(ada, "quayside"); err == nil {
		t.Fatal("it is said to be done")
	}
	w.wire.lose = nil
	w.advance(time.Minute)
	if err := w.Sweep(t.Context()); err == nil {
		t.Error("that nobody is there to be deleted is taken for the end of it")
	}
	answer, err := http.DefaultTransport.RoundTrip(w.wire.kept)
	w.must(err)
	_ = answer.Body.Close()
	w.left(ada, "quayside", true, 1)
	w.sweep()
	w.left(ada, "quayside", false, 0)
}

// An answer about somebody else's membership must not get them into the record.
func TestAnswerAboutAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.member("acme", ada)
	w.wire.change = func(r *http.Request, answer string) string {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/members") {
			made := w.member("quayside", ada)
			return strings.NewReplacer(made, before, "console-entry-", "other-").Replace(answer)
		}
		return answer
	}
	if _, err := w.enter(ada, "quayside"); err == nil {
		t.Fatal("it is taken for one's own")
	}
	w.wire.change = nil
	w.sweep()
	w.left(ada, "quayside", false, 0)
	for _, path := range w.wire.deleted() {
		if strings.Contains(path, before) {
			t.Errorf("%s is deleted", path)
		}
	}
	if w.member("acme", ada) != before {
		t.Error("a member is gone that was there before")
	}
}

// Of many who end the same entry one does, and says so.
func TestEndsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.goIn(ada, "quayside")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _, _ = w.End(t.Context(), caller(sam), e.ID) })
		wg.Go(func() { _ = w.Sweep(t.Context()) })
	}
	wg.Wait()
	w.left(ada, "quayside", false, 0)
	if n := len(w.notes); n != 2 {
		t.Errorf("%d notes: %+v", n, w.notes)
	}
}
