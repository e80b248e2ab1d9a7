package stytch

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	other "github.com/go-json-experiment/json"
)

// Nothing that holds a token prints it: no verb (but %p, for which package fmt asks nobody), no log handler, no encoder.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	c := newClient(t, "http://127.0.0.1:1", nil)
	key := Key{OrganizationID: orgID, MemberID: memberID, Token: memberToken, Roles: []string{"admin"}}
	var (
		created        createdAppClient
		rotated        rotatedAppClient
		createdMachine createdM2MClient
		rotatedMachine rotatedM2MClient
	)
	created.Client.Secret, rotated.Client.Next, createdMachine.Client.Secret, rotatedMachine.Client.Next = memberToken, memberToken, memberToken, memberToken
	held := []any{
		Secret(memberToken), key, &key, c.Hold(key), c.HoldStaff(key), c.HoldStaff(key).Tenant(), c,
		SignIn{SessionToken: memberToken, Intermediate: memberToken},
		Discovery{Token: memberToken},
		With{Intermediate: memberToken},
		c.Halfway(orgID, memberID, memberToken), c.Hold(key).Halfway(),
		TOTP{Secret: memberToken, RecoveryCodes: []Secret{memberToken}},
		Options{Secret: secret},
		NewAppClient{Secret: memberToken},
		M2MClientSecret{Secret: memberToken},
		NewM2MClient{Secret: memberToken},
		created, rotated, createdMachine, rotatedMachine,
		Authorized{RedirectURI: "https://app.example/?code=" + memberToken},
		[]Secret{memberToken},
		map[string]Secret{"token": memberToken},
		struct{ T Tenant }{c.Hold(key)},
	}
	private := []string{
		memberToken, secret, fmt.Sprintf("%x", memberToken), fmt.Sprintf("%X", memberToken), strings.Trim(fmt.Sprintf("%d", []byte(memberToken)), "[]"),
		base64.StdEncoding.EncodeToString([]byte(projectID + ":" + secret)),
	}
	check := func(how string, value any, text string) {
		for _, word := range private {
			if strings.Contains(text, word) {
				t.Errorf("%T with %s: %s", value, how, text)
			}
		}
	}
	for _, value := range held {
		for verb := range strings.SplitSeq("v +v #v s q x X d t c U b o e f g 10.3s +q #x", " ") {
			check("%"+verb, value, fmt.Sprintf("%"+verb, value))
		}
		check("Sprint", value, fmt.Sprint(value)+fmt.Sprintln(value))
		for how, marshal := range map[string]func() ([]byte, error){
			"encoding/json": func() ([]byte, error) { return json.Marshal(value) },
			"json":          func() ([]byte, error) { return other.Marshal(value) },
		} {
			text, err := marshal()
			if err != nil {
				text = []byte(err.Error())
			}
			check(how, value, string(text))
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", value)
		check("slog", value, log.String())
	}
	if Secret(memberToken).Reveal() != memberToken || Secret(memberToken).String() != hidden {
		t.Error("Reveal and String have changed places")
	}
}
