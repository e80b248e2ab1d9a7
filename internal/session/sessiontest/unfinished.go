package sessiontest

import (
	"reflect"
	"time"

	"console.internal/internal/session"
)

func pend(w *world) {
	w.must(w.Begin(w.ctx, "id", session.Ring{Email: ada}, w.middle("", "discovered")))
	full := w.middle(acme, "for-acme")
	full.More = session.More{
		OrganizationID: acme, Organization: "Acme", Slug: "acme", MemberID: "m", Primary: true, Methods: []string{"totp", "sms"}, Enrolling: true,
		TOTP: true, Phone: "+15555550100", Default: "totp", Sent: true, Entering: true, Return: "/organizations",
	}
	full.Email = "Ada@Support.Example"
	w.must(w.Pend(w.ctx, "id", full))
	w.must(w.Pend(w.ctx, "id", w.middle(third, "for-third")))
	got, ok := w.look("id", acme)
	if !ok || !got.Expires.Equal(full.Expires) {
		w.t.Fatalf("%+v, %t", got, ok)
	}
	got.Expires, full.Entering = full.Expires, false
	if !reflect.DeepEqual(got, full) {
		w.t.Errorf("%+v, want %+v", got, full)
	}
	w.must(w.Pend(w.ctx, "id", w.middle(acme, "again")))
	if got := w.pending("id", "") + w.pending("id", acme) + w.pending("id", third); got != "discoveredagainfor-third" {
		w.t.Errorf("there are %s", got)
	}
	w.must(w.Settle(w.ctx, "id", acme))
	w.must(w.Settle(w.ctx, "id", home))
	if got := w.pending("id", "") + w.pending("id", acme) + w.pending("id", third); got != "discoverednonefor-third" {
		w.t.Errorf("there are %s", got)
	}
	w.must(w.Settle(w.ctx, "id", ""))
	if got := w.pending("id", "") + w.pending("id", third); got != "nonefor-third" {
		w.t.Errorf("there are %s", got)
	}
	w.begin("signed-in")
	w.must(w.Pend(w.ctx, "signed-in", w.middle(acme, "p")))
	if p, _ := w.look("signed-in", acme); !p.Entering {
		w.t.Error("who is signed in is not entering")
	}
}

func pendOfThePerson(w *world) {
	w.begin("id")
	other := w.middle(acme, "p")
	other.Email = "sam@support.example"
	w.is(w.Pend(w.ctx, "id", other), session.ErrOtherPerson)
	w.is(w.Pend(w.ctx, "nobody", w.middle(acme, "p")), session.ErrSignedOut)
	if got := w.pending("id", acme) + w.pending("nobody", acme); got != "nonenone" {
		w.t.Errorf("it is kept all the same: %s", got)
	}
}

func pendingsExpire(w *world) {
	w.begin("id")
	w.must(w.Pend(w.ctx, "id", w.middle(acme, "a")))
	w.advance(time.Minute)
	w.must(w.Pend(w.ctx, "id", w.middle(third, "t")))
	w.advance(session.IntermediateLife - time.Minute - 1)
	if got := w.pending("id", acme) + w.pending("id", third); got != "at" {
		w.t.Errorf("there are %s", got)
	}
	w.advance(1)
	if got := w.pending("id", acme) + w.pending("id", third); got != "nonet" {
		w.t.Errorf("there are %s", got)
	}
	// One that has expired is not revived by a text.
	w.must(w.Sent(w.ctx, "id", acme, "+1"))
	if got := w.pending("id", acme); got != "none" {
		w.t.Errorf("there is %s", got)
	}
}

func sent(w *world) {
	w.begin("id")
	w.must(w.Pend(w.ctx, "id", w.middle(acme, "a")))
	w.must(w.Pend(w.ctx, "id", w.middle(third, "t")))
	w.must(w.Sent(w.ctx, "id", acme, "+15555550100"))
	if p, _ := w.look("id", acme); !p.Sent || p.Phone != "+15555550100" || string(p.Sealed) != "a" {
		w.t.Errorf("%+v", p)
	}
	if p, _ := w.look("id", third); p.Sent || p.Phone != "" {
		w.t.Errorf("a text to one organization counts for another: %+v", p)
	}
	w.must(w.Sent(w.ctx, "id", home, "+1"))
	if _, ok := w.look("id", home); ok {
		w.t.Error("a text makes a sign-in")
	}
	w.is(w.Sent(w.ctx, "nobody", acme, "+1"), session.ErrSignedOut)
}

func notes(w *world) {
	w.begin("id")
	w.must(w.Keep(w.ctx, "id", w.noteFor("totp", "one")))
	w.must(w.Keep(w.ctx, "id", w.noteFor("e-mail", "other")))
	w.advance(time.Minute)
	w.must(w.Keep(w.ctx, "id", w.noteFor("totp", "two")))
	if got := w.note("id", "totp") + w.note("id", "e-mail") + w.note("id", "") + w.note("id", "tot"); got != "twoothernonenone" {
		w.t.Errorf("kept is %s", got)
	}
	w.advance(session.IntermediateLife - time.Minute)
	if got := w.note("id", "totp") + w.note("id", "e-mail"); got != "twonone" {
		w.t.Errorf("kept is %s", got)
	}
	w.must(w.Forget(w.ctx, "id", "totp"))
	w.must(w.Forget(w.ctx, "id", "never kept"))
	if got := w.note("id", "totp"); got != "none" {
		w.t.Errorf("kept is %s", got)
	}
	w.is(w.Keep(w.ctx, "nobody", w.noteFor("totp", "n")), session.ErrSignedOut)
	if got := w.note("nobody", "totp"); got != "none" {
		w.t.Errorf("a stranger reads %s", got)
	}
}
