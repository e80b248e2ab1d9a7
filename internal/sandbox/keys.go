package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// keyBits is the size of the signing key.
const keyBits = 2048

// signingKey signs every JWT of the project.
type signingKey struct {
	private *rsa.PrivateKey
	public  jwk
	header  string // of a JWT, encoded
}

// jwk is the public half on the wire.
type jwk struct {
	Type        string   `json:"kty"`
	Use         string   `json:"use"`
	Operations  []string `json:"key_ops"`
	Algorithm   string   `json:"alg"`
	ID          string   `json:"kid"`
	Chain       []string `json:"x5c"`
	Fingerprint string   `json:"x5tS256"`
	Modulus     string   `json:"n"`
	Exponent    string   `json:"e"`
}

type jwtHeader struct {
	Algorithm string `json:"alg"`
	Type      string `json:"typ"`
	KeyID     string `json:"kid"`
}

// projectKey is made when it is first needed and belongs to the process: making one takes longer than making a sandbox. It
// is new in each process, since whoever knew the key could be anybody.
var projectKey = sync.OnceValues(newSigningKey)

func newSigningKey() (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	began := time.Now().UTC()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sandbox"},
		NotBefore: began, NotAfter: began.AddDate(10, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, err
	}
	fingerprint := sha256.Sum256(certificate)
	public := jwk{
		Type: "RSA", Use: "sig", Operations: []string{"verify"}, Algorithm: "RS256",
		ID:    "jwk-test-" + formatUUID(fingerprint[:16]),
		Chain: []string{base64.StdEncoding.EncodeToString(certificate)}, Fingerprint: base64.RawURLEncoding.EncodeToString(fingerprint[:]),
		Modulus:  base64.RawURLEncoding.EncodeToString(private.N.Bytes()),
		Exponent: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(private.E)).Bytes()),
	}
	header, err := json.Marshal(jwtHeader{public.Algorithm, "JWT", public.ID})
	if err != nil {
		return nil, err
	}
	return &signingKey{private, public, base64.RawURLEncoding.EncodeToString(header)}, nil
}

// sign makes a JWT of claims that are encoded already.
func (k *signingKey) sign(claims []byte) (string, error) {
	signed := k.header + "." + base64.RawURLEncoding.EncodeToString(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, k.private, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

var errForeignJWT = errors.New("no JWT of the project")

// verify gives the claims of a JWT that the key has signed, expired or not. The header has to be the key's own, byte for byte:
// so nobody chooses the algorithm.
func (k *signingKey) verify(token string) ([]byte, error) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(token) > maxJWT {
		return nil, errForeignJWT
	}
	header, encoded, _ := strings.Cut(token[:at], ".")
	signature, err := base64.RawURLEncoding.DecodeString(token[at+1:])
	if err != nil || header != k.header {
		return nil, errForeignJWT
	}
	digest := sha256.Sum256([]byte(token[:at]))
	if rsa.VerifyPKCS1v15(&k.private.PublicKey, crypto.SHA256, digest[:], signature) != nil {
		return nil, errForeignJWT
	}
	return base64.RawURLEncoding.DecodeString(encoded)
}

// maxJWT bounds a JWT that is looked at, in bytes.
const maxJWT = 64 << 10

// mint makes a JWT of claims that are encoded already.
func mint(claims []byte) (string, error) {
	key, err := projectKey()
	if err != nil {
		return "", err
	}
	return key.sign(claims)
}

// readJWT reads the claims of a JWT of the project, expired or not.
func readJWT(token string, into any) error {
	key, err := projectKey()
	if err != nil {
		return err
	}
	payload, err := key.verify(token)
	if err != nil {
		return err
	}
	return json.Unmarshal(payload, into)
}

// jwksAnswer is the project's public keys.
type jwksAnswer struct {
	envelope
	Keys []jwk `json:"keys"`
}

func (c *call) jwks() (any, error) {
	key, err := projectKey()
	if err != nil {
		return nil, err
	}
	return jwksAnswer{c.ok(), []jwk{key.public}}, nil
}

// sessionJWKS is the same by the operation, which anybody may call who knows the project's id (rule project-keys).
func (c *call) sessionJWKS() (any, error) {
	if c.params["project_id"] != c.projectID {
		return nil, notFound("project_not_found", "The project could not be found.")
	}
	return c.jwks()
}
