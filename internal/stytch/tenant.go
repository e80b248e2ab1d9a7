package stytch

import (
	"context"
	"time"
)

// Key is what a Tenant is made of.
type Key struct {
	OrganizationID, MemberID string
	Token                    Secret
	// Roles are the session's roles when last seen: a hint, never a decision.
	Roles []string
	// ReadOnly marks an impersonated session: nothing but reads is sent with it, save that it can be ended.
	ReadOnly bool
	// Ends is when the session ends, as far as is known; the zero time is not known.
	Ends time.Time
	// Session names the signed-in browser session whose search budget the calls spend.
	Session string
}

// Tenant is one member session and its organization. A call made with it carries that session or is refused, and speaks
// of that organization alone. The zero Tenant can call nothing.
type Tenant struct {
	client *Client
	key    Key
	// staff says that the session is one of the pinned staff organization, and is used as such.
	staff bool
}

// Staff is the Tenant of the pinned staff organization. Roles are one set for the whole project and any tenant's admin
// can give them out in their own tenant, so a console permission counts only when it is held in this organization.
type Staff struct{ tenant Tenant }

// Hold makes the Tenant of a member session. Only the keyring may call it.
func (c *Client) Hold(key Key) Tenant { return Tenant{client: c, key: key} }

// HoldStaff makes the Staff of a member session of the staff organization. Only the keyring may call it.
func (c *Client) HoldStaff(key Key) Staff { return Staff{Tenant{client: c, key: key, staff: true}} }

// minutes is how long the session has still to last. A factor that is added to a session sets its end anew, to an hour from now
// unless it is told (rule step-up-adds-factor): a proof must neither cut a session short nor prolong it.
func (t Tenant) minutes() int {
	if t.key.Ends.IsZero() {
		return 0
	}
	return max(minSessionMinutes, int((time.Until(t.key.Ends)+time.Minute-1)/time.Minute))
}

// minSessionMinutes is the shortest session that the upstream gives.
const minSessionMinutes = 5

// OrganizationID is the organization that the Tenant speaks for.
func (t Tenant) OrganizationID() string { return t.key.OrganizationID }

// MemberID is the member that the Tenant acts as.
func (t Tenant) MemberID() string { return t.key.MemberID }

// Roles are the session's roles when last seen.
func (t Tenant) Roles() []string { return t.key.Roles }

// Tenant is the staff organization as a tenant like any other.
func (s Staff) Tenant() Tenant {
	t := s.tenant
	t.staff = false
	return t
}

// SessionGone says that the member session of an organization is over.
type SessionGone struct { //nolint:errname // it says what happened, as a page does
	OrganizationID string
	Err            error
}

// Error says which session ended, for the log.
func (e *SessionGone) Error() string {
	return "session of " + e.OrganizationID + " is over: " + e.Err.Error()
}

// Unwrap returns the upstream's refusal.
func (e *SessionGone) Unwrap() error { return e.Err }

// mine marks errors that mean that this Tenant's session is over.
func (t Tenant) mine(err error) error {
	if err != nil && IsSessionGone(err) {
		return &SessionGone{OrganizationID: t.key.OrganizationID, Err: err}
	}
	return err
}

// mayUse says whether the Tenant may call the operation at all. Whoever is being impersonated did not do what is done
// meanwhile, so nothing is done, and no secret of theirs is read.
func (t Tenant) mayUse(op Operation) error {
	if t.client == nil || t.key.Token == "" {
		return &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	if t.key.ReadOnly && op.Row().Kind != Read && op != SessionRevoke {
		return ErrReadOnly
	}
	return nil
}

// open sends an operation of the open door.
func open[T answer](ctx context.Context, c *Client, op Operation, r request) (T, error) {
	if err := admit(ctx, op, Open); err != nil {
		return *new(T), err
	}
	return call[T](ctx, c, op, r)
}

// ownOpen sends an operation of the open door that is about the Tenant's own session token.
func ownOpen[T answer](ctx context.Context, t Tenant, op Operation, r request) (T, error) {
	if err := t.mayUse(op); err != nil {
		return *new(T), err
	}
	out, err := open[T](ctx, t.client, op, r)
	return out, t.mine(err)
}

// header sends an operation with the member session in the header; the upstream decides.
func header[T answer](ctx context.Context, t Tenant, op Operation, r request) (T, error) {
	if err := admit(ctx, op, Header); err != nil {
		return *new(T), err
	}
	if err := t.mayUse(op); err != nil {
		return *new(T), err
	}
	if err := t.spend(op); err != nil {
		return *new(T), err
	}
	r.session = t.key.Token
	out, err := call[T](ctx, t.client, op, r)
	return out, t.mine(err)
}

// checked sends an operation that obeys the project secret, after the upstream has said that this session may. A read
// runs beside its check where the policy lets expect a yes; the check is awaited first, and on anything but a yes
// neither the answer, the error nor the duration of the read is used.
func checked[T answer](ctx context.Context, t Tenant, op Operation, r request) (T, error) {
	var zero T
	if err := admit(ctx, op, Checked); err != nil {
		return zero, err
	}
	if err := t.mayUse(op); err != nil {
		return zero, err
	}
	row := op.Row()
	// A console permission that was given out inside a tenant is worth nothing: the row says whose session it must be.
	if t.staff != row.Check.Staff || row.Check.Self == (row.Check.Resource != "") {
		return zero, &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	if row.Kind != Read || !t.expects(row.Check) {
		if err := t.check(ctx, op); err != nil {
			return zero, t.mine(err)
		}
		if err := t.spend(op); err != nil {
			return zero, err
		}
		return call[T](ctx, t.client, op, r)
	}
	if err := t.spend(op); err != nil {
		return zero, err
	}
	type result struct {
		out T
		err error
	}
	read := make(chan result, 1)
	readCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		out, err := call[T](readCtx, t.client, op, r)
		read <- result{out, err}
	}()
	if err := t.check(ctx, op); err != nil {
		return zero, t.mine(err)
	}
	got := <-read
	return got.out, got.err
}

// expects guesses whether the check would pass. One's own session needs no role.
func (t Tenant) expects(check Check) bool {
	if check.Self {
		return true
	}
	return t.client.expect != nil && t.client.expect(t.key.Roles, check.Resource, check.Action)
}

// spend takes a search from the budget.
func (t Tenant) spend(op Operation) error {
	if op.Row().Search && t.client.budget != nil && !t.client.budget.Take(t.key.Session) {
		return ErrSearchBudget
	}
	return nil
}

// check asks the upstream for the permission of the operation's row, in the session's own organization. Only 200 with a
// positive verdict about this very member and organization is a yes (rule authorization-check).
func (t Tenant) check(ctx context.Context, op Operation) error {
	want := op.Row().Check
	body := authenticateRequest{SessionToken: t.key.Token.Reveal()}
	if !want.Self {
		body.Check = &authorizationCheck{OrganizationID: t.key.OrganizationID, ResourceID: want.Resource, Action: want.Action}
	}
	got, err := call[sessionAnswer](ctx, t.client, SessionAuthenticate, request{body: body})
	if err != nil {
		if e, ok := err.(*Error); ok { //nolint:errorlint // call returns it bare, and it is changed in place before anybody holds it
			e.Operation = op
		}
		return err
	}
	if got.Session.MemberID != t.key.MemberID || got.Session.OrganizationID != t.key.OrganizationID {
		return mismatch(op, got.RequestID)
	}
	if !want.Self && (got.Verdict == nil || !got.Verdict.Authorized) {
		return &Error{Operation: op, Status: 403, Type: "session_authorization_error", RequestID: got.RequestID}
	}
	return nil
}
