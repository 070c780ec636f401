// Package docs shows the API's description to people, out of this program alone: a school's server need not
// reach the internet, nor whoever reads.
package docs

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/swaggest/swgui/v5/static"
	"github.com/vearutop/statigz"
)

var (
	//go:embed index.html
	index []byte
	//go:embed start.js
	start []byte
)

// policy lets the page that shows the API run what this server sends and nothing else; the
// library sets styles on its elements.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Routes puts the pages that show /openapi.json on a router.
func Routes(mux *http.ServeMux) {
	page := func(kind string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", policy)
			w.Write(content)
		}
	}
	mux.HandleFunc("GET /docs", page("text/html; charset=utf-8", index))
	mux.HandleFunc("GET /docs/start.js", page("text/javascript; charset=utf-8", start))
	files := http.StripPrefix("/docs", statigz.FileServer(static.FS))
	mux.HandleFunc("GET /docs/{file}", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.PathValue("file"), "swagger-ui") && !strings.HasPrefix(r.PathValue("file"), "favicon") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
}
