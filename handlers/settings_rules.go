package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of what the upstream keeps of an organization (rule organization-setting-shapes).
const (
	maxOrganizationName = 128
	maxExternalID       = 128
	maxLogoURL          = 2048
	maxMetadataKeys     = 20
	maxMetadataBytes    = 4096
)

// organizationNameTrouble says what is wrong with the name of an organization; "" for nothing.
func organizationNameTrouble(name string) string {
	switch {
	case name == "":
		return "Enter a name."
	case utf8.RuneCountInString(name) > maxOrganizationName:
		return "This name is too long: 128 characters are the most."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "A name has letters and spaces in one line."
	}
	return ""
}

func slugTrouble(slug string) string {
	switch {
	case slug == "":
		return "Enter a slug, such as acme-industrial."
	case strings.ContainsRune(slug, ' '):
		return "No spaces. Use letters, digits and - . _ ~ , such as acme-industrial."
	case !isSlug(slug):
		return "A slug has 2 to 128 characters: letters, digits and - . _ ~ , and at least one letter or digit."
	}
	return ""
}

func logoTrouble(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case len(text) > maxLogoURL:
		return "This address is too long: 2,048 characters are the most."
	case err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil:
		return "Enter a whole address, such as https://acme.example/logo.png."
	}
	return ""
}

// externalIDTrouble says what is wrong with an external id, of an organization or of a member; "" for nothing.
func externalIDTrouble(id string) string {
	for i := range len(id) {
		if c := id[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._-|", rune(c)) {
			return "An external id has letters, digits and . _ - | only."
		}
	}
	if len(id) > maxExternalID {
		return "This id is too long: 128 characters are the most."
	}
	return ""
}

// openDomains are the providers that give an address to everybody, under any ending. The upstream takes none of them for the
// domain of a customer (rule common-email-domains); its own list is longer.
var openDomains = strings.Fields("gmail aol yahoo icloud hotmail msn comcast live outlook att earthlink me mac sbcglobal verizon ig mail hey laposte " +
	"wanadoo googlemail orange rediffmail uol bol")

// secondLevels are what stands between a name and a country's ending.
var secondLevels = strings.Fields("co com org net ac edu gov")

// isOpenDomain says whether everybody can have an address there.
func isOpenDomain(domain string) bool {
	labels := strings.Split(strings.ToLower(domain), ".")
	labels = labels[:len(labels)-1]
	if len(labels) == 2 && slices.Contains(secondLevels, labels[1]) {
		labels = labels[:1]
	}
	return len(labels) == 1 && slices.Contains(openDomains, labels[0])
}

// isDomain says whether s can be the domain of an e-mail address.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}

func domainTrouble(domain string) string {
	switch {
	case strings.ContainsRune(domain, '@'):
		return strconv.Quote(domain) + " is an address. Enter the part after the @ only."
	case !isDomain(domain):
		return strconv.Quote(domain) + " is not a domain, such as acme.example."
	case isOpenDomain(domain):
		return domain + " is open to everybody, so Stytch does not take it."
	}
	return ""
}

// eachLine finds what is wrong with the first bad line of a list.
func eachLine(trouble func(string) string) func(string) string {
	return func(wanted string) string {
		for line := range strings.Lines(wanted) {
			if text := trouble(strings.TrimSpace(line)); text != "" {
				return text
			}
		}
		return ""
	}
}

var domainsTrouble = eachLine(domainTrouble)

// appTrouble says what is wrong with the id of a Connected App.
func appTrouble(id string) string {
	if len(id) > 128 || !strings.HasPrefix(id, "connected-app-") || strings.ContainsAny(id, " \t/") {
		return strconv.Quote(id) + " is not a client id: those begin with connected-app-."
	}
	return ""
}

// tenantProviders are the providers whose tenants may let their people in (rule oauth-tenants).
var tenantProviders = []string{"slack", "hubspot", "github"}

// pair splits a line of a list whose items are pairs, such as slack:T01ABCDEF.
func pair(line string) (first, second string, ok bool) {
	first, second, _ = strings.Cut(strings.TrimSpace(line), ":")
	return first, second, first != "" && second != ""
}

func oauthTenantTrouble(line string) string {
	provider, _, ok := pair(line)
	switch {
	case !ok:
		return strconv.Quote(line) + ": enter the provider, a colon, and the tenant's id, such as slack:T01ABCDEF."
	case !slices.Contains(tenantProviders, provider):
		return strconv.Quote(provider) + " has no tenants here: slack, hubspot and github have."
	}
	return ""
}

// oauthTenantLines is a map of tenants as the lines of a list, and tenantsOfLines the way back.
func oauthTenantLines(tenants map[string][]string) []string {
	var lines []string
	for provider, ids := range tenants {
		for _, id := range ids {
			lines = append(lines, provider+":"+id)
		}
	}
	return lines
}

func tenantsOfLines(wanted string) any {
	tenants := map[string][]string{}
	for line := range strings.Lines(wanted) {
		if provider, id, ok := pair(line); ok {
			tenants[provider] = append(tenants[provider], id)
		}
	}
	return tenants
}

// metadataTrouble says what is wrong with the metadata that somebody typed; "" for nothing.
func metadataTrouble(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || text == "{}" {
		return ""
	}
	members, ok := membersOf(text)
	switch {
	case !ok:
		return `This is not a JSON object. Write it as {"key": "value"}, each key once.`
	case len(members) > maxMetadataKeys:
		return "These are " + strconv.Itoa(len(members)) + " keys: 20 are the most."
	}
	compact := jsontext.Value(text)
	if err := compact.Compact(); err != nil || len(compact) > maxMetadataBytes {
		return "This is too long: 4 KB are the most."
	}
	return ""
}

// membersOf are the keys of a JSON object and what they hold; not ok is text that is no object, or has a key twice.
func membersOf(text string) (members map[string]jsontext.Value, ok bool) {
	v := jsontext.Value(text)
	if !v.IsValid() || v.Kind() != '{' || json.Unmarshal(v, &members) != nil {
		return nil, false
	}
	return members, true
}
