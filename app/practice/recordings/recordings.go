// Package recordings has what was said in practised calls: two short dialogues in a driving school,
// or what people really said on their telephones, under the ids that the PBX gives them, with
// one-time links to them. It stores nothing on disk.
package recordings

import (
	"bytes"
	"crypto/rand"
	"embed"
	"net/http"
	"path"
	"slices"
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
	added map[string]sound
	count int
	links map[string]link
	said  []string // the ids of what people really said, the oldest first
	bytes int      // of those
}

// sound is one of the dialogues, or what people really said.
type sound struct {
	file string
	mp3  []byte
}

// read returns the sound's MP3.
func (s sound) read() ([]byte, error) {
	if s.file == "" {
		return s.mp3, nil
	}
	return speech.ReadFile(path.Join("speech", s.file))
}

type link struct {
	sound
	expires time.Time
}

// mostSaid bounds what people said, in bytes: nine hours. The oldest goes first, as from a full archive.
const mostSaid = 64 << 20

// New returns a store without recordings; now is the clock of the links.
func New(now func() time.Time) *Store {
	return &Store{now: now, added: map[string]sound{}, links: map[string]link{}}
}

// Add makes a recording downloadable; the dialogues alternate.
func (s *Store) Add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := [...]string{"lesson.mp3", "enrol.mp3"}
	s.added[id] = sound{file: names[s.count%len(names)]}
	s.count++
}

// AddSaid makes downloadable what people really said.
func (s *Store) AddSaid(id string, mp3 []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.added[id] = sound{mp3: mp3}
	s.said = append(s.said, id)
	s.bytes += len(mp3)
	for s.bytes > mostSaid && len(s.said) > 1 {
		s.remove(s.said[0])
	}
}

// Remove forgets a recording, as when somebody deletes it in the cabinet; it reports whether there was one.
func (s *Store) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.added[id]
	s.remove(id)
	return ok
}

// remove forgets a recording. The caller holds mu.
func (s *Store) remove(id string) {
	if i := slices.Index(s.said, id); i >= 0 {
		s.said = slices.Delete(s.said, i, i+1)
		s.bytes -= len(s.added[id].mp3)
	}
	delete(s.added, id)
}

// Sound returns a recording's MP3; ok is false for an unknown one.
func (s *Store) Sound(id string) (mp3 []byte, ok bool) {
	s.mu.Lock()
	has, ok := s.added[id]
	s.mu.Unlock()
	if !ok {
		return nil, false
	}
	mp3, err := has.read()
	return mp3, err == nil
}

// Link returns the token of a new one-time link; ok is false for an unknown recording.
func (s *Store) Link(id string) (token string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	has, ok := s.added[id]
	if !ok {
		return "", false
	}
	for t, l := range s.links {
		if s.now().After(l.expires) {
			delete(s.links, t)
		}
	}
	token = rand.Text()
	s.links[token] = link{has, s.now().Add(LinkLife)}
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
	mp3, err := l.read()
	if err != nil {
		http.Error(w, "the recording is missing", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, "recording.mp3", time.Time{}, bytes.NewReader(mp3))
}
