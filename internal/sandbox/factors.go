package sandbox

import "time"

// factor is one way in which somebody has proved who they are.
type factor struct {
	Type                string         `json:"type"`
	DeliveryMethod      string         `json:"delivery_method"`
	LastAuthenticatedAt string         `json:"last_authenticated_at"`
	CreatedAt           string         `json:"created_at"`
	UpdatedAt           string         `json:"updated_at"`
	Email               *emailDetail   `json:"email_factor,omitzero"`
	Phone               *phoneDetail   `json:"phone_number_factor,omitzero"`
	Google              *oauthDetail   `json:"google_oauth_factor,omitzero"`
	Microsoft           *oauthDetail   `json:"microsoft_oauth_factor,omitzero"`
	GitHub              *oauthDetail   `json:"github_oauth_factor,omitzero"`
	Authenticator       *totpDetail    `json:"authenticator_app_factor,omitzero"`
	Recovery            *recoverDetail `json:"recovery_code_factor,omitzero"`
	SAML                *ssoDetail     `json:"saml_sso_factor,omitzero"`
	OIDC                *ssoDetail     `json:"oidc_sso_factor,omitzero"`
	Impersonated        *actorDetail   `json:"impersonated_factor,omitzero"`
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

// method names a primary factor as allowed_auth_methods does; a second factor has none.
func (f *factor) method() string {
	switch f.Type {
	case "magic_link", "email_otp", "password", "sso":
		return f.Type
	case "oauth":
		switch f.DeliveryMethod {
		case "oauth_google", "oauth_exchange_google":
			return "google_oauth"
		case "oauth_microsoft":
			return "microsoft_oauth"
		case "oauth_github", "oauth_exchange_github":
			return "github_oauth"
		}
	}
	return ""
}

func (f *factor) secondary() bool {
	return f.Type == "otp" || f.Type == "totp" || f.Type == "recovery_codes"
}

// travels tells whether a factor counts in another organization: what proves an address or a number does; a password and a
// tenant's own identity provider do not.
func (f *factor) travels(to *member) bool {
	switch f.Type {
	case "magic_link", "email_otp", "oauth":
		return true
	case "otp":
		return f.Phone != nil && to.MFAPhoneNumberVerified && f.Phone.PhoneNumber == to.MFAPhoneNumber
	}
	return false
}
