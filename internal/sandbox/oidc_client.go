package sandbox

import (
	"net/url"
)

// oauthClient is who asks at the project domain: a Connected App or a machine client.
type oauthClient struct {
	app     *connectedApp
	machine *m2mClient
}

const basicChallenge = `Basic realm="oauth2", charset="UTF-8"`

// client finds out who asks. A client shows its secret in the Authorization header or in the body; a public one has none, and
// names itself alone.
func (o *oidcCall) client() (oauthClient, error) {
	id, secret, challenge, err := o.clientCredentials()
	if err != nil {
		return oauthClient{}, err
	}
	if app := o.store.apps[id]; app != nil {
		if app.public() && secret == "" || !app.public() && app.secrets.accept(secret) {
			return oauthClient{app: app}, nil
		}
	}
	if machine := o.store.machines[id]; machine != nil && machine.Status == statusActive && machine.secrets.accept(secret) {
		return oauthClient{machine: machine}, nil
	}
	return oauthClient{}, errOAuthClient(challenge)
}

// clientCredentials are what a client says of itself, in one way only.
func (o *oidcCall) clientCredentials() (id, secret, challenge string, err error) {
	id, secret = o.form.Get("client_id"), o.form.Get("client_secret")
	if len(o.request.Header.Values("Authorization")) == 0 {
		if id == "" {
			return "", "", "", errOAuthClient("")
		}
		return id, secret, "", nil
	}
	user, password, basic := o.request.BasicAuth()
	if !basic {
		return "", "", "", errOAuthClient(basicChallenge)
	}
	// Both are encoded like parts of a form before they go into the header.
	name, wrongName := url.QueryUnescape(user)
	word, wrongWord := url.QueryUnescape(password)
	if wrongName != nil || wrongWord != nil {
		return "", "", "", errOAuthClient(basicChallenge)
	}
	if secret != "" || id != "" && id != name {
		return "", "", "", errOAuthRequest("The client may show who it is in one way only.")
	}
	return name, word, basicChallenge, nil
}

// owns tells whether a token was issued to the client.
func (c oauthClient) owns(t *accessToken) bool { return t.client == c }
