// Package access holds who may do what: roles and the one table of endpoints,
// passwords, tokens, and the sealing of secrets. It does no I/O but for the key file,
// and never sees a password longer than it takes to check it.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"

	"dozvon/client"
)

// roles in ascending order: each may do what the ones before it may.
var roles = []client.Role{client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector, client.RoleAdmin}

// Known reports whether r is one of the roles.
func Known(r client.Role) bool { return slices.Contains(roles, r) }

// AtLeast reports whether have may do what need may. An unknown role may nothing.
func AtLeast(have, need client.Role) bool {
	h, n := slices.Index(roles, have), slices.Index(roles, need)
	return h >= 0 && n >= 0 && h >= n
}

// tokenPrefix makes a leaked token recognisable for what it is.
const tokenPrefix = "dz_"

// NewToken makes a token and what is stored of it. The token itself is shown once.
func NewToken() (token, hash string) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
	return token, HashToken(token)
}

// HashToken is what is stored of a token. A plain hash is enough: a token is 256 random bits.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Sealer seals secrets with a key that lies outside the database, so that a copy of the
// database alone opens nothing.
type Sealer struct{ key []byte }

// ErrSeal says that a sealed secret was not sealed with this key.
var ErrSeal = errors.New("the secret was sealed with another key: restore seal.key from the backup, or enter the secret again")

// OpenSealer reads the key in dir, or makes one (mode 0600).
func OpenSealer(dir string) (*Sealer, error) {
	path := filepath.Join(dir, "seal.key")
	key, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key = make([]byte, chacha20poly1305.KeySize)
		rand.Read(key)
		err = os.WriteFile(path, key, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the sealing key: %w", err)
	}
	if len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("the sealing key %s has %d bytes, %d expected: restore it from the backup", path, len(key), chacha20poly1305.KeySize)
	}
	return &Sealer{key: key}, nil
}

// Seal encrypts a secret; an empty one stays empty.
func (s *Sealer) Seal(secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	box, err := chacha20poly1305.NewX(s.key)
	if err != nil {
		return "", fmt.Errorf("sealing: %w", err)
	}
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(secret)+box.Overhead())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(secret), nil)), nil
}

// Unseal decrypts what Seal made; ErrSeal.
func (s *Sealer) Unseal(sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	box, err := chacha20poly1305.NewX(s.key)
	if err != nil {
		return "", fmt.Errorf("unsealing: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < box.NonceSize() {
		return "", ErrSeal
	}
	open, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], nil)
	if err != nil {
		return "", ErrSeal
	}
	return string(open), nil
}
