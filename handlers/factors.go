package handlers

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rsc.io/qr"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// The upstream's names of second factors; recovery codes are no method there, but a way all the same.
const (
	factorTOTP     = "totp"
	factorSMS      = "sms_otp"
	factorRecovery = "recovery_code"
)

// usableFactors are the second factors of a member who has an app or a proven number, the usual one first. Recovery codes come with
// the app, and are the last resort.
func usableFactors(app, phone bool, usual string) []string {
	var all []string
	if app {
		all = append(all, factorTOTP)
	}
	if phone {
		all = append(all, factorSMS)
	}
	if usual == factorSMS {
		slices.Reverse(all)
	}
	if app {
		all = append(all, factorRecovery)
	}
	return all
}

// sixDigits takes a code as people type it, with spaces or dashes.
func sixDigits(typed string) (string, bool) {
	code := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(typed)
	return code, len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

var recoveryCode = regexp.MustCompile(`^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$`)

// recoveryCodeOf takes a recovery code as people type it.
func recoveryCodeOf(typed string) (string, bool) {
	code := strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(typed))
	if len(code) != 12 {
		return "", false
	}
	code = code[:4] + "-" + code[4:8] + "-" + code[8:]
	return code, recoveryCode.MatchString(code)
}

var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// phoneOf takes a phone number in the international form, as people type it.
func phoneOf(typed string) (string, bool) {
	number := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "\u00a0", "").Replace(typed)
	return number, phoneNumber.MatchString(number)
}

// maskedPhone shows enough of a number to know it again, to who is half signed in.
func maskedPhone(number string) string {
	if len(number) < 6 {
		return "your phone"
	}
	return "the number that ends in " + number[len(number)-4:]
}

// qrCode draws text as the outline of an SVG path, with the quiet zone that readers need. An image in a data: address is
// what the policy of the page forbids.
func qrCode(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, err
	}
	const quiet = 4
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				b.WriteString("M" + strconv.Itoa(from+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(x-from) + "v1h-" + strconv.Itoa(x-from) + "z")
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}

// enrolment is an authenticator app that is being set up: kept sealed until its first code is right, so that a wrong code
// or a reload loses nothing.
type enrolment struct {
	Key   string   `json:"key"`
	Codes []string `json:"codes"`
}

// enrolmentNote names what is kept of a set-up in an organization.
func enrolmentNote(organizationID string) string { return "totp " + organizationID }

func (e enrolment) text() string {
	b, _ := json.Marshal(e) // strings marshal
	return string(b)
}

func enrolmentOf(t stytch.TOTP) enrolment {
	return enrolment{Key: t.Secret.Reveal(), Codes: revealed(t.RecoveryCodes)}
}

// revealed are recovery codes as a person is shown them, once.
func revealed(codes []stytch.Secret) []string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = code.Reveal()
	}
	return texts
}

func parseEnrolment(text string) (e enrolment, ok bool) {
	return e, json.Unmarshal([]byte(text), &e) == nil && e.Key != ""
}

// totpSetup is what one scans or types to set an authenticator app up.
func totpSetup(secret stytch.Secret, email, organization string) (*views.TOTPSetup, error) {
	text := secret.Reveal()
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	uri := "otpauth://totp/" + escape(organization) + ":" + escape(email) + "?secret=" + text + "&issuer=" + escape(organization)
	path, size, err := qrCode(uri)
	if err != nil {
		return nil, err
	}
	m := &views.TOTPSetup{Path: path, Size: size, URI: uri, Account: email, Issuer: organization}
	for len(text) > 4 {
		m.Groups = append(m.Groups, text[:4])
		text = text[4:]
	}
	m.Groups = append(m.Groups, text)
	return m, nil
}

// minutesLeft says how much time is left of something short.
func minutesLeft(now, until time.Time) string {
	left := int((until.Sub(now) + time.Minute - 1) / time.Minute)
	if left <= 1 {
		return "less than a minute"
	}
	return strconv.Itoa(left) + " minutes"
}

// errNoCode is something typed that has not the shape of a code.
var errNoCode = errors.New("handlers: not a code")
