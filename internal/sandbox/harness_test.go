package sandbox_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/contract"
	"console.internal/internal/sandbox"
)

const (
	ada = "ada@support.example"
	sam = "sam@support.example"
	kim = "kim@support.example"
)

// fields is a JSON object.
type fields = map[string]any

// world is a sandbox behind HTTP: checked by the contract, or plain for requests that break it on purpose.
type world struct {
	*sandbox.Server
	t       *testing.T
	checked string
	plain   string

	invitations int // in the outbox from the start
}

func start(t *testing.T, options sandbox.Options) *world {
	t.Helper()
	if options.RedirectURL == "" {
		options.RedirectURL = "http://127.0.0.1:8080/authenticate"
	}
	server, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	checked := httptest.NewServer(contract.Check(t, server))
	t.Cleanup(checked.Close)
	plain := httptest.NewServer(server)
	t.Cleanup(plain.Close)
	return &world{server, t, checked.URL, plain.URL, len(server.Outbox())}
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	fields fields
}

// request sends one request with the right credentials; headers are name, value pairs.
func (w *world) request(base, method, path string, body any, headers ...string) (*http.Response, error) {
	w.t.Helper()
	var reader io.Reader
	if body != nil {
		text, isText := body.(string)
		if !isText {
			encoded, err := json.Marshal(body)
			if err != nil {
				w.t.Fatal(err)
			}
			text = string(encoded)
		}
		reader = strings.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, base+path, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	request.SetBasicAuth(w.ProjectID(), w.Secret())
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	if request.Header.Get("Content-Type") == "" && (body != nil || method == http.MethodDelete) {
		request.Header.Set("Content-Type", "application/json")
	}
	return http.DefaultTransport.RoundTrip(request)
}

func (w *world) send(base, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	response, err := w.request(base, method, path, body, headers...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	got := answer{t: w.t, status: response.StatusCode, header: response.Header, raw: raw}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(raw, &got.fields) // answers that are no object have no fields
	}
	return got
}

// get and post go through the contract check, path being below /v1/b2b.
func (w *world) get(path string, headers ...string) answer {
	w.t.Helper()
	return w.send(w.checked, http.MethodGet, "/v1/b2b"+path, nil, headers...)
}

func (w *world) post(path string, body fields, headers ...string) answer {
	w.t.Helper()
	return w.send(w.checked, http.MethodPost, "/v1/b2b"+path, body, headers...)
}

// wrong posts what the contract forbids.
func (w *world) wrong(path string, body any) answer {
	w.t.Helper()
	return w.send(w.plain, http.MethodPost, "/v1/b2b"+path, body)
}

// want fails unless the answer is a 200, or the error named like "404 session_not_found".
func (a answer) want(outcome string) answer {
	a.t.Helper()
	got := "200"
	if a.status != http.StatusOK {
		got = strings.TrimSpace(strings.Join([]string{http.StatusText(a.status), text(a.fields["error_type"])}, " "))
		got = strings.Replace(got, http.StatusText(a.status), itoa(a.status), 1)
	}
	if got != outcome {
		a.t.Fatalf("got %s, want %s", got, outcome)
	}
	return a
}

func itoa(n int) string {
	encoded, err := json.Marshal(n)
	if err != nil {
		return "?"
	}
	return string(encoded)
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// at follows keys into nested objects.
func (a answer) at(keys ...string) any {
	var value any = a.fields
	for _, key := range keys {
		object, _ := value.(fields)
		value = object[key]
	}
	return value
}

func (a answer) text(keys ...string) string { return text(a.at(keys...)) }

func (a answer) list(keys ...string) []fields {
	values, _ := a.at(keys...).([]any)
	all := make([]fields, 0, len(values))
	for _, value := range values {
		object, _ := value.(fields)
		all = append(all, object)
	}
	return all
}

// session signs somebody in without a flow.
func (w *world) session(organization, email string) string {
	w.t.Helper()
	token, err := w.NewSession(organization, email)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// as is the member-session header of somebody.
func (w *world) as(organization, email string) []string {
	w.t.Helper()
	return []string{"X-Stytch-Member-Session", w.session(organization, email)}
}

// id is the organization_id of a slug.
func (w *world) id(slug string) string {
	w.t.Helper()
	return w.get("/organizations/"+slug).want("200").text("organization", "organization_id")
}

// sent is the outbox without the invitations that it begins with.
func (w *world) sent() []sandbox.Message {
	outbox := w.Outbox()
	return outbox[:len(outbox)-w.invitations]
}

// newest is the last thing that was sent.
func (w *world) newest() sandbox.Message {
	w.t.Helper()
	outbox := w.Outbox()
	if len(outbox) == 0 {
		w.t.Fatal("nothing was sent")
	}
	return outbox[0]
}

// token is that of a link.
func (w *world) token(message sandbox.Message) string {
	w.t.Helper()
	parsed, err := url.Parse(message.Link)
	if err != nil {
		w.t.Fatal(err)
	}
	return parsed.Query().Get("token")
}

// discover takes ada through discovery by code and gives the intermediate session token.
func (w *world) discover() string {
	w.t.Helper()
	w.post("/otps/email/discovery/send", fields{"email_address": ada}).want("200")
	return w.post("/otps/email/discovery/authenticate", fields{"email_address": ada, "code": w.newest().Code}).
		want("200").text("intermediate_session_token")
}

// slugs are those of discovered organizations, with the type of membership.
func (a answer) slugs() map[string]string {
	found := map[string]string{}
	for _, one := range a.list("discovered_organizations") {
		organization, _ := one["organization"].(fields)
		membership, _ := one["membership"].(fields)
		found[text(organization["organization_slug"])] = text(membership["type"])
	}
	return found
}

func keys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
