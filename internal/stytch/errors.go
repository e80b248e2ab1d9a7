package stytch

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an answer of the upstream that refuses. Tell errors apart by Type: one status has many meanings.
type Error struct {
	// Operation is the operation that was refused. Where its check said no, it is the one that the check was for.
	Operation Operation
	// Status is the HTTP status.
	Status int
	// Type is the upstream's error_type, such as session_not_found. It is hostile input like all upstream text.
	Type string
	// Message is the upstream's text, written for developers. Neither a page nor Error shows it.
	Message string
	// RequestID is the upstream's id of the request, to be quoted to its support.
	RequestID string
}

// Error says what was refused, for the log.
func (e *Error) Error() string {
	return fmt.Sprintf("upstream refused %s: %d %q (%s)", e.Operation, e.Status, e.Type, e.RequestID)
}

// FaultKind tells what went wrong where the upstream did not even refuse.
type FaultKind uint8

// The kinds of faults.
const (
	// Unreachable: no answer, or a connection that broke before or within one.
	Unreachable FaultKind = iota + 1
	// Timeout: no whole answer within the deadline of the call.
	Timeout
	// Malformed: an answer that is not the JSON that the operation answers with.
	Malformed
	// TooLarge: an answer over the limit.
	TooLarge
	// Redirected: a 3xx. Following it would carry the member's token to another place.
	Redirected
	// Mismatch: an answer about another organization or member than the one asked for.
	Mismatch
)

// Fault is a failure of the upstream or of the way to it.
type Fault struct { //nolint:errname // an Error is an answer that refuses, a Fault is none
	Operation Operation
	Kind      FaultKind
	// RequestID is the upstream's id of the request where its answer gave one.
	RequestID string
	// Err is the cause, for the log.
	Err error
}

// Error says what failed, for the log.
func (e *Fault) Error() string {
	return fmt.Sprintf("upstream fault in %s: %v", e.Operation, e.Err)
}

// Unwrap returns the cause.
func (e *Fault) Unwrap() error { return e.Err }

// mismatch is the fault of an answer about somebody else.
func mismatch(op Operation, requestID string) error {
	return &Fault{Operation: op, Kind: Mismatch, RequestID: requestID, Err: ErrInput}
}

var (
	// ErrOperation is a call that the route's row does not name, or a row that does not fit its door: a fault of ours.
	ErrOperation = errors.New("stytch: operation is not allowed here")
	// ErrInput is a path segment or an id that must not be sent.
	ErrInput = errors.New("stytch: malformed id")
	// ErrReadOnly is a call that an impersonated session must not make.
	ErrReadOnly = errors.New("stytch: an impersonated session only reads")
	// ErrSearchBudget says that the console has spent the searches it allows itself (per minute).
	ErrSearchBudget = errors.New("stytch: search budget is used up")
)

// IsType says whether err is a refusal of this error_type.
func IsType(err error, errorType string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Type == errorType
}

// IsForbidden says whether the upstream refused for want of a permission (rule forbidden-types).
func IsForbidden(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusForbidden
}

// IsSessionGone says whether err means that the member session is over: expired, revoked, or never was (rule
// session-gone).
func IsSessionGone(err error) bool {
	return IsType(err, "session_not_found") || IsType(err, "invalid_session_token")
}

func asError(err error) (*Error, bool) { return errors.AsType[*Error](err) }
