package beeline

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
)

const (
	// tokenHeader carries the portal's token in every request.
	tokenHeader = "X-MPBX-API-AUTH-TOKEN"
	// portal is where the API begins.
	portal = "/apis/portal"
	// maxBody bounds a request in bytes; it is enough for 20 000 rules of routing.
	maxBody = 2 << 20
)

// The portal's words for what it refuses. Only BadRequest was seen; the other words, and all HTTP
// statuses, are those of the samples (inferred).
const (
	badRequest           = "BadRequest"
	unauthorized         = "Unauthorized"
	abonentNotFound      = "AbonentNotFound"
	subscriptionNotFound = "SubscriptionNotFound"
	recordNotFound       = "RecordNotFound"
	tooMany              = "TooManyRequests"
)

// refusal is an answer of the API that says no.
type refusal struct {
	Code        string `json:"errorCode"`
	Description string `json:"description"`
}

// rest answers the API.
type rest struct{ *PBX }

func (p *PBX) routes() http.Handler {
	api := rest{p}
	mux := http.NewServeMux()
	mux.Handle(portal+"/", faults.Spoil(api.spoiled(api.authorized(api.mux())), p.luck.answers, faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusServiceUnavailable, "ServiceUnavailable", "Сервис временно недоступен")
		},
		Limit: func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusTooManyRequests, tooMany, "Слишком много запросов")
		},
	}, p.life.Closed()))
	mux.Handle("GET /files/{token}", p.archive.sounds)
	control.Mount[Faults](mux, p)
	p.controlSubscriptions(mux)
	// A wrong address is answered with the portal's page (section 11).
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { page(w) })
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
		"GET /records":         a.records,
		"GET /v2/records/{id}": a.byID(a.recordInfo), "GET /v2/records/{ext}/{user}": a.byCall(a.recordInfo),
		"GET /v2/records/{id}/download": a.byID(a.download), "GET /v2/records/{ext}/{user}/download": a.byCall(a.download),
		"GET /v2/records/{id}/reference": a.byID(a.referenceV2), "GET /v2/records/{ext}/{user}/reference": a.byCall(a.referenceV2),
		"GET /records/{id}/reference": a.byID(a.referenceV1), "GET /records/{ext}/{user}/reference": a.byCall(a.referenceV1),
		"DELETE /v2/records/{id}": a.deleteRecord,
		"GET /statistics":         a.statisticsV1, "GET /v2/statistics": a.statisticsV2,
		"GET /icr/numbers": a.icrNumbers, "PUT /icr/numbers": a.switchICR(true), "DELETE /icr/numbers": a.switchICR(false),
		"GET /icr/route": a.rules, "POST /icr/route": a.setRules, "PUT /icr/route": a.setRules, "DELETE /icr/route": a.removeRules,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+portal+path, h)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "NotFound", "Ресурс не найден")
	})
	return mux
}

// authorized refuses a request without the token.
func (a rest) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(tokenHeader) != a.config.Token {
			refuse(w, http.StatusUnauthorized, unauthorized, "Неверный токен")
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
			refuse(w, http.StatusUnauthorized, unauthorized, "Неверный токен")
		case a.luck.Strikes("api bad", func(f Faults) float64 { return f.APIBad }):
			refuse(w, http.StatusBadRequest, badRequest, "Некорректный запрос")
		case a.luck.Strikes("api html", func(f Faults) float64 { return f.APIHTML }):
			page(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// page is the portal's page for people.
func page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>Облачная АТС</title></head><body>Вход</body></html>\n")
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	control.JSON(w, status, refusal{Code: code, Description: description})
}

func refuseBad(w http.ResponseWriter, description string) {
	refuse(w, http.StatusBadRequest, badRequest, description)
}

// readJSON reads a request's body; it reports false once it has refused it.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		refuseBad(w, "Некорректный запрос")
		return false
	}
	return true
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
