package routing_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"dozvon/app/practice/beeline/routing"
)

// office has the extensions 2.. and one line.
type office struct{}

func (office) HasExtension(extension string) bool { return strings.HasPrefix(extension, "2") }
func (office) Line(pattern string) (string, bool) { return "79610000010", pattern == "9610000010" }
func (office) LineID(line string) string          { return line + "@x" }

func TestTable_actsForLinesThatAreOn(t *testing.T) {
	t.Parallel()
	table := routing.New(office{}, http.MethodPost, []routing.Rule{{Number: "9000000101", Extension: "201"}}, nil)
	ask := func(h http.HandlerFunc, method, body string) string {
		answer := httptest.NewRecorder()
		h(answer, httptest.NewRequest(method, "/", strings.NewReader(body)))
		return strings.TrimSpace(answer.Body.String())
	}
	if _, ok := table.Of("79610000010", "79000000101"); ok {
		t.Error("a rule acts for a line that is off")
	}
	if got := ask(table.Switch(true), http.MethodPut, `["9610000010","9610000099"]`); !strings.Contains(got, "SUCCESS") || !strings.Contains(got, "FAULT") {
		t.Errorf("switched: %s", got)
	}
	if extension, ok := table.Of("79610000010", "79000000101"); !ok || extension != "201" {
		t.Errorf("goes to %q", extension)
	}
	if _, ok := table.Of("79610000010", ""); ok {
		t.Error("a hidden caller has a rule")
	}
	got := ask(table.Set, http.MethodPut, `[{"inboundNumber":"+79000000102","extension":"202"},{"inboundNumber":"9000000103","extension":"999"},{"inboundNumber":"x","extension":"202"}]`)
	if strings.Count(got, "SUCCESS") != 1 || strings.Count(got, "FAULT") != 2 {
		t.Errorf("set: %s", got)
	}
	if want := []routing.Rule{{Number: "9000000101", Extension: "201"}, {Number: "9000000102", Extension: "202"}}; !slices.Equal(table.List(), want) {
		t.Errorf("merged %v, want %v", table.List(), want)
	}
	ask(table.Set, http.MethodPost, `[{"inboundNumber":"9000000104","extension":"204"}]`)
	if want := []routing.Rule{{Number: "9000000104", Extension: "204"}}; !slices.Equal(table.List(), want) {
		t.Errorf("replaced %v, want %v", table.List(), want)
	}
	if got := ask(table.Delete, http.MethodDelete, `[{"inboundNumber":"9000000104"},{"inboundNumber":"9000000104"}]`); strings.Count(got, "SUCCESS") != 1 || len(table.List()) != 0 {
		t.Errorf("deleted: %s", got)
	}
	ask(table.Switch(false), http.MethodDelete, `["9610000010"]`)
	if got := ask(table.Numbers, http.MethodGet, ""); got != "[]" {
		t.Errorf("lines that are on: %s", got)
	}
}
