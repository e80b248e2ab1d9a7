package sandbox_test

import (
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// connectionOperation is one operation on connections of harbour, with the permissions that it needs.
type connectionOperation struct {
	needs []string // resource, "action" pairs
	call  func(w *world, organization string, headers ...string) answer
}

// connectionOperations are all of them, and what each needs. The world has the connections that the paths name.
func connectionOperations(w *world) map[string]connectionOperation {
	samlPath, saml := w.activeSAML()
	_, oidc := w.oidc()
	external := w.post("/sso/external/harbour", fields{
		"external_organization_id": "quayside", "external_connection_id": text(w.get("/sso/quayside").list("saml_connections")[0]["connection_id"]),
	}).want("200").text("connection", "connection_id")
	scimPath, scim, _ := w.directory()
	key, _ := privateKeys(w.t)
	w.put(samlPath, fields{"x509_certificate": certificate("other"), "saml_encryption_private_key": key}).want("200")
	shown := answer{t: w.t, fields: w.get("/sso/harbour").list("saml_connections")[0]}
	certificateID := text(shown.list("verification_certificates")[1]["certificate_id"])
	keyID := text(shown.list("encryption_private_keys")[0]["private_key_id"])
	w.post(scimPath+"/rotate/start", fields{}).want("200")

	const sso, directory = "stytch.sso", "stytch.scim"
	implicit := []string{"stytch.organization", "update.settings.implicit-roles"}
	needs := func(pairs ...string) []string { return pairs }
	put := func(before, after string, body fields) func(*world, string, ...string) answer {
		return func(w *world, organization string, headers ...string) answer {
			return w.put(before+organization+after, body, headers...)
		}
	}
	post := func(before, after string, body fields) func(*world, string, ...string) answer {
		return func(w *world, organization string, headers ...string) answer {
			return w.post(before+organization+after, body, headers...)
		}
	}
	get := func(before, after string) func(*world, string, ...string) answer {
		return func(w *world, organization string, headers ...string) answer {
			return w.get(before+organization+after, headers...)
		}
	}
	remove := func(before, after string) func(*world, string, ...string) answer {
		return func(w *world, organization string, headers ...string) answer {
			return w.remove(before+organization+after, headers...)
		}
	}
	at := func(id string) string { return "/connections/" + id }
	roles, groups := []fields{{"role_id": "editor"}}, []fields{{"role_id": "editor", "group": "a"}}
	return map[string]connectionOperation{
		"list":                 {needs(sso, "get"), get("/sso/", "")},
		"create SAML":          {needs(sso, "create"), post("/sso/saml/", "", fields{})},
		"create OIDC":          {needs(sso, "create"), post("/sso/oidc/", "", fields{})},
		"update SAML":          {needs(sso, "update"), put("/sso/saml/", at(saml), fields{"display_name": "x"})},
		"roles of SAML":        {append(needs(sso, "update"), implicit...), put("/sso/saml/", at(saml), fields{"saml_connection_implicit_role_assignments": roles})},
		"groups of SAML":       {append(needs(sso, "update"), implicit...), put("/sso/saml/", at(saml), fields{"saml_group_implicit_role_assignments": groups})},
		"update SAML by URL":   {needs(sso, "update"), put("/sso/saml/", at(saml)+"/url", fields{"metadata_url": "https://idp.example/harbour/metadata"})},
		"delete certificate":   {needs(sso, "update"), remove("/sso/saml/", at(saml)+"/verification_certificates/"+certificateID)},
		"delete key":           {needs(sso, "update"), remove("/sso/saml/", at(saml)+"/encryption_private_keys/"+keyID)},
		"update OIDC":          {needs(sso, "update"), put("/sso/oidc/", at(oidc), fields{"display_name": "x"})},
		"update external":      {needs(sso, "update"), put("/sso/external/", at(external), fields{"display_name": "x"})},
		"roles of external":    {append(needs(sso, "update"), implicit...), put("/sso/external/", at(external), fields{"external_connection_implicit_role_assignments": roles})},
		"delete connection":    {needs(sso, "delete"), remove("/sso/", at(oidc))},
		"SCIM":                 {needs(directory, "get"), get("/scim/", "/connection")},
		"SCIM groups":          {needs(directory, "get"), get("/scim/", "/connection/"+scim)},
		"update SCIM":          {needs(directory, "update"), put("/scim/", "/connection/"+scim, fields{"display_name": "x"})},
		"roles of SCIM groups": {implicit, put("/scim/", "/connection/"+scim, fields{"scim_group_implicit_role_assignments": []fields{}})},
		"SCIM with roles":      {append(needs(directory, "update"), implicit...), put("/scim/", "/connection/"+scim, fields{"display_name": "x", "scim_group_implicit_role_assignments": []fields{}})},
		"start rotation":       {needs(directory, "update"), post("/scim/", "/connection/"+scim+"/rotate/start", fields{})},
		"complete rotation":    {needs(directory, "update"), post("/scim/", "/connection/"+scim+"/rotate/complete", fields{})},
		"cancel rotation":      {needs(directory, "update"), post("/scim/", "/connection/"+scim+"/rotate/cancel", fields{})},
		"delete SCIM":          {needs(directory, "delete"), remove("/scim/", "/connection/"+scim)},
		"create external": {needs(sso, "create"), post("/sso/external/", "", fields{
			"external_organization_id": "acme", "external_connection_id": text(w.get("/sso/acme").list("saml_connections")[0]["connection_id"]),
		})},
		"create external with roles": {append(needs(sso, "create"), implicit...), post("/sso/external/", "", fields{
			"external_organization_id": "initech", "external_connection_id": text(w.get("/sso/initech").list("saml_connections")[0]["connection_id"]),
			"connection_implicit_role_assignments": roles,
		})},
	}
}

// Each operation is open to exactly the permissions that it needs: with each of them missing it is refused, and with all of them it is
// not. Nobody reaches into another organization, and an ended session opens nothing.
func TestConnectionsByPermission(t *testing.T) {
	t.Parallel()
	every := []string{
		"stytch.sso", "create", "stytch.sso", "get", "stytch.sso", "update", "stytch.sso", "delete",
		"stytch.scim", "create", "stytch.scim", "get", "stytch.scim", "update", "stytch.scim", "delete",
		"stytch.organization", "update.settings.implicit-roles",
	}
	holding := func(pairs []string) []fields {
		actions := map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			actions[pairs[i]] += " " + pairs[i+1]
		}
		var flat []string
		for resource, names := range actions {
			flat = append(flat, resource, names)
		}
		return []fields{role("exact", append(flat, "documents", "read")...)}
	}
	const tobias = "tobias.falk@harbour.example"
	prepared := start(t, sandbox.Options{})
	for name := range connectionOperations(prepared) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			operation := connectionOperations(w)[name]
			w.setRoles("harbour", holding(every)...).want("200")
			w.put("/organizations/harbour/members/"+w.member("harbour", tobias), fields{"roles": []string{"exact"}}).want("200")
			header := w.as("harbour", tobias)

			operation.call(w, "harbour", w.as("acme", "olivia.hart@acme.example")...).want("403 session_authorization_tenancy_error")
			operation.call(w, "harbour", w.as("harbour", "henry.lowe@harbour.example")...).want("403 session_authorization_error")
			for i := 0; i < len(operation.needs); i += 2 {
				var others []string
				for j := 0; j < len(every); j += 2 {
					if every[j] != operation.needs[i] || every[j+1] != operation.needs[i+1] {
						others = append(others, every[j], every[j+1])
					}
				}
				w.setRoles("harbour", holding(others)...).want("200")
				operation.call(w, "harbour", header...).want("403 session_authorization_error")
			}
			w.setRoles("harbour", holding(operation.needs)...).want("200")
			w.Advance(61 * time.Minute)
			operation.call(w, "harbour", header...).want("404 session_not_found")
			w.ResetClock()
			operation.call(w, "harbour", header...).want("200")
		})
	}
}

// Making a SCIM connection is apart from the others: there must be none.
func TestSCIMCreateByPermission(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	create := func(want string, headers ...string) {
		t.Helper()
		w.post("/scim/harbour/connection", fields{}, headers...).want(want)
	}
	grace := w.as("harbour", "grace.kelleher@harbour.example")
	create("403 session_authorization_tenancy_error", w.as("acme", "olivia.hart@acme.example")...)
	create("403 session_authorization_error", w.as("harbour", "henry.lowe@harbour.example")...)
	w.Advance(61 * time.Minute)
	create("404 session_not_found", grace...)
	w.ResetClock()
	create("200", grace...)
}
