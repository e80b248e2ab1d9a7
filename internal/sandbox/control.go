package sandbox

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// isControl tells the sandbox's own pages from the upstream's.
func isControl(path string) bool { return path == "/" || strings.HasPrefix(path, "/sandbox") }

// controlPolicy is what the sandbox's own pages may do, but for where their forms lead.
const controlPolicy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"

// control answers the sandbox's own pages. They need no credentials: whoever reaches this address is at the machine.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", controlPolicy+"; form-action 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		s.show(w, r)
	case http.MethodPost, http.MethodDelete:
		if r.Method == http.MethodPost && r.URL.Path == oauthPage {
			s.choose(w, r)
			return
		}
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, demoResults) {
			s.demoAct(w, r)
			return
		}
		// A page of another site can post forms and text to this port, but not JSON without asking first.
		if media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) != "application/json" {
			http.Error(w, "Content-Type must be application/json.", http.StatusUnsupportedMediaType)
			return
		}
		if r.Method == http.MethodPost && isPush(r.URL.Path) {
			s.pushed(w, r)
			return
		}
		s.change(w, r)
	default:
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
	}
}

func (s *Server) show(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, demoPage) {
		s.showDemo(w, r)
		return
	}
	switch r.URL.Path {
	case "/", "/sandbox", "/sandbox/":
		http.Redirect(w, r, "/sandbox/outbox", http.StatusSeeOther)
	case "/sandbox/outbox":
		s.showOutbox(w)
	case "/sandbox/outbox.css":
		showStyle(w, outboxStyle)
	case oauthPage:
		s.showAccounts(w, r)
	case ssoPage:
		s.showIdP(w, r)
	case "/sandbox/idp.css":
		showStyle(w, idpStyle)
	case "/sandbox/outbox.json":
		sendJSON(w, s.outboxOf(r.URL.Query().Get("to")))
	case "/sandbox/authenticators.json":
		sendJSON(w, s.authenticators())
	case "/sandbox/operations.json":
		sendJSON(w, s.implemented())
	case "/sandbox/requests.json":
		sendJSON(w, s.requests.list(r.URL.Query().Get("page")))
	case "/sandbox/faults":
		sendJSON(w, s.faults.list())
	case "/sandbox/redirected":
		sendJSON(w, map[string]string{"message": "A client that follows redirects of the upstream ends here."})
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) change(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "POST /sandbox/faults":
		fault, err := readControl[Fault](r)
		if err == nil {
			err = s.SetFault(fault)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		sendJSON(w, s.faults.list())
	case "POST /sandbox/impersonations":
		wanted, err := readControl[impersonationRequest](r)
		link := ""
		if err == nil {
			link, err = s.Impersonate(wanted.Organization, wanted.Email, wanted.Impersonator)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		sendJSON(w, map[string]string{"link": link})
	case "DELETE /sandbox/faults":
		s.ClearFaults()
		sendJSON(w, s.faults.list())
	case "POST /sandbox/clock":
		move, err := readControl[clockRequest](r)
		if err != nil || move.AdvanceSeconds <= 0 || move.AdvanceSeconds > maxAdvance {
			http.Error(w, "advance_seconds must be a number of seconds, from 1 to ten years.", http.StatusBadRequest)
			return
		}
		s.Advance(time.Duration(move.AdvanceSeconds) * time.Second)
		sendJSON(w, s.clock())
	case "DELETE /sandbox/clock":
		s.ResetClock()
		sendJSON(w, s.clock())
	case "DELETE /sandbox/requests":
		s.ClearRequests()
		sendJSON(w, []RequestLog{})
	case "POST /sandbox/reset":
		s.Reset()
		sendJSON(w, map[string]bool{"reset": true})
	default:
		http.NotFound(w, r)
	}
}

// maxAdvance is ten years in seconds.
const maxAdvance = 10 * 366 * 24 * 60 * 60

type impersonationRequest struct {
	Organization string `json:"organization"` // a slug
	Email        string `json:"email"`
	Impersonator string `json:"impersonator_email"`
}

type clockRequest struct {
	AdvanceSeconds int64 `json:"advance_seconds"`
}

type clockAnswer struct {
	Now           time.Time `json:"now"`
	OffsetSeconds int64     `json:"offset_seconds"`
}

func (s *Server) clock() clockAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return clockAnswer{s.now(), int64(s.offset / time.Second)}
}

type implementedOperation struct {
	Implemented bool `json:"implemented"`
	Calls       int  `json:"calls"`
}

func (s *Server) implemented() map[string]implementedOperation {
	all := map[string]implementedOperation{}
	for _, operation := range Operations() {
		all[operation.ID] = implementedOperation{s.operations[operation.ID] != nil, s.requests.calledTimes(operation.ID)}
	}
	return all
}

// readControl reads a control body. Unlike the upstream it takes no unknown field: a misspelled fault would silently do nothing.
func readControl[T any](r *http.Request) (T, error) {
	var into T
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		return into, err
	}
	return into, json.Unmarshal(body, &into, json.RejectUnknownMembers(true))
}

func sendJSON(w http.ResponseWriter, answer any) {
	body, err := json.Marshal(answer, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		http.Error(w, "The answer could not be encoded.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) //nolint:gosec // it is JSON, and nosniff keeps browsers from taking it for a page; a client that has gone is no concern of ours
}
