package store_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/internal/apprequest"
	"console.internal/internal/apprequest/apprequesttest"
	"console.internal/internal/session"
	"console.internal/internal/store"
)

func TestAppRequests(t *testing.T) {
	t.Parallel()
	apprequesttest.Store(t, func(t *testing.T, now func() time.Time) apprequest.Store {
		o := options(t)
		o.Now = now
		return open(t, o).AppRequests()
	})
}

// What is open is there after the next start. What has expired is not in the file after a sweep, though nobody asks for anything.
func TestAppRequestsLast(t *testing.T) {
	t.Parallel()
	o, c := options(t), newClock()
	o.Now = c.read
	first, err := store.Open(t.Context(), o)
	must(t, err)
	_, err = first.AppRequests().Ask(t.Context(), apprequest.Request{OrganizationID: "acme", MemberID: "rose", ClientID: "app", Email: "rose@acme.example"})
	must(t, err)
	must(t, first.Close())
	second := open(t, o)
	if all, err := second.AppRequests().List(t.Context(), "acme"); len(all) != 1 || err != nil {
		t.Errorf("after a restart: %+v, %v", all, err)
	}
	for _, one := range []struct {
		after time.Duration
		want  int
	}{{apprequest.Life - 1, 1}, {1, 0}} {
		c.advance(one.after)
		must(t, second.Sweep(t.Context()))
		if n := count(t, o, "app_requests"); n != one.want {
			t.Errorf("%d are in the file, want %d", n, one.want)
		}
	}
}

// Two processes on one file keep the bound together.
func TestAppRequestsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	o := options(t)
	stores := []*store.Store{open(t, o), open(t, o)}
	results := make(chan error, 2)
	for n, s := range stores {
		go func() {
			for i := range apprequest.MaxOpen * 3 / 4 {
				r := apprequest.Request{OrganizationID: "acme", MemberID: strconv.Itoa(n) + "-" + strconv.Itoa(i), ClientID: "app"}
				_, err := s.AppRequests().Ask(t.Context(), r)
				for errors.Is(err, session.ErrNotKept) {
					// On a busy machine the file can be the other's for longer than anybody waits. Nothing was kept then.
					_, err = s.AppRequests().Ask(t.Context(), r)
				}
				if err != nil {
					results <- err
					return
				}
			}
			results <- nil
		}()
	}
	full := 0
	for range stores {
		if err := <-results; errors.Is(err, apprequest.ErrFull) {
			full++
		} else if err != nil {
			t.Error(err)
		}
	}
	if n := count(t, o, "app_requests"); n != apprequest.MaxOpen || full == 0 {
		t.Errorf("%d are in the file, and %d of two were refused", n, full)
	}
}

// On a full disk nothing can be asked for, what is open is shown, and nothing is half there.
func TestAppRequestsOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	o := options(t)
	o.Path = dir + "/console.db"
	s := open(t, o)
	ask := func(organization, member string) error {
		_, err := s.AppRequests().Ask(t.Context(), apprequest.Request{
			OrganizationID: organization, MemberID: member, ClientID: "app", Name: strings.Repeat("n", 512), ClientName: strings.Repeat("c", 512),
		})
		return err
	}
	must(t, ask("acme", "rose"))
	free := fill(t, dir)
	var err error
	asked := 0
	for err == nil && asked < 1000 {
		if err = ask("o"+strconv.Itoa(asked/100), "m"+strconv.Itoa(asked)); err == nil {
			asked++
		}
	}
	if !errors.Is(err, session.ErrNotKept) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("asking ends with %v", err)
	}
	if all, err := s.AppRequests().List(t.Context(), "acme"); len(all) != 1 || err != nil {
		t.Errorf("what was asked for before: %+v, %v", all, err)
	}
	if _, ok, err := s.AppRequests().Of(t.Context(), "o"+strconv.Itoa(asked/100), "m"+strconv.Itoa(asked), "app"); ok || err != nil {
		t.Errorf("what was refused is there: %t, %v", ok, err)
	}
	free()
	must(t, ask("acme", "tim"))
	if n := count(t, o, "app_requests"); n != asked+2 {
		t.Errorf("%d are in the file, want %d", n, asked+2)
	}
}
