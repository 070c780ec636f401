package mango

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"dozvon/app/mango"
)

// statsKeep is how long a finished statistics can be fetched; the reference promises a minute.
const statsKeep = 10 * time.Minute

// statistics holds what clients have asked for, by key. Times are real ones: a client waits in real time.
type statistics struct {
	mu   sync.Mutex // guards what follows
	jobs map[string]*statsJob
}

// statsJob is one statistics; exactly one of csv and page is used.
type statsJob struct {
	ready time.Time
	asked time.Time // the last poll; zero before the first
	csv   []byte
	page  *callsPage
}

func newStatistics() *statistics { return &statistics{jobs: map[string]*statsJob{}} }

// add takes a statistics in and returns its key; those too old go.
func (s *statistics) add(j *statsJob) mango.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.jobs {
		if time.Since(old.ready) > statsKeep {
			delete(s.jobs, key)
		}
	}
	raw := make([]byte, 22) // as long as the sample's
	_, _ = rand.Read(raw)   // it never fails
	key := base64.StdEncoding.EncodeToString(raw)
	s.jobs[key] = j
	return mango.Text(key)
}

// poll finds a statistics and when it was asked for before.
func (s *statistics) poll(key mango.Text) (j *statsJob, before time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[string(key)]
	if !ok || time.Since(j.ready) > statsKeep {
		return nil, time.Time{}
	}
	before, j.asked = j.asked, time.Now()
	return j, before
}

// statsKey reads the request for a result.
func statsKey(raw []byte) (mango.Text, int) {
	var r mango.StatsKey
	if json.Unmarshal(raw, &r) != nil {
		return "", mango.CodeBadFormat
	}
	if r.Key == "" {
		return "", mango.CodeMissingParam
	}
	return r.Key, mango.CodeDone
}

// statsResult answers stats/result: 204 not ready, 404 unknown or expired, 429 asked for the same
// key within five seconds, else the CSV (section 3.4.1.2).
func (p *PBX) statsResult(w http.ResponseWriter, raw []byte) int {
	key, code := statsKey(raw)
	if code != mango.CodeDone {
		return code
	}
	j, before := p.stats.poll(key)
	switch {
	case j == nil || j.page != nil:
		w.WriteHeader(http.StatusNotFound)
	case !p.config.NoLimits && time.Since(before) < mango.StatsPoll:
		tooMany(w)
	case time.Now().Before(j.ready):
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		_, _ = w.Write(j.csv) // a client that went away needs no answer
	}
	return mango.CodeDone
}

// statsCallsResult answers stats/calls/result: the first poll always finds the work not done, so
// that no client gets used to less.
func (p *PBX) statsCallsResult(w http.ResponseWriter, raw []byte) int {
	key, code := statsKey(raw)
	if code != mango.CodeDone {
		return code
	}
	j, before := p.stats.poll(key)
	answer := callsAnswer{Result: mango.CodeDone}
	switch {
	case j == nil || j.page == nil:
		answer.Status = mango.StatsNotFound
	case before.IsZero() || time.Now().Before(j.ready):
		answer.Status = mango.StatsWork
	default:
		answer.Status, answer.Data = mango.StatsComplete, j.page.days()
	}
	writeJSON(w, http.StatusOK, answer)
	return mango.CodeDone
}
