package sandbox

// scimRotateStart makes a next token beside the one that there is; both are good. A second start makes another next one (rule
// scim-rotation).
func (c *call) scimRotateStart() (any, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	t, err := c.directoryOf("update")
	if err != nil {
		return nil, err
	}
	next, err := newBearerToken()
	if err != nil {
		return nil, err
	}
	expires := stamp(c.time.Add(bearerLife))
	t.directory.tokens.next = keepSecret(next)
	t.scim.NextBearerTokenLastFour, t.scim.NextBearerTokenExpires = t.directory.tokens.next.lastFour, &expires
	s := t.scim
	return scimAnswer{c.ok(), scimWithNextToken{
		s.OrganizationID, s.ConnectionID, s.Status, s.DisplayName, s.IdentityProvider, s.BaseURL, s.BearerTokenLastFour,
		s.BearerTokenExpires, next, s.NextBearerTokenExpires, s.GroupRoles,
	}}, nil
}

// scimRotateComplete makes the next token the only one.
func (c *call) scimRotateComplete() (any, error) {
	t, err := c.rotating()
	if err != nil {
		return nil, err
	}
	t.directory.tokens.current = t.directory.tokens.next
	t.scim.BearerTokenLastFour, t.scim.BearerTokenExpires = t.scim.NextBearerTokenLastFour, t.scim.NextBearerTokenExpires
	return c.rotated(t), nil
}

// scimRotateCancel forgets the next token.
func (c *call) scimRotateCancel() (any, error) {
	t, err := c.rotating()
	if err != nil {
		return nil, err
	}
	return c.rotated(t), nil
}

func (c *call) rotating() (*tenant, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	t, err := c.directoryOf("update")
	if err != nil {
		return nil, err
	}
	if !t.directory.tokens.rotating() {
		return nil, badRequest("scim_connection_not_rotating_token", "No rotation of the bearer token is under way.")
	}
	return t, nil
}

func (c *call) rotated(t *tenant) any {
	t.directory.tokens.next = clientSecret{}
	t.scim.NextBearerTokenLastFour, t.scim.NextBearerTokenExpires = "", nil
	c.showDirectory(t)
	return scimAnswer{c.ok(), t.scim}
}
