package stytch

import (
	"context"
	"errors"
	"net/http"
)

// Actor is the person behind a request. The zero Actor is the console itself.
type Actor struct {
	Email, Name, MemberID string
	// OrganizationID is the organization that the person signed in to.
	OrganizationID string
}

// Change is one value before and after, for the record. It is never of a secret.
type Change struct{ Field, Was, Now string }

// Act is something that is done upstream, as the record keeps it.
type Act struct {
	// Operation is the row; zero for what only the console does.
	Operation Operation
	// Name is the operation's name, or the console's own word for an act.
	Name  string
	Actor Actor
	// ActingOrganizationID and ActingMemberID say whose session carries the act.
	ActingOrganizationID, ActingMemberID string
	// OrganizationID is the tenant that is acted on, MemberID the member, and Target the id of what else it is about.
	OrganizationID, MemberID, Target string
	// Reason is what the person gave for it.
	Reason  string
	Changes []Change
	// Reference is the console's name of the request.
	Reference string
}

// Result is how an act ended.
type Result string

// The results. An act whose end nobody knows may have been done.
const (
	ResultDone    Result = "done"
	ResultRefused Result = "refused"
	ResultFailed  Result = "failed"
	ResultUnknown Result = "unknown"
)

// Outcome is the end of an act.
type Outcome struct {
	Result Result
	// Status, RequestID and ErrorType are the upstream's, where it answered.
	Status               int
	RequestID, ErrorType string
}

// Recorder keeps what is done. The client asks it about every write and every read of a secret that somebody's session
// carries, so that no page can forget to.
type Recorder interface {
	// Intend records that an act is about to be asked for. On an error it is not sent. Finish is called once, also when
	// nobody waits for the answer any more.
	Intend(ctx context.Context, a Act) (finish func(context.Context, Outcome), err error)
	// Refused records a read that the upstream refused for want of a permission.
	Refused(ctx context.Context, a Act, o Outcome)
}

var (
	// ErrNotRecorded is an act that was not sent because it could not be recorded.
	ErrNotRecorded = errors.New("stytch: the act cannot be recorded")
	// ErrSpent is an act of a form that was sent before.
	ErrSpent = errors.New("stytch: the form was sent before")
)

// notes is what a handler knows about the acts it is about to ask for.
type notes struct {
	reason  string
	changes []Change
}

type notesKey struct{}

// Noting returns a context whose acts are recorded with a reason and what they change.
func Noting(ctx context.Context, reason string, changes ...Change) context.Context {
	return context.WithValue(ctx, notesKey{}, notes{reason, changes})
}

// act is what the record keeps of a call.
func (t Tenant) act(ctx context.Context, op Operation, r request) Act {
	caller := callerOf(ctx)
	n, _ := ctx.Value(notesKey{}).(notes)
	if r.organization == "" {
		r.organization = t.key.OrganizationID
	}
	return Act{
		Operation: op, Name: op.String(), Actor: caller.Actor, ActingOrganizationID: t.key.OrganizationID, ActingMemberID: t.key.MemberID,
		OrganizationID: r.organization, MemberID: r.member, Target: r.target, Reason: n.reason, Changes: n.changes, Reference: caller.RequestID,
	}
}

// trace is what a call leaves behind for the record.
type trace struct {
	// sent says that the operation itself went out, and not only its check.
	sent      bool
	requestID string
}

// recorded runs the sending of an operation between its intent and its outcome. The form that the act comes from is spent
// first, so that however often it arrives it acts once. Ending one's own session is never held up by either.
func (t Tenant) recorded(ctx context.Context, op Operation, r request, send func(request) error) error {
	if op.Row().Kind == Read {
		err := send(r)
		if t.client.recorder != nil && IsForbidden(err) {
			t.client.recorder.Refused(context.WithoutCancel(ctx), t.act(ctx, op, r), outcomeOf(err, trace{}))
		}
		return err
	}
	always := op == SessionRevoke
	if once := callerOf(ctx).Once; once != nil && !always {
		if err := once(ctx); err != nil {
			return err
		}
	}
	if t.client.recorder == nil {
		return send(r)
	}
	finish, unkept := t.client.recorder.Intend(ctx, t.act(ctx, op, r))
	if unkept != nil && !always {
		return errors.Join(ErrNotRecorded, unkept)
	}
	var left trace
	r.trace = &left
	err := send(r)
	if unkept == nil {
		// What was done is recorded also when nobody waits for the page any more.
		finish(context.WithoutCancel(ctx), outcomeOf(err, left))
	}
	return err
}

// outcomeOf tells what is known of an act. After a fault on the way nobody knows whether it was done, save where it never
// went out.
func outcomeOf(err error, left trace) Outcome {
	if err == nil {
		return Outcome{Result: ResultDone, Status: http.StatusOK, RequestID: left.requestID}
	}
	if e, ok := asError(err); ok {
		o := Outcome{Result: ResultFailed, Status: e.Status, RequestID: e.RequestID, ErrorType: e.Type}
		switch {
		case e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized:
			o.Result = ResultRefused
		case e.Status >= http.StatusInternalServerError && left.sent:
			o.Result = ResultUnknown
		}
		return o
	}
	o := Outcome{Result: ResultFailed}
	if f, ok := errors.AsType[*Fault](err); ok {
		o.RequestID = f.RequestID
	}
	if left.sent {
		o.Result = ResultUnknown
	}
	return o
}
