package stytch

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

func jsonNames(of reflect.Type) []string {
	var names []string
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// Nobody's permission is asked for it, so what is decoded of a client is what anybody may know. Whoever adds a field here shows it to
// the world.
func TestOfAConsentClientNothingElseIsDecoded(t *testing.T) {
	t.Parallel()
	want := []string{"client_id", "client_name", "client_type", "status", "redirect_urls", "creation_method", "client_id_metadata_url"}
	if got := jsonNames(reflect.TypeFor[ConsentClient]()); !slices.Equal(got, want) {
		t.Errorf("of a client %q are decoded, want %q", got, want)
	}
	if got := jsonNames(reflect.TypeFor[consentClientAnswer]()); !slices.Equal(got, []string{"request_id", "connected_app"}) {
		t.Errorf("of the answer %q are decoded", got)
	}
	more := strings.Replace(anApp, "{", `{"client_secret_last_four":"`+memberToken+`","access_token_template_content":"`+memberToken+`","logo_url":"`+memberToken+`",`, 1)
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{"connected_app":`+more+`}`) })
	got, err := newClient(t, u.URL, nil).ConsentClient(everything(t), appID)
	must(t, err)
	text, err := json.Marshal(got)
	must(t, err)
	if strings.Contains(string(text), memberToken) || got.ID != appID || got.RedirectURLs[0] != aRedirect {
		t.Errorf("decoded %s", text)
	}
	if heads := u.heads; len(heads) != 1 || heads[0].Get("X-Stytch-Member-Session") != "" {
		t.Errorf("sent %v", heads)
	}
}

// The upstream takes a member in the place of a session, and would then believe the project secret alone that they agreed.
func TestNobodyAgreesForAnother(t *testing.T) {
	t.Parallel()
	selectors := []string{"member_id", "organization_id", "session_jwt"}
	for _, of := range []reflect.Type{reflect.TypeFor[authorizeStartRequest](), reflect.TypeFor[authorizeRequest]()} {
		names := jsonNames(of)
		for _, name := range selectors {
			if slices.Contains(names, name) {
				t.Errorf("%s has %s", of.Name(), name)
			}
		}
		if !slices.Contains(names, "session_token") {
			t.Errorf("%s names nobody", of.Name())
		}
	}
	if names := jsonNames(reflect.TypeFor[consentPreviewRequest]()); slices.Contains(names, "session_token") || slices.Contains(names, "consent_granted") {
		t.Errorf("a preview has %q", names)
	}
	var body map[string]any
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		body = nil
		if err == nil {
			err = json.Unmarshal(text, &body)
		}
		if err != nil {
			t.Error(err)
		}
		say(w, http.StatusOK, `{}`)
	})
	tenant := u.tenant(t, nil)
	for name, send := range map[string]func(Tenant) error{
		"start":  func(held Tenant) error { return second(held.AuthorizeStart(everything(t), wholeAuthorization)) },
		"grant":  func(held Tenant) error { return second(held.Authorize(everything(t), wholeAuthorization, true)) },
		"denial": func(held Tenant) error { return second(held.Authorize(everything(t), wholeAuthorization, false)) },
	} {
		_ = send(tenant)
		granted, decided := body["consent_granted"]
		if body["session_token"] != memberToken || body["member_id"] != nil || body["response_type"] != "code" || decided != (name != "start") || decided && granted != (name == "grant") {
			t.Errorf("%s sends %v", name, body)
		}
		if _, told := body["state"]; told != decided {
			t.Errorf("%s sends %v", name, body)
		}
		before := len(u.seen())
		for whose, held := range map[string]Tenant{
			"nobody": {}, "no token": tenant.client.Hold(Key{OrganizationID: orgID, MemberID: memberID}),
		} {
			if err := send(held); !errors.Is(err, ErrOperation) {
				t.Errorf("%s by %s: %v", name, whose, err)
			}
		}
		readOnly := tenant
		readOnly.key.ReadOnly = true
		if err := send(readOnly); errors.Is(err, ErrReadOnly) == (name == "start") {
			t.Errorf("%s by an impersonated session: %v", name, err)
		}
		if sent := len(u.seen()) - before; sent != map[bool]int{true: 1}[name == "start"] {
			t.Errorf("%s is sent %d times without a session of the member's own", name, sent)
		}
	}
}

// A request without scopes or resources says so in the contract's form: the scopes are none, not null.
func TestAnAuthorizationWithTheLeast(t *testing.T) {
	t.Parallel()
	var got string
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = string(text)
		say(w, http.StatusOK, `{}`)
	})
	tenant := u.tenant(t, nil)
	least := Authorization{ClientID: appID, RedirectURI: aRedirect}
	for want, send := range map[string]func() error{
		`"consent_granted":false,`: func() error { return second(tenant.Authorize(everything(t), least, false)) },
		``:                         func() error { return second(tenant.AuthorizeStart(everything(t), least)) },
	} {
		_ = send()
		want = `{` + want + `"client_id":"` + appID + `","redirect_uri":"` + aRedirect + `","response_type":"code","scopes":[],"session_token":"` + memberToken + `"}`
		if !sameJSON(t, got, want) {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}
