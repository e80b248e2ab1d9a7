package sandbox

type scimConnection struct {
	OrganizationID          string          `json:"organization_id"`
	ConnectionID            string          `json:"connection_id"`
	Status                  string          `json:"status"`
	DisplayName             string          `json:"display_name"`
	IdentityProvider        string          `json:"identity_provider"`
	BaseURL                 string          `json:"base_url"`
	BearerTokenLastFour     string          `json:"bearer_token_last_four"`
	BearerTokenExpires      *string         `json:"bearer_token_expires_at"`
	NextBearerTokenLastFour string          `json:"next_bearer_token_last_four"`
	NextBearerTokenExpires  *string         `json:"next_bearer_token_expires_at"`
	GroupRoles              []scimGroupRole `json:"scim_group_implicit_role_assignments"`
}

type scimGroupRole struct {
	RoleID    string `json:"role_id"`
	GroupID   string `json:"group_id"`
	GroupName string `json:"group_name"`
}

// scimRegistration is what a directory told about a member.
type scimRegistration struct {
	ConnectionID   string          `json:"connection_id"`
	RegistrationID string          `json:"registration_id"`
	ExternalID     *string         `json:"external_id"`
	SCIMAttributes *scimAttributes `json:"scim_attributes"`
}

type scimAttributes struct {
	UserName          string       `json:"user_name"`
	ID                string       `json:"id"`
	ExternalID        string       `json:"external_id"`
	Active            bool         `json:"active"`
	Groups            []scimGroup  `json:"groups"`
	DisplayName       string       `json:"display_name"`
	NickName          string       `json:"nick_name"`
	ProfileURL        string       `json:"profile_url"`
	UserType          string       `json:"user_type"`
	Title             string       `json:"title"`
	PreferredLanguage string       `json:"preferred_language"`
	Locale            string       `json:"locale"`
	Timezone          string       `json:"timezone"`
	Emails            []scimValue  `json:"emails"`
	PhoneNumbers      []scimValue  `json:"phone_numbers"`
	Addresses         []scimValue  `json:"addresses"`
	IMs               []scimValue  `json:"ims"`
	Photos            []scimValue  `json:"photos"`
	Entitlements      []scimValue  `json:"entitlements"`
	Roles             []scimValue  `json:"roles"`
	X509Certificates  []scimValue  `json:"x509certificates"`
	Name              *scimName    `json:"name"`
	Enterprise        *scimCompany `json:"enterprise_extension"`
}

type scimGroup struct {
	Value   string `json:"value"`
	Display string `json:"display"`
}

type scimValue struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

type scimName struct {
	Formatted       string `json:"formatted"`
	FamilyName      string `json:"family_name"`
	GivenName       string `json:"given_name"`
	MiddleName      string `json:"middle_name"`
	HonorificPrefix string `json:"honorific_prefix"`
	HonorificSuffix string `json:"honorific_suffix"`
}

type scimCompany struct {
	EmployeeNumber string `json:"employee_number"`
	CostCenter     string `json:"cost_center"`
	Division       string `json:"division"`
	Department     string `json:"department"`
	Organization   string `json:"organization"`
}

func (c *call) scimGet() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.scim", "get")
	if err != nil {
		return nil, err
	}
	if t.scim == nil {
		return nil, errNoDirectory()
	}
	return scimAnswer{c.ok(), t.scim}, nil
}

// setSCIM gives an organization its one connection, with its tokens, and shows it on the organization.
func (t *tenant) setSCIM(base string, connection scimConnection, tokens clientSecrets) {
	connection.OrganizationID = t.OrganizationID
	connection.BearerTokenLastFour, connection.NextBearerTokenLastFour = tokens.current.lastFour, tokens.next.lastFour
	t.scim, t.directory = &connection, directory{tokens: tokens}
	t.showSCIM(base)
}

// showSCIM brings the address of a connection, and what the organization shows of it, up to date.
func (t *tenant) showSCIM(base string) {
	s := t.scim
	s.BaseURL = base + "/v1/b2b/scim/" + s.ConnectionID
	if s.IdentityProvider == "microsoft-entra" {
		s.BaseURL += "?aadOptscim062020" // (rule scim-base-url)
	}
	t.SCIMActiveConnection = &activeSCIMConnection{s.ConnectionID, s.DisplayName, s.BearerTokenLastFour, s.BearerTokenExpires}
}

// showDirectory is showSCIM for a connection that was changed.
func (c *call) showDirectory(t *tenant) {
	t.showSCIM(c.base)
	t.changed(c.time)
}
