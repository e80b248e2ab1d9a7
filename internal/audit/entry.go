package audit

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"console.internal/internal/stytch"
)

// Result is how an act ended.
type Result = stytch.Result

// The console's own words for acts that are no single operation of the upstream.
const (
	SignIn  = "sign-in"
	SignOut = "sign-out"
	Enter   = "enter"
	Leave   = "leave"
	// Prune is the deletion of old rows of the record itself.
	Prune = "prune"
	// AskForApp is a member's request that an app be allowed, AppRequestsClose the end of all requests for one.
	AskForApp        = "ask-for-app"
	AppRequestsClose = "close-app-requests"
	// DenyApp is a member's "no" to what an app asks for.
	DenyApp = "deny-app"
)

// Entry is an act with its outcome.
type Entry struct {
	// Seq is the row of the act in the chain. Later acts have larger ones; there are gaps, where outcomes are.
	Seq int64
	// At is when it was intended, in UTC by the clock of the console.
	At time.Time
	// Operation is the upstream operation's name, or one of the console's own words.
	Operation string
	// Actor is the person; the zero Actor is the console itself.
	Actor stytch.Actor
	// ActingOrganizationID and ActingMemberID say whose session carried the act.
	ActingOrganizationID, ActingMemberID string
	// OrganizationID is the tenant that was acted on, MemberID the member, and Target the id of what else it was about.
	OrganizationID, MemberID, Target string
	Reason                           string
	Changes                          []stytch.Change
	// Reference is the console's name of the request.
	Reference string
	// Result is ResultUnknown as long as there is no outcome.
	Result Result
	// FinishedAt is when the outcome was known. It is zero where there is none.
	FinishedAt time.Time
	// Status is the upstream's HTTP status, 0 where it did not answer.
	Status                       int
	UpstreamRequestID, ErrorType string
}

// Filter says which entries are wanted: those to which everything that is not zero applies.
type Filter struct {
	// Person is who did it: the whole e-mail address in any case, or a member id.
	Person string
	// OrganizationID is the tenant that was acted on.
	OrganizationID string
	// MemberID finds what was done to a member and what that member did.
	MemberID string
	Target   string
	// Operation is the whole name.
	Operation string
	// RequestID is the upstream's name of a request, or the console's.
	RequestID string
	Result    Result
	// From and To bound the time of the intent: From is within, To is not.
	From, To time.Time
}

// Head is the end of the chain at some time: how many rows were written, and the MAC of the last of them.
type Head struct {
	Seq int64
	// MAC has 64 hexadecimal digits.
	MAC string
}

// empty is the head of a chain without rows.
var empty = Head{MAC: strings.Repeat("0", 2*macSize)}

// String is SEQ:MAC.
func (h Head) String() string { return strconv.FormatInt(h.Seq, 10) + ":" + h.MAC }

var headText = regexp.MustCompile(`^(0|[1-9][0-9]{0,17}):([0-9a-f]{64})$`)

// ParseHead reads what String writes.
func ParseHead(text string) (Head, error) {
	match := headText.FindStringSubmatch(text)
	if match == nil {
		return Head{}, fmt.Errorf("audit: a head has the form SEQ:MAC, a number and %d hexadecimal digits", 2*macSize)
	}
	seq, err := strconv.ParseInt(match[1], 10, 64)
	return Head{Seq: seq, MAC: match[2]}, err
}

// raw is the MAC's bytes.
func (h Head) raw() ([]byte, error) { return hex.DecodeString(h.MAC) }
