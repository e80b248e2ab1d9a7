// Package apprequesttest is what every [apprequest.Store] has to do, as tests. Each implementation runs [Store] from a test of its own.
package apprequesttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/internal/apprequest"
)

// Store holds an implementation to what the pages rely on. Fresh returns an empty one that goes by this clock.
func Store(t *testing.T, fresh func(t *testing.T, now func() time.Time) apprequest.Store) {
	t.Helper()
	for name, test := range map[string]func(w *world){
		"keeps everything": keepsAll, "one of a member and app": once, "is new for one of many": newForOne, "the oldest first": inOrder,
		"closes an app for all members": closes, "withdraws a member's": withdraws, "ends after 30 days": expires, "has a bound for each organization": bounded,
		"refuses what names nobody": refuses, "bounds its texts": texts, "finishes what was given up": givenUp,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t}
			w.Store = fresh(t, w.now)
			test(w)
		})
	}
}

var began = time.Date(2026, time.November, 22, 14, 30, 0, 0, time.UTC)

type world struct {
	apprequest.Store
	t     *testing.T
	ahead atomic.Int64
}

func (w *world) now() time.Time { return began.Add(time.Duration(w.ahead.Load())) }

func (w *world) advance(d time.Duration) { w.ahead.Add(int64(d)) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func request(organization, member, client string) apprequest.Request {
	return apprequest.Request{
		OrganizationID: "organization-" + organization, MemberID: "member-" + member, Email: member + "@acme.example", Name: "<b>'" + member + "' \u202e",
		ClientID: "app-" + client, ClientName: "App <i>" + client, FirstParty: client == "first", RedirectHost: client + ".example",
	}
}

func (w *world) asks(organization, member, client string, isNew bool) {
	w.t.Helper()
	if got, err := w.Ask(w.t.Context(), request(organization, member, client)); got != isNew || err != nil {
		w.t.Errorf("%s of %s asks for %s: new %t, %v", member, organization, client, got, err)
	}
}

// open are the requests of an organization, as "member client".
func (w *world) open(organization string, want ...string) {
	w.t.Helper()
	all, err := w.List(w.t.Context(), "organization-"+organization)
	w.must(err)
	var got []string
	for _, r := range all {
		got = append(got, strings.TrimPrefix(r.MemberID, "member-")+" "+strings.TrimPrefix(r.ClientID, "app-"))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("in %s are open: %q, want %q", organization, got, want)
	}
}

func keepsAll(w *world) {
	w.open("acme")
	for _, client := range []string{"first", "third"} {
		want := request("acme", "rose", client)
		w.asks("acme", "rose", client, true)
		want.AskedAt = began
		got, ok, err := w.Of(w.t.Context(), want.OrganizationID, want.MemberID, want.ClientID)
		w.must(err)
		all, err := w.List(w.t.Context(), want.OrganizationID)
		w.must(err)
		for _, r := range []apprequest.Request{got, all[len(all)-1]} {
			if !ok || !r.AskedAt.Equal(began) {
				w.t.Errorf("%t, %s", ok, r.AskedAt)
			}
			r.AskedAt = began
			if r != want {
				w.t.Errorf("%+v, want %+v", r, want)
			}
		}
		w.must(w.Withdraw(w.t.Context(), want.OrganizationID, want.MemberID))
	}
}

func once(w *world) {
	w.asks("acme", "rose", "a", true)
	w.advance(time.Hour)
	again := request("acme", "rose", "a")
	again.ClientName, again.RedirectHost = "Another name", "evil.example"
	if isNew, err := w.Ask(w.t.Context(), again); isNew || err != nil {
		w.t.Errorf("asked again: new %t, %v", isNew, err)
	}
	// What somebody was shown does not change under them.
	got, ok, err := w.Of(w.t.Context(), again.OrganizationID, again.MemberID, again.ClientID)
	if !ok || err != nil || got.ClientName != request("acme", "rose", "a").ClientName || !got.AskedAt.Equal(began) {
		w.t.Errorf("%+v, %t, %v", got, ok, err)
	}
	for _, other := range [][3]string{{"globex", "rose", "a"}, {"acme", "tim", "a"}, {"acme", "rose", "b"}} {
		if _, ok, err := w.Of(w.t.Context(), "organization-"+other[0], "member-"+other[1], "app-"+other[2]); ok || err != nil {
			w.t.Errorf("%v is open already: %v", other, err)
		}
		w.asks(other[0], other[1], other[2], true)
	}
}

func newForOne(w *world) {
	for _, client := range []string{"a", "b", "c"} {
		var fresh atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				isNew, err := w.Ask(w.t.Context(), request("acme", "rose", client))
				if err != nil {
					w.t.Error(err)
				}
				if isNew {
					fresh.Add(1)
				}
			})
		}
		wg.Wait()
		if fresh.Load() != 1 {
			w.t.Errorf("%d were new", fresh.Load())
		}
	}
	all, err := w.List(w.t.Context(), "organization-acme")
	w.must(err)
	if len(all) != 3 {
		w.t.Errorf("%d are open", len(all))
	}
}

func inOrder(w *world) {
	for _, member := range []string{"zoe", "adam", "mia"} {
		w.asks("acme", member, "a", true)
		w.advance(time.Second)
	}
	w.open("acme", "zoe a", "adam a", "mia a")
}

func closes(w *world) {
	for i, one := range [][3]string{{"acme", "rose", "a"}, {"acme", "tim", "a"}, {"acme", "tim", "b"}, {"globex", "tim", "a"}} {
		w.asks(one[0], one[1], one[2], true)
		w.advance(time.Duration(i+1) * time.Second)
	}
	for _, want := range []int{2, 0} {
		if n, err := w.Close(w.t.Context(), "organization-acme", "app-a"); n != want || err != nil {
			w.t.Errorf("%d are closed, want %d: %v", n, want, err)
		}
	}
	w.open("acme", "tim b")
	w.open("globex", "tim a")
	w.asks("acme", "rose", "a", true) // what was closed can be asked for anew
}

func withdraws(w *world) {
	for _, one := range [][3]string{{"acme", "rose", "a"}, {"acme", "rose", "b"}, {"acme", "tim", "b"}, {"globex", "rose", "a"}} {
		w.asks(one[0], one[1], one[2], true)
		w.advance(time.Second)
	}
	for range 2 {
		w.must(w.Withdraw(w.t.Context(), "organization-acme", "member-rose"))
	}
	w.open("acme", "tim b")
	w.open("globex", "rose a")
}

func expires(w *world) {
	w.asks("acme", "rose", "a", true)
	w.advance(apprequest.Life / 2)
	w.asks("acme", "tim", "a", true)
	w.advance(apprequest.Life/2 - 1)
	w.open("acme", "rose a", "tim a")
	w.asks("acme", "rose", "a", false)
	w.advance(1)
	w.open("acme", "tim a")
	if _, ok, err := w.Of(w.t.Context(), "organization-acme", "member-rose", "app-a"); ok || err != nil {
		w.t.Errorf("an expired request is open: %v", err)
	}
	if n, err := w.Close(w.t.Context(), "organization-acme", "app-a"); n != 1 || err != nil {
		w.t.Errorf("%d are closed, want the one that was open: %v", n, err)
	}
	w.asks("acme", "rose", "a", true)
	w.open("acme", "rose a")
}

func bounded(w *world) {
	w.asks("acme", "zoe", "a", true)
	w.advance(time.Second)
	for i := range apprequest.MaxOpen - 1 {
		w.asks("acme", fmt.Sprintf("m%03d", i), "a", true)
	}
	if isNew, err := w.Ask(w.t.Context(), request("acme", "late", "a")); isNew || !errors.Is(err, apprequest.ErrFull) {
		w.t.Errorf("over the bound: new %t, %v", isNew, err)
	}
	w.asks("acme", "zoe", "a", false) // asking again takes no room
	w.asks("globex", "late", "a", true)
	w.advance(apprequest.Life - time.Second)
	w.asks("acme", "late", "a", true) // what has expired gives its room back
}

func refuses(w *world) {
	for _, r := range []apprequest.Request{request("acme", "rose", strings.Repeat("a", 200)), {OrganizationID: "organization-acme", MemberID: "member-rose"}} {
		if isNew, err := w.Ask(w.t.Context(), r); isNew || !errors.Is(err, apprequest.ErrInput) {
			w.t.Errorf("%+v: new %t, %v", r, isNew, err)
		}
	}
	w.open("acme")
}

func texts(w *world) {
	r := request("acme", "rose", "a")
	r.ClientName, r.RedirectHost = strings.Repeat("n", 10_000), strings.Repeat("h.", 10_000)+"evil.example"
	_, err := w.Ask(w.t.Context(), r)
	w.must(err)
	got, _, err := w.Of(w.t.Context(), r.OrganizationID, r.MemberID, r.ClientID)
	w.must(err)
	want, err := r.Bounded()
	w.must(err)
	if got.ClientName != want.ClientName || got.RedirectHost != want.RedirectHost || len(got.ClientName) > 1000 {
		w.t.Errorf("%+v", got)
	}
}

func givenUp(w *world) {
	ctx, cancel := context.WithCancel(w.t.Context())
	cancel()
	if isNew, err := w.Ask(ctx, request("acme", "rose", "a")); !isNew || err != nil {
		w.t.Errorf("new %t, %v", isNew, err)
	}
	if all, err := w.List(ctx, "organization-acme"); len(all) != 1 || err != nil {
		w.t.Errorf("%d, %v", len(all), err)
	}
	if n, err := w.Close(ctx, "organization-acme", "app-a"); n != 1 || err != nil {
		w.t.Errorf("%d, %v", n, err)
	}
}
