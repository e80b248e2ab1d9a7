package stytch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// request is what a method adds to its operation's row.
type request struct {
	// path holds the values for the placeholders of the row's path, in order.
	path  []string
	query url.Values
	// body is encoded as JSON; nil sends none with GET and DELETE, and {} otherwise.
	body any
	// session is the member session for the header. Only the header door sets it.
	session Secret
	// organization, member and target say for the record what is acted on. No organization is the Tenant's own.
	organization, member, target string
	// asks are permissions that the console asks for before a call whose upstream is laxer than its own words (rule lax-creation).
	asks []Check
	// trace is told how far the call came; nil tells nobody.
	trace *trace
}

// answer is a decoded success. complete says whether its required fields were there: an answer without them is a fault
// and not a page full of zero values.
type answer interface{ complete() bool }

// empty is the answer of operations that say nothing but that they were done.
type empty struct {
	Status int `json:"status_code"`
}

func (e empty) complete() bool { return e.Status != 0 }

// filling is an answer that is to be filled. What sends and decides is written once, and not once for each kind of answer: the compiler
// would copy all of it.
type filling struct {
	// into is a pointer to the answer, and whole says whether its required fields are there.
	into  any
	whole func() bool
}

// fill gives the answer that send fills; of one that failed nothing is used.
func fill[T answer](send func(filling) error) (T, error) {
	out := new(T)
	if err := send(filling{out, func() bool { return (*out).complete() }}); err != nil {
		return *new(T), err
	}
	return *out, nil
}

// call sends an operation and decodes its answer. The doors have decided before; nothing else calls it.
func call[T answer](ctx context.Context, c *Client, op Operation, r request) (T, error) {
	return fill[T](func(f filling) error { return c.call(ctx, op, r, f) })
}

func (c *Client) call(ctx context.Context, op Operation, r request, f filling) error {
	row := op.Row()
	target, err := c.target(row.Path, r)
	if err != nil {
		return &Fault{Operation: op, Kind: Unreachable, Err: err}
	}
	payload := []byte(nil)
	if row.Method != http.MethodGet && row.Method != http.MethodDelete {
		payload = []byte("{}")
		if r.body != nil {
			if payload, err = json.Marshal(r.body); err != nil {
				return &Fault{Operation: op, Kind: Unreachable, Err: fmt.Errorf("encode: %w", err)}
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if r.trace == nil {
		r.trace = new(trace)
	}
	r.trace.sent = true
	err = c.attempt(ctx, op, target, payload, r, f)
	if err != nil && row.Retry && row.Kind == Read && isPassing(err) && pause(ctx) {
		err = c.attempt(ctx, op, target, payload, r, f)
	}
	return err
}

// isPassing says whether a second attempt has a chance: no answer, or one that says "not now". It is never asked after
// a refusal, nor after 429, which says that there were too many attempts already.
func isPassing(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status == http.StatusBadGateway || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusGatewayTimeout
	}
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Kind == Unreachable
}

// pause waits a moment with jitter, so that many pages that failed together do not come back together. It says no when
// the deadline would pass meanwhile.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(30*time.Millisecond + rand.N(90*time.Millisecond)) //nolint:gosec // G404: jitter needs no secret randomness
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (c *Client) target(path string, r request) (string, error) {
	var b strings.Builder
	b.WriteString(c.base)
	values := r.path
	for {
		before, rest, found := strings.Cut(path, "{")
		b.WriteString(before)
		if !found {
			break
		}
		_, after, _ := strings.Cut(rest, "}")
		// url.PathEscape leaves dots alone, and the server would climb.
		if len(values) == 0 || values[0] == "" || values[0] == "." || values[0] == ".." {
			return "", ErrInput
		}
		b.WriteString(url.PathEscape(values[0]))
		values, path = values[1:], after
	}
	if len(r.query) > 0 {
		b.WriteByte('?')
		b.WriteString(r.query.Encode())
	}
	return b.String(), nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largeBuffer is the capacity over which a buffer is not kept: one huge answer must not stay in memory for good.
const largeBuffer = 1 << 20

func (c *Client) attempt(ctx context.Context, op Operation, target string, payload []byte, r request, f filling) error {
	var body io.Reader
	if payload != nil {
		body = bytes.NewReader(payload)
	}
	req, err := http.NewRequestWithContext(ctx, op.Row().Method, target, body)
	if err != nil {
		return c.broken(ctx, op, err)
	}
	req.Header.Set("Authorization", c.basic)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "stytch-console")
	if req.Method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json") // with DELETE too, as the upstream's own libraries have it
	}
	if payload == nil {
		// A request without a body the transport sends again by itself, once for every kept connection that breaks. One whose
		// body it cannot rewind it leaves to us; the body is empty, and nothing of it is sent.
		req.Body = io.NopCloser(strings.NewReader(""))
	}
	if id := callerOf(ctx).RequestID; id != "" {
		req.Header.Set("X-Request-ID", id)
	}
	if r.session != "" {
		req.Header.Set("X-Stytch-Member-Session", r.session.Reveal())
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.broken(ctx, op, err)
	}
	defer func() { _ = resp.Body.Close() }()
	buf, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer func() {
		if buf.Cap() <= largeBuffer {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	if resp.StatusCode/100 == 3 {
		return &Fault{Operation: op, Kind: Redirected, Err: fmt.Errorf("answered %d", resp.StatusCode)}
	}
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, c.maxAnswer+1)); err != nil {
		return c.broken(ctx, op, err)
	}
	if int64(buf.Len()) > c.maxAnswer {
		return &Fault{Operation: op, Kind: TooLarge, Err: fmt.Errorf("answered more than %d bytes", c.maxAnswer)}
	}
	if resp.StatusCode < http.StatusBadRequest && resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		return &Fault{Operation: op, Kind: Malformed, Err: fmt.Errorf("answered %d", resp.StatusCode)}
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return refusal(op, resp.StatusCode, buf.Bytes())
	}
	if op.Row().Kind != Read {
		r.trace.requestID = requestID(buf.Bytes())
	}
	return f.decode(op, buf.Bytes())
}

// decode takes a success for one only if it is whole.
func (f filling) decode(op Operation, body []byte) error {
	if err := json.Unmarshal(body, f.into); err != nil {
		return &Fault{Operation: op, Kind: Malformed, RequestID: requestID(body), Err: errors.New("answer is not the JSON it should be")}
	}
	if !f.whole() {
		return &Fault{Operation: op, Kind: Malformed, RequestID: requestID(body), Err: errors.New("answer lacks required fields")}
	}
	return nil
}

// broken tells a deadline from a broken connection. The URL is left out of the text: it may hold a person's address.
func (c *Client) broken(ctx context.Context, op Operation, err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	kind := Unreachable
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		kind = Timeout
	}
	return &Fault{Operation: op, Kind: kind, Err: err}
}

// envelope is the upstream's form of a refusal (rule error-envelope).
type envelope struct {
	Type      string `json:"error_type"`
	Message   string `json:"error_message"`
	RequestID string `json:"request_id"`
}

func refusal(op Operation, status int, body []byte) error {
	var e envelope
	// A gateway in between may answer in HTML; the status alone then says what there is to say.
	if err := json.Unmarshal(body, &e); err != nil {
		e = envelope{}
	}
	return &Error{Operation: op, Status: status, Type: tidyID(e.Type), Message: e.Message, RequestID: tidyID(e.RequestID)}
}

func requestID(body []byte) string {
	var e struct {
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return ""
	}
	return tidyID(e.RequestID)
}

// tidyID keeps a request id or an error type only if it looks like one: they are shown on pages or written to logs.
func tidyID(id string) string {
	if len(id) > 80 {
		return ""
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return ""
		}
	}
	return id
}
