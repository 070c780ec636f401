package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"dozvon/app/server/access"
	"dozvon/client"
)

// An app that was refused for a moment must learn for how long, also where the router's own answers
// are not used.
func TestRefuseRequest_tellsWhenToTryAgain(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	refuseRequest(w, httptest.NewRequest(http.MethodPost, "/api/v1/imports", nil), access.ErrBusy)
	var p client.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusServiceUnavailable || p.Code != "busy" || w.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d %q, Retry-After %q; want 503 busy and a number of seconds", w.Code, p.Code, w.Header().Get("Retry-After"))
	}
}

// A line without a role is a mistake: nobody may call it.
func TestAdmit_anEndpointWithoutARoleIsNobodys(t *testing.T) {
	t.Parallel()
	s := &Server{Config: Config{Router: &Router{needs: map[string]client.Role{"forgotten": ""}}}}
	for _, operation := range []string{"forgotten", "unknown"} {
		if _, _, refusal := s.admit(t.Context(), operation, ""); refusal != "unauthorized" && refusal != "forbidden" {
			t.Errorf("%s lets a caller without a token in: %q", operation, refusal)
		}
	}
}
