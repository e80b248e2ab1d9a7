package sandbox

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// faultHeader marks an answer that a fault has spoiled, so that the contract check lets it through.
const faultHeader = "X-Sandbox-Fault"

// hugeBody is how much a fault of kind huge sends, in bytes.
const hugeBody = 100 << 20

// serveSpoiled answers a call as the faults that hit it want.
func (s *Server) serveSpoiled(ctx context.Context, w http.ResponseWriter, c *call, hits []Fault) {
	var last *Fault
	for i := range hits {
		fault := &hits[i]
		switch fault.Kind {
		case FaultHold:
			c.log.Fault = FaultHold
			if !s.faults.hold(ctx, c.log.Page, fault.Hold) {
				c.log.Fault = holdTimeout
			}
		case FaultLatency:
			c.log.Fault = FaultLatency
			pause(ctx, time.Duration(fault.LatencyMS)*time.Millisecond)
		case FaultDeny:
			c.deny = append(c.deny, *fault)
		default:
			last = fault
		}
	}
	if last == nil {
		var body []byte
		c.log.Status, body = s.execute(c)
		send(w, c.log.Status, body)
		return
	}
	c.log.Fault = last.Kind
	w.Header().Set(faultHeader, last.Kind)
	s.spoil(ctx, w, c, last)
}

// spoil sends one spoiled answer. Only half, slow and garbage carry the operation out; the others come in its place.
func (s *Server) spoil(ctx context.Context, w http.ResponseWriter, c *call, fault *Fault) {
	c.log.Status = http.StatusOK
	switch fault.Kind {
	case FaultStatus:
		c.log.Status = fault.Status
		sendFaultStatus(w, c, fault)
	case FaultRedirect:
		c.log.Status = fault.Status
		if fault.Status == 0 {
			c.log.Status = http.StatusFound
		}
		w.Header().Set("Location", "http://"+c.request.Host+"/sandbox/redirected")
		w.WriteHeader(c.log.Status)
	case FaultReset:
		c.log.Status = 0
		c.after = func() { cut(w, true) }
	case FaultHalf:
		var body []byte
		c.log.Status, body = s.execute(c)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		send(w, c.log.Status, body[:len(body)/2])
		c.after = func() { cut(w, false) }
	case FaultSlow:
		var body []byte
		c.log.Status, body = s.execute(c)
		send(w, c.log.Status, nil)
		trickle(ctx, w, body)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1><script>alert('html')</script>")
	case FaultEmpty:
		send(w, http.StatusOK, nil)
	case FaultHuge:
		stream(ctx, w)
	case FaultGarbage:
		var body []byte
		c.log.Status, body = s.execute(c)
		send(w, c.log.Status, garble(body))
	}
}

func sendFaultStatus(w http.ResponseWriter, c *call, fault *Fault) {
	refusal := &apiError{fault.Status, fault.ErrorType, "A fault of the sandbox."}
	if refusal.kind == "" {
		switch {
		case fault.Status == http.StatusTooManyRequests:
			refusal = asRefusal(errTooManyRequests())
		case fault.Status >= http.StatusInternalServerError:
			internal := asRefusal(errInternal())
			refusal.kind, refusal.message = internal.kind, internal.message
		default:
			refusal.kind = "sandbox_fault"
		}
	}
	body, err := encode(refusal.answer(c.requestID))
	if err != nil {
		body = nil
	}
	send(w, fault.Status, body)
}

// cut ends the connection without a word: with a reset before anything was sent, else after what was written has left.
func cut(w http.ResponseWriter, reset bool) {
	control := http.NewResponseController(w)
	if !reset {
		_ = control.Flush() // a writer that cannot flush is cut all the same
	}
	connection, _, err := control.Hijack()
	if err != nil {
		return
	}
	if tcp, isTCP := connection.(*net.TCPConn); isTCP && reset {
		_ = tcp.SetLinger(0) // closing then sends a reset
	}
	_ = connection.Close()
}

// pause waits, or until the caller has gone.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// trickle sends one byte in 50 milliseconds.
func trickle(ctx context.Context, w http.ResponseWriter, body []byte) {
	control := http.NewResponseController(w)
	for i := range body {
		if ctx.Err() != nil {
			return
		}
		if _, err := w.Write(body[i : i+1]); err != nil {
			return
		}
		_ = control.Flush() // a writer that cannot flush sends at the end
		pause(ctx, 50*time.Millisecond)
	}
}

// stream sends a JSON string that does not end before hugeBody.
func stream(ctx context.Context, w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	chunk := []byte(strings.Repeat("a", 64<<10))
	if _, err := io.WriteString(w, `{"request_id":"`); err != nil {
		return
	}
	for sent := 0; sent < hugeBody && ctx.Err() == nil; sent += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}`) // a client that has gone is no concern of ours
}

// garble gives every field of an answer another type.
func garble(body []byte) []byte {
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		return []byte("[]")
	}
	for name, value := range fields {
		switch value.(type) {
		case string:
			fields[name] = 7
		case float64:
			fields[name] = "seven"
		case []any:
			fields[name] = map[string]any{"a": true}
		default:
			fields[name] = []any{1, "x"}
		}
	}
	garbled, err := json.Marshal(fields, json.Deterministic(true))
	if err != nil {
		return []byte("[]")
	}
	return garbled
}
