package mango

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// unlucky lets the API misbehave as the faults say. Recordings and the control API stay as they are.
func (p *PBX) unlucky(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/vpbx/") {
			next.ServeHTTP(w, r)
			return
		}
		slow := time.Duration(p.luck.get().APISlowMS) * time.Millisecond
		if slow > 0 && (!pause(r.Context(), slow) || p.ctx.Err() != nil) {
			return
		}
		switch {
		case p.luck.strikes("api error", func(f Faults) float64 { return f.APIError }):
			writeJSON(w, http.StatusServiceUnavailable, map[string]int{"code": 5008})
		case p.luck.strikes("api limit", func(f Faults) float64 { return f.APILimit }):
			tooMany(w)
		case p.luck.strikes("api cut", func(f Faults) float64 { return f.APICut }):
			cutShort(w, r, next)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// cutShort carries the request out and breaks the connection in the middle of the answer.
func cutShort(w http.ResponseWriter, r *http.Request, next http.Handler) {
	whole := &answerBuffer{header: w.Header(), status: http.StatusOK}
	next.ServeHTTP(whole, r)
	body := whole.body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(max(len(body), 1)))
	w.WriteHeader(whole.status)
	_, _ = w.Write(body[:len(body)/2])        // the client is about to lose it anyway
	_ = http.NewResponseController(w).Flush() // so that the first half really travels
	panic(http.ErrAbortHandler)
}

// answerBuffer keeps an answer instead of sending it.
type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answerBuffer) Header() http.Header         { return a.header }
func (a *answerBuffer) WriteHeader(status int)      { a.status = status }
func (a *answerBuffer) Write(b []byte) (int, error) { return a.body.Write(b) }
