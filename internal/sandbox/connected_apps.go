package sandbox

// organizationApp is a Connected App as an organization sees it: one that some member has let in.
type organizationApp struct {
	ConnectedAppID string  `json:"connected_app_id"`
	Name           string  `json:"name"`
	Description    string  `json:"description"`
	ClientType     string  `json:"client_type"`
	LogoURL        *string `json:"logo_url"`
}

// organizationConnectedApps asks for the organization only: no permission is published for it.
func (c *call) organizationConnectedApps() (any, error) {
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	return struct {
		envelope
		ConnectedApps []organizationApp `json:"connected_apps"`
	}{c.ok(), t.apps}, nil
}
