package sandbox

import "time"

// SeedSCIMToken is a bearer token of a SCIM connection of the seed, by its connection_id and the four characters in which the
// connection shows that it ends. It is the same in every sandbox.
func SeedSCIMToken(connectionID, lastFour string) string {
	return seedSecret("bearer-token", connectionID)[:40] + lastFour
}

// directory gives a tenant its SCIM connection, with tokens that end in these characters, and groups.
func (s *seeder) directory(t *tenant, connection scimConnection, last, nextLast string, groups ...string) {
	connection.ConnectionID, connection.Status = seedID("scim-connection", t.OrganizationSlug), statusActive
	tokens := clientSecrets{current: keepSecret(SeedSCIMToken(connection.ConnectionID, last))}
	if nextLast != "" {
		tokens.next = keepSecret(SeedSCIMToken(connection.ConnectionID, nextLast))
	}
	t.setSCIM(s.base, connection, tokens)
	for _, name := range groups {
		t.directory.groups = append(t.directory.groups, scimGroup{seedID("scim-group", t.OrganizationSlug+"/"+name), name})
	}
}

// certificate is one of an identity provider of the seed. It began two years before it ends.
func (s *seeder) certificate(name, common string, left time.Duration) certificate {
	until := s.now.Add(left).Truncate(time.Second)
	return standInCertificate(name, common, "saml-verification-key", until.AddDate(-2, 0, 0), until)
}
