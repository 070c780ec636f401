package registry_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store/registry"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// databases runs a test on both databases.
func databases(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite://"+filepath.Join(t.TempDir(), "schools.db"))
	})
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, pgtest.URL(t)) })
}

// clock goes on by a second each time that it is asked.
func clock() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

func open(t *testing.T, url string) *registry.Registry {
	t.Helper()
	r, err := registry.Open(t.Context(), url, clock())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func all(t *testing.T, r *registry.Registry) registry.Snapshot {
	t.Helper()
	s, err := r.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// told is a school as it is told, without its times.
func told(s registry.Snapshot) string {
	var lines []string
	for _, one := range s.Schools {
		lines = append(lines, fmt.Sprintf("%s %s %q %v", one.Name, one.State, one.Title, one.Hosts))
	}
	return strings.Join(lines, "; ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRegistry_leadsASchoolThroughItsStates(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		ctx, r := t.Context(), open(t, url)
		lider := registry.School{Name: "lider", Title: "Лидер", Hosts: []string{"Phone.Lider.ru", "lider.example"}}
		must(t, r.Add(ctx, lider))
		must(t, r.Add(ctx, lider)) // a command that was broken off goes on
		if err := r.Add(ctx, registry.School{Name: "start", Hosts: []string{"phone.lider.ru"}}); !errors.Is(err, registry.ErrTaken) {
			t.Errorf("another's host: %v", err)
		}
		must(t, r.Add(ctx, registry.School{Name: "start"}))
		must(t, r.SetState(ctx, "lider", registry.Active, registry.Creating))
		must(t, r.SetState(ctx, "lider", registry.Active, registry.Creating)) // again
		if err := r.Add(ctx, lider); !errors.Is(err, registry.ErrTaken) {
			t.Errorf("a name that is taken: %v", err)
		}
		if err := r.SetState(ctx, "start", registry.Suspended, registry.Active); !errors.Is(err, registry.ErrState) {
			t.Errorf("from another state: %v", err)
		}
		if err := r.SetState(ctx, "nobody", registry.Active, registry.Creating); !errors.Is(err, registry.ErrNoSchool) {
			t.Errorf("nobody's state: %v", err)
		}
		want := `lider active "Лидер" [lider.example phone.lider.ru]; start creating "" []`
		if got := told(all(t, r)); got != want {
			t.Errorf("there are %s, want %s", got, want)
		}
		must(t, r.SetHosts(ctx, "lider", nil))
		must(t, r.SetHosts(ctx, "start", []string{"phone.lider.ru"}))
		if err := r.Remove(ctx, "lider"); !errors.Is(err, registry.ErrState) {
			t.Errorf("removing what is served: %v", err)
		}
		must(t, r.SetState(ctx, "lider", registry.Deleting, registry.Active))
		must(t, r.Remove(ctx, "lider"))
		if err := r.Remove(ctx, "lider"); !errors.Is(err, registry.ErrNoSchool) {
			t.Errorf("removing it again: %v", err)
		}
		if got, want := told(all(t, r)), `start creating "" [phone.lider.ru]`; got != want {
			t.Errorf("there are %s, want %s", got, want)
		}
	})
}

// TestSetOpened_keepsTheSchemaOfASchoolThatIsNotOpened, and is no change that mirrors would read.
func TestSetOpened_keepsTheSchemaOfASchoolThatIsNotOpened(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		ctx, r := t.Context(), open(t, url)
		must(t, r.Add(ctx, registry.School{Name: "lider"}))
		revision := all(t, r).Revision
		for _, tt := range []struct {
			schema  int64
			failure string
			want    int64
		}{{18, "", 18}, {18, "", 18}, {0, "the disk is full", 18}, {0, "the disk is full", 18}, {19, "", 19}} {
			must(t, r.SetOpened(ctx, "lider", tt.schema, tt.failure))
			s := all(t, r)
			if one := s.Schools[0]; one.Schema != tt.want || one.Error != tt.failure || s.Revision != revision {
				t.Errorf("opened with %d %q: %+v at %d, want schema %d at %d", tt.schema, tt.failure, one, s.Revision, tt.want, revision)
			}
		}
		if err := r.SetOpened(ctx, "nobody", 18, ""); err == nil {
			t.Error("nobody was opened")
		}
	})
}

func TestRegistry_tellsWhoseAddressesAre(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		ctx, r := t.Context(), open(t, url)
		for _, name := range []string{"older", "newer"} {
			must(t, r.Add(ctx, registry.School{Name: name}))
		}
		word, key := registry.AddressOf("", "aword"), registry.AddressOf("mango", "akey")
		must(t, r.SetAddresses(ctx, "newer", []registry.Address{key}))
		must(t, r.SetAddresses(ctx, "older", []registry.Address{key, word}))
		want := map[registry.Address][]string{word: {"older"}, key: {"older", "newer"}}
		was := all(t, r)
		if !reflect.DeepEqual(was.Addresses, want) {
			t.Errorf("addresses are %v, want %v", was.Addresses, want)
		}
		must(t, r.SetAddresses(ctx, "older", []registry.Address{word, key}))
		if n, err := r.Revision(ctx); err != nil || n != was.Revision {
			t.Errorf("the same addresses are revision %d, %v; want still %d", n, err, was.Revision)
		}
		must(t, r.SetAddresses(ctx, "older", []registry.Address{word}))
		now := all(t, r)
		if want[key] = []string{"newer"}; !reflect.DeepEqual(now.Addresses, want) || now.Revision <= was.Revision {
			t.Errorf("addresses are %v at %d, want %v after %d", now.Addresses, now.Revision, want, was.Revision)
		}
		if err := r.SetAddresses(ctx, "nobody", []registry.Address{word}); !errors.Is(err, registry.ErrNoSchool) {
			t.Errorf("nobody's addresses: %v", err)
		}
	})
}

// TestOpen_manyProcessesAtOnce: commands and servers that begin together on nothing, and change it together.
func TestOpen_manyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		var working sync.WaitGroup
		var want []string
		for i := range 6 {
			name := fmt.Sprint("school", i)
			want = append(want, name)
			working.Go(func() {
				r, err := registry.Open(t.Context(), url, clock())
				if err != nil {
					t.Error(err)
					return
				}
				defer r.Close()
				if err := r.Add(t.Context(), registry.School{Name: name}); err != nil {
					t.Error(err)
				}
			})
		}
		working.Wait()
		var got []string
		s := all(t, open(t, url))
		for _, one := range s.Schools {
			got = append(got, one.Name)
		}
		if !slices.Equal(got, want) || s.Revision != int64(len(want)) {
			t.Errorf("there are %v at %d, want %v", got, s.Revision, want)
		}
	})
}

func TestCheckName_takesWhatAHostAndASchemaCanBeCalled(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"lider": true, "a": true, "1-avto": true, strings.Repeat("a", 40): true,
		"": false, "-a": false, "a-": false, "Лидер": false, "Lider": false, "a_b": false, "a.b": false, "../a": false, "a b": false, "www": false, "api": false,
		strings.Repeat("a", 41): false,
	} {
		if err := registry.CheckName(name); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOpen_refusesWhatItCannotOpen(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mysql://x", "sqlite:///nowhere/at/all/schools.db"} {
		if r, err := registry.Open(t.Context(), url, clock()); err == nil {
			r.Close()
			t.Errorf("%q was opened", url)
		}
	}
}

// TestOutages_areWhenNoServerWasThereOrTheSchoolWasSuspended, and not when it was closed.
func TestOutages_areWhenNoServerWasThereOrTheSchoolWasSuspended(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		ctx := t.Context()
		start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
		now := start
		r, err := registry.Open(ctx, url, func() time.Time { return now })
		must(t, err)
		defer r.Close()
		at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
		for _, name := range []string{"lider", "start"} {
			must(t, r.Add(ctx, registry.School{Name: name}))
			must(t, r.SetState(ctx, name, registry.Active, registry.Creating))
		}
		steps := []struct {
			minute int
			do     func() error
		}{
			{0, func() error { return r.Alive(ctx) }},
			{0, func() error { return r.Alive(ctx) }}, // another node
			{10, func() error { return r.Alive(ctx) }},
			{10, func() error { return r.Alive(ctx) }},
			{20, func() error { return r.SetState(ctx, "lider", registry.Suspended, registry.Active) }},
			{25, func() error { return r.SetState(ctx, "lider", registry.Suspended, registry.Active) }},
			{30, func() error { return r.SetState(ctx, "lider", registry.Active, registry.Suspended) }},
			{40, func() error { return r.SetState(ctx, "lider", registry.Suspended, registry.Active) }},
		}
		for _, step := range steps {
			now = at(step.minute)
			must(t, step.do())
		}
		for _, tt := range []struct {
			school   string
			from, to int
			want     []registry.Outage
		}{
			{"lider", 0, 60, []registry.Outage{{at(0), at(10)}, {at(20), at(30)}, {at(40), at(60)}}},
			{"lider", 5, 25, []registry.Outage{{at(5), at(10)}, {at(20), at(25)}}},
			{"lider", 10, 20, nil},
			{"start", 0, 60, []registry.Outage{{at(0), at(10)}}},
		} {
			got, err := r.Outages(ctx, tt.school, at(tt.from), at(tt.to))
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%s from minute %d to %d: %v, %v; want %v", tt.school, tt.from, tt.to, got, err, tt.want)
			}
		}
	})
}
