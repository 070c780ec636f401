package mango

import (
	"bytes"
	"crypto/rand"
	"embed"
	"net/http"
	"path"
	"sync"
	"time"
)

// The recordings are speech of espeak-ng in the PBX's format: MP3, MPEG-2.5
// layer III, 8 kHz, mono, 16 kbit/s. Two short dialogues in a driving school.
//
//go:embed recordings/*.mp3
var speech embed.FS

// linkLife is how long an unused one-time link works.
const linkLife = 5 * time.Minute

// files knows which recordings can be downloaded, and the one-time links to them.
type files struct {
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

func newFiles(now func() time.Time) *files {
	return &files{now: now, added: map[string]string{}, links: map[string]link{}}
}

// add makes a recording downloadable; the dialogues take turns.
func (f *files) add(recordingID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := [...]string{"lesson.mp3", "enrol.mp3"}
	f.added[recordingID] = names[f.count%len(names)]
	f.count++
}

// remove forgets a recording, as when somebody deletes it in the cabinet; it reports whether there was one.
func (f *files) remove(recordingID string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.added[recordingID]
	delete(f.added, recordingID)
	return ok
}

// link returns the token of a new one-time link; ok is false for an unknown recording.
func (f *files) link(recordingID string) (token string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, ok := f.added[recordingID]
	if !ok {
		return "", false
	}
	for t, l := range f.links {
		if f.now().After(l.expires) {
			delete(f.links, t)
		}
	}
	token = rand.Text()
	f.links[token] = link{file, f.now().Add(linkLife)}
	return token, true
}

// ServeHTTP answers /files/{token}, once. A second request with the same token is 404, as with the real links.
func (f *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	f.mu.Lock()
	l, ok := f.links[token]
	delete(f.links, token)
	f.mu.Unlock()
	if !ok || f.now().After(l.expires) {
		http.NotFound(w, r)
		return
	}
	sound, err := speech.ReadFile(path.Join("recordings", l.file))
	if err != nil {
		http.Error(w, "the recording is missing", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, l.file, time.Time{}, bytes.NewReader(sound))
}
