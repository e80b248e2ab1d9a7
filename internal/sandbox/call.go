package sandbox

import (
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxBody bounds what is read of a request, in bytes.
const maxBody = 1 << 20

// handler carries one operation out. It runs under the server's lock; what it returns is encoded under the lock too.
type handler func(*call) (any, error)

// rawAnswer is an answer that a handler has encoded itself.
type rawAnswer []byte

// envelope is in every answer.
type envelope struct {
	RequestID  string `json:"request_id"`
	StatusCode int    `json:"status_code"`
}

// call is one request on its way through.
type call struct {
	*Server
	request   *http.Request
	operation *Operation
	params    map[string]string
	body      []byte
	requestID string
	time      time.Time
	deny      []Fault
	log       *RequestLog
	after     func() // what a fault does to the connection once the request is in the log; may be nil
}

func (c *call) ok() envelope { return envelope{RequestID: c.requestID, StatusCode: http.StatusOK} }

// decode reads the body of the request; fields that are not known are ignored, as the upstream does.
func decode[T any](c *call) (T, error) {
	var into T
	if len(c.body) == 0 {
		return into, badRequest("bad_request", "The request body is empty; send a JSON object.")
	}
	if err := json.Unmarshal(c.body, &into); err != nil {
		return into, badRequest("bad_request", "The request body is not what the operation expects.")
	}
	return into, nil
}

func encode(answer any) ([]byte, error) {
	if raw, isRaw := answer.(rawAnswer); isRaw {
		return raw, nil
	}
	return json.Marshal(answer, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// execute answers the call, without faults.
func (s *Server) execute(c *call) (int, []byte) {
	answer, err := s.run(c)
	if err == nil {
		return http.StatusOK, answer
	}
	refusal, isRefusal := errors.AsType[*apiError](err)
	if !isRefusal {
		refusal = &apiError{status: http.StatusInternalServerError, kind: "internal_server_error", message: "Internal error."}
	}
	body, err := encode(refusal.answer(c.requestID))
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	return refusal.status, body
}

func (s *Server) run(c *call) ([]byte, error) {
	if !c.operation.open() && !s.authenticated(c.request) {
		return nil, unauthorized("unauthorized_credentials", "Unauthorized credentials.")
	}
	handle := s.operations[c.operation.ID]
	if handle == nil {
		return nil, refuse(http.StatusNotImplemented, "sandbox_not_implemented", "The sandbox does not have this operation yet.")
	}
	if err := c.readBody(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.time = s.now()
	s.store.sweep(c.time)
	answer, err := handle(c)
	if err != nil {
		return nil, err
	}
	return encode(answer)
}

// open tells whether an operation needs no credentials: keys that anybody verifies with are no secret.
func (o *Operation) open() bool { return o.ID == "api_b2b_session_v1_GetJWKS" }

func (s *Server) authenticated(r *http.Request) bool {
	user, password, given := r.BasicAuth()
	rightUser := subtle.ConstantTimeCompare([]byte(user), []byte(s.projectID))
	rightPassword := subtle.ConstantTimeCompare([]byte(password), []byte(s.secret))
	return given && rightUser&rightPassword == 1
}

func (c *call) readBody() error {
	if c.request.Method == http.MethodGet {
		return nil
	}
	if media, _, _ := strings.Cut(c.request.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) != "application/json" {
		return badRequest("bad_request", "Content-Type must be application/json.")
	}
	body, err := io.ReadAll(io.LimitReader(c.request.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return badRequest("bad_request", "The request body could not be read.")
	}
	c.body = body
	return nil
}

// serve answers one operation: faults, the operation, the log.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, operation *Operation, params map[string]string) {
	entry := RequestLog{
		Operation:   operation.ID,
		Method:      r.Method,
		SessionKind: "none",
		Started:     time.Now().UTC(),
		Page:        r.Header.Get("X-Request-ID"),
	}
	c := &call{
		Server: s, request: r, operation: operation, params: params,
		requestID: "request-id-test-" + randomUUID(), log: &entry,
	}
	s.requests.count(operation.ID)
	s.serveSpoiled(r.Context(), w, c, s.faults.use(operation.ID))
	entry.DurationMS = float64(time.Since(entry.Started).Microseconds()) / 1000
	s.requests.add(entry)
	if c.after != nil {
		c.after()
	}
}

// send writes a whole JSON answer.
func send(w http.ResponseWriter, status int, body []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone is no concern of ours
}

// refuseRoute answers a path, or a method, that the contract does not have.
func (s *Server) refuseRoute(w http.ResponseWriter, r *http.Request, known bool) {
	refusal := &apiError{http.StatusNotFound, "route_not_found", "There is no such route."}
	switch {
	case !s.authenticated(r):
		refusal = &apiError{http.StatusUnauthorized, "unauthorized_credentials", "Unauthorized credentials."}
	case known:
		refusal = &apiError{http.StatusMethodNotAllowed, "method_not_allowed", "The method is not allowed for this route."}
	}
	body, err := encode(refusal.answer("request-id-test-" + randomUUID()))
	if err != nil {
		body = nil
	}
	send(w, refusal.status, body)
}

// checkEmail accepts a bare address only.
func checkEmail(email string) error {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || strings.ContainsAny(email, " <>") {
		return errInvalidEmail()
	}
	return nil
}

// checkLocale checks an enumerated value that may be left out.
func checkLocale(locale string, allowed ...string) error {
	if locale == "" {
		return nil
	}
	if slices.Contains(allowed, locale) {
		return nil
	}
	return badRequest("invalid_locale", "The locale is not supported.")
}

// minutes checks a duration that may be left out, in minutes.
func minutes(given *int32, standard, least, most int32, kind string) (time.Duration, error) {
	if given == nil {
		return time.Duration(standard) * time.Minute, nil
	}
	if *given < least || *given > most {
		return 0, badRequest(kind, "The number of minutes is out of range.")
	}
	return time.Duration(*given) * time.Minute, nil
}
