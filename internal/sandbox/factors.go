package sandbox

import (
	"slices"
	"time"
)

// factor is one way in which somebody has proved who they are.
type factor struct {
	Type                string          `json:"type"`
	DeliveryMethod      string          `json:"delivery_method"`
	LastAuthenticatedAt string          `json:"last_authenticated_at"`
	CreatedAt           string          `json:"created_at"`
	UpdatedAt           string          `json:"updated_at"`
	Email               *emailDetail    `json:"email_factor,omitzero"`
	Phone               *phoneDetail    `json:"phone_number_factor,omitzero"`
	Google              *oauthDetail    `json:"google_oauth_factor,omitzero"`
	Microsoft           *oauthDetail    `json:"microsoft_oauth_factor,omitzero"`
	GitHub              *oauthDetail    `json:"github_oauth_factor,omitzero"`
	Authenticator       *totpDetail     `json:"authenticator_app_factor,omitzero"`
	Recovery            *recoverDetail  `json:"recovery_code_factor,omitzero"`
	SAML                *ssoDetail      `json:"saml_sso_factor,omitzero"`
	OIDC                *ssoDetail      `json:"oidc_sso_factor,omitzero"`
	Impersonated        *actorDetail    `json:"impersonated_factor,omitzero"`
	Slack               *oauthDetail    `json:"slack_oauth_factor,omitzero"`
	HubSpot             *oauthDetail    `json:"hubspot_oauth_factor,omitzero"`
	GitHubExchange      *exchangeDetail `json:"github_oauth_exchange_factor,omitzero"`
	SlackExchange       *exchangeDetail `json:"slack_oauth_exchange_factor,omitzero"`
	HubSpotExchange     *exchangeDetail `json:"hubspot_oauth_exchange_factor,omitzero"`

	account    *oauthAccount // whose account at a provider it was; nil where no provider was asked
	said       *assertion    // what an identity provider said; nil where none was asked
	everywhere bool          // a password of discovery, which is not of one organization
	mailed     bool          // a password that was just set through a link to the address
}

type emailDetail struct {
	EmailID      string `json:"email_id"`
	EmailAddress string `json:"email_address"`
}

type phoneDetail struct {
	PhoneID     string `json:"phone_id"`
	PhoneNumber string `json:"phone_number"`
}

type oauthDetail struct {
	ID              string  `json:"id"`
	ProviderSubject string  `json:"provider_subject"`
	EmailID         *string `json:"email_id"`
}

// exchangeDetail is what is left of an account at a provider in another organization.
type exchangeDetail struct {
	EmailID string `json:"email_id"`
}

type totpDetail struct {
	TOTPID string `json:"totp_id"`
}

type recoverDetail struct {
	TOTPRecoveryCodeID string `json:"totp_recovery_code_id"`
}

type ssoDetail struct {
	ID         string `json:"id"`
	ProviderID string `json:"provider_id"`
	ExternalID string `json:"external_id"`
}

type actorDetail struct {
	ImpersonatorID           string `json:"impersonator_id"`
	ImpersonatorEmailAddress string `json:"impersonator_email_address"`
}

func newFactor(kind, delivery string, now time.Time) factor {
	at := stamp(now)
	return factor{Type: kind, DeliveryMethod: delivery, LastAuthenticatedAt: at, CreatedAt: at, UpdatedAt: at}
}

// emailFactor is a link or a code that reached the member's address.
func emailFactor(kind string, m *member, now time.Time) factor {
	return addressFactor(kind, m.emailIdentifier(), m.EmailAddress, now)
}

// addressFactor is the same before it is known whose address it is.
func addressFactor(kind, emailID, address string, now time.Time) factor {
	f := newFactor(kind, "email", now)
	f.Email = &emailDetail{emailID, address}
	return f
}

func (m *member) emailIdentifier() string {
	if m.emailID == "" {
		m.emailID = seedID("email", m.MemberID+"\x00"+m.EmailAddress)
	}
	return m.emailID
}

// merged adds factors to a session's. One of the same kind takes the place of the older, and keeps when that was made.
func merged(held []factor, added ...factor) []factor {
	all := slices.Clone(held)
	for _, f := range added {
		at := slices.IndexFunc(all, f.replaces)
		if at < 0 {
			all = append(all, f)
			continue
		}
		f.CreatedAt = all[at].CreatedAt
		all[at] = f
	}
	return all
}

// replaces tells whether a factor is a newer one of the same kind.
func (f *factor) replaces(older factor) bool {
	return f.Type == older.Type && f.DeliveryMethod == older.DeliveryMethod && f.connection() == older.connection()
}

// connection is the one that somebody came through; empty where there was none.
func (f *factor) connection() string {
	switch {
	case f.SAML != nil:
		return f.SAML.ProviderID
	case f.OIDC != nil:
		return f.OIDC.ProviderID
	}
	return ""
}

// method names a primary factor as allowed_auth_methods does; a second factor has none.
func (f *factor) method() string {
	switch f.Type {
	case "magic_link", "email_otp", "password", "sso":
		return f.Type
	case "oauth":
		for _, p := range oauthProviders {
			if f.DeliveryMethod == "oauth_"+p.name || f.DeliveryMethod == "oauth_exchange_"+p.name {
				return p.name + "_oauth"
			}
		}
	}
	return ""
}

func (f *factor) secondary() bool {
	return f.Type == "otp" || f.Type == "totp" || f.Type == "recovery_codes"
}

// proves tells whether a factor shows that the address is the person's own; m is the member, or nil for somebody who may join.
// A provider that lets people claim any address, and a password, say so only of a member who has shown it before.
func (f *factor) proves(m *member) bool {
	switch {
	case f.account != nil && !f.account.provider.verifies:
		return m != nil && m.registration(f.account) != nil
	case f.Type == "password":
		return f.mailed || m != nil && m.EmailAddressVerified
	}
	return !f.secondary()
}

// travels tells whether a factor counts in another organization: what proves an address or a number does; a password and a
// tenant's own identity provider do not.
func (f *factor) travels(to *member) bool {
	switch f.Type {
	case "magic_link", "email_otp", "oauth":
		return true
	case "password":
		return f.everywhere
	case "otp":
		return f.Phone != nil && to.MFAPhoneNumberVerified && f.Phone.PhoneNumber == to.MFAPhoneNumber
	}
	return false
}
