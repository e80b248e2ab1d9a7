package entry

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"console.internal/internal/stytch"
)

// Options are what a desk needs. All but Rings, Note and Log must be set.
type Options struct {
	Client *stytch.Client
	Keeper Keeper
	// StaffOrganizationID is the pinned staff organization.
	StaffOrganizationID string
	// Role is the one role that a member gets who is made for an entry, and Length how long an entry lasts, an hour at the least.
	Role   string
	Length time.Duration
	// Rings says whether a browser session is still there: what it entered goes with it. Nil lets an entry have its whole time.
	Rings func(ctx context.Context, ringID string) (bool, error)
	// Note records that somebody came in or went, which CameIn and Went name; nil records nothing.
	Note         func(ctx context.Context, a stytch.Act, o stytch.Outcome) error
	CameIn, Went string
	Now          func() time.Time
	Log          *slog.Logger
}

// Desk lets people in, and sees to it that they go.
type Desk struct {
	Options

	// started is when this process began: whoever was on the way in before it is not any more.
	started time.Time

	mu      sync.Mutex
	stop    context.CancelFunc
	running sync.WaitGroup
}

// New returns a desk. It sweeps only when told to, or after Start.
func New(o Options) *Desk {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Note == nil {
		o.Note = func(context.Context, stytch.Act, stytch.Outcome) error { return nil }
	}
	return &Desk{Options: o, started: o.Now()}
}

// Visitor is a member of the support staff who asks to be let in.
type Visitor struct {
	// Email and Name are what the member will have that is made for them, MemberID is theirs in the staff organization.
	Email, Name, MemberID string
	// RingID is their browser session.
	RingID string
}

// Enter makes the membership by which somebody enters a tenant, and returns its entry. Whoever asks must have given a reason and
// is to exchange their session next; then comes Inside, or End where it fails. An error means that nothing was made, or that what
// may have been made is swept.
func (d *Desk) Enter(ctx context.Context, staff stytch.Staff, v Visitor, organizationID, reason string) (Entry, error) {
	tenant, err := staff.Organization(ctx, organizationID)
	if err != nil {
		return Entry{}, err
	}
	if err := d.Refuses(tenant); err != nil {
		return Entry{}, err
	}
	now := d.Now()
	e := Entry{
		ID: newID(), OrganizationID: organizationID, Organization: tenant.Name, Email: v.Email, Name: v.Name,
		ByMemberID: v.MemberID, Reason: reason, RingID: v.RingID, Began: now, Until: now.Add(making),
	}
	if err := d.Keeper.Begin(ctx, e); err != nil {
		return Entry{}, err
	}
	// From here on the record is kept whether the person waits or not.
	kept := context.WithoutCancel(ctx)
	got, err := staff.CreateEntry(stytch.Noting(ctx, reason), stytch.NewEntry{
		OrganizationID: organizationID, ExternalID: e.ID, Email: v.Email, Name: v.Name, Role: d.Role,
	})
	switch {
	case err != nil && isRefusal(err):
		_, ended := d.Keeper.End(kept, e.ID)
		if stytch.IsType(err, "duplicate_member_email") {
			err = ErrMember
		}
		return Entry{}, errors.Join(err, ended)
	case err == nil:
		// The client takes no answer about a member without this entry's id: one that was there before would get into the record.
		e.MemberID = got.Member.ID
		err = d.Keeper.Made(kept, e.ID, e.MemberID)
	}
	if err != nil {
		return Entry{}, errors.Join(err, d.Keeper.Expire(kept, e.ID))
	}
	return e, nil
}

// isRefusal says whether the upstream certainly made nothing: it refused, or was not asked. An answer without a name may come
// from something in between, and one of 499 says that it stopped waiting for us.
func isRefusal(err error) bool {
	if errors.Is(err, stytch.ErrSpent) || errors.Is(err, stytch.ErrNotRecorded) || errors.Is(err, stytch.ErrReadOnly) {
		return true
	}
	e, ok := errors.AsType[*stytch.Error](err)
	return ok && e.Type != "" && e.Status < 499
}

// Inside gives the entry by which a member came in its time, and records it. It says whether there is one: other members have none.
// ErrEnded means that the member is about to be deleted, so that the session must not be kept.
func (d *Desk) Inside(ctx context.Context, caller stytch.Caller, organizationID, memberID string) (Entry, bool, error) {
	e, ok, err := d.Keeper.Of(ctx, organizationID, memberID)
	if err != nil || !ok {
		return Entry{}, false, err
	}
	if e.IsInside() {
		return e, true, nil
	}
	e.Until = e.Began.Add(d.Length)
	if err := d.Keeper.Extend(ctx, e.ID, e.Until); err != nil {
		return Entry{}, true, err
	}
	if err := d.note(ctx, d.CameIn, caller, e); err != nil {
		return Entry{}, true, errors.Join(err, d.Keeper.Expire(context.WithoutCancel(ctx), e.ID))
	}
	return e, true, nil
}

// Visit returns the entry by which a member is inside, if that is how.
func (d *Desk) Visit(ctx context.Context, organizationID, memberID string) (Entry, bool, error) {
	return d.Keeper.Of(ctx, organizationID, memberID)
}

// End ends an entry that is open: it is marked, then the member is deleted. Where that fails the error says so, and the sweep goes
// on trying. It says whether the entry was open.
func (d *Desk) End(ctx context.Context, caller stytch.Caller, id string) (Entry, bool, error) {
	ended, err := d.end(ctx, caller, func(e Entry) bool { return e.ID == id })
	if len(ended) == 0 {
		return Entry{}, false, err
	}
	return ended[0], true, err
}

// EndRing ends what a browser session has entered, when its person signs out.
func (d *Desk) EndRing(ctx context.Context, caller stytch.Caller, ringID string) error {
	_, err := d.end(ctx, caller, func(e Entry) bool { return e.RingID == ringID })
	return err
}

// patience bounds the deleting of members that somebody waits for. The sweep has longer.
const patience = 3 * time.Second

// end ends the entries that are meant. All are marked first, so that nothing is forgotten when deleting fails.
func (d *Desk) end(ctx context.Context, caller stytch.Caller, meant func(Entry) bool) ([]Entry, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	open, err := d.Keeper.Open(ctx)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(e Entry) bool { return !meant(e) })
	ids, failed := make([]string, len(open)), make([]error, len(open)+1)
	for i := range open {
		ids[i] = open[i].ID
	}
	if len(ids) > 0 {
		failed[len(open)] = d.Keeper.Expire(ctx, ids...)
	}
	var wg sync.WaitGroup
	for i := range open {
		wg.Go(func() { failed[i] = d.remove(ctx, caller, open[i]) })
	}
	wg.Wait()
	return open, errors.Join(failed...)
}

// settled is how long the making of a member may take to be done upstream after nobody waits for it any more.
const settled = 2 * time.Minute

// remove deletes the member of an entry and closes it. It asks no permission of anybody, so it takes no id but the record's.
func (d *Desk) remove(ctx context.Context, caller stytch.Caller, e Entry) error {
	caller.Allowed, caller.Once = []stytch.Operation{stytch.EntryDelete}, nil
	memberID := e.MemberID
	if memberID == "" {
		memberID = e.ID // (rule external-id-for-member)
	}
	_, err := d.Client.DeleteEntry(stytch.WithCaller(stytch.Noting(ctx, e.Reason), caller), e.OrganizationID, memberID)
	if isGone(err) && (e.MemberID != "" || d.Now().Sub(e.Began) >= settled) {
		err = nil
	}
	if err != nil {
		return errors.Join(err, d.Keeper.Failed(context.WithoutCancel(ctx), e.ID))
	}
	first, err := d.Keeper.End(context.WithoutCancel(ctx), e.ID)
	if err != nil || !first || e.MemberID == "" {
		return err
	}
	return d.note(ctx, d.Went, caller, e)
}

// isGone says whether the upstream knows the member or the tenant no more: somebody else was quicker. Other answers of 404 say
// that something is wrong on the way, and must not make a membership be forgotten.
func isGone(err error) bool {
	return stytch.IsType(err, "member_not_found") || stytch.IsType(err, "organization_not_found")
}

func (d *Desk) note(ctx context.Context, name string, caller stytch.Caller, e Entry) error {
	return d.Note(context.WithoutCancel(ctx), stytch.Act{
		Name: name, Actor: caller.Actor, ActingOrganizationID: e.OrganizationID, ActingMemberID: e.MemberID, OrganizationID: e.OrganizationID,
		MemberID: e.MemberID, Target: e.ID, Reason: e.Reason, Reference: caller.RequestID,
	}, stytch.Outcome{Result: stytch.ResultDone})
}
