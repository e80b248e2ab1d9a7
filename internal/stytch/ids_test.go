package stytch

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestIDShapes(t *testing.T) {
	t.Parallel()
	const uuid = "0123456f-89ab-4cde-8f01-23456789abcd"
	for id, want := range map[string][4]bool{
		"organization-test-" + uuid: {true},
		"organization-live-" + uuid: {true},
		"member-test-" + uuid:       {false, true},
		"member-live-" + uuid:       {false, true},
		"":                          {},
		uuid:                        {},
		"organization-" + uuid:      {},
		"organization-test-":        {},
		"organization-prod-" + uuid: {},
		"Organization-test-" + uuid: {},
		"organization-test-" + strings.ToUpper(uuid):              {},
		"organization-test-" + uuid + " ":                         {},
		" organization-test-" + uuid:                              {},
		"organization-test-" + uuid + "\n":                        {},
		"organization-test-" + uuid + "/../x":                     {},
		"organization-test-" + uuid[:35]:                          {},
		"organization-test-" + uuid + "0":                         {},
		"organization-test-" + strings.ReplaceAll(uuid, "-", "_"): {},
		"organization-test-test-" + uuid:                          {},
		"organization-test-0123456g-89ab-4cde-8f01-23456789abcd":  {},
		"organization-test-01234567890ab-4cde-8f01-23456789abcd":  {},
		"organization-test-０123456f-89ab-4cde-8f01-2345678":       {},
		"member-session-test-" + uuid:                             {false, false, true},
		"member-session-live-" + uuid:                             {false, false, true},
		"session-test-" + uuid:                                    {},
		"connected-app-test-" + uuid:                              {false, false, false, true},
		"connected-app-live-" + uuid:                              {false, false, false, true},
		"connected-app-" + uuid:                                   {},
		"connected-app-test-" + uuid + "/secrets":                 {},
		"https://app.example/client":                              {},
		"m2m-client-test-" + uuid:                                 {},
		"member-session-" + uuid:                                  {},
		"acme":                                                    {},
	} {
		if got := [4]bool{IsOrganizationID(id), IsMemberID(id), IsSessionID(id), IsAppID(id)}; got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}

func FuzzIDShapes(f *testing.F) {
	for _, seed := range []string{orgID, memberID, appID, "organization-test-", "member-live-../..", "\x00"} {
		f.Add(seed)
	}
	const uuid = `-(test|live)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	organization, member, session := regexp.MustCompile(`^organization`+uuid), regexp.MustCompile(`^member`+uuid), regexp.MustCompile(`^member-session`+uuid)
	app := regexp.MustCompile(`^connected-app` + uuid)
	f.Fuzz(func(t *testing.T, id string) {
		if IsOrganizationID(id) != organization.MatchString(id) || IsMemberID(id) != member.MatchString(id) || IsSessionID(id) != session.MatchString(id) ||
			IsAppID(id) != app.MatchString(id) {
			t.Errorf("%q", id)
		}
	})
}

// Whoever makes an M2M client may choose its id, so it may be anything that stays in its place in a path.
func TestM2MIDs(t *testing.T) {
	t.Parallel()
	var paths []string
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == SessionAuthenticate.Row().Path {
			say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
			return
		}
		paths = append(paths, r.URL.EscapedPath())
		refuse(w, http.StatusNotFound, "m2m_client_not_found")
	})
	tenant := u.tenant(t, nil)
	staff := tenant.client.HoldStaff(tenant.key)
	for id, want := range map[string]string{
		m2mID: m2mID, "nightly-job": "nightly-job", "a/b": "a%2Fb", "../x": "..%2Fx", "a b?c#d": "a%20b%3Fc%23d", "%2e%2e": "%252e%252e", "é\x00": "%C3%A9%00",
		strings.Repeat("a", 128): strings.Repeat("a", 128), "": "", ".": "", "..": "", strings.Repeat("a", 129): "",
	} {
		for name, send := range clientCallsOf(staff, id) {
			paths = nil
			err := send(everything(t))
			if want == "" {
				if !errors.Is(err, ErrInput) || paths != nil {
					t.Errorf("%s of %q: sent %q, %v", name, id, paths, err)
				}
				continue
			}
			if !IsNotFound(err) || len(paths) != 1 || paths[0] != "/v1/m2m/clients/"+want && !strings.HasPrefix(paths[0], "/v1/m2m/clients/"+want+"/secrets/rotate") {
				t.Errorf("%s of %q: sent %q, %v", name, id, paths, err)
			}
		}
		if _, err := staff.CreateM2MClient(everything(t), NewM2MClient{ID: id}); errors.Is(err, ErrInput) != (want == "" && id != "") {
			t.Errorf("making %q: %v", id, err)
		}
	}
}

// clientCallsOf are the methods that are about one M2M client, with this id.
func clientCallsOf(s Staff, id string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"get":      func(ctx context.Context) error { return second(s.M2MClient(ctx, id)) },
		"update":   func(ctx context.Context) error { return second(s.UpdateM2MClient(ctx, id, wholeM2MChange())) },
		"delete":   func(ctx context.Context) error { return second(s.DeleteM2MClient(ctx, id)) },
		"start":    func(ctx context.Context) error { return second(s.StartM2MSecretRotation(ctx, id)) },
		"complete": func(ctx context.Context) error { return second(s.CompleteM2MSecretRotation(ctx, id)) },
		"cancel":   func(ctx context.Context) error { return second(s.CancelM2MSecretRotation(ctx, id)) },
	}
}

func TestTidyID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"request-id-test-b05c992f-ebdc-489d-a754-c7e70ba13141": "request-id-test-b05c992f-ebdc-489d-a754-c7e70ba13141",
		"A_b-9": "A_b-9", "": "", "a b": "", "a\nb": "", "<b>": "", "a.b": "", "é": "", "\xff": "",
		strings.Repeat("a", 80): strings.Repeat("a", 80), strings.Repeat("a", 81): "",
	} {
		if got := tidyID(id); got != want {
			t.Errorf("%q becomes %q", id, got)
		}
	}
}
