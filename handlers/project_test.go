package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestProject counts what is in the project, says which one it is, and does so without the counts where these are not to be had.
func TestProject(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	a := b.get(paths.Project).want(http.StatusOK)
	for label, want := range map[string]string{"Organizations": "23", "Members": "in all organizations", "M2M clients": "4", "Users": "0", "Project id": f.sandbox.ProjectID(), "Environment": "SANDBOX", "Staff organization": f.staffID} {
		dd := a.doc().Find("main dl dt").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.TrimSpace(s.Text()) == label }).Next()
		if !strings.Contains(dd.Text(), want) {
			t.Errorf("%s: %q, want %q", label, dd.Text(), want)
		}
	}
	for _, href := range []string{paths.Organizations, paths.ConnectedApps, paths.M2MClients, paths.Audit, paths.Organization(f.staffID)} {
		if a.doc().Find(`main a[href="`+href+`"]`).Length() == 0 {
			t.Errorf("no way to %s", href)
		}
	}
	f.makeMachine("", "")
	if n := b.get(paths.Project).text(`main a[href="` + paths.M2MClients + `"]`); !strings.HasPrefix(n, "5") {
		t.Errorf("%q clients", n)
	}
	f.fault(sandbox.Fault{Operation: stytch.ProjectMetrics.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError})
	b.get(paths.Project).want(http.StatusOK).says("Counts could not be read.").says(f.sandbox.ProjectID())
	f.sandbox.ClearFaults()
	f.signIn(sam, "support-desk").get(paths.Project).want(http.StatusOK).says("Counts are hidden from you").says("console-project : get-metrics").saysNot("M2M clients 4")
	f.endElsewhere("support-desk")
	b.get(paths.Project).leads(paths.Login)
	b.get(paths.M2MClients + "?" + url.Values{"name": {"x"}}.Encode()).leads(paths.Login)
}
