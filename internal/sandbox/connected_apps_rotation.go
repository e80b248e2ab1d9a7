package sandbox

// withSecretOf finds the app of the path for an operation on its secret. A public app has none.
func (c *call) withSecretOf() (*connectedApp, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	app, err := c.connectedAppOf()
	if err != nil {
		return nil, err
	}
	if app.public() {
		return nil, badRequest("public_connected_apps_do_not_have_secrets", "A public Connected App has no secret.")
	}
	return app, nil
}

// connectedAppRotateStart tells the next secret, this once.
func (c *call) connectedAppRotateStart() (any, error) {
	app, err := c.withSecretOf()
	if err != nil {
		return nil, err
	}
	secrets, next, err := connectedAppRotation.start(app.secrets)
	if err != nil {
		return nil, err
	}
	app.setSecrets(secrets)
	type withNext struct {
		connectedAppFields
		NextClientSecret string `json:"next_client_secret"`
	}
	return struct {
		envelope
		ConnectedApp withNext `json:"connected_app"`
	}{c.ok(), withNext{app.connectedAppFields, next}}, nil
}

func (c *call) connectedAppRotate() (any, error) {
	return c.settleConnectedApp(connectedAppRotation.finish)
}

func (c *call) connectedAppRotateCancel() (any, error) {
	return c.settleConnectedApp(connectedAppRotation.cancel)
}

// settleConnectedApp ends a rotation one way or the other.
func (c *call) settleConnectedApp(end func(clientSecrets) (clientSecrets, error)) (any, error) {
	app, err := c.withSecretOf()
	if err != nil {
		return nil, err
	}
	secrets, err := end(app.secrets)
	if err != nil {
		return nil, err
	}
	app.setSecrets(secrets)
	return connectedAppAnswer{c.ok(), app.wire()}, nil
}
