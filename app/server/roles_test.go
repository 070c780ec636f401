package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/client"
)

// TestAPI_everyEndpointAsksForItsRole tries every endpoint with no token, a dead token, and each
// role, and holds the answers against what stands in rolesByHand. An endpoint without a line there,
// or a line without an endpoint, fails.
func TestAPI_everyEndpointAsksForItsRole(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	ascending := []client.Role{client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector, client.RoleAdmin}
	tokens := map[client.Role]string{}
	for _, r := range ascending {
		s.hire("role-"+string(r), r)
		tokens[r] = s.signIn("role-"+string(r), password)
	}
	found := map[string]bool{}
	for path, item := range s.parts.API.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PATCH": item.Patch, "PUT": item.Put, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			name := method + " " + strings.TrimPrefix(path, "/api/v1")
			found[name] = true
			need, known := rolesByHand[name]
			if !known {
				t.Errorf("%s has no line in rolesByHand", name)
				continue
			}
			where := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "none")
			s.tryRoles(t, method, where, need, ascending, tokens)
		}
	}
	for name := range rolesByHand {
		if !found[name] {
			t.Errorf("%s is not in the API's description", name)
		}
	}
}

// tryRoles tries one endpoint; with a role that is enough the answer is whatever an empty request to
// nothing gets there, but no refusal for want of rights.
func (s *school) tryRoles(t *testing.T, method, path string, need client.Role, ascending []client.Role, tokens map[client.Role]string) {
	t.Helper()
	if need == anybody {
		for _, token := range []string{"", "dz_dead"} {
			if code := s.try(t, method, path, token); code == http.StatusUnauthorized || code == http.StatusForbidden {
				t.Errorf("%s %s without a token answered %d, it is for anybody", method, path, code)
			}
		}
		return
	}
	for _, token := range []string{"", "dz_dead", "dz_", tokens[client.RoleAdmin] + "x"} {
		if code := s.try(t, method, path, token); code != http.StatusUnauthorized {
			t.Errorf("%s %s with %q for a token answered %d, want 401", method, path, token[:min(len(token), 7)], code)
		}
	}
	enough := slices.Index(ascending, need)
	for i, role := range ascending {
		token := tokens[role]
		if path == "/api/v1/sessions/current" {
			token = s.signIn("role-"+string(role), password) // this one ends
		}
		code := s.try(t, method, path, token)
		if i < enough && code != http.StatusForbidden {
			t.Errorf("%s %s as %s answered %d, want 403", method, path, role, code)
		}
		if i >= enough && (code == http.StatusUnauthorized || code == http.StatusForbidden) {
			t.Errorf("%s %s as %s answered %d, the role is enough", method, path, role, code)
		}
	}
}

// try calls an endpoint with an empty object and returns the status without reading the body:
// the stream never ends.
func (s *school) try(t *testing.T, method, path, token string) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var body *bytes.Reader = bytes.NewReader(nil)
	if method != "GET" && method != "DELETE" {
		body = bytes.NewReader([]byte("{}"))
	}
	req, err := http.NewRequestWithContext(ctx, method, s.http.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestSignOut_theTokenIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("101")
	if _, err := api.Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := api.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	var p *client.Problem
	if _, err := api.Me(t.Context()); !asProblem(err, &p) || p.Status != 401 {
		t.Errorf("the token still works: %v", err)
	}
}

func asProblem(err error, into **client.Problem) bool {
	p, ok := err.(*client.Problem)
	*into = p
	return ok
}

func TestSecrets_neverLeaveTheServer(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	all, err := s.api("105").Integrations(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if text := fmt.Sprintf("%+v", all); strings.Contains(text, salt) {
		t.Errorf("the salt is in the answer: %s", text)
	}
	kept, err := s.parts.Store.Integrations(t.Context())
	if err != nil || kept[0].Sealed["api_salt"] == "" || strings.Contains(kept[0].Sealed["api_salt"], salt) {
		t.Errorf("the salt is not sealed in the database: %q, %v", kept[0].Sealed["api_salt"], err)
	}
}

func TestAPI_describesItself(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for path, want := range map[string]string{"/openapi.json": `"/api/v1/calls/{id}/recording"`, "/docs": "openapi", "/healthz": "ok", "/readyz": "ready"} {
		resp, err := http.Get(s.http.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s answered %d without %q: %v", path, resp.StatusCode, want, err)
		}
	}
}
