package sandbox

import "time"

// Fault spoils answers of one operation, or of every one.
type Fault struct {
	// Operation is an operationId, or "*" for all.
	Operation string `json:"operation"`
	// Kind is one of the Fault* constants.
	Kind string `json:"kind"`
	// LatencyMS is the delay of kind latency, in milliseconds.
	LatencyMS int `json:"latency_ms,omitzero"`
	// Status and ErrorType are the answer of kind status; Status of kind redirect (default 302).
	Status    int    `json:"status,omitzero"`
	ErrorType string `json:"error_type,omitzero"`
	// Count ends the fault after that many uses; 0 means it stays.
	Count int `json:"count,omitzero"`
	// Probability of each use, 0 meaning always.
	Probability float64 `json:"probability,omitzero"`
	// Hold, of kind hold, keeps the operation until that many calls with the same X-Request-ID wait, or 2 seconds.
	Hold int `json:"hold,omitzero"`
	// Resource and Action, of kind deny, name the authorization_check that is refused; an empty one means any.
	Resource string `json:"resource,omitzero"`
	Action   string `json:"action,omitzero"`
}

// Kinds of faults.
const (
	FaultLatency  = "latency"
	FaultStatus   = "status"
	FaultRedirect = "redirect"
	FaultReset    = "reset"
	FaultHalf     = "half"
	FaultSlow     = "slow"
	FaultHTML     = "html"
	FaultEmpty    = "empty"
	FaultHuge     = "huge"
	FaultGarbage  = "garbage"
	FaultHold     = "hold"
	FaultDeny     = "deny"
)

// Check is the authorization_check of a request.
type Check struct {
	OrganizationID string `json:"organization_id"`
	ResourceID     string `json:"resource_id"`
	Action         string `json:"action"`
}

// RequestLog says what one request was, and nothing that is secret.
type RequestLog struct {
	// Operation is the operationId.
	Operation string `json:"operation"`
	Method    string `json:"method"`
	// Status is the HTTP status of the answer; 0 when the connection was cut before one.
	Status int `json:"status"`
	// OrganizationID and MemberID are those of the session that the request carried; empty without a session.
	OrganizationID string `json:"organization_id"`
	MemberID       string `json:"member_id"`
	// SessionKind is none, header, token (a session token or JWT in the body) or intermediate.
	SessionKind string `json:"session_kind"`
	// TargetOrganizationID is the organization that the request addressed; empty when there is none.
	TargetOrganizationID string `json:"target_organization_id"`
	// AuthorizationCheck is nil when the request had none, Authorized when it was not reached.
	AuthorizationCheck *Check `json:"authorization_check"`
	Authorized         *bool  `json:"authorized"`
	// Started is the real time, not that of the sandbox's clock.
	Started    time.Time `json:"started"`
	DurationMS float64   `json:"duration_ms"`
	// Page is the X-Request-ID of the call: the console's page.
	Page string `json:"page"`
	// Fault is the kind of the fault that spoiled the answer; hold says hold, or hold_timeout when nobody else came.
	Fault string `json:"fault,omitzero"`
}

// Message is one e-mail or text that was "sent".
type Message struct {
	// To is an e-mail address or, for texts, a phone number.
	To string `json:"to"`
	// Kind is discovery_link, discovery_code, login_link, signup_link, login_code, signup_code, invite, password_reset,
	// email_update_link, email_update_code or sms_code.
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	Link    string    `json:"link,omitzero"`
	Code    string    `json:"code,omitzero"`
	SentAt  time.Time `json:"sent_at"`
}
