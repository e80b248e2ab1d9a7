package sandbox

// oauthToken finds a token of one of the two flows, which only the right verifier may use. The caller uses it up.
func (c *call) oauthToken(token, verifier string, discovery bool) (*oauthToken, error) {
	found := c.store.oauthTokens[token]
	if found == nil || discovery != (found.tenant == nil) || !c.time.Before(found.expires) {
		return nil, notFound("oauth_token_not_found", "The OAuth token could not be found.")
	}
	return found, checkVerifier(found.challenge, verifier)
}

type discoveryOAuthAnswer struct {
	discoveryAnswer
	ProviderType      string   `json:"provider_type"`
	ProviderTenantID  string   `json:"provider_tenant_id"`
	ProviderTenantIDs []string `json:"provider_tenant_ids"`
	FullName          string   `json:"full_name"`
}

func (c *call) discoveryOAuthAuthenticate() (any, error) {
	in, err := decode[struct {
		Token    string `json:"discovery_oauth_token"`
		Verifier string `json:"pkce_code_verifier"`
	}](c)
	if err != nil {
		return nil, err
	}
	found, err := c.oauthToken(in.Token, in.Verifier, true)
	if err != nil {
		return nil, err
	}
	delete(c.store.oauthTokens, in.Token)
	f := found.account.factor(found.email, seedID("email", found.email), c.time)
	answer := discoveryOAuthAnswer{discoveryAnswer: c.discovered(found.email, f), ProviderType: found.provider.kind}
	for _, m := range c.store.emails[found.email] {
		if answer.FullName == "" {
			answer.FullName = m.Name
		}
	}
	return answer, nil
}

type oauthAuthenticateRequest struct {
	primaryRequest
	Token    string `json:"oauth_token"`
	Verifier string `json:"pkce_code_verifier"`
}

type oauthAuthenticateAnswer struct {
	loginAnswer
	OrganizationID  string         `json:"organization_id"`
	ProviderSubject string         `json:"provider_subject"`
	ProviderType    string         `json:"provider_type"`
	ProviderValues  providerValues `json:"provider_values"`
	ResetSessions   bool           `json:"reset_sessions"`
}

// providerValues are what the provider gave. The tokens are nobody's; they are there to see that nothing shows them.
type providerValues struct {
	Scopes       []string `json:"scopes"`
	AccessToken  string   `json:"access_token"`
	RefreshToken string   `json:"refresh_token"`
	ExpiresAt    string   `json:"expires_at"`
	IDToken      string   `json:"id_token"`
}

func (c *call) oauthAuthenticate() (any, error) {
	in, err := decode[oauthAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	found, err := c.oauthToken(in.Token, in.Verifier, false)
	if err != nil {
		return nil, err
	}
	c.log.TargetOrganizationID = found.tenant.OrganizationID
	m := c.store.memberByAccount(found.tenant, found.account, found.email)
	if m == nil {
		if err := joinable(found.tenant, found.email); err != nil {
			return nil, err
		}
		m = c.join(found.tenant, found.email)
	}
	if m.IsLocked {
		return nil, errLocked()
	}
	prepared, err := c.prepare(&in.primaryRequest, m)
	if err != nil {
		return nil, err
	}
	delete(c.store.oauthTokens, in.Token)
	prepared.factors = merged(prepared.factors, found.account.factor(m.MemberID, m.emailIdentifier(), c.time))
	outcome, err := c.finish(prepared)
	if err != nil {
		return nil, err
	}
	return oauthAuthenticateAnswer{
		loginAnswer: outcome, OrganizationID: m.OrganizationID,
		ProviderSubject: found.account.subject, ProviderType: found.provider.kind,
		ProviderValues: providerValues{Scopes: found.scopes, AccessToken: newToken(), ExpiresAt: stamp(c.time.Add(defaultSession))},
	}, nil
}
