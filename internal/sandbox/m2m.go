package sandbox

import (
	"regexp"
	"slices"
	"unicode/utf8"
)

const (
	statusInactive = "inactive"

	maxM2MScopes      = 100
	maxDescription    = 512 // characters
	minSuppliedSecret = 8   // bytes
	maxSuppliedSecret = 255
	leastDistinct     = 6 // characters in a secret that is not a word or a run
)

// m2mFields is a machine client on the wire, wherever it is shown.
type m2mFields struct {
	ClientID              string         `json:"client_id"`
	ClientName            string         `json:"client_name"`
	ClientDescription     string         `json:"client_description"`
	Status                string         `json:"status"`
	Scopes                []string       `json:"scopes"`
	TrustedMetadata       map[string]any `json:"trusted_metadata"`
	ClientSecretLast4     string         `json:"client_secret_last_four"`
	NextClientSecretLast4 *string        `json:"next_client_secret_last_four"`
}

// m2mClient is one machine client of the project. Only one whose status is active gets tokens.
type m2mClient struct {
	m2mFields
	secrets clientSecrets
}

// setSecrets changes the secrets of a client, and what it tells of them.
func (m *m2mClient) setSecrets(secrets clientSecrets) {
	m.secrets = secrets
	m.ClientSecretLast4, m.NextClientSecretLast4 = secrets.current.lastFour, secrets.next.shown()
}

// addM2M puts a machine client at the end of the order.
func (s *store) addM2M(fields m2mFields) *m2mClient {
	made := &m2mClient{m2mFields: fields}
	s.machines[made.ClientID] = made
	s.machineOrder = append(s.machineOrder, made)
	return made
}

func errM2MNotFound() error {
	return notFound("m2m_client_not_found", "The M2M client requested could not be found.")
}

// m2mOf finds the machine client of the path.
func (c *call) m2mOf() (*m2mClient, error) {
	if found := c.store.machines[c.params["client_id"]]; found != nil {
		return found, nil
	}
	return nil, errM2MNotFound()
}

type m2mAnswer struct {
	envelope
	M2MClient m2mFields `json:"m2m_client"`
}

// m2mChanges is what a new machine client and an update of one may send.
type m2mChanges struct {
	Name            *string        `json:"client_name"`
	Description     *string        `json:"client_description"`
	Status          *string        `json:"status"`
	Scopes          *[]string      `json:"scopes"`
	TrustedMetadata map[string]any `json:"trusted_metadata"`
}

// scopeShape is that of RFC 6749: anything printable but a space, a quote and a backslash.
var scopeShape = regexp.MustCompile(`^[!#-\[\]-~]+$`)

func (in *m2mChanges) apply(m *m2mFields) {
	set(&m.ClientName, in.Name)
	set(&m.ClientDescription, in.Description)
	set(&m.Status, in.Status)
	if in.Scopes != nil {
		m.Scopes = nil
		for _, scope := range *in.Scopes {
			if !slices.Contains(m.Scopes, scope) {
				m.Scopes = append(m.Scopes, scope)
			}
		}
	}
	m.TrustedMetadata = mergedMetadata(m.TrustedMetadata, in.TrustedMetadata)
}

// check looks at a machine client as it would be (rule m2m-values).
func (m *m2mFields) check() error {
	switch {
	case utf8.RuneCountInString(m.ClientName) > maxName:
		return badRequest("m2m_client_invalid_client_name", "The name has at most 128 characters.")
	case utf8.RuneCountInString(m.ClientDescription) > maxDescription:
		return badRequest("m2m_client_invalid_client_description", "The description has at most 512 characters.")
	case m.Status != statusActive && m.Status != statusInactive:
		return badRequest("invalid_m2m_client_status", "The status must be active or inactive.")
	case len(m.Scopes) > maxM2MScopes:
		return badRequest("too_many_m2m_client_scopes", "A client has at most 100 scopes.")
	case slices.ContainsFunc(m.Scopes, func(scope string) bool { return !scopeShape.MatchString(scope) }):
		return badRequest("invalid_m2m_client_scope", "A scope has no spaces, quotes or backslashes.")
	}
	return checkMetadata(m.TrustedMetadata)
}

var m2mIDShape = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,128}$`)

// m2mCreate makes a machine client. Only this answer tells its secret.
func (c *call) m2mCreate() (any, error) {
	in, err := decode[struct {
		m2mChanges
		ClientID     *string `json:"client_id"`
		ClientSecret *string `json:"client_secret"`
	}](c)
	if err != nil {
		return nil, err
	}
	in.Status = nil // one that is new is active
	fields := m2mFields{ClientID: newID("m2m-client"), Status: statusActive}
	in.apply(&fields)
	if err := fields.check(); err != nil {
		return nil, err
	}
	set(&fields.ClientID, in.ClientID)
	switch {
	case !m2mIDShape.MatchString(fields.ClientID):
		return nil, badRequest("m2m_client_invalid_client_id", "A client_id is at most 128 letters, digits and . _ ~ -.")
	case c.store.machines[fields.ClientID] != nil || c.store.apps[fields.ClientID] != nil:
		return nil, badRequest("duplicate_m2m_client_id", "Another client has this client_id.")
	}
	secret := newToken()
	if in.ClientSecret != nil {
		secret = *in.ClientSecret
		if err := checkSuppliedSecret(secret); err != nil {
			return nil, err
		}
	}
	made := c.store.addM2M(fields)
	made.setSecrets(clientSecrets{current: keepSecret(secret)})
	type withSecret struct {
		m2mFields
		ClientSecret string `json:"client_secret"`
	}
	return struct {
		envelope
		M2MClient withSecret `json:"m2m_client"`
	}{c.ok(), withSecret{made.m2mFields, secret}}, nil
}

// checkSuppliedSecret refuses what can be guessed (rule m2m-supplied-secret).
func checkSuppliedSecret(secret string) error {
	distinct := map[byte]bool{}
	for i := range len(secret) {
		distinct[secret[i]] = true
	}
	switch {
	case len(secret) > maxSuppliedSecret:
		return badRequest("client_secret_too_long", "The client_secret is too long.")
	case len(secret) < minSuppliedSecret || len(distinct) < leastDistinct || rate(secret, "").score < acceptedScore:
		return badRequest("insecure_m2m_client_secret", "The client_secret is too easy to guess.")
	}
	return nil
}

func (c *call) m2mGet() (any, error) {
	found, err := c.m2mOf()
	if err != nil {
		return nil, err
	}
	return m2mAnswer{c.ok(), found.m2mFields}, nil
}

// m2mUpdate changes what the request names, all of it or nothing.
func (c *call) m2mUpdate() (any, error) {
	in, err := decode[m2mChanges](c)
	if err != nil {
		return nil, err
	}
	found, err := c.m2mOf()
	if err != nil {
		return nil, err
	}
	changed := found.m2mFields
	in.apply(&changed)
	if err := changed.check(); err != nil {
		return nil, err
	}
	found.m2mFields = changed
	return m2mAnswer{c.ok(), found.m2mFields}, nil
}

// m2mDelete ends a machine client. Tokens that it has run out by themselves (rule m2m-tokens-outlive).
func (c *call) m2mDelete() (any, error) {
	gone, err := c.m2mOf()
	if err != nil {
		return nil, err
	}
	delete(c.store.machines, gone.ClientID)
	c.store.machineOrder = slices.DeleteFunc(c.store.machineOrder, func(m *m2mClient) bool { return m == gone })
	return struct {
		envelope
		ClientID string `json:"client_id"`
	}{c.ok(), gone.ClientID}, nil
}
