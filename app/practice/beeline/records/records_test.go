package records_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"dozvon/app/practice/beeline/records"
)

// office has one person.
type office struct{}

func (office) ExtensionOf(pattern string) (string, bool) { return "201", pattern == "ivan@x" }
func (office) AbonentInfo(extension string) any          { return map[string]string{"extension": extension} }

func TestArchive_hasWhatIsReady(t *testing.T) {
	t.Parallel()
	a := records.New(office{}, time.Now)
	var all []*records.Record
	for _, r := range []records.Record{
		{Tracking: "one", Extension: "201", Client: "79000000101", Inbound: true, Start: 1000},
		{Tracking: "two", Extension: "201", Failed: true},
		{Tracking: "three", Extension: "201", Never: true},
		{Tracking: "four", Extension: "201", Start: 2000},
	} {
		r.End(r.Start + 500)
		r.End(r.Start + 900) // it has ended
		a.Add(&r)
		all = append(all, &r)
	}
	ids := a.IDs(all)
	if !slices.Equal(ids, []string{"551000001", "551000002"}) {
		t.Fatalf("ids %v, want those of the first and the last", ids)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /records", a.List)
	mux.HandleFunc("GET /records/{id}", a.ByID(a.Info))
	mux.HandleFunc("GET /calls/{ext}/{user}", a.ByCall(a.Download))
	mux.HandleFunc("DELETE /records/{id}", a.Delete)
	ask := func(method, path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(method, path, nil))
		return answer
	}
	var list []struct {
		ID, ExternalID, Direction, Phone string
		Duration                         int64
	}
	for path, want := range map[string][]string{
		"/records": {"one", "four"}, "/records?id=551000001": {"four"}, "/records?userId=ivan@x": {"one", "four"},
		"/records?dateFrom=1970-01-01T00:00:01.500Z": {"four"}, "/records?dateTo=1970-01-01T00:00:01": {"one"},
	} {
		list = nil
		if err := json.Unmarshal(ask(http.MethodGet, path).Body.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range list {
			got = append(got, r.ExternalID)
			if r.ExternalID == "one" && (r.Direction != "INBOUND" || r.Phone != "9000000101" || r.Duration != 500) {
				t.Errorf("recording %+v", r)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	for path, want := range map[string]int{
		"/records?id=x": 400, "/records?userId=nobody": 400, "/records?dateFrom=yesterday": 400,
		"/records/551000009": 404, "/records/551000001": 200, "/calls/one/ivan@x": 200, "/calls/two/ivan@x": 404, "/calls/one/nobody": 404,
	} {
		if got := ask(http.MethodGet, path).Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if first, second := ask(http.MethodDelete, "/records/551000001").Code, ask(http.MethodDelete, "/records/551000001").Code; first != 204 || second != 404 {
		t.Errorf("deleted: %d, then %d", first, second)
	}
}
