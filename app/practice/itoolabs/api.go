package itoolabs

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
	"dozvon/app/practice/sim"
)

// routes serves both generations of the API, the recordings and the control endpoint.
func (p *PBX) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /"+itoolabs.PathOld, p.spoiled(p.generation(APIOld, p.oldAPI)))
	mux.Handle("/"+itoolabs.PathNew, p.spoiled(p.generation(APINew, p.newAPI())))
	mux.HandleFunc("GET /mp3/{file}", p.recording)
	control.Mount[Faults](mux, p)
	return mux
}

// generation serves one API if this PBX has it, else the page that the cabinet has for everything.
func (p *PBX) generation(which string, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p.config.API != APIBoth && p.config.API != which {
			page(w, http.StatusNotFound)
			return
		}
		serve(w, r)
	}
}

// spoiled lets the API misbehave as the faults say.
func (p *PBX) spoiled(next http.HandlerFunc) http.Handler {
	answers := faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusServiceUnavailable) },
		Limit: func(w http.ResponseWriter, r *http.Request) {
			refuse(w, r, http.StatusTooManyRequests, "Too many requests")
		},
	}
	return faults.Spoil(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strikes := func(kind string, share func(Faults) float64) bool { return p.luck.Strikes(kind, share) }
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
	}), p.luck.answers, answers, p.life.Closed())
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
func (p *PBX) recording(w http.ResponseWriter, r *http.Request) {
	if p.config.KeyedRecordings && r.Header.Get(itoolabs.HeaderKey) != p.config.Key {
		refuse(w, r, http.StatusUnauthorized, "Invalid token")
		return
	}
	name, ok := strings.CutSuffix(r.PathValue("file"), ".mp3")
	mp3, known := p.recordings.Sound(name)
	if !ok || !known {
		page(w, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, path.Base(r.URL.Path), time.Time{}, bytes.NewReader(mp3))
}

// errPlus says that a number begins with a plus, which the PBX refuses (section 7).
var errPlus = errors.New("a number is digits only")

// order starts a click-to-call.
func (p *PBX) order(user, phone string) (callID, parameter string, err error) {
	e, ok := p.directory.user(user)
	if !ok {
		return "", "user", practice.ErrNumber
	}
	if phone == "" || strings.Trim(phone, "0123456789") != "" {
		return "", "phone", errPlus
	}
	c := p.newCallback(e.Extension, phone)
	callID, err = p.start(c, outbound{c}.callback)
	return callID, "", err
}

// slow lets ms pass, or the request or the PBX end.
func (p *PBX) slow(r *http.Request, ms int64) bool {
	return sim.Pause(r.Context(), time.Duration(ms)*time.Millisecond)
}
