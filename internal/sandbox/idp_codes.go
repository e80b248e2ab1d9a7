package sandbox

import "time"

// authCodeLife is how long an app may take to exchange an authorization code.
const authCodeLife = 10 * time.Minute

// authCode is what an app gets when a member lets it in. It is good once (rule authorization-code).
type authCode struct {
	code        string
	app         *connectedApp
	grant       *grant
	member      *member  // its tenant is the organization
	session     *session // nil when the authorization named the member without a session
	scopes      []string // those of this authorization, of the grant's
	redirectURI string   // as the authorization had it
	nonce       string
	challenge   string // PKCE, S256; empty without
	resources   []string
	issued      time.Time
	expires     time.Time
	used        bool
}
