package client

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestRecording_thatStandsStillEnds: the player waited for ever.
func TestRecording_thatStandsStillEnds(t *testing.T) {
	t.Parallel()
	const soon = 100 * time.Millisecond
	for _, tt := range []struct {
		name  string
		first int // bytes before it stands still; -1: not even a header
	}{{"nothing comes", -1}, {"the head alone", 0}, {"a part", 5000}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gone := make(chan struct{})
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.first >= 0 {
					w.Header().Set("Content-Length", "100000")
					_, _ = w.Write(make([]byte, tt.first))
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
				close(gone)
			}))
			t.Cleanup(s.Close)
			resp, err := New(s.URL, "t").openRecording(t.Context(), "/calls/c/recording", 0, soon, soon)
			if err == nil {
				defer resp.Body.Close()
				_, err = io.ReadAll(resp.Body)
			}
			if !errors.Is(err, ErrSilent) {
				t.Errorf("it ended with %v", err)
			}
			<-gone // the request is given up, too
		})
	}
}
