package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"dozvon/app/server/access"
	"dozvon/client"
)

// TestAPI_everyEndpointAsksForItsRole tries every endpoint with no token, a dead token, and each
// role. An endpoint of the OpenAPI description that is missing here would be missing in
// access.Policy too, and the server would not start.
func TestAPI_everyEndpointAsksForItsRole(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	roles := []client.Role{client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector, client.RoleAdmin}
	tokens := map[client.Role]string{"": "", "dead": "dz_dead"}
	for _, r := range roles {
		login := "role-" + string(r)
		if _, err := s.parts.Switchboard.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: ptr(login), Login: ptr(login), Password: ptr(password), Role: ptr(r)}); err != nil {
			t.Fatal(err)
		}
		in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		tokens[r] = in.Token
	}
	tried := 0
	for path, item := range s.parts.API.OpenAPI().Paths {
		for method, op := range map[string]string{"GET": opID(item.Get), "POST": opID(item.Post), "PATCH": opID(item.Patch), "PUT": opID(item.Put), "DELETE": opID(item.Delete)} {
			if op == "" || op == "delete-session" {
				continue
			}
			need, known := access.Policy[op]
			if !known {
				t.Errorf("%s %s (%s) has no role", method, path, op)
			}
			for role, token := range tokens {
				tried++
				code := s.try(t, method, strings.NewReplacer("{id}", "none").Replace(path), token)
				refused := code == http.StatusUnauthorized || code == http.StatusForbidden
				allowed := need == access.Anybody || access.AtLeast(role, need)
				if need == access.Anybody {
					continue
				}
				if allowed == refused {
					t.Errorf("%s %s as %q answered %d, allowed should be %v", method, path, role, code, allowed)
				}
				if !access.Known(role) && code != http.StatusUnauthorized {
					t.Errorf("%s %s without a live token answered %d, want 401", method, path, code)
				}
			}
		}
	}
	if want := (len(access.Policy) - 1) * len(tokens); tried != want {
		t.Errorf("tried %d, want %d: an endpoint of the policy is not in the API", tried, want)
	}
}

func opID(o any) string {
	raw, _ := json.Marshal(o)
	var v struct {
		ID string `json:"operationId"`
	}
	json.Unmarshal(raw, &v)
	return v.ID
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

func TestSignIn_wrongPasswordsAreRefusedThenSlowed(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	var codes []string
	for range 7 {
		_, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u101", Password: "wrong password"})
		var p *client.Problem
		if !asProblem(err, &p) {
			t.Fatalf("got %v, want a problem", err)
		}
		codes = append(codes, p.Code)
	}
	want := "wrong_password wrong_password wrong_password wrong_password wrong_password too_many_tries too_many_tries"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if _, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u102", Password: password}); err != nil {
		t.Errorf("another login suffers: %v", err)
	}
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
	if err != nil || kept[0].SaltSealed == "" || strings.Contains(kept[0].SaltSealed, salt) {
		t.Errorf("the salt is not sealed in the database: %q, %v", kept[0].SaltSealed, err)
	}
}

func TestAPI_describesItself(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for path, want := range map[string]string{"/openapi.json": `"/api/v1/calls/{id}/recording"`, "/docs": "openapi", "/healthz": "ok", "/readyz": "ready", "/metrics": "dozvon_streams"} {
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
