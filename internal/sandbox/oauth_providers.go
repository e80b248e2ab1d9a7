package sandbox

import (
	"encoding/base64"
	"strings"
)

// The operations below read no member session and give tokens of third parties away. Those of the sandbox are made up: they open
// nothing, and every one of them begins with "sandbox-".

// tokenSeconds is how long an access token is said to be good.
const tokenSeconds = 3600

// providerToken is a token that is the same in every sandbox.
func providerToken(kind, owner string) string {
	return "sandbox-" + kind + "-" + base64.RawURLEncoding.EncodeToString(seedBytes(kind+"\x00"+owner, 24))
}

// singleProvider is a provider of which a member has one account: Google and Microsoft.
type singleProvider struct {
	envelope
	ProviderType    string   `json:"provider_type"`
	ProviderSubject string   `json:"provider_subject"`
	IDToken         string   `json:"id_token"`
	AccessToken     string   `json:"access_token"`
	ExpiresIn       int      `json:"access_token_expires_in"`
	RefreshToken    string   `json:"refresh_token,omitzero"`
	Scopes          []string `json:"scopes"`
}

type slackRegistration struct {
	ProviderSubject string   `json:"provider_subject"`
	TenantID        string   `json:"provider_tenant_id"`
	AccessToken     string   `json:"access_token"`
	Scopes          []string `json:"scopes"`
	BotAccessToken  string   `json:"bot_access_token"`
	BotScopes       []string `json:"bot_scopes"`
}

type hubspotRegistration struct {
	ProviderSubject string   `json:"provider_subject"`
	TenantID        string   `json:"provider_tenant_id"`
	AccessToken     string   `json:"access_token"`
	ExpiresIn       int      `json:"access_token_expires_in"`
	RefreshToken    string   `json:"refresh_token,omitzero"`
	Scopes          []string `json:"scopes"`
}

type githubRegistration struct {
	ProviderSubject string   `json:"provider_subject"`
	TenantIDs       []string `json:"provider_tenant_ids"`
	AccessToken     string   `json:"access_token"`
	Scopes          []string `json:"scopes"`
}

type oidcTokens struct {
	ProviderSubject string   `json:"provider_subject"`
	ConnectionID    string   `json:"connection_id"`
	IDToken         string   `json:"id_token"`
	AccessToken     string   `json:"access_token"`
	ExpiresIn       int      `json:"access_token_expires_in"`
	RefreshToken    string   `json:"refresh_token,omitzero"`
	Scopes          []string `json:"scopes"`
}

type registrationsAnswer[T any] struct {
	envelope
	ProviderType  string `json:"provider_type"`
	Registrations []T    `json:"registrations"`
}

// bare is the member of a path, of an operation that obeys the project's secret alone.
func (c *call) bare() (*member, error) {
	if err := checkMemberID(c.params["member_id"]); err != nil {
		return nil, err
	}
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	m := c.named(t)
	if m == nil || m.Status == statusDeleted {
		return nil, errMemberNotFound()
	}
	return m, nil
}

// registered finds the accounts that a member has at a provider.
func (c *call) registered(kind string) (*member, []oauthRegistration, error) {
	m, err := c.bare()
	if err != nil {
		return nil, nil, err
	}
	var accounts []oauthRegistration
	for _, registration := range m.OAuthRegistrations {
		if registration.ProviderType == kind {
			accounts = append(accounts, registration)
		}
	}
	if len(accounts) == 0 {
		return nil, nil, notFound("member_oauth_token_not_found", "The member has no tokens of this provider.")
	}
	return m, accounts, nil
}

// refresh is a refresh token where the request asks for it.
func (c *call) refresh(owner string) string {
	if c.request.URL.Query().Get("include_refresh_token") != "true" {
		return ""
	}
	return providerToken("refresh-token", owner)
}

func (c *call) single(kind string, scopes ...string) (any, error) {
	m, accounts, err := c.registered(kind)
	if err != nil {
		return nil, err
	}
	account := accounts[0]
	owner := account.MemberOAuthRegistrationID
	answer := singleProvider{
		envelope: c.ok(), ProviderType: kind, ProviderSubject: account.ProviderSubject,
		IDToken: providerToken("id-token", owner), Scopes: scopes,
	}
	if !m.oneTap {
		answer.AccessToken, answer.ExpiresIn, answer.RefreshToken = providerToken("access-token", owner), tokenSeconds, c.refresh(owner)
	}
	return answer, nil
}

func (c *call) providerGoogle() (any, error) { return c.single("Google", "openid", "email", "profile") }

func (c *call) providerMicrosoft() (any, error) {
	return c.single("Microsoft", "openid", "email", "profile", "offline_access", "User.Read")
}

// registrations answers with one entry for each account at a provider.
func registrations[T any](c *call, kind string, entry func(subject, owner string) T) (any, error) {
	_, accounts, err := c.registered(kind)
	if err != nil {
		return nil, err
	}
	answer := registrationsAnswer[T]{c.ok(), kind, nil}
	for _, account := range accounts {
		answer.Registrations = append(answer.Registrations, entry(account.ProviderSubject, account.MemberOAuthRegistrationID))
	}
	return answer, nil
}

func (c *call) providerSlack() (any, error) {
	return registrations(c, "Slack", func(subject, owner string) slackRegistration {
		return slackRegistration{
			subject, "T024BE7LD", providerToken("access-token", owner),
			[]string{"openid", "email", "profile"},
			providerToken("bot-token", owner),
			[]string{"chat:write"},
		}
	})
}

func (c *call) providerHubspot() (any, error) {
	return registrations(c, "Hubspot", func(subject, owner string) hubspotRegistration {
		return hubspotRegistration{
			subject, "44120876", providerToken("access-token", owner), tokenSeconds, c.refresh(owner), []string{"oauth", "crm.objects.contacts.read"},
		}
	})
}

func (c *call) providerGithub() (any, error) {
	return registrations(c, "Github", func(subject, owner string) githubRegistration {
		return githubRegistration{subject, []string{"9919", "1342004"}, providerToken("access-token", owner), []string{"user:email", "read:org"}}
	})
}

// providersOIDC shows the tokens of the organization's own identity providers.
func (c *call) providersOIDC() (any, error) {
	m, err := c.bare()
	if err != nil {
		return nil, err
	}
	var tokens []oidcTokens
	for _, registration := range m.SSORegistrations {
		if !strings.HasPrefix(registration.ConnectionID, "oidc-connection-") {
			continue
		}
		owner := registration.RegistrationID
		tokens = append(tokens, oidcTokens{
			registration.ExternalID, registration.ConnectionID, providerToken("id-token", owner), providerToken("access-token", owner), tokenSeconds,
			c.refresh(owner),
			[]string{"openid", "email", "profile"},
		})
	}
	if len(tokens) == 0 {
		return nil, notFound("member_oidc_token_not_found", "The member has no tokens of an OIDC connection.")
	}
	return struct {
		envelope
		Registrations []oidcTokens `json:"registrations"`
	}{c.ok(), tokens}, nil
}
