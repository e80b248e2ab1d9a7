package sandbox

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// bearerLife is how long a bearer token is good (rule scim-token-life).
const bearerLife = 5 * 365 * 24 * time.Hour

const maxDisplayName = 128 // characters

var scimProviders = []string{"generic", "okta", "microsoft-entra", "cyberark", "jumpcloud", "onelogin", "pingfederate", "rippling"}

// directory is what a SCIM connection keeps beside what it shows: the tokens, as sums, and the groups that were pushed.
type directory struct {
	tokens clientSecrets
	groups []scimGroup
}

// newBearerToken is 48 letters and digits.
func newBearerToken() (string, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	token := make([]byte, 48)
	for i := range token {
		at, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", err
		}
		token[i] = alphabet[at.Int64()]
	}
	return string(token), nil
}

func errNoDirectory() error {
	return notFound("no_active_scim_connection", "The organization has no active SCIM connection.")
}

// directoryOf finds the organization of an operation on its SCIM connection, which the path names.
func (c *call) directoryOf(action string) (*tenant, error) {
	t, err := c.open(c.params["organization_id"], "stytch.scim", action)
	if err != nil {
		return nil, err
	}
	if t.scim == nil || t.scim.ConnectionID != c.params["connection_id"] {
		return nil, errNoDirectory()
	}
	return t, nil
}

type scimAnswer struct {
	envelope
	Connection any `json:"connection"`
}

// scimWithToken is a connection in the one answer that tells its token.
type scimWithToken struct {
	OrganizationID     string          `json:"organization_id"`
	ConnectionID       string          `json:"connection_id"`
	Status             string          `json:"status"`
	DisplayName        string          `json:"display_name"`
	IdentityProvider   string          `json:"identity_provider"`
	BaseURL            string          `json:"base_url"`
	BearerToken        string          `json:"bearer_token"`
	BearerTokenExpires *string         `json:"bearer_token_expires_at"`
	GroupRoles         []scimGroupRole `json:"scim_group_implicit_role_assignments"`
}

// scimWithNextToken is a connection in the one answer that tells the token it is being rotated to.
type scimWithNextToken struct {
	OrganizationID         string          `json:"organization_id"`
	ConnectionID           string          `json:"connection_id"`
	Status                 string          `json:"status"`
	DisplayName            string          `json:"display_name"`
	IdentityProvider       string          `json:"identity_provider"`
	BaseURL                string          `json:"base_url"`
	BearerTokenLastFour    string          `json:"bearer_token_last_four"`
	BearerTokenExpires     *string         `json:"bearer_token_expires_at"`
	NextBearerToken        string          `json:"next_bearer_token"`
	NextBearerTokenExpires *string         `json:"next_bearer_token_expires_at"`
	GroupRoles             []scimGroupRole `json:"scim_group_implicit_role_assignments"`
}

// checkConnection checks what every kind of connection has. A nil field is left as it is.
func checkConnection(name, provider *string, providers []string, refusal string) error {
	if name != nil && utf8.RuneCountInString(*name) > maxDisplayName {
		return badRequest("invalid_display_name", "The display name is too long.")
	}
	if provider != nil && !slices.Contains(providers, *provider) {
		return badRequest(refusal, "identity_provider must be one of "+strings.Join(providers, ", ")+".")
	}
	return nil
}

// scimCreate gives an organization its one connection.
func (c *call) scimCreate() (any, error) {
	in, err := decode[struct {
		DisplayName      *string `json:"display_name"`
		IdentityProvider *string `json:"identity_provider"`
	}](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "stytch.scim", "create")
	if err != nil {
		return nil, err
	}
	if err := checkConnection(in.DisplayName, in.IdentityProvider, scimProviders, "invalid_scim_idp"); err != nil {
		return nil, err
	}
	if t.scim != nil {
		return nil, badRequest("active_scim_connection_exists", "The organization has an active SCIM connection already.")
	}
	token, err := newBearerToken()
	if err != nil {
		return nil, err
	}
	expires := stamp(c.time.Add(bearerLife))
	made := scimConnection{ConnectionID: newID("scim-connection"), Status: statusActive, IdentityProvider: "generic", BearerTokenExpires: &expires}
	set(&made.DisplayName, in.DisplayName)
	set(&made.IdentityProvider, in.IdentityProvider)
	t.setSCIM(c.base, made, clientSecrets{current: keepSecret(token)})
	t.changed(c.time)
	s := t.scim
	return scimAnswer{c.ok(), scimWithToken{
		s.OrganizationID, s.ConnectionID, s.Status, s.DisplayName, s.IdentityProvider, s.BaseURL, token, s.BearerTokenExpires, s.GroupRoles,
	}}, nil
}

type scimUpdateRequest struct {
	DisplayName      *string          `json:"display_name"`
	IdentityProvider *string          `json:"identity_provider"`
	GroupRoles       *[]scimGroupRole `json:"scim_group_implicit_role_assignments"`
}

// scimUpdate changes what the request names. Roles of groups need a permission on the organization, the rest one on the connection
// (rule implicit-roles-action).
func (c *call) scimUpdate() (any, error) {
	in, err := decode[scimUpdateRequest](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	other := in.DisplayName != nil || in.IdentityProvider != nil || in.GroupRoles == nil
	if err := c.mayUpdateConnection("stytch.scim", other, in.GroupRoles != nil); err != nil {
		return nil, err
	}
	if t.scim == nil || t.scim.ConnectionID != c.params["connection_id"] {
		return nil, errNoDirectory()
	}
	if err := checkConnection(in.DisplayName, in.IdentityProvider, scimProviders, "invalid_scim_idp"); err != nil {
		return nil, err
	}
	if in.GroupRoles != nil {
		roles, err := c.directoryRoles(t, *in.GroupRoles)
		if err != nil {
			return nil, err
		}
		t.scim.GroupRoles = roles
	}
	set(&t.scim.DisplayName, in.DisplayName)
	set(&t.scim.IdentityProvider, in.IdentityProvider)
	c.showDirectory(t)
	t.follow()
	return scimAnswer{c.ok(), t.scim}, nil
}

// mayUpdateConnection asks for the permissions of an update; without an acting session the secret alone decides.
func (c *call) mayUpdateConnection(resource string, fields, roles bool) error {
	acting, err := c.acting()
	if err != nil || acting == nil {
		return err
	}
	if fields && len(c.granting(acting, resource, "update")) == 0 ||
		roles && len(c.granting(acting, "stytch.organization", "update.settings.implicit-roles")) == 0 {
		return errNotAuthorized()
	}
	return nil
}

// directoryRoles accepts roles that there are, of groups that were pushed, and names the groups as the directory does.
func (c *call) directoryRoles(t *tenant, given []scimGroupRole) ([]scimGroupRole, error) {
	var roles []scimGroupRole
	for _, one := range given {
		if one.GroupID == "" {
			return nil, badRequest("scim_group_role_assignment_does_not_contain_group_id", "An assignment has no group_id.")
		}
		if err := c.assignable(t, one.RoleID); err != nil {
			return nil, err
		}
		at := slices.IndexFunc(t.directory.groups, func(g scimGroup) bool { return g.Value == one.GroupID })
		if at < 0 {
			return nil, badRequest("scim_group_role_assignment_group_does_not_exist", "The directory has no such group.")
		}
		one.GroupName = t.directory.groups[at].Display
		if !slices.Contains(roles, one) {
			roles = append(roles, one)
		}
	}
	return roles, nil
}

// assignable accepts a role that a connection may give: one that there is, and not the one that everybody has.
func (c *call) assignable(t *tenant, role string) error {
	if role == "stytch_member" {
		return badRequest("cannot_assign_default_rbac_role_id", "Everybody has this role.")
	}
	if !c.knows(t, role) {
		return errNoRole()
	}
	return nil
}

// scimDelete ends a connection. Members stay, without what the directory said of them.
func (c *call) scimDelete() (any, error) {
	t, err := c.directoryOf("delete")
	if err != nil {
		return nil, err
	}
	id := t.scim.ConnectionID
	t.scim, t.directory, t.SCIMActiveConnection = nil, directory{}, nil
	for _, m := range t.members {
		if m.SCIMRegistration != nil && m.SCIMRegistration.ConnectionID == id {
			m.SCIMRegistration = nil
		}
	}
	t.follow()
	t.changed(c.time)
	return struct {
		envelope
		ConnectionID string `json:"connection_id"`
	}{c.ok(), id}, nil
}

// scimGroups lists the groups that were pushed, page by page.
func (c *call) scimGroups() (any, error) {
	query := c.request.URL.Query()
	cursor := query.Get("cursor")
	in := searchRequest{OrganizationIDs: []string{c.params["connection_id"]}, Cursor: &cursor}
	if query.Has("limit") {
		limit, err := wholeNumber(query.Get("limit"))
		if err != nil {
			return nil, err
		}
		in.Limit = &limit
	}
	t, err := c.directoryOf("get")
	if err != nil {
		return nil, err
	}
	cut, metadata, err := cutPage(c, &in, t.directory.groups)
	if err != nil {
		return nil, err
	}
	type row struct {
		GroupID        string `json:"group_id"`
		GroupName      string `json:"group_name"`
		OrganizationID string `json:"organization_id"`
		ConnectionID   string `json:"connection_id"`
	}
	answer := struct { // without a request_id (rule scim-groups)
		StatusCode int     `json:"status_code"`
		Groups     []row   `json:"scim_groups"`
		NextCursor *string `json:"next_cursor"`
	}{StatusCode: http.StatusOK, NextCursor: metadata.NextCursor}
	for _, group := range cut {
		answer.Groups = append(answer.Groups, row{group.Value, group.Display, t.OrganizationID, t.scim.ConnectionID})
	}
	return answer, nil
}

// wholeNumber reads a number of a query.
func wholeNumber(given string) (int64, error) {
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil {
		return 0, badRequest("user_search_invalid_limit", "The limit must be between 1 and 1000.")
	}
	return n, nil
}
