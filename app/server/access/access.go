// Package access holds who may do what: roles (which endpoint needs which stands in the table of routes, app/server/api),
// passwords, tokens, and the sealing of secrets. It does no I/O but for the key file,
// and never sees a password longer than it takes to check it.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"

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
