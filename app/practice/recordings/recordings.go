// Package recordings has what was said in practised calls: two short dialogues in a driving school,
// under the ids that the PBX gives them, with one-time links to them. It stores nothing on disk.
package recordings

import (
	"bytes"
	"crypto/rand"
	"embed"
	"net/http"
	"path"
	"sync"
	"time"
)

// The recordings are speech of espeak-ng in the usual format of a PBX: MP3, MPEG-2.5
// layer III, 8 kHz, mono, 16 kbit/s.
//
//go:embed speech/*.mp3
var speech embed.FS

// LinkLife is how long an unused one-time link works.
const LinkLife = 5 * time.Minute

// Store knows which recordings can be downloaded, and the one-time links to them.
type Store struct {
	now func() time.Time

	mu    sync.Mutex // guards what follows
	added map[string]string
	count int
	links map[string]link
}

type link struct {
	file    string
	expires time.Time
}

// New returns a store without recordings; now is the clock of the links.
func New(now func() time.Time) *Store {
	return &Store{now: now, added: map[string]string{}, links: map[string]link{}}
}

// Add makes a recording downloadable; the dialogues alternate.
func (s *Store) Add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := [...]string{"lesson.mp3", "enrol.mp3"}
	s.added[id] = names[s.count%len(names)]
	s.count++
}

// Remove forgets a recording, as when somebody deletes it in the cabinet; it reports whether there was one.
func (s *Store) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.added[id]
	delete(s.added, id)
	return ok
}

// Sound returns a recording's MP3; ok is false for an unknown one.
func (s *Store) Sound(id string) (mp3 []byte, ok bool) {
	s.mu.Lock()
	file, ok := s.added[id]
	s.mu.Unlock()
	if !ok {
		return nil, false
	}
	mp3, err := speech.ReadFile(path.Join("speech", file))
	return mp3, err == nil
}

// Link returns the token of a new one-time link; ok is false for an unknown recording.
func (s *Store) Link(id string) (token string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.added[id]
	if !ok {
		return "", false
	}
	for t, l := range s.links {
		if s.now().After(l.expires) {
			delete(s.links, t)
		}
	}
	token = rand.Text()
	s.links[token] = link{file, s.now().Add(LinkLife)}
	return token, true
}

// ServeHTTP answers a one-time link, the request's path value token, once. A second request with
// the same token is 404, as with the real links.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	s.mu.Lock()
	l, ok := s.links[token]
	delete(s.links, token)
	s.mu.Unlock()
	if !ok || s.now().After(l.expires) {
		http.NotFound(w, r)
		return
	}
	sound, err := speech.ReadFile(path.Join("speech", l.file))
	if err != nil {
		http.Error(w, "the recording is missing", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, l.file, time.Time{}, bytes.NewReader(sound))
}
