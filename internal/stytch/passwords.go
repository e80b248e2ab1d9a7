package stytch

import "context"

type passwordProof struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	Password       string `json:"password"`
	SessionToken   string `json:"session_token,omitzero"`
	carried
}

// AuthenticatePassword signs in to one organization. A password that was found in a breach since is refused as
// member_reset_password (rule member-reset-password).
func (c *Client) AuthenticatePassword(ctx context.Context, organization, email string, password Secret, w With) (SignIn, error) {
	return c.signIn(ctx, PasswordAuthenticate, organization, passwordProof{organization, email, password.Reveal(), "", w.carried()})
}

type discoveryPasswordProof struct {
	Email    string `json:"email_address"`
	Password string `json:"password"`
}

// AuthenticateDiscoveryPassword proves an address by the password that is good for all of a person's organizations (rule
// cross-org-passwords).
func (c *Client) AuthenticateDiscoveryPassword(ctx context.Context, email string, password Secret) (Discovery, error) {
	return open[Discovery](ctx, c, DiscoveryPasswordAuthenticate, request{body: discoveryPasswordProof{email, password.Reveal()}})
}

type resetRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	ResetRedirect  string `json:"reset_password_redirect_url"`
	LoginRedirect  string `json:"login_redirect_url"`
	Challenge      string `json:"code_challenge"`
	Locale         string `json:"locale,omitzero"`
}

// StartPasswordReset mails a link to choose a password for one organization. The same message offers to sign in without
// one, by a link to the same address.
func (c *Client) StartPasswordReset(ctx context.Context, organization, email string, m Mail) error {
	_, err := open[empty](ctx, c, PasswordResetStart, request{body: resetRequest{organization, email, m.Redirect, m.Redirect, m.Challenge, m.Locale}})
	return err
}

type discoveryResetRequest struct {
	Email             string `json:"email_address"`
	ResetRedirect     string `json:"reset_password_redirect_url"`
	DiscoveryRedirect string `json:"discovery_redirect_url"`
	Challenge         string `json:"pkce_code_challenge"`
	Locale            string `json:"locale,omitzero"`
}

// StartDiscoveryPasswordReset mails a link to choose the password for all of a person's organizations.
func (c *Client) StartDiscoveryPasswordReset(ctx context.Context, email string, m Mail) error {
	_, err := open[empty](ctx, c, DiscoveryPasswordResetStart, request{body: discoveryResetRequest{email, m.Redirect, m.Redirect, m.Challenge, m.Locale}})
	return err
}

type resetProof struct {
	Token    string `json:"password_reset_token"`
	Password string `json:"password"`
	Verifier string `json:"code_verifier,omitzero"`
	carried
}

// ResetPassword spends a reset link's token, and signs in. The member's other sessions end (rule password-reset-revokes).
func (c *Client) ResetPassword(ctx context.Context, token string, password Secret, verifier string, w With) (SignIn, error) {
	return c.signIn(ctx, PasswordReset, "", resetProof{token, password.Reveal(), verifier, w.carried()})
}

type discoveryResetProof struct {
	Token    string `json:"password_reset_token"`
	Password string `json:"password"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
}

// ResetDiscoveryPassword spends the token of a reset link for all of a person's organizations.
func (c *Client) ResetDiscoveryPassword(ctx context.Context, token string, password Secret, verifier string) (Discovery, error) {
	return open[Discovery](ctx, c, DiscoveryPasswordReset, request{body: discoveryResetProof{token, password.Reveal(), verifier}})
}

// Strength is what the project thinks of a password (rule password-strength).
type Strength struct {
	// Valid says that the project takes it.
	Valid bool `json:"valid_password"`
	// Score is from 0, the weakest, to 4.
	Score int `json:"score"`
	// Breached says that it was found among stolen ones (rule breached-password).
	Breached bool `json:"breached_password"`
	// Policy is the project's: "zxcvbn", which fills in the advice, or "luds", which fills in the classes.
	Policy          string `json:"strength_policy"`
	StrengthAdvice  `json:"zxcvbn_feedback"`
	StrengthClasses `json:"luds_feedback"`
}

// StrengthAdvice is in the upstream's own words.
type StrengthAdvice struct {
	Warning     string   `json:"warning"`
	Suggestions []string `json:"suggestions"`
}

// StrengthClasses are the kinds of characters that the password has, and how many kinds and characters it lacks.
type StrengthClasses struct {
	HasLower          bool `json:"has_lower_case"`
	HasUpper          bool `json:"has_upper_case"`
	HasDigit          bool `json:"has_digit"`
	HasSymbol         bool `json:"has_symbol"`
	MissingComplexity int  `json:"missing_complexity"`
	MissingCharacters int  `json:"missing_characters"`
}

func (s Strength) complete() bool { return s.Policy != "" }

type strengthRequest struct {
	Password string `json:"password"`
	Email    string `json:"email_address,omitzero"`
}

// Strength asks whether the project would take a password. email, which may be "", lets it see whether one is made from
// the other.
func (c *Client) Strength(ctx context.Context, email string, password Secret) (Strength, error) {
	return open[Strength](ctx, c, PasswordStrength, request{body: strengthRequest{password.Reveal(), email}})
}

type sessionResetRequest struct {
	OrganizationID string `json:"organization_id"`
	Password       string `json:"password"`
	SessionToken   string `json:"session_token"`
	Minutes        int    `json:"session_duration_minutes,omitzero"`
}

// SetPassword gives the Tenant's member a password by their session, which must have proven a factor just now (rule
// session-reset-five-minutes). The session stays; the member's others end (rule password-reset-revokes).
func (t Tenant) SetPassword(ctx context.Context, password Secret, minutes int) (SignIn, error) {
	return t.signIn(ctx, PasswordSessionReset, sessionResetRequest{t.key.OrganizationID, password.Reveal(), t.key.Token.Reveal(), minutes})
}

type existingResetRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	Current        string `json:"existing_password"`
	Fresh          string `json:"new_password"`
	SessionToken   string `json:"session_token"`
	Minutes        int    `json:"session_duration_minutes,omitzero"`
}

// ChangePassword exchanges the Tenant's member's password for another. All their sessions end, the Tenant's own as well,
// and a new one is the answer (rule password-reset-revokes).
func (t Tenant) ChangePassword(ctx context.Context, email string, current, fresh Secret, minutes int) (SignIn, error) {
	return t.signIn(ctx, PasswordExistingReset, existingResetRequest{
		t.key.OrganizationID, email, current.Reveal(), fresh.Reveal(), t.key.Token.Reveal(), minutes,
	})
}
