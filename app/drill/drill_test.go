package drill

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dozvon/client"
	practised "dozvon/client/sandbox"
)

// still is a pace at which nothing happens while a test looks.
var still = Pace{Pause: time.Hour, Ring: time.Hour, NoAnswer: time.Hour, Talk: time.Hour}

func open(t *testing.T, me client.Employee) (*school, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "practice")
	made, err := Opener{Folder: folder, Version: "test", Pace: still}.Open(t.Context(), me, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := made.Close(); err != nil {
			t.Error(err)
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
			t.Errorf("closed, it leaves %v, %v", entries, err)
		}
	})
	return made.(*school), folder
}

func ask[T any](t *testing.T, s *school, path string) (out T) {
	t.Helper()
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/v1"+path, nil))
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%s is answered with %d %s", path, answer.Code, answer.Body)
	}
	return out
}

// TestOpen_givesEverybodyAnExtension: their own, also where that is the colleague's, or one for the practice.
func TestOpen_givesEverybodyAnExtension(t *testing.T) {
	t.Parallel()
	for own, want := range map[string][2]string{"101": {"101", "902"}, "": {"901", "902"}, "902": {"902", "901"}} {
		t.Run(own, func(t *testing.T) {
			t.Parallel()
			s, _ := open(t, client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна", Role: client.RoleDirector, Extension: own})
			me := ask[client.Employee](t, s, "/me")
			if me.Extension != want[0] || me.Name != "Киреева Анна Сергеевна" || me.Role != client.RoleOperator {
				t.Errorf("who practises is %+v", me)
			}
			for _, e := range ask[client.Page[client.Employee]](t, s, "/employees").Items {
				if e.ID != me.ID && (e.Extension != want[1] || e.Name != colleague) {
					t.Errorf("the colleague is %+v", e)
				}
			}
			state := ask[practised.State](t, s, "/practice")
			if state.Step != practised.Known || time.Until(state.Until) < time.Minute || time.Since(state.Now).Abs() > time.Minute {
				t.Errorf("at first it is %+v", state)
			}
		})
	}
}

// TestOpen_letsNobodyOnThisMachineCall: the PBX takes the server's signed commands alone.
func TestOpen_letsNobodyOnThisMachineCall(t *testing.T) {
	t.Parallel()
	s, _ := open(t, client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна", Extension: "101"})
	for path, want := range map[string]int{"/control/calls": http.StatusNotFound, "/control/healthz": http.StatusNotFound, "/": http.StatusNotFound} {
		resp, err := http.Get("http://" + s.listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s is answered with %s", path, resp.Status)
		}
	}
}

func TestClean_takesAwayTheWholeFolder(t *testing.T) {
	t.Parallel()
	o := Opener{Folder: filepath.Join(t.TempDir(), "practice")}
	if err := o.Clean(); err != nil {
		t.Errorf("without a folder: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(o.Folder, "practice-1", "recordings"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := o.Clean(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(o.Folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}
