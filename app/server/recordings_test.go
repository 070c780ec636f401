package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/client"
)

// slowFile is a PBX's file that comes slowly: its beginning at once, the rest when the test says so. From a place on
// it is sent at once.
type slowFile struct {
	body    []byte
	first   int
	unsized bool
	rest    chan struct{}
	asked   atomic.Int32
}

func newSlowFile(t *testing.T) *slowFile {
	t.Helper()
	speech, err := os.ReadFile("../practice/recordings/speech/lesson.mp3")
	if err != nil {
		t.Fatal(err)
	}
	return &slowFile{body: bytes.Repeat(speech, 1+400_000/len(speech)), first: 40_000, rest: make(chan struct{})}
}

func (f *slowFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost { // Mango gives a link
		http.Redirect(w, r, "/file", http.StatusFound)
		return
	}
	f.asked.Add(1)
	w.Header().Set("Content-Type", "audio/mpeg")
	if begin, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
		at, _ := strconv.Atoi(strings.TrimSuffix(begin, "-"))
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", at, len(f.body)-1, len(f.body)))
		w.WriteHeader(http.StatusPartialContent)
		w.Write(f.body[at:])
		return
	}
	if !f.unsized {
		w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	}
	w.Write(f.body[:f.first])
	w.(http.Flusher).Flush()
	select {
	case <-f.rest:
		w.Write(f.body[f.first:])
	case <-r.Context().Done():
	}
}

// listenTo asks for the recording as the app does; the test has a minute.
func (s *school) listenTo(c client.Call, from int64) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	s.t.Cleanup(cancel)
	return s.api("101").RecordingPart(ctx, c.ID, 1, from)
}

// TestRecording_farAheadIsHeardAtOnce while the server still fetches what stands before it.
func TestRecording_farAheadIsHeardAtOnce(t *testing.T) {
	t.Parallel()
	f := newSlowFile(t)
	s, c := recorded(t, f.ServeHTTP)
	first, err := s.listenTo(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Body.Close()
	at := int64(len(f.body)) * 9 / 10
	ahead, err := s.listenTo(c, at)
	if err != nil {
		t.Fatal(err)
	}
	defer ahead.Body.Close()
	got, err := io.ReadAll(ahead.Body)
	if err != nil || ahead.StatusCode != http.StatusPartialContent || !bytes.Equal(got, f.body[at:]) {
		t.Errorf("answered %d, %d bytes of %d, %v", ahead.StatusCode, len(got), len(f.body[at:]), err)
	}
	close(f.rest)
	if got, err := io.ReadAll(first.Body); err != nil || !bytes.Equal(got, f.body) {
		t.Errorf("of the whole %d bytes of %d came, %v", len(got), len(f.body), err)
	}
}

// TestRecording_withoutALengthIsHeardWhileItComes: a PBX that sends in chunks says no length.
func TestRecording_withoutALengthIsHeardWhileItComes(t *testing.T) {
	t.Parallel()
	f := newSlowFile(t)
	f.unsized = true
	s, c := recorded(t, f.ServeHTTP)
	resp, err := s.listenTo(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	head := make([]byte, f.first*3/4) // what does not fill a buffer goes with the next
	if _, err := io.ReadFull(resp.Body, head); err != nil || !bytes.Equal(head, f.body[:len(head)]) {
		t.Fatalf("while it comes: %v", err)
	}
	close(f.rest)
	if rest, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(rest, f.body[len(head):]) {
		t.Errorf("the rest: %d bytes, %v", len(rest), err)
	}
	part, err := s.listenTo(c, 1000) // now that it is there
	if err != nil {
		t.Fatal(err)
	}
	defer part.Body.Close()
	if got, err := io.ReadAll(part.Body); err != nil || !bytes.Equal(got, f.body[1000:]) || f.asked.Load() != 1 {
		t.Errorf("from a place on: %d bytes, %v; the PBX was asked %d times", len(got), err, f.asked.Load())
	}
}

// TestRecording_ofAnotherKindIsToldAsWhatItIs, and not as a wrong address of the API.
func TestRecording_ofAnotherKindIsToldAsWhatItIs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, words string }{
		"a WAV":                  {"RIFF\xa0\x86\x01\x00WAVEfmt " + strings.Repeat("\x01\x02\x03\x04", 5000), "WAV"},
		"noise behind one frame": {"\xff\xfb\x90\x00" + strings.Repeat("\x81\x13\xfe", 50_000), "неизвестного вида"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := recorded(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "audio/mpeg")
				io.WriteString(w, tt.body)
			})
			var p *client.Problem
			if _, err := s.listenTo(c, 0); !asProblem(err, &p) || p.Code != "recording_kind" || !strings.Contains(p.Detail, tt.words) {
				t.Errorf("answered %v", err)
			}
		})
	}
}
