package audit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	k := open(t)
	sam := stytch.Actor{Email: "sam@support.example", MemberID: "member-sam", OrganizationID: "organization-staff"}
	k.do(t, update, done)                                                                                                                                                          // at 1 s, seq 1
	k.Refused(t.Context(), stytch.Act{Name: "SearchMembers", Actor: sam, OrganizationID: "organization-acme", ActingMemberID: "member-sam-in-acme", Reference: "page-2"}, refused) // 3 s, seq 3
	must(t, k.Note(t.Context(), stytch.Act{Name: audit.SignIn, Actor: ada, OrganizationID: "organization-staff", MemberID: "member-ada"}, done))                                   // 4 s, seq 4
	_, err := k.Intend(t.Context(), stytch.Act{Name: "DeleteMember", Actor: sam, ActingMemberID: "member-bob", OrganizationID: "organization-other", Target: "t-1"})               // 5 s, seq 5
	must(t, err)
	all := "5 4 3 1"
	for want, filters := range map[string][]audit.Filter{
		all:   {{}, {From: began, To: began.Add(time.Hour)}},
		"4 1": {{Person: "ada@SUPPORT.example"}, {Person: "member-ada"}, {Result: stytch.ResultDone}},
		"5 3": {{Person: "sam@support.example"}, {Person: "member-sam"}},
		"1":   {{Person: "member-ada-in-acme"}, {Operation: "UpdateMember"}, {RequestID: "request-id-1", MemberID: "member-bob"}, {Target: "external-7"}, {RequestID: "page-1"}, {To: began.Add(2 * time.Second)}},
		"3 1": {{OrganizationID: "organization-acme"}},
		"5 1": {{MemberID: "member-bob"}},
		"4":   {{MemberID: "member-ada", OrganizationID: "organization-staff"}, {Person: "member-ada", Result: stytch.ResultDone, Operation: audit.SignIn}},
		"3":   {{Result: stytch.ResultRefused}, {RequestID: "request-id-2"}, {From: began.Add(3 * time.Second), To: began.Add(4 * time.Second)}, {RequestID: "page-2", Person: "member-sam-in-acme"}},
		"5":   {{Result: stytch.ResultUnknown}, {Target: "t-1"}, {From: began.Add(5 * time.Second)}},
		"": {
			{Person: "ada"},
			{Person: "Ada"},
			{Person: "%"},
			{OrganizationID: "organization"},
			{MemberID: "member"},
			{Operation: "updatemember"},
			{Target: "external-7 "},
			{Person: "member-sam", Result: stytch.ResultDone},
			{From: began.Add(time.Hour)},
			{To: began},
			{RequestID: "page-1", Operation: "DeleteMember"},
		},
	} {
		for _, f := range filters {
			if got := seqs(k.search(t, f)); got != want {
				t.Errorf("%+v finds %q, want %q", f, got, want)
			}
		}
	}
}

func seqs(entries []audit.Entry) string {
	var out []string
	for _, e := range entries {
		out = append(out, strconv.FormatInt(e.Seq, 10))
	}
	return strings.Join(out, " ")
}

// Every page continues where the one before ended, also while others write, and when the clock was set back.
func TestPages(t *testing.T) {
	t.Parallel()
	for f, want := range map[audit.Filter]int{{}: 45, {MemberID: "member-eve"}: 15, {OrganizationID: "organization-acme", From: began.Add(10 * time.Second)}: 27} {
		k := open(t)
		for i := range 45 {
			if i == 20 {
				k.clock.set(began)
			}
			a := update
			if i%3 == 0 {
				a.MemberID, a.ActingMemberID = "member-eve", "member-eve" // found twice, shown once
			}
			must(t, k.Note(t.Context(), a, done))
		}
		seen, before, pages := map[int64]bool{}, int64(0), 0
		var last time.Time
		for more := true; more; more = before != 0 {
			entries, next, err := k.Search(t.Context(), f, before, 7)
			must(t, err)
			for _, e := range entries {
				if seen[e.Seq] || (!last.IsZero() && e.At.After(last)) {
					t.Errorf("%+v: %d at %s comes after %s", f, e.Seq, e.At, last)
				}
				seen[e.Seq], last = true, e.At
			}
			pages, before = pages+1, next
			k.clock.set(began.Add(time.Hour))
			must(t, k.Note(t.Context(), update, done))
		}
		if len(seen) != want || pages != (want+6)/7 {
			t.Errorf("%+v: %d entries on %d pages, want %d", f, len(seen), pages, want)
		}
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	k := open(t)
	for range 250 {
		must(t, k.Note(t.Context(), update, done))
	}
	n := 0
	for e, err := range k.All(t.Context(), audit.Filter{Operation: "UpdateMember"}) {
		must(t, err)
		if n++; e.Seq != int64(251-n) {
			t.Fatalf("%d comes at place %d", e.Seq, n)
		}
		if n == 120 {
			must(t, k.Note(t.Context(), update, done))
		}
	}
	if n != 250 {
		t.Errorf("%d entries", n)
	}
	for _, err := range k.All(t.Context(), audit.Filter{}) {
		must(t, err)
		break
	}
}
