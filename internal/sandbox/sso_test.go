package sandbox_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

var samlMapping = fields{"email": "NameID", "first_name": "firstName", "last_name": "lastName", "groups": "groups"}

// saml makes a SAML connection of harbour, pending, and gives its path and id.
func (w *world) saml() (path, id string) {
	w.t.Helper()
	id = w.post("/sso/saml/harbour", fields{"display_name": "Okta", "identity_provider": "okta"}).want("200").text("connection", "connection_id")
	return "/sso/saml/harbour/connections/" + id, id
}

// activeSAML is a connection of harbour that has all it needs.
func (w *world) activeSAML() (path, id string) {
	w.t.Helper()
	path, id = w.saml()
	w.put(path+"/url", fields{"metadata_url": "https://idp.example/harbour/metadata"}).want("200")
	if status := w.put(path, fields{"attribute_mapping": samlMapping}).want("200").text("connection", "status"); status != "active" {
		w.t.Fatalf("the connection is %s", status)
	}
	return path, id
}

func (w *world) oidc() (path, id string) {
	w.t.Helper()
	id = w.post("/sso/oidc/harbour", fields{"display_name": "Entra", "identity_provider": "microsoft-entra"}).want("200").text("connection", "connection_id")
	return "/sso/oidc/harbour/connections/" + id, id
}

func (w *world) activeOIDC() (path, id string) {
	w.t.Helper()
	path, id = w.oidc()
	got := w.put(path, fields{"issuer": "https://login.example/harbour", "client_id": "client", "client_secret": "a secret"}).want("200")
	if got.text("connection", "status") != "active" {
		w.t.Fatalf("got %s", got.raw)
	}
	return path, id
}

func certificate(name string) string {
	return sandbox.NewCertificate(name, time.Now().Add(-time.Hour), time.Now().Add(90*24*time.Hour))
}

// shows are the active connections and the default of an organization.
func (w *world) shows(slug string) (ids []string, standard string) {
	w.t.Helper()
	organization := w.get("/organizations/" + slug).want("200")
	for _, one := range organization.list("organization", "sso_active_connections") {
		ids = append(ids, text(one["connection_id"]))
	}
	return ids, organization.text("organization", "sso_default_connection_id")
}

func TestSAMLConnectionByHand(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, id := w.saml()
	status := func(body fields) string {
		t.Helper()
		return w.put(path, body).want("200").text("connection", "status")
	}
	for _, step := range []fields{
		{"idp_entity_id": "https://idp.example/x"}, {"idp_sso_url": "https://idp.example/x/sso"}, {"x509_certificate": certificate("X")},
	} {
		if got := status(step); got != "pending" {
			t.Errorf("after %v it is %s", step, got)
		}
		if ids, standard := w.shows("harbour"); len(ids) != 0 || standard != "" {
			t.Errorf("the organization shows %v, default %q", ids, standard)
		}
	}
	if got := status(fields{"attribute_mapping": samlMapping}); got != "active" {
		t.Errorf("with everything it is %s", got)
	}
	if ids, standard := w.shows("harbour"); !slices.Equal(ids, []string{id}) || standard != id {
		t.Errorf("the organization shows %v, default %q", ids, standard)
	}
	changed := w.put(path, fields{
		"display_name": "New name", "identity_provider": "keycloak", "alternative_audience_uri": "urn:x", "alternative_acs_url": "https://alt.example/acs",
		"nameid_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "idp_initiated_auth_disabled": true, "allow_gateway_callback": true,
	}).want("200")
	for field, want := range map[string]any{
		"display_name": "New name", "identity_provider": "keycloak", "alternative_audience_uri": "urn:x", "alternative_acs_url": "https://alt.example/acs",
		"nameid_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "idp_initiated_auth_disabled": true, "allow_gateway_callback": true,
		"idp_entity_id": "https://idp.example/x", "organization_id": w.id("harbour"),
	} {
		if got := changed.at("connection", field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	if !strings.HasSuffix(changed.text("connection", "acs_url"), "/v1/b2b/sso/callback/"+id) || changed.text("connection", "acs_url") != changed.text("connection", "audience_uri") {
		t.Errorf("got %s", changed.raw)
	}
	if name := w.get("/organizations/harbour").list("organization", "sso_active_connections")[0]["display_name"]; name != "New name" {
		t.Errorf("the organization shows %v", name)
	}
	if got := len(w.get("/sso/harbour").want("200").list("saml_connections")); got != 1 {
		t.Errorf("there are %d connections", got)
	}
}

func TestSAMLRefusals(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, _ := w.activeSAML()
	pkcs1, pkcs8 := privateKeys(t)
	before := w.get("/sso/harbour").list("saml_connections")[0]["idp_sso_url"]
	mapping := func(pairs ...string) fields {
		all := fields{}
		for i := 0; i+1 < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return fields{"attribute_mapping": all, "idp_sso_url": "https://changed.example"}
	}
	roles := func(role, group string) fields {
		return fields{"saml_group_implicit_role_assignments": []fields{{"role_id": role, "group": group}}}
	}
	for name, tt := range map[string]struct {
		body fields
		want string
	}{
		"long name":           {fields{"display_name": strings.Repeat("x", 129)}, "400 invalid_display_name"},
		"no URL":              {fields{"idp_sso_url": "nonsense"}, "400 saml_connection_idp_sso_url_invalid_format"},
		"script":              {fields{"idp_sso_url": "javascript:alert(1)"}, "400 saml_connection_idp_sso_url_invalid_format"},
		"not encrypted":       {fields{"idp_sso_url": "http://idp.example/sso"}, "400 saml_connection_idp_sso_url_not_https"},
		"URL emptied":         {fields{"idp_sso_url": ""}, "400 saml_connection_idp_sso_url_required"},
		"entity id emptied":   {fields{"idp_entity_id": ""}, "400 invalid_idp_entity_id"},
		"entity id":           {fields{"idp_entity_id": "two words"}, "400 invalid_idp_entity_id"},
		"no certificate":      {fields{"x509_certificate": "nonsense"}, "400 invalid_x509_certificate"},
		"empty certificate":   {fields{"x509_certificate": ""}, "400 invalid_x509_certificate"},
		"private key":         {fields{"x509_certificate": pkcs1}, "400 invalid_x509_certificate"},
		"two certificates":    {fields{"x509_certificate": certificate("a") + certificate("b")}, "400 invalid_x509_certificate"},
		"empty mapping":       {mapping(), "400 saml_connection_attribute_mapping_required"},
		"no address":          {mapping("full_name", "n"), "400 saml_connection_email_mapping_required"},
		"no name":             {mapping("email", "e", "first_name", "f"), "400 saml_connection_name_mapping_required"},
		"nested":              {fields{"attribute_mapping": fields{"email": fields{"a": "b"}, "full_name": "n"}}, "400 saml_connection_no_nested_keys_in_attribute_mapping"},
		"no such role":        {roles("nobody", "g"), "400 invalid_rbac_role_id"},
		"role of everybody":   {roles("stytch_member", "g"), "400 cannot_assign_default_rbac_role_id"},
		"no group":            {roles("editor", " "), "400 saml_group_role_assignment_does_not_contain_member_group"},
		"connection role":     {fields{"saml_connection_implicit_role_assignments": []fields{{"role_id": "nobody"}}}, "400 invalid_rbac_role_id"},
		"key is no key":       {fields{"signing_private_key": "nonsense"}, "400 saml_signing_private_key_invalid"},
		"key of another kind": {fields{"signing_private_key": pkcs8}, "400 saml_signing_private_key_format_not_supported"},
		"encryption key":      {fields{"saml_encryption_private_key": pkcs8}, "400 saml_signing_private_key_format_not_supported"},
		"long key":            {fields{"saml_encryption_private_key": strings.Repeat("x", 20000)}, "400 private_key_too_long"},
	} {
		if got := w.put(path, tt.body); "400 "+got.text("error_type") != tt.want || got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want %s", name, got.status, got.text("error_type"), tt.want)
		}
	}
	w.wrongPut(path, fields{"identity_provider": "nobody"}).want("400 invalid_sso_idp")
	w.wrong("/sso/saml/harbour", fields{"identity_provider": "nobody"}).want("400 invalid_sso_idp")
	w.put("/sso/saml/linden/connections/"+path[strings.LastIndex(path, "/")+1:], fields{"display_name": "x"}).want("404 saml_connection_not_found")
	if after := w.get("/sso/harbour").list("saml_connections")[0]["idp_sso_url"]; after != before {
		t.Errorf("a refused update has changed the URL to %v", after)
	}
	// Groups cannot go out of the mapping while they give roles.
	w.put(path, roles("editor", "staff")).want("200")
	w.put(path, mapping("email", "e", "full_name", "n")).want("400 saml_connection_attribute_mapping_missing_groups_key")
}

// privateKeys is an RSA key in both formats.
func privateKeys(t *testing.T) (pkcs1, pkcs8 string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	return pkcs1, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: other}))
}

func TestSAMLKeys(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, _ := w.activeSAML()
	held := func(list string) []fields {
		t.Helper()
		return (answer{t: t, fields: w.get("/sso/harbour").want("200").list("saml_connections")[0]}).list(list)
	}
	first := held("verification_certificates")[0]
	if first["expires_at"] == nil || first["issuer"] != "CN=harbour" {
		t.Errorf("got %v", first)
	}
	last := "/verification_certificates/" + text(first["certificate_id"])
	w.remove(path + last).want("400 cannot_delete_last_sso_verification_key")
	for _, name := range []string{"b", "c", "d"} {
		w.put(path, fields{"x509_certificate": certificate(name)}).want("200")
	}
	// Without the lines around it, and one that has run out: both are taken.
	block, _ := pem.Decode([]byte(sandbox.NewCertificate("e", time.Now().Add(-48*time.Hour), time.Now().Add(-time.Hour))))
	bare := base64.StdEncoding.EncodeToString(block.Bytes)
	w.put(path, fields{"x509_certificate": bare}).want("200")
	w.put(path, fields{"x509_certificate": bare}).want("200") // which it has already
	if got := held("verification_certificates"); len(got) != 5 || !strings.HasPrefix(text(got[4]["certificate"]), "-----BEGIN CERTIFICATE-----") {
		t.Fatalf("there are %d certificates", len(got))
	}
	w.put(path, fields{"x509_certificate": certificate("f")}).want("400 too_many_sso_verification_certificates")
	w.remove(path + "/verification_certificates/nothing").want("404 sso_verification_key_not_found")
	if gone := w.remove(path + last).want("200").text("certificate_id"); gone != first["certificate_id"] || len(held("verification_certificates")) != 4 {
		t.Errorf("%s went", gone)
	}

	pkcs1, _ := privateKeys(t)
	if signing := held("signing_certificates"); len(signing) != 1 || signing[0]["issuer"] != "Stytch" {
		t.Errorf("the signing certificates are %v", signing)
	}
	before := held("signing_certificates")[0]["certificate_id"]
	w.put(path, fields{"signing_private_key": pkcs1}).want("200")
	if held("signing_certificates")[0]["certificate_id"] == before {
		t.Error("the signing certificate is the old one")
	}
	for range 5 {
		w.put(path, fields{"saml_encryption_private_key": pkcs1}).want("200")
	}
	w.put(path, fields{"saml_encryption_private_key": pkcs1}).want("400 too_many_encryption_certificates")
	key := held("encryption_private_keys")[0]
	if key["private_key"] != "" {
		t.Error("the private key is shown")
	}
	w.remove(path + "/encryption_private_keys/" + text(key["private_key_id"])).want("200")
	w.remove(path + "/encryption_private_keys/" + text(key["private_key_id"])).want("404 sso_encryption_private_key_not_found")
	if len(held("encryption_private_keys")) != 4 {
		t.Error("the key is still there")
	}
	// A pending connection may lose its last one.
	pending, _ := w.saml()
	id := text((answer{t: t, fields: w.put(pending, fields{"x509_certificate": certificate("g")}).want("200").fields}).list("connection", "verification_certificates")[0]["certificate_id"])
	w.remove(pending + "/verification_certificates/" + id).want("200")
}

func TestSAMLByMetadata(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, _ := w.saml()
	for address, want := range map[string]string{
		"https://idp.example/gone/metadata": "400 invalid_saml_metadata_url", "https://idp.example/html/metadata": "400 invalid_xml_from_saml_metadata_url",
		"https://idp.example/half/metadata": "400 saml_connection_metadata_invalid_format", "https://elsewhere.example/metadata": "400 invalid_saml_metadata_url",
		"http://idp.example/okta/metadata": "400 invalid_saml_metadata_url", "nonsense": "400 invalid_saml_metadata_url", "": "400 invalid_saml_metadata_url",
		"file:///etc/passwd": "400 invalid_saml_metadata_url", "https://idp.example//metadata": "400 invalid_saml_metadata_url",
	} {
		w.put(path+"/url", fields{"metadata_url": address}).want(want)
	}
	got := w.put(path+"/url", fields{"metadata_url": "https://idp.example/okta/metadata"}).want("200")
	if got.text("connection", "idp_entity_id") != "https://idp.example/okta" || got.text("connection", "idp_sso_url") != "https://idp.example/okta/sso" ||
		len(got.list("connection", "verification_certificates")) != 1 || got.text("connection", "status") != "pending" {
		t.Errorf("got %s", got.raw)
	}
	again := w.put(path+"/url", fields{"metadata_url": "https://idp.example/okta/metadata"}).want("200")
	if len(again.list("connection", "verification_certificates")) != 1 {
		t.Error("the same certificate was added twice")
	}
	base, _, _ := strings.Cut(got.text("connection", "acs_url"), "/v1/")
	own := base + "/sandbox/idp/saml/own/metadata"
	if two := w.put(path+"/url", fields{"metadata_url": own}).want("200"); len(two.list("connection", "verification_certificates")) != 2 {
		t.Errorf("got %s", two.raw)
	}
}

func TestOIDCConnection(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, id := w.oidc()
	warned := w.put(path, fields{"issuer": "https://elsewhere.example/tenant"}).want("200")
	if !strings.Contains(warned.text("warning"), "elsewhere.example") || warned.text("connection", "status") != "pending" || warned.text("connection", "token_url") != "" {
		t.Errorf("got %s", warned.raw)
	}
	half := w.put(path, fields{"issuer": "https://login.example/half", "userinfo_url": "https://own.example/me"}).want("200")
	if half.text("warning") != "" || half.text("connection", "userinfo_url") != "https://own.example/me" || half.text("connection", "jwks_url") != "" ||
		half.text("connection", "token_url") != "https://login.example/half/token" {
		t.Errorf("got %s", half.raw)
	}
	done := w.put(path, fields{
		"jwks_url": "https://own.example/jwks", "client_id": "client", "client_secret": "a secret", "custom_scopes": " openid   groups ",
		"attribute_mapping": fields{"department": "dept"},
	}).want("200")
	if done.text("connection", "status") != "active" || done.text("connection", "client_secret") != "a secret" || done.text("connection", "custom_scopes") != "openid groups" ||
		!strings.HasSuffix(done.text("connection", "redirect_url"), "/v1/b2b/sso/callback/"+id) || done.text("connection", "attribute_mapping", "department") != "dept" {
		t.Errorf("got %s", done.raw)
	}
	if _, standard := w.shows("harbour"); standard != id {
		t.Errorf("the default is %q", standard)
	}
	for field, want := range map[string]string{
		"issuer": "issuer_url", "authorization_url": "authorization_url", "token_url": "token_url", "userinfo_url": "userinfo_url", "jwks_url": "jwks_url",
	} {
		w.put(path, fields{field: "http://own.example"}).want("400 oidc_connection_" + want + "_invalid_format")
		w.put(path, fields{field: "nonsense"}).want("400 oidc_connection_" + want + "_invalid_format")
	}
	for _, field := range []string{"issuer", "authorization_url", "token_url", "userinfo_url", "jwks_url", "client_id", "client_secret"} {
		w.put(path, fields{field: ""}).want("400 oidc_connection_" + field + "_required")
	}
	w.put(path, fields{"attribute_mapping": fields{"a": fields{}}}).want("400 bad_request")
	w.wrongPut(path, fields{"identity_provider": "nobody"}).want("400 invalid_sso_idp")
	w.put("/sso/oidc/linden/connections/"+id, fields{}).want("404 oidc_connection_not_found")
}

func TestExternalConnection(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, saml := w.activeSAML()
	_, pending := w.saml()
	_, oidc := w.activeOIDC()
	body := func(organization, connection string, more ...any) fields {
		all := fields{"external_organization_id": organization, "external_connection_id": connection, "display_name": "Group"}
		for i := 0; i+1 < len(more); i += 2 {
			all[text(more[i])] = more[i+1]
		}
		return all
	}
	roles := []fields{{"role_id": "editor"}}
	w.post("/sso/external/linden", body("nobody", saml)).want("404 organization_not_found")
	w.post("/sso/external/harbour", body("harbour", saml)).want("400 external_organization_id_same_as_organization_id")
	w.post("/sso/external/linden", body("harbour", "saml-connection-test-x")).want("404 external_connection_id_not_found")
	w.post("/sso/external/linden", body("harbour", pending)).want("400 external_connection_not_active")
	w.post("/sso/external/linden", body("harbour", oidc, "connection_implicit_role_assignments", roles)).want("400 invalid_rbac_role_assignment")
	w.post("/sso/external/linden", body("harbour", saml, "connection_implicit_role_assignments", []fields{{"role_id": "nobody"}})).want("400 invalid_rbac_role_id")
	made := w.post("/sso/external/linden", body("harbour", saml, "connection_implicit_role_assignments", roles)).want("200")
	id := made.text("connection", "connection_id")
	if made.text("connection", "status") != "active" || made.text("connection", "external_organization_id") != w.id("harbour") {
		t.Errorf("got %s", made.raw)
	}
	w.post("/sso/external/linden", body("harbour", saml)).want("400 duplicate_external_sso_connection")
	path := "/sso/external/linden/connections/" + id
	got := w.put(path, fields{
		"display_name": "New", "external_connection_implicit_role_assignments": []fields{}, "external_group_implicit_role_assignments": []fields{{"role_id": "editor", "group": "a"}},
	}).want("200")
	if got.text("connection", "display_name") != "New" || len(got.list("connection", "external_connection_implicit_role_assignments")) != 0 ||
		len(got.list("connection", "external_group_implicit_role_assignments")) != 1 {
		t.Errorf("got %s", got.raw)
	}
	w.put("/sso/external/harbour/connections/"+id, fields{}).want("404 sso_connection_not_found")
	if _, standard := w.shows("linden"); standard != id {
		t.Errorf("the default is %q", standard)
	}
}

func TestDeleteConnection(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, first := w.activeSAML()
	_, second := w.activeOIDC()
	_, pending := w.saml()
	w.send(w.checked, http.MethodPut, "/v1/b2b/organizations/harbour", fields{
		"sso_jit_provisioning": "RESTRICTED", "sso_jit_provisioning_allowed_connections": []string{first, second},
	}).want("200")
	remove := func(id, want string) {
		t.Helper()
		w.remove("/sso/harbour/connections/" + id).want(want)
	}
	remove(first, "400 cannot_delete_default_sso_connection")
	remove("saml-connection-test-x", "404 sso_connection_not_found")
	remove(pending, "200")
	w.put("/organizations/harbour", fields{"sso_default_connection_id": second}).want("200")
	remove(first, "200")
	organization := w.get("/organizations/harbour").want("200")
	if allowed, _ := organization.at("organization", "sso_jit_provisioning_allowed_connections").([]any); len(allowed) != 1 || allowed[0] != second {
		t.Errorf("the connections that may bring people are %v", allowed)
	}
	remove(second, "200")
	if ids, standard := w.shows("harbour"); len(ids) != 0 || standard != "" {
		t.Errorf("the organization shows %v, default %q", ids, standard)
	}

	// What came of a connection goes with it: the seed's priya has roles by one.
	acme := w.get("/sso/acme").want("200")
	okta, entra := text(acme.list("saml_connections")[0]["connection_id"]), text(acme.list("oidc_connections")[0]["connection_id"])
	w.put("/organizations/acme", fields{"sso_default_connection_id": entra}).want("200")
	w.remove("/sso/acme/connections/" + okta).want("200")
	priya := w.get("/organizations/acme/member?email_address=priya.nair@acme.example").want("200")
	if len(priya.list("member", "sso_registrations")) != 0 || strings.Contains(w.sources("acme", "priya.nair@acme.example"), "sso") {
		t.Errorf("got %s", priya.raw)
	}
	if left := w.get("/sessions?organization_id=acme&member_id=" + priya.text("member_id")).list("member_sessions"); len(left) != 1 {
		t.Errorf("%d sessions are left", len(left))
	}
}
