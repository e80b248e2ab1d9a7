package stytch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pages serves numbered pages; cursors are "p1", "p2" and so on.
func pages(all ...[]int) func(context.Context, string) (Page[int], error) {
	return func(_ context.Context, cursor string) (Page[int], error) {
		at := 0
		if number, ok := strings.CutPrefix(cursor, "p"); ok {
			var err error
			if at, err = strconv.Atoi(number); err != nil {
				return Page[int]{}, err
			}
		}
		p := Page[int]{Items: all[at], Total: -1}
		if at+1 < len(all) {
			p.Next = "p" + strconv.Itoa(at+1)
		}
		return p, nil
	}
}

func TestAllGoesThroughEveryPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pages [][]int
		want  []int
	}{
		{[][]int{{1, 2}, {3}, {}, {4}}, []int{1, 2, 3, 4}},
		{[][]int{{}}, nil},
		{[][]int{nil, {7}}, []int{7}},
	} {
		var got []int
		for item, err := range all(t.Context(), MembersSearch, pages(c.pages...)) {
			must(t, err)
			got = append(got, item)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
	for item, err := range all(t.Context(), MembersSearch, pages([]int{1}, []int{2}, []int{3})) {
		must(t, err)
		if item == 2 {
			break
		}
		if item == 3 {
			t.Error("it went on after the break")
		}
	}
}

func TestAllYieldsAnErrorOnce(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var got []int
	failures, asked := 0, 0
	for item, err := range all(t.Context(), MembersSearch, func(_ context.Context, cursor string) (Page[int], error) {
		asked++
		if cursor == "p1" {
			return Page[int]{Items: []int{9}, Next: "p2"}, broken
		}
		return Page[int]{Items: []int{1}, Next: "p1"}, nil
	}) {
		if err != nil {
			failures++
			if !errors.Is(err, broken) || item != 0 {
				t.Errorf("%d, %v", item, err)
			}
			continue
		}
		got = append(got, item)
	}
	if failures != 1 || asked != 2 || !slices.Equal(got, []int{1}) {
		t.Errorf("%d failures in %d pages after %v", failures, asked, got)
	}
}

// A cursor that leads back would go round for ever, and spend the search budget of everybody; an export that ended there
// without a word would pass for a whole one.
func TestAllFailsWhereTheCursorLeadsBack(t *testing.T) {
	t.Parallel()
	for _, cursors := range [][]string{{"same"}, {"a", "b"}, {"a", "b", "c"}} {
		asked, failures := 0, 0
		for _, err := range all(t.Context(), MembersSearch, func(context.Context, string) (Page[int], error) {
			if asked++; asked > 9 {
				t.Fatal("it goes round")
			}
			return Page[int]{Items: []int{asked}, Next: cursors[(asked-1)%len(cursors)]}, nil
		}) {
			if err != nil {
				failures++
			}
		}
		if asked != len(cursors)+1 || failures != 1 {
			t.Errorf("%q: %d pages, %d failures", cursors, asked, failures)
		}
	}
}

func TestNullCursorIsTheEnd(t *testing.T) {
	t.Parallel()
	for _, metadata := range []string{`{"total":0,"next_cursor":null}`, `{"total":-1}`, `{"total":0,"next_cursor":""}`} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			say(w, 200, `{"request_id":"r","members":[],"results_metadata":`+metadata+`}`)
		})
		page, err := u.tenant(t, nil).SearchMembers(everything(t), MemberSearch{Limit: 5})
		if err != nil || page.Next != "" || (page.Total == -1) != strings.Contains(metadata, "-1") {
			t.Errorf("%s: %+v, %v", metadata, page, err)
		}
	}
}

func TestQueryIsLeftOutWhenEmpty(t *testing.T) {
	t.Parallel()
	if queryOf(nil) != nil || queryOf([]Operand{}) != nil {
		t.Error("a query without operands")
	}
	if q := queryOf([]Operand{{"a", true}}); q.Operator != "AND" || len(q.Operands) != 1 {
		t.Errorf("%+v", q)
	}
}
