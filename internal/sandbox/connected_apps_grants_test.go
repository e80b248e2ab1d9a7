package sandbox

import (
	"testing"
	"time"
)

// Whatever is issued for a grant holds it and looks whether it is revoked: every way to end it must say so.
func TestEveryEndOfAGrantRevokesIt(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*store, *grant){
		"taken back":           func(_ *store, one *grant) { one.member.takeBack(one.app) },
		"app deleted":          func(s *store, one *grant) { s.removeConnectedApp(one.app) },
		"member deleted":       func(s *store, one *grant) { s.removeMember(one.member, time.Now()) },
		"organization deleted": func(s *store, one *grant) { s.removeTenant(one.member.tenant) },
		"policy": func(_ *store, one *grant) {
			one.member.tenant.ThirdPartyConnectedAppsAllowedType = notAllowed
			one.member.tenant.uninstall()
		},
	} {
		s := newSeed(Options{}, "http://127.0.0.1:8081", time.Now())
		hank := s.memberByEmail(s.organization("globex"), "hank@globex.example")
		ledgerly, warehouse := s.apps[seedID("connected-app", "ledgerly")], s.apps[seedID("connected-app", "warehouse")]
		ended, other := hank.grantFor(ledgerly), hank.grantFor(warehouse)
		if ended == nil || ended.revoked || other == nil {
			t.Fatalf("%s: hank lets in %v and %v", name, ended, other)
		}
		end(s, ended)
		if !ended.revoked || hank.grantFor(ledgerly) != nil {
			t.Errorf("%s: the grant is not over", name)
		}
		if all := name == "member deleted" || name == "organization deleted"; other.revoked != all {
			t.Errorf("%s: the other app's grant is revoked: %v", name, other.revoked)
		}
		if again := hank.letIn(ledgerly, time.Now(), "openid"); again == ended || again.revoked || !ended.revoked {
			t.Errorf("%s: letting the app in again has brought the old grant back", name)
		}
	}
}

// Both secrets are good during a rotation, the finish ends the old one, and a public client accepts nothing.
func TestClientSecretsAccepted(t *testing.T) {
	t.Parallel()
	s := newSeed(Options{}, "http://127.0.0.1:8081", time.Now())
	payroll := s.apps[seedID("connected-app", "payroll")]
	current, next := SeedClientSecret(payroll.ClientID), SeedNextClientSecret(payroll.ClientID)
	finished, err := connectedAppRotation.finish(payroll.secrets)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, err := connectedAppRotation.cancel(payroll.secrets)
	if err != nil {
		t.Fatal(err)
	}
	public := s.apps[seedID("connected-app", "notebook")]
	for _, one := range []struct {
		name          string
		secrets       clientSecrets
		current, next bool
	}{
		{"rotating", payroll.secrets, true, true},
		{"finished", finished, false, true},
		{"cancelled", cancelled, true, false},
		{"public", public.secrets, false, false},
	} {
		if one.secrets.accept(current) != one.current || one.secrets.accept(next) != one.next {
			t.Errorf("%s: accepts %v and %v", one.name, one.secrets.accept(current), one.secrets.accept(next))
		}
		for _, wrong := range []string{"", current + "x", current[len(current)-4:], SeedClientSecret(public.ClientID)} {
			if one.secrets.accept(wrong) {
				t.Errorf("%s: accepts %q", one.name, wrong)
			}
		}
	}
}
