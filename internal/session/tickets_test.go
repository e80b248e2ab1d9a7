package session

import (
	"context"
	"strings"
	"testing"
	"time"
)

// A ticket is good for one person and one address, for as long as a session lasts, and whatever key signed it.
func TestTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, key("a"))
	const target, sam = "/account/name", "sam@support.example"
	ticket := w.Ticket(ada, target)
	tests := []struct {
		name, email, ticket, target string
		want                        bool
	}{
		{"good", ada, ticket, target, true},
		{"of somebody else", sam, ticket, target, false},
		{"for elsewhere", ada, ticket, target + "/x", false},
		{"nothing", ada, "", target, false},
		{"nonsense", ada, "!", target, false},
		{"cut", ada, ticket[:len(ticket)-1], target, false},
		{"longer", ada, ticket + "A", target, false},
		{"changed", ada, strings.Map(func(r rune) rune {
			if r == 'A' {
				return 'B'
			}
			return 'A'
		}, ticket[:4]) + ticket[4:], target, false},
		// The parts are told apart: what is at the end of one is not at the beginning of the next.
		{"parts moved", ada + "/account", w.Ticket(ada, "/account"+target), target, false},
	}
	for _, tt := range tests {
		if got := w.takes(tt.email, tt.ticket, tt.target); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
	if w.Ticket(ada, target) == ticket {
		t.Error("two forms have one ticket")
	}
	newer := newWorld(t, key("b"), key("a"))
	newer.clock = w.clock
	if !newer.takes(ada, ticket, target) {
		t.Error("a new key forgets the forms of the old one")
	}
	if newWorld(t, key("b")).takes(ada, ticket, target) {
		t.Error("another console takes it")
	}
	w.clock.advance(limits.Length - time.Second)
	if !w.takes(ada, ticket, target) {
		t.Error("it ends before the session")
	}
	w.clock.advance(time.Second)
	if w.takes(ada, ticket, target) {
		t.Error("it outlives the session")
	}
}

// Without a store, forms that were used are forgotten when they can be used no more.
func TestUsedTicketsInMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	use := func(id string) bool {
		t.Helper()
		first, err := w.Spend(context.Background(), id)
		must(t, err)
		return first
	}
	if !use("one") || use("one") || !use("two") {
		t.Error("a ticket is used once")
	}
	w.clock.advance(limits.Length + time.Minute)
	used, ok := w.tickets.(*usedTickets)
	if !use("three") || !ok || len(used.used) != 1 {
		t.Errorf("%d are remembered", len(used.used))
	}
}
