package views

import (
	"strconv"
	"strings"
)

// ReceiptState is what became of one step of an act.
type ReceiptState string

// What may become of a step. Nobody knows whether an Unknown one was done: the answer to it was lost.
const (
	Done    ReceiptState = "done"
	Failed  ReceiptState = "failed"
	Unknown ReceiptState = "unknown"
	Skipped ReceiptState = "skipped" // there was nothing to do
	Waiting ReceiptState = "waiting" // not started
)

// Receipt says what became of one step.
type Receipt struct {
	Text      string // what was to be done, as "End 3 sessions"
	State     ReceiptState
	Note      string // why, or how it stands now, in sentences; "" leaves it out
	RequestID string // the upstream's request id; "" when no answer came
}

// receiptMarks are the mark and the word of each state.
var receiptMarks = map[ReceiptState]Status{
	Done:    {Kind: StatusOK, Text: "Done"},
	Failed:  {Kind: StatusBad, Text: "Failed"},
	Unknown: {Kind: StatusWarn, Text: "Unknown"},
	Skipped: {Kind: StatusOff, Text: "Nothing to do"},
	Waiting: {Kind: StatusWait, Text: "Not started"},
}

// mark is the state as it is drawn.
func (r *Receipt) mark() Status { return receiptMarks[r.State] }

// ReceiptsPage says what became of an act of several steps, and tries again those that were not done.
type ReceiptsPage struct {
	Frame    Frame
	Crumbs   []Crumb
	Title    string
	Receipts []Receipt
	Says     []string // what follows, in sentences
	Action   string   // address of the form that tries again
	Hidden   []Hidden // its fields
	Again    string   // words of its button; "" leaves the form out
	Back     string   // where it goes on
	BackText string
}

// count is in how many steps it came to a state.
func (m *ReceiptsPage) count(state ReceiptState) int {
	n := 0
	for _, r := range m.Receipts {
		if r.State == state {
			n++
		}
	}
	return n
}

// whole says whether nothing is left to do.
func (m *ReceiptsPage) whole() bool { return m.count(Done)+m.count(Skipped) == len(m.Receipts) }

// summary is how it went, in a sentence, as "4 steps are done, 1 failed."
func (m *ReceiptsPage) summary() string {
	var parts []string
	for _, one := range []struct {
		state     ReceiptState
		one, many string
	}{
		{Done, "step is done", "steps are done"},
		{Skipped, "had nothing to do", "had nothing to do"},
		{Failed, "failed", "failed"},
		{Unknown, "may have been done or not", "may have been done or not"},
		{Waiting, "was not started", "were not started"},
	} {
		switch n := m.count(one.state); n {
		case 0:
		case 1:
			parts = append(parts, "1 "+one.one)
		default:
			parts = append(parts, strconv.Itoa(n)+" "+one.many)
		}
	}
	return strings.Join(parts, ", ") + "."
}
