package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// errSealed is a token that this cookie does not open.
var errSealed = errors.New("session: the sealed token does not open")

// derive makes the id of a ring, which the store keeps, and its sealing key, which nobody keeps, from the cookie's value.
func derive(cookie string) (id string, key []byte, err error) {
	name, err := hkdf.Key(sha256.New, []byte(cookie), nil, "console keyring id", 32)
	if err != nil {
		return "", nil, err
	}
	key, err = hkdf.Key(sha256.New, []byte(cookie), nil, "console keyring seal", 32)
	return base64.RawURLEncoding.EncodeToString(name), key, err
}

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts a token for one purpose: the organization it is for. Moved to another one it does not open.
func seal(key []byte, purpose, token string) ([]byte, error) {
	gcm, err := aead(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // crypto/rand.Read never fails
	return gcm.Seal(nonce, nonce, []byte(token), []byte(purpose)), nil
}

func unseal(key []byte, purpose string, sealed []byte) (string, error) {
	gcm, err := aead(key)
	if err != nil {
		return "", err
	}
	if len(sealed) < gcm.NonceSize() {
		return "", errSealed
	}
	token, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(purpose))
	if err != nil {
		return "", errSealed
	}
	return string(token), nil
}
