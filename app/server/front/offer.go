package front

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/http"
)

// candidatesMost bounds the schools that are asked whether a request is theirs.
const candidatesMost = 4

// offer asks one school after the other whether a PBX's request is theirs: each knows its own account's secret, and
// keeps nothing that is not signed with it. So nobody can have another's requests by claiming its key.
func (f *Front) offer(w http.ResponseWriter, r *http.Request, found finding) {
	body, err := io.ReadAll(r.Body) // byKey has read it
	if err != nil {
		f.refuse(w, r, found, "no_school")
		return
	}
	status := http.StatusNotFound
	for _, name := range found.schools[:min(len(found.schools), candidatesMost)] {
		one := &answer{header: http.Header{}, status: http.StatusOK}
		asked := r.Clone(r.Context())
		asked.Body = io.NopCloser(bytes.NewReader(body))
		switch code := f.hand(one, asked, name, found); {
		case code != "":
			status = http.StatusServiceUnavailable // it may have been this one's: the PBX is to send it again
		case one.status < http.StatusBadRequest:
			one.copyTo(w)
			return
		case status != http.StatusServiceUnavailable:
			status = one.status
		}
	}
	w.WriteHeader(status)
}

// answer keeps what a school answers to a PBX, which is short.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is http.ResponseWriter's.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader is http.ResponseWriter's.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write is http.ResponseWriter's.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

func (a *answer) copyTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	if _, err := w.Write(a.body.Bytes()); err != nil {
		slog.Debug("the PBX did not wait for its answer", "err", err)
	}
}
