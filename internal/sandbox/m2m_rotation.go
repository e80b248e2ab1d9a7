package sandbox

// m2mRotateStart tells the next secret, this once.
func (c *call) m2mRotateStart() (any, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	found, err := c.m2mOf()
	if err != nil {
		return nil, err
	}
	secrets, next, err := m2mRotation.start(found.secrets)
	if err != nil {
		return nil, err
	}
	found.setSecrets(secrets)
	type withNext struct {
		m2mFields
		NextClientSecret string `json:"next_client_secret"`
	}
	return struct {
		envelope
		M2MClient withNext `json:"m2m_client"`
	}{c.ok(), withNext{found.m2mFields, next}}, nil
}

func (c *call) m2mRotate() (any, error) { return c.settleM2M(m2mRotation.finish) }

func (c *call) m2mRotateCancel() (any, error) { return c.settleM2M(m2mRotation.cancel) }

// settleM2M ends a rotation one way or the other.
func (c *call) settleM2M(end func(clientSecrets) (clientSecrets, error)) (any, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	found, err := c.m2mOf()
	if err != nil {
		return nil, err
	}
	secrets, err := end(found.secrets)
	if err != nil {
		return nil, err
	}
	found.setSecrets(secrets)
	return m2mAnswer{c.ok(), found.m2mFields}, nil
}
