package sandbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// holdFor is how long a held call waits for the others at most.
const holdFor = 2 * time.Second

// holdTimeout marks in the request log a held call for which the others never came.
const holdTimeout = "hold_timeout"

var faultKinds = []string{
	FaultLatency, FaultStatus, FaultRedirect, FaultReset, FaultHalf, FaultSlow, FaultHTML, FaultEmpty, FaultHuge, FaultGarbage, FaultHold, FaultDeny,
}

// faults are the faults that are set, and the calls that a hold keeps.
type faults struct {
	mu   sync.Mutex
	set  []*Fault
	held map[string][]chan struct{} // by page
}

func newFaults() *faults { return &faults{held: map[string][]chan struct{}{}} }

func (f *faults) add(fault Fault) error {
	if err := checkFault(&fault); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = append(f.set, &fault)
	return nil
}

func checkFault(fault *Fault) error {
	if fault.Operation == "" {
		fault.Operation = "*"
	}
	known := fault.Operation == "*" || slices.ContainsFunc(Operations(), func(o Operation) bool { return o.ID == fault.Operation })
	switch {
	case !known:
		return fmt.Errorf("sandbox: there is no operation %q", fault.Operation)
	case !slices.Contains(faultKinds, fault.Kind):
		return fmt.Errorf("sandbox: there is no fault of kind %q", fault.Kind)
	case fault.Kind == FaultStatus && (fault.Status < 400 || fault.Status > 599):
		return errors.New("sandbox: a fault of kind status needs a status from 400 to 599")
	case fault.Kind == FaultRedirect && fault.Status != 0 && (fault.Status < 300 || fault.Status > 399):
		return errors.New("sandbox: a fault of kind redirect takes a status from 300 to 399")
	case fault.Kind == FaultLatency && fault.LatencyMS <= 0:
		return errors.New("sandbox: a fault of kind latency needs latency_ms")
	case fault.Kind == FaultHold && fault.Hold < 2:
		return errors.New("sandbox: a fault of kind hold needs hold, at least 2")
	case fault.Count < 0 || fault.Probability < 0 || fault.Probability > 1:
		return errors.New("sandbox: count must not be negative and probability must be between 0 and 1")
	}
	return nil
}

// list gives what is set.
func (f *faults) list() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Fault, 0, len(f.set))
	for _, fault := range f.set {
		all = append(all, *fault)
	}
	return all
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = nil
	for page, waiting := range f.held {
		release(waiting)
		delete(f.held, page)
	}
}

// use takes the faults that hit one call, each once.
func (f *faults) use(operation string) []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var hits []Fault
	f.set = slices.DeleteFunc(f.set, func(fault *Fault) bool {
		if fault.Operation != "*" && fault.Operation != operation {
			return false
		}
		if fault.Probability > 0 && rand.Float64() >= fault.Probability { //nolint:gosec // chance, not a secret
			return false
		}
		hits = append(hits, *fault)
		if fault.Count == 0 {
			return false
		}
		fault.Count--
		return fault.Count == 0
	})
	return hits
}

// hold keeps a call until n calls of the same page wait at once, and tells whether they came.
func (f *faults) hold(ctx context.Context, page string, n int) bool {
	mine := make(chan struct{})
	f.mu.Lock()
	waiting := slices.Concat(f.held[page], []chan struct{}{mine})
	if len(waiting) >= n {
		release(waiting)
		delete(f.held, page)
		f.mu.Unlock()
		return true
	}
	f.held[page] = waiting
	f.mu.Unlock()

	patience := time.NewTimer(holdFor)
	defer patience.Stop()
	select {
	case <-mine:
		return true
	case <-ctx.Done():
	case <-patience.C:
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held[page] = slices.DeleteFunc(f.held[page], func(other chan struct{}) bool { return other == mine })
	if len(f.held[page]) == 0 {
		delete(f.held, page)
	}
	return false
}

func release(waiting []chan struct{}) {
	for _, one := range waiting {
		close(one)
	}
}
