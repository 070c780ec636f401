package api

import (
	"context"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/api/docs"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// Router leads requests to handlers, and describes the API. Both are large and the same for every school, so all schools
// of a process share one: of whose server a request is stands in its context, and a Router holds nothing of any. The
// first server that has it lays it out.
type Router struct {
	once  sync.Once
	mux   *http.ServeMux
	needs map[string]client.Role // by operation id
	api   huma.API
}

// ownErrors sets how the router words its refusals: a variable of the library, the same for
// every server of the process, so it is set once.
var ownErrors sync.Once

// lay puts every route on the router, and notes who may call it.
func (r *Router) lay(version string, routes []route, kinds []pbx.Kind) {
	r.mux, r.needs = http.NewServeMux(), make(map[string]client.Role, len(routes))
	hc := huma.DefaultConfig("Dozvon", version)
	hc.Info.Description = "The call companion's server. The contract is fixed; additions are welcome, changes are not."
	hc.DocsPath = "" // shown by docs, without the internet
	hc.Formats = formats()
	hc.Transformers = append(hc.Transformers, nameRequest)
	hc.CreateHooks = nil // no $schema links inside the answers: the contract has none
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	ownErrors.Do(func() { huma.NewErrorWithContext = newProblem })
	r.api = humago.New(r.mux, hc)
	r.api.UseMiddleware(authenticate)
	for at, one := range routes {
		r.needs[one.id] = one.role
		// Bodies have deadlines of their own, which move on while a body comes.
		o := huma.Operation{OperationID: one.id, Method: one.method, Path: "/api/v1" + one.path, Summary: one.summary, MaxBodyBytes: 1 << 20, BodyReadTimeout: -1}
		if one.role != anybody {
			o.Security = []map[string][]string{{"token": {}}}
			o.Description = "Needs the role " + string(one.role) + " or above."
		}
		one.lay(r, at, o)
	}
	docs.Routes(r.mux)
	r.hookRoutes(kinds)
	r.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	r.mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, req *http.Request) { serverOf(req.Context()).Ready.ServeHTTP(w, req) })
}

type serverKey struct{}

// serverOf is the server that a request is for.
func serverOf(ctx context.Context) *Server { return ctx.Value(serverKey{}).(*Server) }
