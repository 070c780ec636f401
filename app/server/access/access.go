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
	"strings"

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

// NewToken makes a token and what is stored of it. The token itself is shown once. It names the school that it is of,
// where an installation holds several; empty: there is one. The name is hashed with the rest, so a token in which it
// was changed is nobody's.
func NewToken(school string) (token, hash string) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = tokenPrefix
	if school != "" {
		token += school + schoolEnd
	}
	token += base64.RawURLEncoding.EncodeToString(raw)
	return token, HashToken(token)
}

// schoolEnd follows the school's name in a token: neither a name nor what comes after has such a character.
const schoolEnd = "."

// SchoolOf is the name of the school that a token says it is of; empty when it names none.
func SchoolOf(token string) string {
	rest, ours := strings.CutPrefix(token, tokenPrefix)
	school, _, named := strings.Cut(rest, schoolEnd)
	if !ours || !named {
		return ""
	}
	return school
}

// HashToken is what is stored of a token. A plain hash is enough: a token is 256 random bits.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
