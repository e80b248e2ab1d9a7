package audit

import (
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// exported is an entry as a file has it. The names are those of the bodies.
type exported struct {
	Seq        int64     `json:"seq"`
	At         time.Time `json:"at"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	Result     Result    `json:"result"`
	act
	Status            int    `json:"status,omitzero"`
	UpstreamRequestID string `json:"upstream_request_id"`
	ErrorType         string `json:"error_type"`
}

func export(e Entry) exported {
	x := exported{
		Seq: e.Seq, At: e.At, FinishedAt: e.FinishedAt, Result: e.Result, Status: e.Status, UpstreamRequestID: e.UpstreamRequestID, ErrorType: e.ErrorType,
		act: act{
			Operation: e.Operation, ActorEmail: e.Actor.Email, ActorName: e.Actor.Name, ActorMemberID: e.Actor.MemberID,
			ActorOrganizationID: e.Actor.OrganizationID, ActingOrganizationID: e.ActingOrganizationID, ActingMemberID: e.ActingMemberID,
			OrganizationID: e.OrganizationID, MemberID: e.MemberID, Target: e.Target, Reason: e.Reason, Reference: e.Reference,
		},
	}
	for _, c := range e.Changes {
		x.Changes = append(x.Changes, change(c))
	}
	return x
}

// csvHeader names the columns, in the order of exported.cells.
var csvHeader = []string{
	"seq", "at", "finished_at", "result", "operation", "actor_email", "actor_name", "actor_member_id", "actor_organization_id",
	"acting_organization_id", "acting_member_id", "organization_id", "member_id", "target", "reason", "changes", "reference",
	"status", "upstream_request_id", "error_type",
}

func (x exported) cells() []string {
	status, finished := "", ""
	if x.Status != 0 {
		status = strconv.Itoa(x.Status)
	}
	if !x.FinishedAt.IsZero() {
		finished = x.FinishedAt.Format(time.RFC3339Nano)
	}
	var changes []string
	for _, c := range x.Changes {
		changes = append(changes, c.Field+": "+c.Was+" -> "+c.Now)
	}
	return []string{
		strconv.FormatInt(x.Seq, 10), x.At.Format(time.RFC3339Nano), finished, string(x.Result), x.Operation, x.ActorEmail, x.ActorName, x.ActorMemberID,
		x.ActorOrganizationID, x.ActingOrganizationID, x.ActingMemberID, x.OrganizationID, x.MemberID, x.Target, x.Reason,
		strings.Join(changes, "\n"), x.Reference, status, x.UpstreamRequestID, x.ErrorType,
	}
}

// formula is what spreadsheets take for the beginning of a formula, the wide forms of the signs too.
const formula = "=+-@\t\r\n＝＋－＠"

// plain keeps a spreadsheet from running a cell.
func plain(cell string) string {
	if first, size := utf8.DecodeRuneInString(cell); size > 0 && strings.ContainsRune(formula, first) {
		return "'" + cell
	}
	return cell
}

// WriteCSV writes entries with a line of names before them. The last line has "head", the head as [Head.String] writes it, and
// "whole", or "cut off" where the entries end with an error, which it returns. Entries from behind the head are left out: read
// the head before the first of them. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
func WriteCSV(w io.Writer, head Head, entries iter.Seq2[Entry, error]) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	cut, err := each(head, entries, func(x exported) error {
		cells := x.cells()
		for i, cell := range cells {
			cells[i] = plain(cell)
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	last := make([]string, len(csvHeader))
	last[0], last[1], last[2] = "head", head.String(), "whole"
	if cut != nil {
		last[2] = "cut off"
	}
	err = out.Write(last)
	out.Flush()
	return errors.Join(cut, err, out.Error())
}

// end is the last line of JSON Lines.
type end struct {
	Head    string `json:"head"`
	Whole   bool   `json:"whole"`
	Entries int64  `json:"entries"`
}

// WriteJSONLines writes each entry as an object on a line of its own. The last line has the head, whether the entries are
// whole, and how many there are; the rest is as of [WriteCSV].
func WriteJSONLines(w io.Writer, head Head, entries iter.Seq2[Entry, error]) error {
	out := jsontext.NewEncoder(w, jsontext.EscapeForJS(true)) // it ends each value with a new line, and no other character is one
	last := end{Head: head.String(), Whole: true}
	cut, err := each(head, entries, func(x exported) error {
		last.Entries++
		return json.MarshalEncode(out, x)
	})
	if err != nil {
		return err
	}
	last.Whole = cut == nil
	return errors.Join(cut, json.MarshalEncode(out, last))
}

// each writes the entries up to the head. What they end with is apart from what writing ends with: after the first there is
// still a last line to write.
func each(head Head, entries iter.Seq2[Entry, error], write func(exported) error) (cut, err error) {
	for e, cut := range entries {
		switch {
		case cut != nil:
			return cut, nil
		case e.Seq > head.Seq:
			continue
		}
		if err := write(export(e)); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
