package beeline

import (
	"net/http"
	"strings"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
)

const (
	// tokenHeader carries the portal's token in every request.
	tokenHeader = "X-MPBX-API-AUTH-TOKEN"
	// root is where the API begins.
	root = "/apis/portal"
	// maxBody bounds a request in bytes; it is enough for 20 000 rules of routing.
	maxBody = 2 << 20
)

// rest answers the API.
type rest struct{ *PBX }

func (p *PBX) routes() http.Handler {
	api := rest{p}
	mux := http.NewServeMux()
	mux.Handle(root+"/", faults.Spoil(api.spoiled(api.authorized(api.mux())), p.luck.answers, faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) {
			portal.Refuse(w, http.StatusServiceUnavailable, portal.Unavailable, "Сервис временно недоступен")
		},
		Limit: func(w http.ResponseWriter, _ *http.Request) {
			portal.Refuse(w, http.StatusTooManyRequests, portal.TooManyRequests, "Слишком много запросов")
		},
	}, p.life.Closed()))
	mux.Handle("GET /files/{token}", p.archive.Sounds)
	control.Mount[Faults](mux, p)
	p.controlSubscriptions(mux)
	// A wrong address is answered with the portal's page (section 11).
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { portal.Page(w) })
	return mux
}

// mux is the paths of the API.
func (a rest) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"PUT /subscription": a.subscribe, "GET /subscription": a.subscription, "DELETE /subscription": a.unsubscribe,
		"GET /abonents": a.abonents, "GET /abonents/{p}": a.ofAbonent(a.abonentInfo),
		"GET /numbers": a.numbers, "GET /numbers/{p}": a.number,
		"POST /abonents/{p}/call": a.ofAbonent(a.callV1), "POST /v2/abonents/{p}/call": a.ofAbonent(a.callV2),
		"POST /abonents/{p}/callTransfer":        a.ofAbonent(a.transfer),
		"POST /abonents/{p}/callTransferConsult": a.ofAbonent(a.transferConsult),
		"GET /abonents/{p}/agent":                a.ofAbonent(a.agent), "PUT /abonents/{p}/agent": a.ofAbonent(a.setAgent),
		"GET /abonents/{p}/recording":    a.ofAbonent(a.recording),
		"PUT /abonents/{p}/recording":    a.ofAbonent(a.switchRecording(true)),
		"DELETE /abonents/{p}/recording": a.ofAbonent(a.switchRecording(false)),
		"PUT /abonents/{p}/number":       a.ofAbonent(a.addNumber), "DELETE /abonents/{p}/number": a.ofAbonent(a.removeNumber),
		"GET /records":         a.archive.List,
		"GET /v2/records/{id}": a.archive.ByID(a.archive.Info), "GET /v2/records/{ext}/{user}": a.archive.ByCall(a.archive.Info),
		"GET /v2/records/{id}/download": a.archive.ByID(a.archive.Download), "GET /v2/records/{ext}/{user}/download": a.archive.ByCall(a.archive.Download),
		"GET /v2/records/{id}/reference": a.archive.ByID(a.archive.ReferenceV2), "GET /v2/records/{ext}/{user}/reference": a.archive.ByCall(a.archive.ReferenceV2),
		"GET /records/{id}/reference": a.archive.ByID(a.archive.ReferenceV1), "GET /records/{ext}/{user}/reference": a.archive.ByCall(a.archive.ReferenceV1),
		"DELETE /v2/records/{id}": a.archive.Delete,
		"GET /statistics":         statistics(a).v1, "GET /v2/statistics": statistics(a).v2,
		"GET /icr/numbers": a.routing.Numbers, "PUT /icr/numbers": a.routing.Switch(true), "DELETE /icr/numbers": a.routing.Switch(false),
		"GET /icr/route": a.routing.Rules, "POST /icr/route": a.routing.Set, "PUT /icr/route": a.routing.Set, "DELETE /icr/route": a.routing.Delete,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+root+path, h)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		portal.Refuse(w, http.StatusNotFound, portal.NotFound, "Ресурс не найден")
	})
	return mux
}

// authorized refuses a request without the token.
func (a rest) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(tokenHeader) != a.config.Token {
			portal.Refuse(w, http.StatusUnauthorized, portal.Unauthorized, "Неверный токен")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// spoiled lets the API misbehave in this kind's own ways.
func (a rest) spoiled(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.luck.Strikes("api refused", func(f Faults) float64 { return f.APIRefused }):
			portal.Refuse(w, http.StatusUnauthorized, portal.Unauthorized, "Неверный токен")
		case a.luck.Strikes("api bad", func(f Faults) float64 { return f.APIBad }):
			portal.Refuse(w, http.StatusBadRequest, portal.BadRequest, "Некорректный запрос")
		case a.luck.Strikes("api html", func(f Faults) float64 { return f.APIHTML }):
			portal.Page(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// controlSubscriptions adds to the control endpoint what only this kind has.
func (p *PBX) controlSubscriptions(mux *http.ServeMux) {
	mux.HandleFunc("GET /control/subscriptions", func(w http.ResponseWriter, _ *http.Request) {
		control.JSON(w, http.StatusOK, p.Subscriptions())
	})
	mux.HandleFunc("GET /control/rules", func(w http.ResponseWriter, _ *http.Request) {
		control.JSON(w, http.StatusOK, p.Rules())
	})
	for pattern, end := range map[string]func(string) bool{
		"POST /control/subscriptions/{id}/end":    p.EndSubscription,
		"POST /control/subscriptions/{id}/vanish": p.VanishSubscription,
		"POST /control/subscriptions/{id}/resync": p.Resync,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !end(r.PathValue("id")) {
				control.JSON(w, http.StatusNotFound, map[string]string{"error": errSubscription.Error()})
				return
			}
			w.WriteHeader(http.StatusNoContent)
		})
	}
}

var _ control.PBX[Faults] = (*PBX)(nil)
