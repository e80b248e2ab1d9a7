package sandbox

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of what a SAML connection takes. That there are at most five certificates is published (rule saml-certificates).
const (
	maxVerificationCertificates = 5
	maxEncryptionKeys           = 5
	maxPrivateKey               = 16 << 10 // bytes
)

const certificateBlock = "CERTIFICATE"

// certificateKey signs every certificate of the stand-in identity providers. It comes from a fixed seed, so that they are the same in
// every sandbox, and signs nothing else.
var certificateKey = sync.OnceValue(func() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(seedBytes("saml certificates", ed25519.SeedSize))
})

// newCertificate is a certificate as PEM that is good between two moments. Its serial number comes from the name.
func newCertificate(name, common string, from, until time.Time) string {
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(seedBytes("serial\x00"+name, 16)[1:]), Subject: pkix.Name{CommonName: common},
		NotBefore: from, NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	key := certificateKey()
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return "" // names and moments are ours, and a certificate can be made of them
	}
	return encodePEM(der)
}

func encodePEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: der}))
}

// NewCertificate is a certificate as an identity provider would show it, for tests: PEM, with a name, good between two moments.
func NewCertificate(name string, from, until time.Time) string {
	return newCertificate(name, name, from, until)
}

func errNoCertificate() error {
	return badRequest("invalid_x509_certificate", "x509_certificate is not an X.509 certificate.")
}

// parseCertificate reads one certificate: PEM, or base64 without the lines around it, as metadata has it.
func parseCertificate(text string) (*x509.Certificate, error) {
	text = strings.TrimSpace(text)
	if block, rest := pem.Decode([]byte(text)); block != nil {
		if block.Type != certificateBlock || strings.TrimSpace(string(rest)) != "" {
			return nil, errNoCertificate()
		}
		return parseDER(block.Bytes)
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errNoCertificate()
	}
	return parseDER(der)
}

func parseDER(der []byte) (*x509.Certificate, error) {
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, errNoCertificate()
	}
	return parsed, nil
}

// shownCertificate is a certificate on the wire.
func shownCertificate(id string, parsed *x509.Certificate, now time.Time) certificate {
	expires := stamp(parsed.NotAfter)
	return certificate{
		CertificateID: id, Certificate: encodePEM(parsed.Raw), Issuer: parsed.Issuer.String(),
		CreatedAt: stamp(now), UpdatedAt: stamp(now), ExpiresAt: &expires,
	}
}

// withCertificate adds a verification certificate to those that there are. One that is there already is not added again. Whether it
// has expired is not looked at (rule saml-certificates).
func withCertificate(held []certificate, text string, now time.Time) ([]certificate, error) {
	parsed, err := parseCertificate(text)
	if err != nil {
		return nil, err
	}
	made := shownCertificate(newID("saml-verification-key"), parsed, now)
	if slices.ContainsFunc(held, func(one certificate) bool { return one.Certificate == made.Certificate }) {
		return held, nil
	}
	if len(held) >= maxVerificationCertificates {
		return nil, badRequest("too_many_sso_verification_certificates", "The connection has five verification certificates already.")
	}
	return append(slices.Clone(held), made), nil
}

// parsePrivateKey reads an RSA key, in PKCS1 only.
func parsePrivateKey(text string) (*rsa.PrivateKey, error) {
	if len(text) > maxPrivateKey {
		return nil, badRequest("private_key_too_long", "The private key is too long.")
	}
	block, _ := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return nil, errNoPrivateKey()
	case block.Type != "RSA PRIVATE KEY":
		return nil, badRequest("saml_signing_private_key_format_not_supported", "A private key must be in PKCS1 format.")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return nil, errNoPrivateKey()
	}
	return key, nil
}

func errNoPrivateKey() error {
	return badRequest("saml_signing_private_key_invalid", "This is not a private key.")
}

// signingCertificate is the certificate of a key that the connection signs its requests with.
func signingCertificate(id string, key *rsa.PrivateKey, now time.Time) (certificate, error) {
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(seedBytes(id, 16)[1:]), Subject: pkix.Name{CommonName: signer},
		NotBefore: now, NotAfter: now.Add(signingLife), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return certificate{}, errNoPrivateKey()
	}
	parsed, err := parseDER(der)
	if err != nil {
		return certificate{}, err
	}
	made := shownCertificate(id, parsed, now)
	made.Issuer = signer
	return made, nil
}

const (
	signer      = "Stytch"
	signingLife = 10 * 365 * 24 * time.Hour
)

// standInCertificate is a certificate on the wire whose key is the sandbox's.
func standInCertificate(name, common, kind string, from, until time.Time) certificate {
	expires := stamp(until)
	made := certificate{
		CertificateID: seedID(kind, name), Certificate: newCertificate(name, common, from, until), Issuer: pkix.Name{CommonName: common}.String(),
		CreatedAt: stamp(from), UpdatedAt: stamp(from), ExpiresAt: &expires,
	}
	if common == signer {
		made.Issuer = signer
	}
	return made
}
