package entry

import (
	"context"
	"errors"
	"time"

	"console.internal/internal/stytch"
)

// sweepEvery is how often the desk looks for who is to go.
const sweepEvery = time.Minute

// Start sweeps at once and every minute, until Close.
func (d *Desk) Start(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	// Not the caller's context: a start is over soon, and sweeping is not.
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.running.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			if err := d.Sweep(ctx); err != nil && ctx.Err() == nil {
				d.Log.ErrorContext(ctx, "memberships of the support staff were not deleted; the next try is in a minute", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// Close ends the sweeping. What is open then is swept after the next start.
func (d *Desk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop != nil {
		d.stop()
	}
	d.running.Wait()
}

// Sweep ends every entry whose time is over, that was in the making when the process before this one ended, or whose browser
// session is gone. The error joins those of the entries that are still there; the others are ended all the same.
func (d *Desk) Sweep(ctx context.Context) error {
	open, err := d.Keeper.Open(ctx)
	if err != nil {
		return err
	}
	now := d.Now()
	errs := []error(nil)
	for _, e := range open {
		due := !e.Until.After(now) || (!e.IsInside() && e.Began.Before(d.started))
		if !due && d.Rings != nil {
			held, err := d.Rings(ctx, e.RingID)
			errs = append(errs, err)
			due = err == nil && !held
		}
		if !due {
			continue
		}
		// Marked first: whoever is about to come in by it must not, once it is decided that it goes.
		if err := d.Keeper.Expire(ctx, e.ID); err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, d.remove(ctx, stytch.Caller{}, e))
	}
	return errors.Join(errs...)
}
