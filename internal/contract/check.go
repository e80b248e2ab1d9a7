package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// faultHeader marks the answers that the sandbox has spoiled on purpose.
const faultHeader = "X-Sandbox-Fault"

// maxBody bounds what is checked of a body, in bytes.
const maxBody = 64 << 20

// TB is what the check needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Context() context.Context
}

// Check fails tb for each request to /v1/ that is not in the contract and for each answer of next that is not. The message has the
// operation and the reason, never a value: those may be secrets. Answers spoiled by a fault, and 501, are let through.
func Check(tb TB, next http.Handler) http.Handler {
	tb.Helper()
	loaded, err := Load()
	if err != nil {
		tb.Errorf("%v", err)
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") {
			next.ServeHTTP(w, r)
			return
		}
		operation := loaded.match(r.Method, r.URL.EscapedPath())
		if operation == nil {
			report(tb, "request", "unknown operation", errors.New("no operation of the contract has this method and path"))
			next.ServeHTTP(w, r)
			return
		}
		if err := loaded.checkRequest(operation, r); err != nil {
			report(tb, "request", operation.ID, err)
		}
		seen := &recorder{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		if w.Header().Get(faultHeader) != "" || seen.status == http.StatusNotImplemented || seen.status == http.StatusMisdirectedRequest {
			return
		}
		if err := loaded.checkAnswer(operation, seen); err != nil {
			report(tb, "answer", operation.ID, err)
		}
	})
}

func report(tb TB, what, operation string, err error) {
	tb.Helper()
	if tb.Context().Err() != nil {
		return // the test is over; failing it now would panic
	}
	tb.Errorf("contract: %s of %s: %v", what, operation, err)
}

func (c *Contract) checkRequest(o *Operation, r *http.Request) error {
	for key := range r.URL.Query() {
		if !slices.Contains(o.Queries, key) {
			return fmt.Errorf("the query parameter %q is not in the contract", key)
		}
	}
	for _, header := range []string{"X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT"} {
		if len(r.Header.Values(header)) > 0 && !slices.Contains(o.Headers, header) {
			return fmt.Errorf("the operation ignores the header %s", header)
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return fmt.Errorf("the body cannot be read: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if o.request == nil {
		if len(body) > 0 {
			return errors.New("the operation takes no body")
		}
		return nil
	}
	if media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) != "application/json" {
		return errors.New("Content-Type is not application/json")
	}
	return c.checkBody(o.request, false, body)
}

func (c *Contract) checkAnswer(o *Operation, seen *recorder) error {
	if media, _, _ := strings.Cut(seen.Header().Get("Content-Type"), ";"); strings.TrimSpace(media) != "application/json" {
		return errors.New("Content-Type is not application/json")
	}
	schema := o.answer
	if seen.status != http.StatusOK {
		schema = object{"$ref": "#/components/schemas/Error"}
	}
	if err := c.checkBody(schema, true, seen.body.Bytes()); err != nil {
		return fmt.Errorf("status %d: %w", seen.status, err)
	}
	var envelope struct {
		StatusCode int `json:"status_code"`
	}
	if err := json.Unmarshal(seen.body.Bytes(), &envelope); err != nil || envelope.StatusCode != seen.status {
		return fmt.Errorf("status %d: status_code says something else", seen.status)
	}
	return nil
}

func (c *Contract) checkBody(root object, answer bool, body []byte) error {
	schema, err := c.schema(root, answer)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	var value any
	if err := decoder.Decode(&value); err != nil {
		return errors.New("the body is not JSON")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON")
	}
	return reason(schema.VisitJSON(value))
}

// reason keeps where and why of a schema error and drops the value.
func reason(err error) error {
	if err == nil {
		return nil
	}
	if found, isSchema := errors.AsType[*openapi3.SchemaError](err); isSchema {
		return fmt.Errorf("at /%s: %s", strings.Join(found.JSONPointer(), "/"), found.Reason)
	}
	return errors.New("the body does not fit its schema")
}

// recorder passes an answer on and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.Header().Get(faultHeader) == "" && r.body.Len() < maxBody {
		r.body.Write(b)
	}
	return r.ResponseWriter.Write(b)
}
