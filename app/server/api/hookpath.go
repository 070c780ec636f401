package api

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// hookPath is what follows the prefix. It stands in the raw log, so it must be text.
func hookPath(r *http.Request, prefix string) (string, bool) {
	// A PBX may join the address of the cabinet and the path of its event as they are, so an address
	// without a slash at its end has none after the prefix.
	path := strings.TrimPrefix(r.URL.Path, prefix)
	return path, len(path) <= maxHookPath && utf8.ValidString(path) && !strings.ContainsRune(path, 0)
}

// maxHookPath bounds the path in bytes; the longest documented one has 30 and a secret word's 28 before it.
const maxHookPath = 512

// hookSlashes takes doubled slashes out of the path of a webhook: an address with a slash at its end
// and the path of an event with one before it give two, and the router would answer with a redirect,
// which a PBX does not follow.
func (s *Server) hookSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
		if path != r.URL.Path && s.isHook(path) {
			r = r.Clone(r.Context())
			r.URL.Path, r.URL.RawPath = path, ""
		}
		next.ServeHTTP(w, r)
	})
}
