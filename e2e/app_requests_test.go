//go:build e2e

package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// client is a client of the seed by its name: its id, and where it is answered.
func (s *session) client(name string) (id, redirect string) {
	s.t.Helper()
	box := s.app.Sandbox()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, s.app.SandboxURL()+"/v1/connected_apps/clients/search", strings.NewReader(`{"limit": 100}`))
	r.SetBasicAuth(box.ProjectID(), box.Secret())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	box.ServeHTTP(w, r)
	var got struct {
		Clients []struct {
			ID           string   `json:"client_id"`
			Name         string   `json:"client_name"`
			RedirectURLs []string `json:"redirect_urls"`
		} `json:"connected_apps"`
	}
	s.must(json.Unmarshal(w.Body.Bytes(), &got))
	for _, one := range got.Clients {
		if one.Name == name {
			return one.ID, one.RedirectURLs[0]
		}
	}
	s.t.Fatalf("there is no client %q", name)
	return "", ""
}

// authorization is a request of a client of the seed, as it opens it.
func (s *session) authorization(name string) string {
	s.t.Helper()
	id, redirect := s.client(name)
	query := url.Values{"client_id": {id}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"canary"}}
	return s.app.URL() + paths.Authorize + "?" + query.Encode()
}

const (
	memberOfAcme = "tom.baker@acme.example"
	adminOfAcme  = "olivia.hart@acme.example"
)

// A member meets an app that their organization does not allow, asks for it, and can use it once an admin has allowed it.
func TestAskForAnApp(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, s *session) {
		id, _ := s.client("Payroll bridge")
		s.signIn(memberOfAcme, "Acme")
		s.goTo(s.authorization("Payroll bridge"))
		s.see("heading", "Acme Corporation does not let Payroll bridge in")
		s.click("Ask your admin")
		s.see("status", "Your admin can see that you asked")

		admin := s.second()
		acme := s.organization("acme")
		admin.signIn(adminOfAcme, "Acme")
		admin.goTo(paths.OrganizationApps(acme))
		admin.see("heading", "Members asked for these apps")
		admin.see("listitem", "payroll.example")
		admin.see("listitem", memberOfAcme)
		admin.screenshot("app-requests")
		admin.click("Allow Payroll bridge, after a review")
		admin.see("status", id)
		admin.click("Review changes")
		admin.see("heading", "Review 1 change")
		admin.click("Save 1 change")
		admin.see("status", "Saved")
		admin.goTo(paths.OrganizationApps(acme))
		admin.see("heading", "Nobody asked for an app")

		s.goTo(s.authorization("Payroll bridge"))
		s.see("button", "Allow")
	})
}

// What is not wanted is dismissed, and can be asked for again.
func TestDismissAnApp(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true, keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(memberOfAcme, "Acme")
		s.goTo(s.authorization("Payroll bridge"))
		s.click("Ask your admin")
		s.see("status", "Your admin can see that you asked")
		admin := s.second()
		admin.signIn(adminOfAcme, "Acme")
		admin.goTo(paths.OrganizationApps(s.organization("acme")))
		admin.click("Dismiss the requests for Payroll bridge")
		admin.see("status", "1 request dismissed.")
		admin.see("heading", "Nobody asked for an app")
		s.goTo(s.authorization("Payroll bridge"))
		s.click("Ask your admin")
		s.see("status", "Your admin can see that you asked")
	})
}
