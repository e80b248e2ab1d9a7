package stytch

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestBudget(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	b := NewBudget(5, 2, func() time.Time { return now })
	take := func(session string, want bool) {
		t.Helper()
		if got := b.Take(session); got != want {
			t.Errorf("%s: %t, want %t", session, got, want)
		}
	}
	take("a", true)
	take("a", true)
	take("a", false) // one person must not use up everybody's
	take("b", true)
	take("b", true)
	if b.Left("c") != 1 || b.Left("a") != 0 || b.PerSession() != 2 {
		t.Errorf("left %d and %d", b.Left("c"), b.Left("a"))
	}
	now = now.Add(30 * time.Second)
	take("c", true)
	take("c", false) // all five are spent, by whomever
	now = now.Add(30*time.Second - 1)
	take("a", false)
	now = now.Add(1) // the first four are exactly a minute old
	if b.Left("a") != 2 || b.Left("c") != 1 {
		t.Errorf("left %d and %d", b.Left("a"), b.Left("c"))
	}
	take("a", true)
	if NewBudget(3, 10, time.Now).PerSession() != 3 {
		t.Error("one session has more than all")
	}
}

func TestBudgetIsSpentOnceByManyAtATime(t *testing.T) {
	t.Parallel()
	b := NewBudget(50, 50, time.Now)
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := 0
	for range 200 {
		wg.Go(func() {
			if b.Take("s") {
				mu.Lock()
				got++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if got != 50 {
		t.Errorf("%d searches", got)
	}
}

// Searches spend the budget of their session, and nothing else does; a search that is refused by its check spends none.
func TestSearchesSpendTheBudget(t *testing.T) {
	t.Parallel()
	allowed := true
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/b2b/sessions/authenticate":
			verdict := yes
			if !allowed {
				verdict = no
			}
			say(w, 200, checkAnswer(orgID, memberID, verdict))
		case "/v1/b2b/organizations/members/search":
			say(w, 200, `{"members":[],"results_metadata":{"total":0}}`)
		case "/v1/b2b/organizations/search":
			say(w, 200, `{"organizations":[],"results_metadata":{"total":0}}`)
		default:
			say(w, 200, `{"connected_apps":[]}`)
		}
	})
	budget := NewBudget(3, 3, time.Now)
	tenant := u.tenant(t, func(o *Options) { o.Budget = budget })
	staff, ctx := tenant.client.HoldStaff(tenant.key), everything(t)
	allowed = false
	for range 5 {
		if _, err := staff.SearchOrganizations(ctx, OrganizationSearch{Limit: 5}); !IsForbidden(err) {
			t.Fatal(err)
		}
	}
	if budget.Left("s") != 3 || u.count("organizations/search") != 0 {
		t.Errorf("refused searches spent the budget: %d left, %q", budget.Left("s"), u.seen())
	}
	allowed = true
	_, err := tenant.ConnectedApps(ctx)
	must(t, err)
	_, err = staff.SearchOrganizations(ctx, OrganizationSearch{Limit: 5})
	must(t, err)
	for range 2 {
		_, err = tenant.SearchMembers(ctx, MemberSearch{Limit: 5})
		must(t, err)
	}
	if _, err := tenant.SearchMembers(ctx, MemberSearch{Limit: 5}); !errors.Is(err, ErrSearchBudget) {
		t.Errorf("the fourth: %v", err)
	}
	if _, err := staff.SearchOrganizations(ctx, OrganizationSearch{Limit: 5}); !errors.Is(err, ErrSearchBudget) {
		t.Errorf("the fifth: %v", err)
	}
	if u.count("/search") != 3 {
		t.Errorf("sent %q", u.seen())
	}
}

// Every search spends the budget, whichever it is: the limit is the project's.
func TestEverySearchSpendsTheBudget(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == SessionAuthenticate.Row().Path {
			say(w, 200, checkAnswer(orgID, memberID, yes))
			return
		}
		say(w, 200, `{"organizations":[],"members":[],"connected_apps":[],"m2m_clients":[],"results_metadata":{"total":0}}`)
	})
	tried := 0
	for _, op := range Operations() {
		budget := NewBudget(1, 1, time.Now)
		tenant := u.tenant(t, func(o *Options) { o.Budget = budget })
		tenant.key.Session = "s"
		send := calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key))[op]
		err := send(everything(t))
		if spent := budget.Left("s") == 0; spent != strings.HasSuffix(op.Row().Path, "/search") {
			t.Errorf("%s spends a search: %t", op, spent)
		}
		if !op.Row().Search {
			continue
		}
		tried++
		if err != nil {
			t.Errorf("%s: %v", op, err)
		}
		before := u.count(" " + op.Row().Path)
		if err := send(everything(t)); !errors.Is(err, ErrSearchBudget) || u.count(" "+op.Row().Path) != before {
			t.Errorf("%s, with nothing left: %v", op, err)
		}
	}
	if tried != 4 {
		t.Errorf("%d operations search", tried)
	}
}
