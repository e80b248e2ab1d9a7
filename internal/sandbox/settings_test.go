package sandbox_test

import (
	"testing"

	"console.internal/internal/sandbox"
)

func TestConfigure(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	policy := func() any {
		found := w.post("/organizations/search", fields{"query": filters("AND", "organization_slugs", []string{"acme"})}).want("200")
		return found.list("organizations")[0]["mfa_policy"]
	}
	before := policy()
	w.configure("acme", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" })
	if after := policy(); before != "OPTIONAL" || after != "REQUIRED_FOR_ALL" {
		t.Errorf("the policy was %v and is %v", before, after)
	}
	if err := w.Configure("nobody", func(*sandbox.Settings) {}); err == nil {
		t.Error("an organization that is not there was changed")
	}
}
