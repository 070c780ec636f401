// Package revision tells whether a record still is what somebody saw when they began to change it:
// ETags, and the If-Match that a change may carry (RFC 9110, section 13.1.1). Plain functions; it
// knows no HTTP and no SQL.
package revision

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Of is the ETag of a record that keeps no count of its versions: the same content, the same tag. What
// changes by itself (presence, health) must not be in it.
func Of(content any) string {
	raw, err := json.Marshal(content)
	if err != nil {
		// Only what cannot be JSON at all fails; such a record could not travel either.
		panic(fmt.Sprintf("an ETag of %T: %v", content, err))
	}
	sum := sha256.Sum256(raw)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// Version is the ETag of a record that counts its versions.
func Version(n int64) string { return fmt.Sprintf(`"v%d"`, n) }

type expectedKey struct{}

// Expect says in ctx as what the changed record must still stand: an If-Match header, empty for
// anything.
func Expect(ctx context.Context, ifMatch string) context.Context {
	if ifMatch = strings.TrimSpace(ifMatch); ifMatch == "" {
		return ctx
	}
	return context.WithValue(ctx, expectedKey{}, ifMatch)
}

// Holds reports whether the record whose ETag is now may be changed. The caller asks in the
// transaction of the change, and only for a record that is there, so "*" always holds.
func Holds(ctx context.Context, now string) bool {
	expected, given := ctx.Value(expectedKey{}).(string)
	if !given {
		return true
	}
	for rest := expected; rest != ""; {
		var tag string
		if tag, rest = firstTag(rest); tag == "*" || tag == now {
			return true
		}
	}
	return false
}

// firstTag parts the first tag from a list. A weak one counts as its strong form, against the letter
// of the RFC: our tags name a record's state, not its bytes, and a proxy that compresses answers makes
// weak ones of them, so that nobody behind it could ever save. Quotes may be missing.
func firstTag(list string) (tag, rest string) {
	list = strings.TrimLeft(list, " \t,")
	bare := strings.TrimPrefix(list, "W/")
	if strings.HasPrefix(bare, `"`) {
		if end := strings.IndexByte(bare[1:], '"'); end >= 0 {
			return bare[:end+2], bare[end+2:]
		}
	}
	word, rest, _ := strings.Cut(bare, ",")
	if word = strings.TrimSpace(word); word == "*" || word == "" {
		return word, rest
	}
	return `"` + strings.Trim(word, `"`) + `"`, rest
}
