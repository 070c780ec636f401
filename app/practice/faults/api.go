package faults

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"dozvon/app/practice/sim"
)

// API is how the answers of an API go wrong. Shares are from 0 (never) to 1 (always).
type API struct {
	Seed uint64
	// Error is the share of requests answered with HTTP 503, Limit with 429; neither is carried out.
	Error, Limit float64
	// Cut is the share of answers that break off in the middle; the request has been carried out.
	Cut float64
	// SlowMS delays every answer, in milliseconds.
	SlowMS int64
}

// Answers are the words in which a kind of PBX says what API made go wrong.
type Answers struct {
	Error, Limit http.HandlerFunc
}

// Spoil lets the API behind next misbehave as luck says. closed ends the delays.
func Spoil(next http.Handler, luck *Luck[API], answers Answers, closed <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slow := time.Duration(luck.Get().SlowMS) * time.Millisecond; slow > 0 && !pauseUnless(r, closed, slow) {
			return
		}
		switch {
		case luck.Strikes("api error", func(f API) float64 { return f.Error }):
			answers.Error(w, r)
		case luck.Strikes("api limit", func(f API) float64 { return f.Limit }):
			answers.Limit(w, r)
		case luck.Strikes("api cut", func(f API) float64 { return f.Cut }):
			cutShort(w, r, next)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func pauseUnless(r *http.Request, closed <-chan struct{}, d time.Duration) bool {
	if !sim.Pause(r.Context(), d) {
		return false
	}
	select {
	case <-closed:
		return false
	default:
		return true
	}
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
