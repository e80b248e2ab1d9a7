package session

import (
	"bytes"
	"encoding/base64"
	"testing"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	id, mine, err := derive("cookie")
	must(t, err)
	otherID, other, err := derive("cookie2")
	must(t, err)
	name, err := base64.RawURLEncoding.DecodeString(id)
	must(t, err)
	if id == otherID || bytes.Equal(mine, other) || id == "cookie" || bytes.Equal(name, mine) {
		t.Fatal("two cookies derive the same, or the id gives the key away")
	}
	sealed, err := seal(mine, acme, "token")
	must(t, err)
	if got, err := unseal(mine, acme, sealed); err != nil || got != "token" {
		t.Errorf("opened as %q, %v", got, err)
	}
	if again, err := seal(mine, acme, "token"); err != nil || bytes.Equal(sealed, again) {
		t.Error("sealed twice alike: who reads the store sees which tokens are the same")
	}
	if bytes.Contains(sealed, []byte("token")) {
		t.Error("the token is in the clear")
	}
	if _, err := unseal(other, acme, sealed); err == nil {
		t.Error("another cookie opens it")
	}
	if _, err := unseal(mine, home, sealed); err == nil {
		t.Error("moved to another organization it opens")
	}
	for i := range sealed {
		flipped := bytes.Clone(sealed)
		flipped[i] ^= 1
		if _, err := unseal(mine, acme, flipped); err == nil {
			t.Errorf("with byte %d flipped it opens", i)
		}
		if _, err := unseal(mine, acme, sealed[:i]); err == nil {
			t.Errorf("cut after %d bytes it opens", i)
		}
	}
	if _, err := unseal(mine, acme, append(bytes.Clone(sealed), 0)); err == nil {
		t.Error("with a byte more it opens")
	}
	if _, err := seal([]byte("short"), acme, "token"); err == nil {
		t.Error("a short key seals")
	}
	if _, err := unseal([]byte("short"), acme, sealed); err == nil {
		t.Error("a short key opens")
	}
}
