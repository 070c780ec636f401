package front_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/front"
	"dozvon/app/server/requestid"
	"dozvon/app/server/schools"
	"dozvon/app/server/store/registry"
)

// book is a registry in memory.
type book struct {
	mu    sync.Mutex
	now   registry.Snapshot
	reads int
}

func (b *book) Revision(context.Context) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	return b.now.Revision, nil
}

func (b *book) All(context.Context) (registry.Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now, nil
}

func (b *book) write(states map[string]registry.State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = registry.Snapshot{Revision: b.now.Revision + 1}
	for name, state := range states {
		b.now.Schools = append(b.now.Schools, registry.School{Name: name, State: state})
	}
}

// site is a front before schools that do what do does.
type site struct {
	*front.Front
	book   *book
	mirror *front.Mirror
	do     http.HandlerFunc
	opened int // strangers had so many opened

	counting sync.Mutex
	refused  map[string]int
}

// Refused is front.Meter's.
func (s *site) Refused(code string, pbx bool) {
	s.counting.Lock()
	defer s.counting.Unlock()
	s.refused[fmt.Sprint(code, " ", pbx)]++
}

func newSite(t *testing.T, changed func(ended, begun []string), states map[string]registry.State) *site {
	t.Helper()
	s := &site{book: &book{}, refused: map[string]int{}, do: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }}
	s.book.write(states)
	var err error
	if s.mirror, err = front.NewMirror(t.Context(), s.book, time.Now, changed); err != nil {
		t.Fatal(err)
	}
	s.Front = front.New(front.Config{Mirror: s.mirror, Use: s.use, BaseHost: "dozvon.example", Ready: http.NotFoundHandler(), Meter: s})
	return s
}

// use is of schools that are always closed.
func (s *site) use(_ context.Context, name string, mayOpen func() error) (http.Handler, func(), error) {
	if name == "full" {
		return nil, nil, schools.ErrFull
	}
	if name == "broken" {
		return nil, nil, schools.ErrAway
	}
	if err := mayOpen(); err != nil {
		return nil, nil, err
	}
	s.opened++
	return s.do, func() {}, nil
}

func (s *site) get(host, from, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host, r.RemoteAddr = host, from+":4711"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestFront_tellsWhyASchoolIsNotServed(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, map[string]registry.State{
		"lider": registry.Active, "full": registry.Active, "broken": registry.Active, "off": registry.Suspended, "new": registry.Creating, "gone": registry.Deleting,
	})
	for name, want := range map[string]string{
		"full": "503 school_busy", "broken": "503 school_away", "off": "503 school_suspended", "new": "503 school_away", "gone": "503 school_away", "nobody": "404 no_school", "lider": "204 ",
	} {
		w := s.get(name+".dozvon.example", "192.0.2.1", "/api/v1/me")
		_, code, _ := strings.Cut(w.Body.String(), `"code":"`)
		code, _, _ = strings.Cut(code, `"`)
		if got := fmt.Sprint(w.Code, " ", code); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if (w.Code == http.StatusServiceUnavailable) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: %d with Retry-After %q", name, w.Code, w.Header().Get("Retry-After"))
		}
		if id := w.Header().Get("X-Request-Id"); id == "" || w.Code >= 400 && !strings.Contains(w.Body.String(), id) {
			t.Errorf("%s: the answer to the request %q is %s", name, id, w.Body)
		}
	}
	s.get("dozvon.example", "192.0.2.1", "/hook/aaaaaaaaaaaaaaaaaaaaaaaaaa")
	want := map[string]int{"school_busy false": 1, "school_away false": 3, "school_suspended false": 1, "no_school false": 1, "no_school true": 1}
	if !maps.Equal(s.refused, want) {
		t.Errorf("counted %v, want %v", s.refused, want)
	}
}

// TestFront_givesARequestTheIDThatItsSchoolTells, so that a line of the log leads to the other.
func TestFront_givesARequestTheIDThatItsSchoolTells(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, map[string]registry.State{"lider": registry.Active})
	var told string
	s.do = requestid.Handler(func() string { return "another" }, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told = requestid.Of(r.Context()) })).ServeHTTP
	if w := s.get("lider.dozvon.example", "192.0.2.1", "/api/v1/me"); told == "another" || told == "" || w.Header().Get("X-Request-Id") != told {
		t.Errorf("the school took %q, the answer tells %q", told, w.Header().Get("X-Request-Id"))
	}
}

// TestFront_boundsWhatStrangersHaveOpened: one address can have some schools opened, and another is not in its debt.
func TestFront_boundsWhatStrangersHaveOpened(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, map[string]registry.State{"lider": registry.Active})
	for range 100 {
		s.get("lider.dozvon.example", "192.0.2.1", "/api/v1/me")
	}
	if s.opened < 20 || s.opened > 25 {
		t.Errorf("one address had schools opened %d times, want 20", s.opened)
	}
	if w := s.get("lider.dozvon.example", "192.0.2.2", "/api/v1/me"); w.Code != http.StatusNoContent {
		t.Errorf("another address: %d %s", w.Code, w.Body)
	}
}

// TestFront_boundsOneSchoolsRequests: more than 64 at once are refused, streams are not among them, and another school
// is served.
func TestFront_boundsOneSchoolsRequests(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, map[string]registry.State{"lider": registry.Active, "start": registry.Active})
	begun, hold := make(chan struct{}), make(chan struct{})
	var opening sync.Mutex
	s.do = func(w http.ResponseWriter, r *http.Request) {
		opening.Unlock()
		if r.Host == "lider.dozvon.example" {
			begun <- struct{}{}
			<-hold
		}
		w.WriteHeader(http.StatusNoContent)
	}
	var going sync.WaitGroup
	ask := func(host string, n int, path string) int {
		opening.Lock() // of this test's count alone; done by do
		return s.get(host, fmt.Sprintf("192.0.2.%d", n), path).Code
	}
	for i := range 64 {
		going.Go(func() { ask("lider.dozvon.example", i, "/api/v1/calls") })
		<-begun
	}
	for i := range 5 {
		going.Go(func() { ask("lider.dozvon.example", 100+i, "/api/v1/stream") })
		<-begun
	}
	if w := s.get("lider.dozvon.example", "192.0.2.200", "/api/v1/calls"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "school_busy") {
		t.Errorf("the 65th: %d %s", w.Code, w.Body)
	}
	if code := ask("start.dozvon.example", 201, "/api/v1/calls"); code != http.StatusNoContent {
		t.Errorf("another school: %d", code)
	}
	close(hold)
	going.Wait()
	go func() { <-begun }()
	if code := ask("lider.dozvon.example", 202, "/api/v1/calls"); code != http.StatusNoContent {
		t.Errorf("afterwards: %d", code)
	}
}

func TestMirror_tellsWhoEndsAndBegins(t *testing.T) {
	t.Parallel()
	var told []string
	s := newSite(t, func(ended, begun []string) { told = append(told, fmt.Sprint("-", ended, " +", begun)) }, map[string]registry.State{"a": registry.Active, "b": registry.Suspended})
	s.book.write(map[string]registry.State{"a": registry.Suspended, "b": registry.Active, "c": registry.Creating})
	for range 2 { // the second time nothing has changed
		if err := s.mirror.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.book.write(map[string]registry.State{"c": registry.Active})
	if err := s.mirror.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"-[] +[a]", "-[a] +[b]", "-[b] +[c]"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// TestMirror_isNotReadForEveryMadeUpName: once a second at the most.
func TestMirror_isNotReadForEveryMadeUpName(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, nil)
	was := s.book.reads
	for i := range 200 {
		s.get(fmt.Sprintf("made-up-%d.dozvon.example", i), "192.0.2.1", "/api/v1/me")
	}
	if n := s.book.reads - was; n < 1 || n > 20 {
		t.Errorf("200 made-up names had the registry read %d times", n)
	}
}
