package handlers

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// ticketField is the hidden field that makes a rendered form act once.
const ticketField = "ticket"

const (
	// resultFor is how long the answer to a form is remembered for another arrival of the same form.
	resultFor = time.Minute
	// maxResults bounds how many are.
	maxResults = 1000
	// maxResult is the size over which an answer is not remembered.
	maxResult = 256 << 10
)

// once lets a form of somebody who is signed in act once, however often it arrives: those that arrive while it runs wait for it,
// and those that arrive within a minute get the same answer. The form is spent when the first act is about to be sent, and not
// before: one that was refused for what was typed can be sent again.
func (h *console) once(c echo.Context, p *session.Person, act func() error) error {
	if m := c.Request().Method; m == http.MethodGet || m == http.MethodHead {
		return act()
	}
	if err := parseForm(c); err != nil {
		return err
	}
	return h.onceFor(c, func(ticket string) bool { return p.Takes(ticket, c.Request().URL.EscapedPath()) }, act)
}

// onceFor is once for a form with a ticket that takes says yes to.
func (h *console) onceFor(c echo.Context, takes func(ticket string) bool, act func() error) error {
	ticket := field(c, ticketField)
	if !takes(ticket) {
		return staleForm()
	}
	mine, err := h.turns.take(c.Request().Context(), ticket)
	if err != nil {
		return err
	}
	defer h.turns.leave(ticket, mine)
	if mine.result != nil {
		return mine.result.again(c)
	}
	s := stateOf(c)
	var spend sync.Once
	var spent error
	s.spend = func(ctx context.Context) error {
		spend.Do(func() {
			first, err := h.Sessions.Spend(ctx, ticket)
			switch {
			case err != nil:
				spent = err
			case !first:
				spent = stytch.ErrSpent
			default:
				s.spent = true
			}
		})
		return spent
	}
	copied := &tee{ResponseWriter: c.Response().Writer}
	c.Response().Writer = copied
	err = act()
	if s.spent {
		mine.result = &result{err: err, status: c.Response().Status, header: http.Header{}, body: bytes.Clone(copied.body.Bytes()), secret: s.secret || copied.tooLarge}
		for _, name := range []string{"Location", "Hx-Redirect", "Content-Type", "Content-Security-Policy"} {
			if v := c.Response().Header().Get(name); v != "" {
				mine.result.header.Set(name, v)
			}
		}
		if mine.result.secret {
			mine.result.body = nil
		}
	}
	return err
}

// staleForm is a form that was not rendered for this person and this address, or too long ago.
func staleForm() *problem {
	return &problem{
		Status: http.StatusConflict, Heading: "This form is not current",
		What: "It was made for somebody else, or too long ago. Nothing was done.", Do: "Look at what it says, then send it again.", Keeps: true,
	}
}

// spentForm is a form that was sent before, by a request whose answer nobody remembers.
func spentForm(back string) *problem {
	return &problem{
		Status: http.StatusConflict, Heading: "This was sent before", What: "The form has acted once already, and it was not done again.",
		Do: "See how it stands now. To do it once more, fill in the form anew.", Href: back, HrefText: "How it stands now",
	}
}

// result is the answer that a form got.
type result struct {
	err    error
	status int
	header http.Header
	body   []byte
	// secret is an answer that must not be given twice.
	secret bool
}

func (r *result) again(c echo.Context) error {
	if r.err != nil {
		return r.err
	}
	if r.secret {
		return stytch.ErrSpent
	}
	header := c.Response().Header()
	for name := range r.header {
		header.Set(name, r.header.Get(name))
	}
	c.Response().WriteHeader(r.status)
	_, err := c.Response().Write(r.body)
	return err
}

// turn is one form's place in the queue.
type turn struct {
	// free holds one token; who has it runs.
	free    chan struct{}
	waiting int
	result  *result
	until   time.Time
}

// turns are the forms that run, and those whose answers are remembered.
type turns struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*turn
}

func newTurns(now func() time.Time) *turns { return &turns{now: now, by: map[string]*turn{}} }

// take waits for one's turn with a form.
func (t *turns) take(ctx context.Context, ticket string) (*turn, error) {
	t.mu.Lock()
	mine := t.by[ticket]
	if mine == nil {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		t.by[ticket] = mine
	}
	mine.waiting++
	t.mu.Unlock()
	select {
	case <-mine.free:
		if mine.result != nil && t.now().After(mine.until) {
			mine.result = nil
		}
		return mine, nil
	case <-ctx.Done():
		t.gone(ticket, mine)
		return nil, ctx.Err()
	}
}

// leave gives the turn to the next one.
func (t *turns) leave(ticket string, mine *turn) {
	if mine.result != nil && mine.until.IsZero() {
		// Whoever comes later does not make it last longer.
		mine.until = t.now().Add(resultFor)
	}
	mine.free <- struct{}{}
	t.gone(ticket, mine)
}

// gone forgets what nobody waits for and nobody needs to remember.
func (t *turns) gone(ticket string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine.waiting--
	if mine.waiting == 0 && mine.until.IsZero() {
		delete(t.by, ticket)
	}
	now := t.now()
	for other, one := range t.by {
		if one.waiting == 0 && !one.until.IsZero() && (now.After(one.until) || len(t.by) > maxResults) {
			delete(t.by, other)
		}
	}
}

// tee keeps a copy of what is written.
type tee struct {
	http.ResponseWriter
	body     bytes.Buffer
	tooLarge bool
}

// Write passes the bytes on.
func (t *tee) Write(b []byte) (int, error) {
	if t.tooLarge = t.tooLarge || t.body.Len()+len(b) > maxResult; !t.tooLarge {
		t.body.Write(b)
	}
	return t.ResponseWriter.Write(b)
}

// Unwrap gives the deadlines and the flushing of the writer beneath.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }
