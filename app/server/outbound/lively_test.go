package outbound_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/outbound"
)

func TestLively_endsAnAnswerThatStandsStill(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	pbx := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/whole" {
			io.WriteString(w, "whole")
			return
		}
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		close(begun)
		<-r.Context().Done()
	}))
	defer pbx.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // only ends what hangs
	defer cancel()
	get := func(path string) (string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, pbx.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Transport: outbound.Lively(alone.Transport(), time.Second)}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}
	if body, err := get("/whole"); body != "whole" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	body, err := get("/half")
	<-begun
	if body != "half" || err == nil || !strings.Contains(err.Error(), "stands still") {
		t.Errorf("got %q, %v", body, err)
	}
	if ctx.Err() != nil {
		t.Error("only the test's own deadline ended it")
	}
}
