package views

import (
	"strconv"
	"strings"
)

// The methods of a second factor, as the upstream names them.
const (
	methodTOTP     = "totp"
	methodSMS      = "sms_otp"
	methodRecovery = "recovery_code"
	methodCode     = "code"
	methodPassword = "password"
)

// LoginMFAPage asks for a second factor on the way into an organization, or sets one up.
type LoginMFAPage struct {
	Frame          Frame
	Organization   string // name of the organization
	OrganizationID string // sent as "organization_id"
	Email          string
	Lasts          string     // how long this step can be taken, as "9 more minutes"; "" leaves it out
	Method         string     // "totp", "sms_otp" or "recovery_code"; "" asks which of Ways to set up
	Enrolling      bool       // Method is being set up now
	Setup          *TOTPSetup // what to scan and type, while "totp" is set up; nil offers to start
	Phone          string     // "sms_otp": the number as shown, as "the number that ends in 4567", or what was typed while it is set up
	Sent           bool       // "sms_otp": a text was sent and its code is asked for; else the page offers to send one
	Unproven       bool       // "sms_otp": nobody has proven the number yet, and no other one can be named
	Ways           []Way      // other ways; those with a method go to Start
	OfferDefault   bool       // offers to use this factor first from now on (field "default", value "yes")
	Action         string     // address of the form that takes "organization_id", "method", "code" and "default"
	Start          string     // address of the form that takes "organization_id", "method" and "phone": sends the text, starts the set-up
	Back           string     // address of the organizations one may enter; "" leaves it out
	Another        string     // address of the sign-in page
	Problems       []Problem  // fields "code", "phone", or "" for the form
}

// TOTPSetup is what an authenticator app needs.
type TOTPSetup struct {
	Path    string   // the dark modules of the QR code, as the d attribute of an SVG path
	Size    int      // modules along one side, the quiet zone included
	Groups  []string // the secret in groups of four, to type by hand
	URI     string   // the otpauth address, for an app on the same device
	Account string   // how the app will call the account
	Issuer  string   // how the app will call the issuer
}

// Key is the secret as one types it, in one piece.
func (s *TOTPSetup) key() string { return strings.Join(s.Groups, "") }

func (s *TOTPSetup) viewBox() string {
	n := strconv.Itoa(s.Size)
	return "0 0 " + n + " " + n
}

// top are the problems that are told at the top: those of the form, and those with a field that the page does not have now.
func (m *LoginMFAPage) top() []Problem {
	sms := m.Method == methodSMS && !m.Sent
	has := map[string]bool{
		"phone": sms && m.Enrolling,
		"code":  m.Method != "" && !sms && (m.Method != methodTOTP || !m.Enrolling || m.Setup != nil),
	}
	var top []Problem
	for _, p := range m.Problems {
		if !has[p.Field] {
			top = append(top, Problem{Text: p.Text})
		}
	}
	return top
}

// hidden are the fields that every form of the page sends.
func (m *LoginMFAPage) hidden() []Hidden {
	return []Hidden{{Name: "organization_id", Value: m.OrganizationID}, {Name: "method", Value: m.Method}}
}

func (m *LoginMFAPage) heading() string {
	switch {
	case m.Method == "":
		return "Set up a second factor"
	case m.Enrolling && m.Method == methodTOTP:
		return "Set up an authenticator app"
	case m.Enrolling:
		return "Set up text messages"
	}
	return "A second factor is needed"
}

// lead says who asks and what is to be done now. Its even parts are what others wrote.
func (m *LoginMFAPage) lead() []string {
	asks := []string{"The organization asks for a second factor. "}
	if m.Organization != "" {
		asks = []string{"", m.Organization, " asks for a second factor. "}
	}
	now := m.now()
	asks[len(asks)-1] += now[0]
	return append(asks, now[1:]...)
}

func (m *LoginMFAPage) now() []string {
	switch {
	case m.Method == "":
		return []string{"You have none there yet. Choose one to set up."}
	case m.Method == methodRecovery:
		return []string{"A recovery code stands in for it when it is lost."}
	case m.Method == methodSMS && m.Enrolling && !m.Sent:
		return []string{"A code comes to your phone as a text message."}
	case m.Method == methodSMS:
		return onItsWay(m.Sent, m.Phone)
	case !m.Enrolling:
		return []string{"Your authenticator app shows a code. Enter it here."}
	case m.Setup == nil:
		return []string{"An app on your phone shows a new code every 30 seconds."}
	}
	return []string{"Two steps: give the app this key, then enter the code that it shows."}
}

// onItsWay says where a code goes or went, its second part what others wrote.
func onItsWay(sent bool, to string) []string {
	if to == "" {
		to = "you"
	}
	if sent {
		return []string{"A code is on its way to ", to, "."}
	}
	return []string{"We send a code to ", to, "."}
}
