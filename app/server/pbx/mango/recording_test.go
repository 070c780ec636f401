package mango

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// TestRecording_byEitherForm: an account without the POST form is asked by the signed GET link, and
// the Range reaches the file only.
func TestRecording_byEitherForm(t *testing.T) {
	t.Parallel()
	const id = "MToxMDA0/NTY+3OD=="
	tests := []struct {
		name string
		post int // the code that the POST form is refused with; 0: it works
		want string
	}{
		{"post", 0, "/files/1"},
		{"link, where the PBX has no POST", 4001, "/files/2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var file, wrong string
			mux := http.NewServeMux()
			mux.HandleFunc("POST /vpbx/queries/recording/post", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Range") != "" {
					wrong = "the API was sent a Range"
				}
				if tt.post != 0 {
					w.WriteHeader(420)
					fmt.Fprintf(w, `{"code":%d}`, tt.post)
					return
				}
				w.Header().Set("Location", "/files/1")
				w.WriteHeader(http.StatusFound)
			})
			mux.HandleFunc("GET /vpbx/queries/recording/link/{id}/{action}/{key}/{until}/{sign}", func(w http.ResponseWriter, r *http.Request) {
				if r.PathValue("id") != id || r.PathValue("sign") != mango.LinkSign("k", r.PathValue("until"), id, "s") || r.Header.Get("Range") != "" {
					wrong = "the link is " + r.URL.Path
				}
				w.Header().Set("Location", "/files/2")
				w.WriteHeader(http.StatusFound)
			})
			mux.HandleFunc("GET /files/{n}", func(w http.ResponseWriter, r *http.Request) {
				file = r.URL.Path
				w.Header().Set("Content-Type", "audio/mpeg")
				http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
			})
			srv := httptest.NewServer(mux)
			defer srv.Close()
			s, err := New(Config{Key: "k", Salt: "s", URL: srv.URL + "/vpbx"}).Recording(t.Context(), id, 4)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Body.Close()
			body, err := io.ReadAll(s.Body)
			if err != nil || string(body) != "456789" || s.From != 4 || s.Size != 10 || file != tt.want || wrong != "" {
				t.Errorf("got %q from %d of %d by %s, %v; %s", body, s.From, s.Size, file, err, wrong)
			}
		})
	}
}

func TestRecording_missingIsToldApartFromBroken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		none   bool
	}{
		{"unknown", 420, `{"code":3320}`, true},
		{"too short", 200, `{"result":4002}`, true},
		{"a page", 200, `<html>`, false},
		{"broken", 503, ``, false},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			if strings.HasPrefix(tt.body, "{") {
				w.Header().Set("Content-Type", "application/json")
			}
			w.WriteHeader(tt.status)
			io.WriteString(w, tt.body)
		}))
		_, err := New(Config{Key: "k", Salt: "s", URL: srv.URL}).Recording(t.Context(), "r", 0)
		srv.Close()
		if err == nil || errors.Is(err, pbx.ErrNoRecording) != tt.none {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
