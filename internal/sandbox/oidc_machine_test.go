package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"
)

// A machine client gets tokens for itself, for scopes of its own, and with either secret while it is being rotated.
func TestMachineTokens(t *testing.T) {
	t.Parallel()
	w := domain(t)
	made := w.send(w.checked, http.MethodPost, "/v1/m2m/clients", fields{"client_name": "Nightly", "scopes": []string{"read:documents", "write:documents"}}).want("200")
	machine := appClient{id: made.text("m2m_client", "client_id"), secret: made.text("m2m_client", "client_secret")}
	path := "/v1/m2m/clients/" + machine.id
	asks := func(client appClient, scope string) url.Values {
		form := client.shown()
		form.Set("grant_type", "client_credentials")
		form.Set("scope", scope)
		return form
	}
	got := w.form("token", asks(machine, "read:documents")).wantOAuth("200")
	claims := claimsOf(t, got.text("access_token"))
	if claims["sub"] != machine.id || claims["scope"] != "read:documents" || got.text("refresh_token") != "" || got.text("id_token") != "" || got.at("expires_in") != 3600.0 ||
		claims["https://stytch.com/organization"] != nil {
		t.Errorf("got %v", claims)
	}
	if all := w.form("token", asks(machine, "")).wantOAuth("200"); all.text("scope") != "read:documents write:documents" {
		t.Errorf("without a scope it gets %q", all.text("scope"))
	}
	w.userinfo(got.text("access_token")).wantOAuth("401 invalid_token idp_access_token_not_found")
	if said := w.form("introspect", machine.about(got.text("access_token"))).wantOAuth("200"); said.at("active") != true || said.text("sub") != machine.id {
		t.Errorf("it says %s", said.raw)
	}
	w.form("token", asks(machine, "openid")).wantOAuth("400 invalid_scope oauth_invalid_scope_requested")
	w.form("token", asks(appClient{id: machine.id}, "")).wantOAuth("401 invalid_client oauth_invalid_client")
	code := machine.shown()
	code.Set("grant_type", "authorization_code")
	w.form("token", code).wantOAuth("400 unauthorized_client oauth_unauthorized_client")

	next := machine
	next.secret = w.send(w.checked, http.MethodPost, path+"/secrets/rotate/start", fields{}).want("200").text("m2m_client", "next_client_secret")
	for _, either := range []appClient{machine, next} {
		w.form("token", asks(either, "")).wantOAuth("200")
	}
	w.send(w.checked, http.MethodPost, path+"/secrets/rotate", fields{}).want("200")
	w.form("token", asks(machine, "")).wantOAuth("401 invalid_client oauth_invalid_client")
	w.form("token", asks(next, "")).wantOAuth("200")

	w.send(w.checked, http.MethodPut, path, fields{"status": "inactive"}).want("200")
	w.form("token", asks(next, "")).wantOAuth("401 invalid_client oauth_invalid_client")
}
