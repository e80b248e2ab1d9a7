package stytch

import (
	"context"
	"errors"
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
	if _, known := errors.AsType[*SessionGone](err); !known && IsSessionGone(err) {
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
	return fill[T](func(f filling) error { return t.ownOpen(ctx, op, r, f) })
}

func (t Tenant) ownOpen(ctx context.Context, op Operation, r request, f filling) error {
	if err := t.mayUse(op); err != nil {
		return err
	}
	if err := admit(ctx, op, Open); err != nil {
		return err
	}
	return t.recorded(ctx, op, r, func(r request) error { return t.mine(t.client.call(ctx, op, r, f)) })
}

// header sends an operation with the member session in the header; the upstream decides. Where it would allow more than it says,
// the permissions it forgets are asked for first.
func header[T answer](ctx context.Context, t Tenant, op Operation, r request) (T, error) {
	return fill[T](func(f filling) error { return t.header(ctx, op, r, f) })
}

func (t Tenant) header(ctx context.Context, op Operation, r request, f filling) error {
	if err := admit(ctx, op, Header); err != nil {
		return err
	}
	if err := t.mayUse(op); err != nil {
		return err
	}
	return t.recorded(ctx, op, r, func(r request) error {
		for _, want := range r.asks {
			if err := t.ask(ctx, op, want); err != nil {
				return t.mine(err)
			}
		}
		if err := t.spend(op); err != nil {
			return err
		}
		r.session = t.key.Token
		return t.mine(t.client.call(ctx, op, r, f))
	})
}

// checked sends an operation that obeys the project secret, after the upstream has said that this session may.
func checked[T answer](ctx context.Context, t Tenant, op Operation, r request) (T, error) {
	return fill[T](func(f filling) error { return t.checked(ctx, op, r, f) })
}

func (t Tenant) checked(ctx context.Context, op Operation, r request, f filling) error {
	if err := t.mayCheck(ctx, op, Checked); err != nil {
		return err
	}
	if op.Row().Also != (Check{}) {
		return &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	return t.recorded(ctx, op, r, func(r request) error {
		return t.besides(ctx, op, r, f, func() error { return t.check(ctx, op) })
	})
}

// both sends an operation that obeys the project secret, after the upstream has said that the staff session may and that the
// tenant's session may too: neither a role of the support staff alone nor one of the tenant reaches it.
func both[T answer](ctx context.Context, s Staff, t Tenant, op Operation, r request) (T, error) {
	return fill[T](func(f filling) error { return s.both(ctx, t, op, r, f) })
}

func (s Staff) both(ctx context.Context, t Tenant, op Operation, r request, f filling) error {
	if err := s.tenant.mayCheck(ctx, op, Checked); err != nil {
		return err
	}
	if err := t.mayUse(op); err != nil {
		return err
	}
	also := op.Row().Also
	if also.Resource == "" || also.Staff || r.organization != t.key.OrganizationID {
		return &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	return s.tenant.recorded(ctx, op, r, func(r request) error {
		return s.tenant.besides(ctx, op, r, f, func() error {
			if err := s.tenant.check(ctx, op); err != nil {
				return err
			}
			return t.mine(t.ask(ctx, op, also))
		})
	})
}

// mayCheck says whether the Tenant may go through a door with a check. A console permission that was given out inside a tenant
// is worth nothing: the row says whose session it must be.
func (t Tenant) mayCheck(ctx context.Context, op Operation, door Door) error {
	if err := admit(ctx, op, door); err != nil {
		return err
	}
	if err := t.mayUse(op); err != nil {
		return err
	}
	want := op.Row().Check
	if t.staff != want.Staff || want.Self == (want.Resource != "") {
		return &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	return nil
}

// besides sends an operation after its check, or a read beside it where the policy lets expect a yes; the check is awaited
// first, and on anything but a yes neither the answer, the error nor the duration of the read is used.
func (t Tenant) besides(ctx context.Context, op Operation, r request, f filling, check func() error) error {
	row := op.Row()
	if row.Kind != Read || row.Also != (Check{}) || !t.expects(row.Check) {
		if err := check(); err != nil {
			return t.mine(err)
		}
		if err := t.spend(op); err != nil {
			return err
		}
		return t.client.call(ctx, op, r, f)
	}
	if err := t.spend(op); err != nil {
		return err
	}
	read := make(chan error, 1)
	readCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { read <- t.client.call(readCtx, op, r, f) }()
	if err := check(); err != nil {
		// The read may still be filling the answer, which nobody looks at any more.
		return t.mine(err)
	}
	return <-read
}

// Permitted asks whether the Tenant's session may look at what the console itself keeps about its organization. Nothing but
// the check is sent.
func (t Tenant) Permitted(ctx context.Context, op Operation) error {
	if err := t.mayCheck(ctx, op, Local); err != nil {
		return err
	}
	return t.recorded(ctx, op, request{}, func(request) error { return t.mine(t.check(ctx, op)) })
}

// Permitted asks whether the staff session may look at what the console itself keeps about all organizations.
func (s Staff) Permitted(ctx context.Context, op Operation) error { return s.tenant.Permitted(ctx, op) }

// entered sends an operation about a member that the console made for somebody of the support staff to enter as. No session
// carries it, because it must be possible when every session is over; it is for the console's own record of entries alone.
func entered[T answer](ctx context.Context, c *Client, op Operation, r request) (T, error) {
	return fill[T](func(f filling) error {
		if err := admit(ctx, op, Recorded); err != nil {
			return err
		}
		nobody := Tenant{client: c, key: Key{OrganizationID: r.organization}}
		return nobody.recorded(ctx, op, r, func(r request) error { return c.call(ctx, op, r, f) })
	})
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

// check asks the upstream for the permission of the operation's row.
func (t Tenant) check(ctx context.Context, op Operation) error { return t.ask(ctx, op, op.Row().Check) }

// ask asks the upstream for a permission, in the session's own organization. Only 200 with a positive verdict about this very
// member and organization is a yes (rule authorization-check).
func (t Tenant) ask(ctx context.Context, op Operation, want Check) error {
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
