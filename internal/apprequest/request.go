package apprequest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Request is one member's wish to use one app.
type Request struct {
	OrganizationID, MemberID string
	// Email and Name are the member's when they asked.
	Email, Name string
	ClientID    string
	// ClientName is what the client calls itself. It proves nothing, which is why the redirect host stands beside it.
	ClientName string
	// FirstParty says which of the two policies of an organization the client falls under (rule app-types).
	FirstParty bool
	// RedirectHost is where the client would have been answered.
	RedirectHost string
	AskedAt      time.Time
}

// Life is how long a request stays open.
const Life = 30 * 24 * time.Hour

// MaxOpen is how many requests an organization may have open: without a bound, its members could fill the database.
const MaxOpen = 500

// Bounds of the texts of a request, in bytes.
const (
	maxID    = 128
	maxEmail = 254
	maxName  = 512
	maxHost  = 253
)

var (
	// ErrFull says that the organization has as many open requests as it may have.
	ErrFull = errors.New("apprequest: the organization has too many open requests")
	// ErrInput is a request that names no organization, member or client, or names one that is too long to be one.
	ErrInput = errors.New("apprequest: malformed request")
)

// Store keeps the open requests. Package apprequesttest says what it has to do. It reads the time from a clock that it is made with, and
// a request older than [Life] is not there any more.
type Store interface {
	// Ask opens a request. Its texts are kept as [Request.Bounded] makes them. Where the member has one open for this app already,
	// nothing is changed and it is not new.
	Ask(ctx context.Context, r Request) (isNew bool, err error)
	// Of returns the open request of a member for an app.
	Of(ctx context.Context, organizationID, memberID, clientID string) (r Request, ok bool, err error)
	// List returns the open requests of an organization, the oldest first.
	List(ctx context.Context, organizationID string) ([]Request, error)
	// Close ends all requests for an app in an organization, and says how many there were.
	Close(ctx context.Context, organizationID, clientID string) (int, error)
	// Withdraw ends all requests of a member.
	Withdraw(ctx context.Context, organizationID, memberID string) error
}

// Bounded is the request as it may be kept. ErrInput says that it may not.
func (r Request) Bounded() (Request, error) {
	for _, id := range []string{r.OrganizationID, r.MemberID, r.ClientID} {
		if id == "" || len(id) > maxID {
			return Request{}, ErrInput
		}
	}
	r.Email, r.Name, r.ClientName = head(r.Email, maxEmail), head(r.Name, maxName), head(r.ClientName, maxName)
	r.RedirectHost = tail(r.RedirectHost, maxHost)
	return r, nil
}

const cut = "…"

// head is the beginning of a text that is too long.
func head(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	end := limit - len(cut)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + cut
}

// tail is the end of a host that is too long. The end says whose it is; the beginning is free for anybody to choose.
func tail(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	begin := len(s) - limit + len(cut)
	for !utf8.RuneStart(s[begin]) {
		begin++
	}
	return cut + s[begin:]
}

// isOpen says whether a request has not expired.
func (r Request) isOpen(now time.Time) bool { return now.Before(r.AskedAt.Add(Life)) }

// inOrder sorts requests, the oldest first.
func inOrder(all []Request) []Request {
	slices.SortStableFunc(all, func(a, b Request) int { return a.AskedAt.Compare(b.AskedAt) })
	return all
}
