package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"dozvon/client"
)

func TestStream_isLostSinceSomethingCameLast(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "id: 7\nevent: hello\ndata: {\"sequence\":7}\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done() // as of a computer that sleeps, nothing is heard and nobody says goodbye
	}))
	t.Cleanup(web.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var heard, lost time.Time
	err := client.New(web.URL, "token").Stream(ctx, client.StreamConfig{
		Silence: 300 * time.Millisecond,
		Handle:  func(client.StreamEvent) { heard = time.Now() },
		State: func(state client.StreamState) {
			if !state.Live && !heard.IsZero() && lost.IsZero() { // a slow machine may lose it before anything was heard
				lost = state.Since
				cancel()
			}
		},
	})
	if err == nil || heard.IsZero() || lost.IsZero() {
		t.Fatalf("the stream was never lost: %v", err)
	}
	if lost.After(heard) {
		t.Errorf("lost %v after something came last", lost.Sub(heard))
	}
}
