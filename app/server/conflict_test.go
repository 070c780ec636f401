package server_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/client"
)

// changeable is a record that two people change at once.
type changeable struct {
	name string
	// tag reads the record's present ETag.
	tag func(context.Context, *client.API) (string, error)
	// change writes a value that stands in no other place of the test.
	// It returns the ETag of the answer; empty where the answer has none.
	change func(ctx context.Context, api *client.API, value string) (string, error)
}

func (s *school) changeables(t *testing.T) []changeable {
	t.Helper()
	api := s.api("105")
	person, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Гусев Борис"), Phones: &[]string{"+79145550148"}})
	if err != nil {
		t.Fatal(err)
	}
	contract, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("7"), Name: ptr("Гусев Борис")})
	if err != nil {
		t.Fatal(err)
	}
	ref := client.SubjectRef{Kind: client.KindClient, ID: person.ID}
	note, err := api.AddNote(t.Context(), client.NewNote{Subject: ref, Text: "первая"})
	if err != nil {
		t.Fatal(err)
	}
	due := time.Now().Add(time.Hour)
	task, err := api.AddTask(t.Context(), client.NewTask{Subject: &ref, Note: "позвонить", DueAt: &due})
	if err != nil {
		t.Fatal(err)
	}
	return []changeable{
		{"client", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Client(ctx, person.ID)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateClient(ctx, person.ID, client.ClientInput{Note: &v})
			return r.ETag, err
		}},
		{"contract", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Contract(ctx, contract.ID)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateContract(ctx, contract.ID, client.ContractInput{Note: &v})
			return r.ETag, err
		}},
		{"note", func(ctx context.Context, a *client.API) (string, error) {
			page, err := a.Feed(ctx, client.FeedQuery{Type: "note"})
			if err != nil || len(page.Items) != 1 {
				return "", err
			}
			return page.Items[0].ETag, nil
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.EditNote(ctx, note.ID, v)
			return r.ETag, err
		}},
		{"task", func(ctx context.Context, _ *client.API) (string, error) {
			all, err := api.Tasks(ctx) // whose it is
			if err != nil || len(all) != 1 {
				return "", err
			}
			return all[0].ETag, nil
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			at := due.Add(time.Duration(len(v)) * time.Minute)
			r, err := a.ChangeTask(ctx, task.ID, client.TaskChange{DueAt: &at})
			return r.ETag, err
		}},
		{"employee", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Employee(ctx, s.staff["102"].ID)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateEmployee(ctx, s.staff["102"].ID, client.EmployeeInput{Name: &v})
			return r.ETag, err
		}},
		{"settings", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Settings(ctx)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateSettings(ctx, client.SchoolInput{Name: &v})
			return r.ETag, err
		}},
		{"integration", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Integration(ctx, s.pbx.ID)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateIntegration(ctx, s.pbx.ID, client.IntegrationInput{Name: &v})
			return r.ETag, err
		}},
		{"integration's salt", func(ctx context.Context, a *client.API) (string, error) {
			r, err := a.Integration(ctx, s.pbx.ID)
			return r.ETag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			r, err := a.UpdateIntegration(ctx, s.pbx.ID, client.IntegrationInput{APISalt: &v})
			return r.ETag, err
		}},
		{"extensions", func(ctx context.Context, a *client.API) (string, error) {
			_, etag, err := a.ExtensionTable(ctx, s.pbx.ID)
			return etag, err
		}, func(ctx context.Context, a *client.API, v string) (string, error) {
			ext := strings.Repeat("9", 3+len(v))
			_, err := a.SetExtensions(ctx, s.pbx.ID, []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: ext}})
			return "", err
		}},
	}
}

// TestChange_ofWhatAnotherHasChangedIsRefused: whoever saves what they have read before another's
// change is told who that was, and the other's change stays. It was lost in silence.
func TestChange_ofWhatAnotherHasChangedIsRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		slow, quick := s.api("105"), s.director(t)
		for _, record := range s.changeables(t) {
			before, err := record.tag(t.Context(), slow)
			if err != nil || !strings.HasPrefix(before, `"`) {
				t.Fatalf("%s: ETag %q, %v", record.name, before, err)
			}
			answered, err := record.change(t.Context(), quick.IfMatch(before), "q")
			if err != nil {
				t.Errorf("%s: the first change: %v", record.name, err)
			}
			after, err := record.tag(t.Context(), slow)
			if err != nil || after == before {
				t.Errorf("%s: changed, and the ETag is still %s, %v", record.name, after, err)
			}
			if answered != "" && answered != after {
				t.Errorf("%s: the change answered with ETag %s, and the next reading with %s", record.name, answered, after)
			}
			var p *client.Problem
			for _, stale := range []string{before, "W/" + before, `"x", ` + before, "nonsense"} {
				_, err = record.change(t.Context(), slow.IfMatch(stale), "ss")
				if !asProblem(err, &p) || p.Status != http.StatusConflict || p.Code != "conflict" {
					t.Errorf("%s: with If-Match %s: %v", record.name, stale, err)
					continue
				}
				if p.ChangedBy == nil || p.ChangedBy.Name != "Директор" || p.ChangedAt == nil || p.ETag != after {
					t.Errorf("%s: the conflict tells %+v of %v at %v, want Директор at %s", record.name, p.ETag, p.ChangedBy, p.ChangedAt, after)
				}
			}
			if now, err := record.tag(t.Context(), slow); err != nil || now != after {
				t.Errorf("%s: a refused change wrote: %s, %v", record.name, now, err)
			}
			for i, fresh := range []string{after, "*", ""} {
				if _, err := record.change(t.Context(), slow.IfMatch(fresh), "fff"+strings.Repeat("f", i)); err != nil {
					t.Errorf("%s: with If-Match %s: %v", record.name, fresh, err)
				}
			}
		}
	})
}

// TestChange_ofManyAtOnceOneWins: all have read the same; of their changes one is written.
func TestChange_ofManyAtOnceOneWins(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.director(t)
		for _, record := range s.changeables(t) {
			tag, err := record.tag(t.Context(), api)
			if err != nil {
				t.Fatal(err)
			}
			var won, lost atomic.Int32
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					var p *client.Problem
					_, err := record.change(t.Context(), api.IfMatch(tag), strings.Repeat("p", 5+i))
					switch {
					case err == nil:
						won.Add(1)
					case asProblem(err, &p) && p.Code == "conflict":
						lost.Add(1)
					default:
						t.Errorf("%s: %v", record.name, err)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 || lost.Load() != 7 {
				t.Errorf("%s: %d won and %d were refused, want 1 and 7", record.name, won.Load(), lost.Load())
			}
		}
	})
}

// TestDelete_ofWhatAnotherHasChangedIsRefused: so it is with taking away.
func TestDelete_ofWhatAnotherHasChangedIsRefused(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("101")
	card, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Гусева Анна")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.api("102").UpdateClient(t.Context(), card.ID, client.ClientInput{Note: ptr("сдала экзамен")}); err != nil {
		t.Fatal(err)
	}
	var p *client.Problem
	if err := api.IfMatch(card.ETag).DeleteClient(t.Context(), card.ID); !asProblem(err, &p) || p.Code != "conflict" || p.ChangedBy == nil || p.ChangedBy.ID != s.staff["102"].ID {
		t.Errorf("deleting a stale card: %v", err)
	}
	if err := api.IfMatch(`"v2"`).DeleteClient(t.Context(), card.ID); err != nil {
		t.Errorf("deleting what was read: %v", err)
	}
	if err := api.IfMatch("*").DeleteClient(t.Context(), card.ID); !asProblem(err, &p) || p.Code != "not_found" {
		t.Errorf("deleting twice with *: %v", err)
	}
}

// director signs in as a director who is nobody else in the test.
func (s *school) director(t *testing.T) *client.API {
	t.Helper()
	role := client.RoleDirector
	if _, err := s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: ptr("Директор"), Login: ptr("u900"), Password: ptr(password), Role: &role}); err != nil {
		t.Fatal(err)
	}
	return s.api("900")
}
