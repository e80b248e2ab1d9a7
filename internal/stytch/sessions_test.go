package stytch

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// What a session rests on decides about second factors, step-up and who is at the keyboard. Each row is a list of factors.
func TestWhatASessionRestsOn(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 2, 3, 4, minute, 0, 0, time.UTC) }
	factor := func(kind, minute string) string {
		return `{"type":"` + kind + `","last_authenticated_at":"2026-02-03T04:` + minute + `:00Z"}`
	}
	by := `{"type":"impersonated","last_authenticated_at":"2026-02-03T04:50:00Z","impersonated_factor":{"impersonator_email_address":"sam@support.example"}}`
	for name, one := range map[string]struct {
		factors      string
		any, second  time.Time
		hasSecond    bool
		impersonator string
	}{
		"none":              {"", time.Time{}, time.Time{}, false, ""},
		"first only":        {factor("email_otp", "10") + "," + factor("password", "20"), at(20), time.Time{}, false, ""},
		"oldest last":       {factor("password", "20") + "," + factor("magic_link", "10"), at(20), time.Time{}, false, ""},
		"text message":      {factor("password", "20") + "," + factor("otp", "10"), at(20), at(10), true, ""},
		"app":               {factor("password", "20") + "," + factor("totp", "30"), at(30), at(30), true, ""},
		"recovery code":     {factor("otp", "05") + "," + factor("recovery_codes", "30"), at(30), at(30), true, ""},
		"single sign-on":    {factor("sso", "20"), at(20), time.Time{}, false, ""},
		"impersonated":      {by, time.Time{}, time.Time{}, false, "sam@support.example"},
		"by nobody":         {factor("impersonated", "50"), time.Time{}, time.Time{}, false, "unknown"},
		"not first":         {factor("email_otp", "10") + "," + by, at(10), time.Time{}, false, "sam@support.example"},
		"a kind not marked": {`{"type":"new","impersonated_factor":{"impersonator_email_address":""}}`, time.Time{}, time.Time{}, false, "unknown"},
		"without a time":    {`{"type":"totp","last_authenticated_at":null}`, time.Time{}, time.Time{}, true, ""},
	} {
		var s MemberSession
		must(t, json.Unmarshal([]byte(`{"authentication_factors":[`+one.factors+`]}`), &s))
		if got := s.ProvenAt(false); !got.Equal(one.any) {
			t.Errorf("%s: proven at %v, want %v", name, got, one.any)
		}
		if got := s.ProvenAt(true); !got.Equal(one.second) {
			t.Errorf("%s: a second one proven at %v, want %v", name, got, one.second)
		}
		if s.HasSecond() != one.hasSecond || s.Impersonator() != one.impersonator {
			t.Errorf("%s: second %t, impersonated by %q", name, s.HasSecond(), s.Impersonator())
		}
	}
}

func TestWhatIsStillMissing(t *testing.T) {
	t.Parallel()
	const missing = `{"member_id":"m","member":` + aMember + `,"organization":` + anOrganization + `,"member_authenticated":false,"intermediate_session_token":"i","mfa_required":`
	for mfa, want := range map[string]string{
		`{"member_options":{"mfa_phone_number":"+1","totp_registration_id":""},"secondary_auth_initiated":"sms_otp"}`: "sms_otp",
		`{"member_options":null,"secondary_auth_initiated":null}`:                                                     "",
		`{"member_options":null}`: "",
	} {
		in, err := decode[SignIn](LinkAuthenticate, []byte(missing+mfa+`}`))
		if err != nil || in.MFARequired == nil || in.MFARequired.Initiated != want || (in.MFARequired.Options != nil) != (want != "") {
			t.Errorf("%s: %+v, %v", mfa, in.MFARequired, err)
		}
	}
}

func TestStrengthHasBothKindsOfFeedback(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Strength{
		`{"valid_password":false,"score":1,"breached_password":true,"strength_policy":"zxcvbn","luds_feedback":null,"zxcvbn_feedback":{"warning":"w","suggestions":["a","b"]}}`: {
			Score: 1, Breached: true, Policy: "zxcvbn", StrengthAdvice: StrengthAdvice{"w", []string{"a", "b"}},
		},
		`{"valid_password":true,"score":0,"breached_password":false,"strength_policy":"luds","zxcvbn_feedback":null,"luds_feedback":{"has_lower_case":true,"has_upper_case":true,"has_digit":true,"has_symbol":true,"missing_complexity":1,"missing_characters":2}}`: {
			Valid: true, Policy: "luds", StrengthClasses: StrengthClasses{true, true, true, true, 1, 2},
		},
	} {
		got, err := decode[Strength](PasswordStrength, []byte(text))
		must(t, err)
		if got.Valid != want.Valid || got.Score != want.Score || got.Breached != want.Breached || got.Policy != want.Policy ||
			got.Warning != want.Warning || len(got.Suggestions) != len(want.Suggestions) || got.StrengthClasses != want.StrengthClasses {
			t.Errorf("%s becomes %+v", text, got)
		}
	}
}
