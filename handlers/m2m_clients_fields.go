package handlers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// Bounds of what the upstream keeps of an M2M client (rule m2m-values).
const (
	maxM2MID          = 128 // bytes
	maxM2MName        = 128
	maxM2MDescription = 512
	maxM2MScopes      = 100
	minM2MSecret      = 8
)

// The fields of an M2M client, by the upstream's names, which are the forms' too.
const (
	m2mID          = "client_id"
	m2mName        = "client_name"
	m2mDescription = "client_description"
	m2mSecret      = "client_secret"
	m2mScopes      = "scopes"
	m2mStatusField = "status"
	m2mMetadata    = "trusted_metadata"
)

// m2mTroubles are refusals of a value, by the upstream's name: the field that each is about, and a person's words (rule m2m-refusals).
var m2mTroubles = map[string]views.Problem{
	"duplicate_m2m_client_id":               {Field: m2mID, Text: "Another client has this id. Choose another one, or leave it empty."},
	"m2m_client_invalid_client_id":          {Field: m2mID, Text: "Stytch does not take this id. Use letters, digits and . _ ~ -, or leave it empty."},
	"insecure_m2m_client_secret":            {Field: m2mSecret, Text: "Stytch finds this secret too easy to guess. Take a longer one of random characters, or leave it empty."},
	"client_secret_too_long":                {Field: m2mSecret, Text: "This secret is too long for Stytch. Take a shorter one, or leave it empty."},
	"m2m_client_invalid_client_secret":      {Field: m2mSecret, Text: "Stytch does not take this secret. Take another one, or leave it empty."},
	"m2m_client_invalid_client_name":        {Field: m2mName, Text: "Stytch does not take this name."},
	"m2m_client_invalid_client_description": {Field: m2mDescription, Text: "Stytch does not take this description."},
	"invalid_m2m_client_scope":              {Field: m2mScopes, Text: "Stytch does not take one of these scopes."},
	"too_many_m2m_client_scopes":            {Field: m2mScopes, Text: "These are more scopes than Stytch takes for one client."},
	"m2m_client_invalid_status":             {Field: m2mStatusField, Text: "Stytch does not take this choice."},
	"invalid_m2m_client_status":             {Field: m2mStatusField, Text: "Stytch does not take this choice."},
	"metadata_too_large":                    {Field: m2mMetadata, Text: "This is too long: 4 KB are the most."},
	"metadata_too_many_keys":                {Field: m2mMetadata, Text: "These are too many keys: 20 are the most."},
	"metadata_invalid_format":               {Field: m2mMetadata, Text: "Stytch does not take this for metadata."},
	"too_many_m2m_clients_for_billing_tier": {Text: "The project has as many M2M clients as its plan with Stytch allows. Delete one that nobody uses, or change the plan."},
}

// m2mTrouble is what a refusal of a value says, and beside which of the fields.
func m2mTrouble(err error, fields []formField) (views.Problem, bool) {
	for name, trouble := range m2mTroubles {
		if !stytch.IsType(err, name) {
			continue
		}
		if !slices.ContainsFunc(fields, func(f formField) bool { return f.name == trouble.Field }) {
			trouble.Field = ""
		}
		return trouble, true
	}
	return views.Problem{}, false
}

// clientIDTrouble says what is wrong with the id of a client; "" for nothing. One that exists may have any shape but what an address
// cannot hold (rule m2m-client-id).
func clientIDTrouble(id string) string {
	switch {
	case id == "" || id == "." || id == "..":
		return "This cannot be an id: no address could name it."
	case len(id) > maxM2MID:
		return "This id is too long: 128 characters are the most."
	case !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl):
		return "An id is a line of text."
	}
	return ""
}

// newClientIDTrouble is stricter with an id that somebody makes up now: it will be typed, logged and put into addresses.
func newClientIDTrouble(id string) string {
	if id == "" {
		return ""
	}
	if text := clientIDTrouble(id); text != "" {
		return text
	}
	for i := range len(id) {
		if c := id[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._~-", rune(c)) {
			return "Use letters, digits and . _ ~ - without spaces, such as billing-worker."
		}
	}
	return ""
}

// m2mSecretTrouble says what is wrong with a secret that somebody brings along; "" for nothing, and for none. How easy it is to guess
// the upstream judges (rule m2m-supplied-secret). The words never hold any of it.
func m2mSecretTrouble(secret string) string {
	switch {
	case secret == "":
		return ""
	case !utf8.ValidString(secret) || strings.ContainsFunc(secret, unicode.IsControl):
		return "A secret is one line of text."
	case strings.TrimSpace(secret) != secret:
		return "This secret begins or ends with a space, which is lost easily. Take it away, or take another one."
	case utf8.RuneCountInString(secret) < minM2MSecret:
		return "This secret is too short: 8 characters are the least."
	}
	return ""
}

func m2mNameTrouble(name string) string {
	if utf8.RuneCountInString(name) > maxM2MName {
		return "This name is too long: 128 characters are the most."
	}
	return m2mLineTrouble(name)
}

func m2mDescriptionTrouble(text string) string {
	if utf8.RuneCountInString(text) > maxM2MDescription {
		return "This description is too long: 512 characters are the most."
	}
	return m2mLineTrouble(text)
}

func m2mLineTrouble(text string) string {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "Write it in one line."
	}
	return ""
}

// m2mScopesTrouble says what is wrong with scopes; "" for nothing. What is a scope at all is OAuth's to say.
func m2mScopesTrouble(wanted string) string {
	scopes := splitText(wanted)
	if len(scopes) > maxM2MScopes {
		return "These are " + countOf(len(scopes), "scope") + ": 100 are the most."
	}
	for _, scope := range scopes {
		if strings.ContainsFunc(scope, func(r rune) bool { return r < 0x21 || r > 0x7e || r == '"' || r == '\\' }) {
			return "A scope has letters, digits and signs other than quotes and backslashes, such as invoices:read."
		}
	}
	return ""
}

// m2mField is a field of the forms of an M2M client.
func m2mField(name string, kind fieldKind, label, note string, check func(string) string) formField {
	return formField{name: name, label: label, note: note, kind: kind, check: check}
}

func m2mNameFields(*stytch.M2MClient) []formField {
	return []formField{
		m2mField(m2mName, kindText, "Name", "What people call it, up to 128 characters.", m2mNameTrouble),
		m2mField(m2mDescription, kindText, "Description", "What it is for, and who runs it.", m2mDescriptionTrouble),
	}
}

func m2mScopeFields(*stytch.M2MClient) []formField {
	return []formField{m2mField(m2mScopes, kindWords, "Scopes", "One a line, such as invoices:read. Its tokens may have these and no others.", m2mScopesTrouble)}
}

func m2mMetadataFields(*stytch.M2MClient) []formField {
	return []formField{m2mField(m2mMetadata, kindJSON, "Trusted metadata", "A JSON object of at most 20 keys and 4 KB. Your own services read it. A key that is null goes.", metadataTrouble)}
}

func m2mStatusFields(m *stytch.M2MClient) []formField {
	return []formField{among(m2mField(m2mStatusField, kindChoice, "Status", "", nil), []string{m.Status}, choices(m2mActive, "Active: it gets tokens", m2mInactive, "Inactive: it gets no new token")...)}
}

// m2mNow is how each field of an M2M client stands, in the canonical text of its kind.
func m2mNow(m *stytch.M2MClient) map[string]string {
	return map[string]string{
		m2mName: oneLine(m.Name), m2mDescription: oneLine(m.Description), m2mScopes: listText(m.Scopes), m2mStatusField: m.Status, m2mMetadata: jsonText(m.TrustedMetadata),
	}
}

// m2mChange is what is sent for changes.
func m2mChange(changes []change) (stytch.M2MClientChange, error) {
	var out stytch.M2MClientChange
	for _, one := range changes {
		wanted := one.wanted
		switch one.field.name {
		case m2mName:
			out.Name = &wanted
		case m2mDescription:
			out.Description = &wanted
		case m2mStatusField:
			out.Status = &wanted
		case m2mScopes:
			scopes := splitText(wanted)
			out.Scopes = &scopes
		case m2mMetadata:
			patch, err := mergePatch(one.now, wanted)
			if err != nil {
				return out, err
			}
			out.Trusted = patch
		}
	}
	return out, nil
}

// outlive says the plain fact about tokens (rule m2m-tokens-outlive).
const outlive = "Tokens that it has already stay good until they run out: up to an hour. Nothing in this console or at Stytch ends them sooner."

// m2mScopeEffects says what it means to give scopes, and to take them away.
func m2mScopeEffects(changes []change) []string {
	was, wanted := splitText(changes[0].now), splitText(changes[0].wanted)
	var says []string
	for _, scope := range wanted {
		if !slices.Contains(was, scope) {
			says = append(says, "Its next token may have "+scope+".")
		}
	}
	lost := false
	for _, scope := range was {
		if !slices.Contains(wanted, scope) {
			lost = true
			says = append(says, "It gets no new token with "+scope+".")
		}
	}
	if lost {
		says = append(says, outlive)
	}
	return says
}

func m2mStatusEffects(changes []change) []string {
	if changes[0].wanted == m2mInactive {
		return []string{"It gets no new token from now on: whatever it does stops when the last one has run out.", outlive, "It can be made active again, with the same secret."}
	}
	return []string{"It gets tokens again, with the secret that it had."}
}
