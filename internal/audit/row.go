package audit

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"console.internal/internal/stytch"
)

// What a row may hold at most, in characters, and the two values of a change in bytes.
const (
	maxReason  = 500
	maxText    = 300
	maxValue   = 4 << 10
	maxChanges = 64
)

// row is the body of one row of the chain. It is of one of three kinds: an act, an outcome that names the row of its intent,
// or an act and its outcome in one.
type row struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Act     *act      `json:"act,omitzero"`
	Intent  int64     `json:"intent,omitzero"`
	Outcome *outcome  `json:"outcome,omitzero"`
	// Pruned goes with an act of pruning.
	Pruned *pruned `json:"pruned,omitzero"`
}

type act struct {
	Operation            string   `json:"operation"`
	ActorEmail           string   `json:"actor_email"`
	ActorName            string   `json:"actor_name"`
	ActorMemberID        string   `json:"actor_member_id"`
	ActorOrganizationID  string   `json:"actor_organization_id"`
	ActingOrganizationID string   `json:"acting_organization_id"`
	ActingMemberID       string   `json:"acting_member_id"`
	OrganizationID       string   `json:"organization_id"`
	MemberID             string   `json:"member_id"`
	Target               string   `json:"target"`
	Reason               string   `json:"reason"`
	Changes              []change `json:"changes,omitempty"`
	Reference            string   `json:"reference"`
}

type change struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

type outcome struct {
	Result    Result `json:"result"`
	Status    int    `json:"status"`
	RequestID string `json:"request_id"`
	ErrorType string `json:"error_type"`
}

// pruned is up to where rows were deleted, and how many.
type pruned struct {
	Seq  int64  `json:"seq"`
	MAC  string `json:"mac"`
	Rows int64  `json:"rows"`
}

// actOf bounds an act.
func actOf(a stytch.Act) *act {
	name := a.Name
	if name == "" && a.Operation != 0 {
		name = a.Operation.String()
	}
	out := &act{
		Operation: text(name), ActorEmail: text(a.Actor.Email), ActorName: text(a.Actor.Name), ActorMemberID: text(a.Actor.MemberID),
		ActorOrganizationID: text(a.Actor.OrganizationID), ActingOrganizationID: text(a.ActingOrganizationID),
		ActingMemberID: text(a.ActingMemberID), OrganizationID: text(a.OrganizationID), MemberID: text(a.MemberID),
		Target: text(a.Target), Reason: cut(a.Reason, maxReason), Reference: text(a.Reference),
	}
	for i, c := range a.Changes {
		if i == maxChanges-1 && len(a.Changes) > maxChanges {
			out.Changes = append(out.Changes, change{Field: "and " + strconv.Itoa(len(a.Changes)-i) + " more"})
			break
		}
		out.Changes = append(out.Changes, change{text(c.Field), cutBytes(c.Was, maxValue), cutBytes(c.Now, maxValue)})
	}
	return out
}

func outcomeOf(o stytch.Outcome) *outcome {
	return &outcome{Result: Result(text(string(o.Result))), Status: o.Status, RequestID: text(o.RequestID), ErrorType: text(o.ErrorType)}
}

func text(s string) string { return cut(s, maxText) }

// cut ends a text after so many characters.
func cut(s string, characters int) string {
	s = valid(s)
	if len(s) <= characters {
		return s
	}
	n := 0
	for at := range s {
		if n++; n == characters && utf8.RuneCountInString(s[at:]) > 1 {
			return s[:at] + "…"
		}
	}
	return s
}

// cutBytes ends a text after so many bytes, between characters.
func cutBytes(s string, size int) string {
	s = valid(s)
	if len(s) <= size {
		return s
	}
	at := size - len("…")
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "…"
}

// valid is the text as UTF-8, since the body is JSON.
func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

func (r row) encode() ([]byte, error) { return json.Marshal(r, json.Deterministic(true)) }

// errBody is a body that no version of the console has written.
var errBody = errors.New("audit: the body of a row cannot be read")

func decode(body []byte) (row, error) {
	var r row
	if err := json.Unmarshal(body, &r, json.RejectUnknownMembers(true)); err != nil {
		return row{}, errors.Join(errBody, err)
	}
	if r.Act == nil && (r.Outcome == nil || r.Intent == 0) {
		return row{}, errBody
	}
	return r, nil
}

// columns are what an entry is found by. They are comparable, so that Verify can tell whether they are those of the body.
type columns struct {
	Outcome, At                                                    int64
	Operation, ActorEmail, ActorMemberID, ActingMemberID           string
	OrganizationID, MemberID, Target, Reference, RequestID, Result string
}

// fields are for reading and writing them.
func (c *columns) fields() []any {
	return []any{
		&c.Outcome, &c.At, &c.Operation, &c.ActorEmail, &c.ActorMemberID, &c.ActingMemberID, &c.OrganizationID, &c.MemberID, &c.Target, &c.Reference, &c.RequestID, &c.Result,
	}
}

// columns are those of an act that has no other row yet.
func (r row) columns() columns {
	a := r.Act
	c := columns{
		At: r.At.UnixNano(), Operation: a.Operation, ActorEmail: strings.ToLower(a.ActorEmail), ActorMemberID: a.ActorMemberID,
		ActingMemberID: a.ActingMemberID, OrganizationID: a.OrganizationID, MemberID: a.MemberID, Target: a.Target, Reference: a.Reference,
		Result: string(stytch.ResultUnknown),
	}
	if r.Outcome != nil {
		c.ended(r.Seq, r.Outcome)
	}
	return c
}

// ended notes the outcome, which is in the row seq.
func (c *columns) ended(seq int64, o *outcome) {
	c.Outcome, c.Result, c.RequestID = seq, string(o.Result), o.RequestID
}

// entry is an act and the row with its outcome, which may be the same one or nil.
func entry(intent row, end *row) Entry {
	a := intent.Act
	e := Entry{
		Seq: intent.Seq, At: intent.At, Operation: a.Operation,
		Actor:                stytch.Actor{Email: a.ActorEmail, Name: a.ActorName, MemberID: a.ActorMemberID, OrganizationID: a.ActorOrganizationID},
		ActingOrganizationID: a.ActingOrganizationID, ActingMemberID: a.ActingMemberID,
		OrganizationID: a.OrganizationID, MemberID: a.MemberID, Target: a.Target, Reason: a.Reason, Reference: a.Reference,
		Result: stytch.ResultUnknown,
	}
	for _, c := range a.Changes {
		e.Changes = append(e.Changes, stytch.Change(c))
	}
	if end != nil {
		e.FinishedAt, e.Result, e.Status = end.At, end.Outcome.Result, end.Outcome.Status
		e.UpstreamRequestID, e.ErrorType = end.Outcome.RequestID, end.Outcome.ErrorType
	}
	return e
}

const macSize = sha256.Size

// key makes MACs.
type key struct {
	id     string
	secret []byte
}

// keyOf derives a key of the chain from one of the console's, which has other uses too.
func keyOf(master []byte) (key, error) {
	secret, err := hkdf.Key(sha256.New, master, nil, "console audit chain", macSize)
	if err != nil {
		return key{}, err
	}
	id := sha256.Sum256(append([]byte("console audit key id "), secret...))
	return key{hex.EncodeToString(id[:8]), secret}, nil
}

// next is the head after a row with this body.
func (k key) next(before Head, body []byte) (Head, error) {
	mac := hmac.New(sha256.New, k.secret)
	prior, err := before.raw()
	if err != nil {
		return Head{}, err
	}
	mac.Write(prior)
	mac.Write(body)
	return Head{before.Seq + 1, hex.EncodeToString(mac.Sum(nil))}, nil
}
