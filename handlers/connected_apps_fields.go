package handlers

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// Bounds of what the upstream keeps of a client (rules token-values, app-client-shapes).
const (
	maxClientName        = 128
	maxClientDescription = 512
	maxTokenMinutes      = 24 * 60
	maxAudience          = 255
)

// clientGroup is a part of what is known of a client. One form changes one group.
type clientGroup struct {
	id, title, lead string
	fields          func(h *console, a *stytch.AppClient) []formField
	// reviewed groups are shown once more before they are saved: they shut people out, or let a client in further.
	reviewed bool
	// effects says what else a change does.
	effects func(changed map[string]change) []string
	// shut says why nothing of it can be changed for this client; "" where it can.
	shut func(a *stytch.AppClient) string
}

// clientGroups are all fields of a client that can be changed, each in one group.
var clientGroups = []clientGroup{
	{id: "about", title: "Name and description", lead: "What members read when the client asks them.", fields: aboutFields},
	{id: "redirects", title: "Redirect URLs", fields: redirectFields, reviewed: true, effects: redirectEffects},
	{id: "post-logout", title: "Post-logout URLs", fields: postLogoutFields},
	{id: "tokens", title: "Access tokens", lead: "It counts for tokens that are issued from now on.", fields: tokenFields},
	{id: "rights", title: "Rights", fields: rightsFields, reviewed: true, effects: rightsEffects, shut: rightsShut},
}

func clientGroupOf(id string) (*clientGroup, bool) {
	for i := range clientGroups {
		if clientGroups[i].id == id {
			return &clientGroups[i], true
		}
	}
	return nil, false
}

// clientField is one field of a client.
func clientField(f stytch.AppClientField, kind fieldKind, label, note string) formField {
	return formField{name: string(f), label: label, note: note, kind: kind}
}

func aboutFields(*console, *stytch.AppClient) []formField {
	return []formField{
		checked(clientField(stytch.AppClientName, kindText, "Name", "Up to 128 characters. Members see it when they are asked."), clientNameTrouble),
		checked(clientField(stytch.AppClientDescription, kindText, "Description", "A sentence on what it does. Empty for none."), clientDescriptionTrouble),
		checked(clientField(stytch.AppClientLogoURL, kindText, "Logo URL", "An image for pages of your own apps. The console never loads it. Empty for none."), logoTrouble),
	}
}

const redirectNote = "One a line, each whole: what a sign-in asks for must be on the list, letter by letter. Only the port of an address of this computer may differ. https, or http://127.0.0.1 and http://[::1]; no fragment, no *."

func redirectFields(h *console, a *stytch.AppClient) []formField {
	note := redirectNote
	if stytch.IsPublicApp(a.Type) {
		note += " An app on a phone may have a scheme of its own, as com.example.app:/callback."
	}
	return []formField{checked(clientField(stytch.AppClientRedirectURLs, kindAddresses, "Redirect URLs", note), h.clientAddresses(a.Type))}
}

func postLogoutFields(h *console, a *stytch.AppClient) []formField {
	return []formField{checked(clientField(stytch.AppClientPostLogoutURLs, kindAddresses, "Post-logout URLs",
		"One a line, each whole. Where the client may send people who have signed out. Empty for none."), h.clientAddresses(a.Type))}
}

// clientAddresses is the check of addresses for a client of a type of this project.
func (h *console) clientAddresses(clientType string) func(string) string {
	return clientAddresses(h.Env == views.EnvLive, stytch.IsPublicApp(clientType))
}

func tokenFields(*console, *stytch.AppClient) []formField {
	minutes := checked(clientField(stytch.AppClientTokenMinutes, kindText, "Minutes", "How long an access token is good for. A service that checks only its signature takes it until then."), minutesTrouble)
	minutes.value = func(wanted string) any {
		n, err := strconv.Atoi(wanted)
		if err != nil {
			return nil // the client sends no such value
		}
		return n
	}
	return []formField{
		minutes,
		checked(clientField(stytch.AppClientTokenAudience, kindText, "Audience", "Added to the project's own, for the service that takes the tokens. Empty for none."), audienceTrouble),
		checked(clientField(stytch.AppClientTokenTemplate, kindPassage, "Template",
			`A JSON object of claims that each token has besides. {{member.email_address}} and the like stand for values of the member and the organization. Empty for none.`), templateTrouble),
	}
}

func rightsFields(*console, *stytch.AppClient) []formField {
	return []formField{
		yesNoField(stytch.AppClientFullAccess, "Full access", "The client may ask for full_access: its tokens can then be exchanged for the member's own session.", "May ask for it", "May not"),
		yesNoField(stytch.AppClientBypassOffline, "Staying connected", "The client may ask for offline_access: refresh tokens, with which it works while the member is away.", "Gets it without the member's consent", "Asks the member"),
	}
}

func yesNoField(f stytch.AppClientField, label, note, yes, no string) formField {
	return among(clientField(f, kindChoice, label, note), nil, choices("yes", yes, "no", no)...)
}

// rightsShut says why rights cannot be given to a client that is not one's own (rule app-types).
func rightsShut(a *stytch.AppClient) string {
	if stytch.IsFirstPartyApp(a.Type) {
		return ""
	}
	return "Only first-party clients may have it, and the type of a client never changes."
}

// clientNow is how each field of a client stands, in the canonical text of its kind.
func clientNow(a *stytch.AppClient) map[string]string {
	now := map[stytch.AppClientField]string{
		stytch.AppClientName: strings.TrimSpace(a.Name), stytch.AppClientDescription: strings.TrimSpace(a.Description), stytch.AppClientLogoURL: strings.TrimSpace(a.LogoURL),
		stytch.AppClientRedirectURLs: addressText(strings.Join(a.RedirectURLs, "\n")), stytch.AppClientPostLogoutURLs: addressText(strings.Join(a.PostLogoutURLs, "\n")),
		stytch.AppClientTokenMinutes: strconv.Itoa(a.TokenMinutes), stytch.AppClientTokenAudience: strings.TrimSpace(a.TokenAudience),
		stytch.AppClientTokenTemplate: strings.TrimSpace(strings.ReplaceAll(a.TokenTemplate, "\r\n", "\n")),
		stytch.AppClientFullAccess:    yesNoText(a.FullAccess), stytch.AppClientBypassOffline: yesNoText(a.BypassOffline),
	}
	texts := make(map[string]string, len(now))
	for field, text := range now {
		texts[string(field)] = text
	}
	return texts
}

func clientNameTrouble(name string) string {
	switch {
	case name == "":
		return "Enter a name: members are asked by it."
	case utf8.RuneCountInString(name) > maxClientName:
		return "This name is too long: 128 characters are the most."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "A name has letters and spaces in one line."
	}
	return ""
}

func clientDescriptionTrouble(text string) string {
	switch {
	case utf8.RuneCountInString(text) > maxClientDescription:
		return "This is too long: 512 characters are the most."
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return "A description has letters and spaces in one line."
	}
	return ""
}

func audienceTrouble(text string) string {
	switch {
	case len(text) > maxAudience:
		return "This is too long: 255 bytes are the most."
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "An audience has no spaces, such as https://api.acme.example."
	}
	return ""
}

var (
	templateTag  = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	templatePath = regexp.MustCompile(`^\s*(member|organization)(\.[A-Za-z0-9_-]+)+\s*$`)
)

// templateTrouble says what is wrong with the template of a token; "" for nothing (rule token-template).
func templateTrouble(text string) string {
	if text == "" {
		return ""
	}
	for _, tag := range templateTag.FindAllStringSubmatch(text, -1) {
		if !templatePath.MatchString(tag[1]) {
			return quoted(tag[0]) + " stands for nothing. Write {{member.…}} or {{organization.…}}."
		}
	}
	// A tag may stand alone or in a text: a number is right in both places.
	filled := templateTag.ReplaceAllString(text, "0")
	v := jsontext.Value(filled)
	switch {
	case strings.Contains(filled, "{{") && !v.IsValid():
		return "A tag is not closed: it ends with }}."
	case !v.IsValid():
		return `This is not JSON. Write it as {"claim": "value"}, each claim once.`
	case v.Kind() != '{':
		return `This is JSON, but no object. Write it as {"claim": "value"}.`
	}
	return ""
}

// redirectEffects says what it means when addresses go, and where new ones lead.
func redirectEffects(changed map[string]change) []string {
	one, ok := changed[string(stytch.AppClientRedirectURLs)]
	if !ok {
		return nil
	}
	var says []string
	was, wanted := splitText(one.now), splitText(one.wanted)
	if gone := missingFrom(was, wanted); len(gone) > 0 {
		says = append(says, "Sign-ins that ask for "+addressCount(len(gone))+" that "+isAre(len(gone))+" taken away are refused from now on.")
	}
	if len(wanted) == 0 {
		says = append(says, "Nobody can sign in through this client any more.")
	}
	for _, added := range missingFrom(wanted, was) {
		r := redirectWords(added)
		switch {
		case r.Goes.Kind == views.StatusWarn && r.Before == "":
			says = append(says, "Codes may go to whatever app on the device has taken the scheme "+r.Host+".")
		case r.Goes.Kind == views.StatusWarn:
			says = append(says, "Codes may go to whatever program listens on the member's own computer, at "+r.Host+".")
		default:
			says = append(says, "Codes may go to "+r.Host+".")
		}
	}
	return says
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// missingFrom are the values that are not among others.
func missingFrom(values, others []string) []string {
	have := listed(others)
	var out []string
	for _, v := range values {
		if !have[v] {
			out = append(out, v)
		}
	}
	return out
}

func rightsEffects(changed map[string]change) []string {
	var says []string
	if one, ok := changed[string(stytch.AppClientFullAccess)]; ok {
		if one.wanted == "yes" {
			says = append(says, "Whoever runs the client can act as the members who let it in, with their own sessions: all that they may do, it may do.")
		} else {
			says = append(says, "It can no longer ask for full access, nor exchange tokens for sessions.")
		}
	}
	if one, ok := changed[string(stytch.AppClientBypassOffline)]; ok {
		if one.wanted == "yes" {
			says = append(says, "Members are not asked before it stays connected while they are away.")
		} else {
			says = append(says, "Members are asked before it stays connected. What it has now goes on.")
		}
	}
	return says
}

func addressCount(n int) string {
	if n == 1 {
		return "1 address"
	}
	return strconv.Itoa(n) + " addresses"
}
