package itoolabs

import (
	"bytes"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
	"dozvon/app/practice/sim"
)

// api answers what is asked of the PBX, in both generations of its API.
type api struct{ pbx *PBX }

// routes serves both generations of the API, the recordings and the control endpoint.
func (a *api) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /"+itoolabs.PathOld, a.spoiled(a.generation(APIOld, a.oldAPI)))
	mux.Handle("/"+itoolabs.PathNew, a.spoiled(a.generation(APINew, a.newAPI())))
	mux.HandleFunc("GET /mp3/{file}", a.recording)
	control.Mount[Faults](mux, a.pbx)
	return mux
}

// generation serves one API if this PBX has it, else the page that the cabinet has for everything.
func (a *api) generation(which string, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if a.pbx.config.API != APIBoth && a.pbx.config.API != which {
			page(w, http.StatusNotFound)
			return
		}
		serve(w, r)
	}
}

// spoiled lets the API misbehave as the faults say.
func (a *api) spoiled(next http.HandlerFunc) http.Handler {
	answers := faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusServiceUnavailable) },
		Limit: func(w http.ResponseWriter, r *http.Request) {
			refuse(w, r, http.StatusTooManyRequests, "Too many requests")
		},
	}
	return faults.Spoil(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strikes := func(kind string, share func(Faults) float64) bool { return a.pbx.luck.Strikes(kind, share) }
		switch {
		case strikes("api refused", func(f Faults) float64 { return f.APIRefused }):
			refuse(w, r, http.StatusUnauthorized, "Invalid token")
		case strikes("api bad", func(f Faults) float64 { return f.APIBad }):
			refuse(w, r, http.StatusBadRequest, "Invalid parameters")
		case strikes("api moved", func(f Faults) float64 { return f.APIMoved }):
			w.Header().Set("Location", "https://www.example.com/")
			w.WriteHeader(http.StatusMovedPermanently)
		case strikes("api html", func(f Faults) float64 { return f.APIHTML }):
			page(w, http.StatusOK)
		default:
			next(w, r)
		}
	}), a.pbx.luck.answers, answers, a.pbx.life.Closed())
}

// page is what people see who come to the wrong place.
func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, "<!DOCTYPE html><html><body>Виртуальная АТС</body></html>")
}

// refuse answers with an error in the words of the API that was asked (section 11).
func refuse(w http.ResponseWriter, r *http.Request, status int, words string) {
	name := "error"
	if strings.HasPrefix(r.URL.Path, "/"+itoolabs.PathNew) {
		name = "message"
	}
	control.JSON(w, status, map[string]string{name: words})
}

func invalid(w http.ResponseWriter, r *http.Request, parameter string) {
	refuse(w, r, http.StatusBadRequest, "Invalid parameters: ["+parameter+"]")
}

// recording answers a link (section 8), before the file is there with 404.
func (a *api) recording(w http.ResponseWriter, r *http.Request) {
	if a.pbx.config.KeyedRecordings && r.Header.Get(itoolabs.HeaderKey) != a.pbx.config.Key {
		refuse(w, r, http.StatusUnauthorized, "Invalid token")
		return
	}
	name, ok := strings.CutSuffix(r.PathValue("file"), ".mp3")
	mp3, known := a.pbx.recordings.Sound(name)
	if !ok || !known {
		page(w, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, path.Base(r.URL.Path), time.Time{}, bytes.NewReader(mp3))
}

// slow lets ms pass, or the request or the PBX end.
func (a *api) slow(r *http.Request, ms int64) bool {
	return sim.Pause(r.Context(), time.Duration(ms)*time.Millisecond)
}
