// Package stats is the statistics of Mango's practice PBX: the CSV of legs and the extended list of
// calls (reference, section 3.4), asked for first and fetched by a key later. It knows ended calls only.
package stats

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/staff"
)

// keep is how long a finished statistics can be fetched; the reference promises a minute.
const keep = 10 * time.Minute

// Call is an ended call, as the statistics tell it.
type Call struct {
	EntryID         string
	Direction       mango.Int
	Client          string
	Line            mango.Text
	Began, Finished int64 // Unix seconds
	Talked          int64 // the first answer; 0 is never
	From, Called    mango.Party
	InitType        mango.Int // context_init_type
	Legs            []Leg
}

// Leg is one leg of it. Times are Unix seconds; 0 is never.
type Leg struct {
	Event                  mango.CallEvent // the one that was sent last
	Began, Answered, Ended int64
	Held                   int64 // seconds on hold
	Reason                 mango.Int
	Records                []string
	Intercepted            bool // somebody else picked it up
}

// talkSeconds is from the first answer to the end.
func (c Call) talkSeconds() int64 {
	if c.Talked == 0 {
		return 0
	}
	return c.Finished - c.Talked
}

// Config is what the statistics need.
type Config struct {
	// History are the ended calls, oldest first.
	History func() []Call
	Staff   *staff.Staff
	// Delay is how long a statistics takes to be ready; Ready is called then, in the background.
	Delay time.Duration
	Ready func(key, requestID mango.Text)
	// NoLimits allows to poll as often as one likes.
	NoLimits bool
	// Wrong counts a request that is refused in the answer's fields instead of by a code.
	Wrong func(code int)
	// TooMany answers beyond a rate limit.
	TooMany func(w http.ResponseWriter)
	Life    *practice.Life
}

// Service holds what clients have asked for, by key. Times are real ones: a client waits in real time.
type Service struct {
	config Config

	mu   sync.Mutex // guards what follows
	jobs map[string]*job
}

// job is one statistics; exactly one of csv and page is used.
type job struct {
	ready time.Time
	asked time.Time // the last poll; zero before the first
	csv   []byte
	page  *callsPage
}

// New returns statistics that nobody has asked for yet.
func New(c Config) *Service { return &Service{config: c, jobs: map[string]*job{}} }

// add takes a statistics in and returns its key; those too old go.
func (s *Service) add(j *job) mango.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.jobs {
		if time.Since(old.ready) > keep {
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
func (s *Service) poll(key mango.Text) (j *job, before time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs[string(key)]
	if !ok || time.Since(j.ready) > keep {
		return nil, time.Time{}
	}
	before, j.asked = j.asked, time.Now()
	return j, before
}

// readKey reads the request for a result.
func readKey(raw []byte) (mango.Text, int) {
	var r mango.StatsKey
	if json.Unmarshal(raw, &r) != nil {
		return "", mango.CodeBadFormat
	}
	if r.Key == "" {
		return "", mango.CodeMissingParam
	}
	return r.Key, mango.CodeDone
}

// Result answers stats/result: 204 not ready, 404 unknown or expired, 429 asked for the same
// key within five seconds, else the CSV (section 3.4.1.2).
func (s *Service) Result(w http.ResponseWriter, raw []byte) int {
	key, code := readKey(raw)
	if code != mango.CodeDone {
		return code
	}
	j, before := s.poll(key)
	switch {
	case j == nil || j.page != nil:
		w.WriteHeader(http.StatusNotFound)
	case !s.config.NoLimits && time.Since(before) < mango.StatsPoll:
		s.config.TooMany(w)
	case time.Now().Before(j.ready):
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		_, _ = w.Write(j.csv) // a client that went away needs no answer
	}
	return mango.CodeDone
}

// CallsResult answers stats/calls/result: the first poll always finds the work not done, so
// that no client gets used to less.
func (s *Service) CallsResult(w http.ResponseWriter, raw []byte) int {
	key, code := readKey(raw)
	if code != mango.CodeDone {
		return code
	}
	j, before := s.poll(key)
	answer := callsAnswer{Result: mango.CodeDone}
	switch {
	case j == nil || j.page == nil:
		answer.Status = mango.StatsNotFound
	case before.IsZero() || time.Now().Before(j.ready):
		answer.Status = mango.StatsWork
	default:
		answer.Status, answer.Data = mango.StatsComplete, j.page.days()
	}
	control.JSON(w, http.StatusOK, answer)
	return mango.CodeDone
}
