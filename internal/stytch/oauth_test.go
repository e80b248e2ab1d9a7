package stytch

import (
	"net/url"
	"testing"

	"console.internal/internal/sandbox"
)

// tokenBy signs in at the stand-in provider and returns the token that leads back.
func (l *local) tokenBy(path, email string, query url.Values) string {
	l.t.Helper()
	query.Set("public_token", l.sandbox.PublicToken())
	query.Set("pkce_code_challenge", challenge)
	back, err := l.sandbox.FinishOAuth(l.url+path+"?"+query.Encode(), email)
	must(l.t, err)
	u, err := url.Parse(back)
	must(l.t, err)
	return u.Query().Get("token")
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	redirect := []string{mailed.Redirect}
	at := url.Values{"slug": {"acme"}, "login_redirect_url": redirect, "signup_redirect_url": redirect}
	token := l.tokenBy("/v1/b2b/public/oauth/google/start", olivia, at)
	if _, err := c.AuthenticateOAuth(ctx, token, "", With{}); !IsType(err, "pkce_expected_code_verifier") {
		t.Errorf("without a verifier: %v", err)
	}
	in, err := c.AuthenticateOAuth(ctx, token, verifier, With{Minutes: 60})
	must(t, err)
	if !in.Done || in.Member.Email != olivia || in.Session.Factors[0].Type != "oauth" {
		t.Errorf("signed in as %+v", in.Member)
	}
	token = l.tokenBy("/v1/b2b/public/oauth/google/discovery/start", ada, url.Values{"discovery_redirect_url": redirect})
	found, err := c.AuthenticateDiscoveryOAuth(ctx, token, verifier)
	must(t, err)
	if found.Email != ada || len(found.Organizations) == 0 {
		t.Errorf("found %d organizations of %s", len(found.Organizations), found.Email)
	}
}

// An account whose provider does not vouch for the address is not enough; the code of a mail beside it is.
func TestOAuthToppedUp(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	redirect := []string{mailed.Redirect}
	token := l.tokenBy("/v1/b2b/public/oauth/github/start", ada, url.Values{"slug": {"meadow"}, "login_redirect_url": redirect, "signup_redirect_url": redirect})
	in, err := c.AuthenticateOAuth(ctx, token, verifier, With{Minutes: 60})
	must(t, err)
	if in.Done || in.PrimaryRequired == nil || len(in.PrimaryRequired.AllowedMethods) == 0 {
		t.Fatalf("GitHub is enough: %+v", in.PrimaryRequired)
	}
	must(t, c.SendCode(ctx, in.Organization.ID, ada, ""))
	in, err = c.AuthenticateCode(ctx, in.Organization.ID, ada, l.mail().Code, With{Intermediate: in.Intermediate, Minutes: 60})
	must(t, err)
	if !in.Done || len(in.Session.Factors) != 2 {
		t.Errorf("signed in with %+v", in.Session.Factors)
	}
}
