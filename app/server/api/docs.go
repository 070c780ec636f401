package api

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/swaggest/swgui/v5/static"
	"github.com/vearutop/statigz"
)

var (
	//go:embed docs/index.html
	docsPage []byte
	//go:embed docs/start.js
	docsStart []byte
)

// docsPolicy lets the page that shows the API run what this server sends and nothing else; the
// library sets styles on its elements.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docsRoutes show /openapi.json to people, out of this program alone: a school's server need not
// reach the internet, nor whoever reads.
func (s *Server) docsRoutes() {
	page := func(kind string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", docsPolicy)
			w.Write(content)
		}
	}
	s.mux.HandleFunc("GET /docs", page("text/html; charset=utf-8", docsPage))
	s.mux.HandleFunc("GET /docs/start.js", page("text/javascript; charset=utf-8", docsStart))
	files := http.StripPrefix("/docs", statigz.FileServer(static.FS))
	s.mux.HandleFunc("GET /docs/{file}", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.PathValue("file"), "swagger-ui") && !strings.HasPrefix(r.PathValue("file"), "favicon") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
}
