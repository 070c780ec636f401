package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

// TestAudit_tellsWhoDidWhatFromWhere: a director reads it, page by page and filtered; behind our own
// proxy the address is the caller's, and one that a stranger writes into the header is not believed.
func TestAudit_tellsWhoDidWhatFromWhere(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchoolWith(t, server.Config{Database: url, Proxies: []string{"127.0.0.1"}}, "")
		operator, director := s.api("101"), s.api("105")
		made, err := operator.CreateClient(t.Context(), client.ClientInput{Name: ptr("Гусева Анна"), Phones: &[]string{"+79145550148"}})
		if err != nil {
			t.Fatal(err)
		}
		if code := s.asked(t, "DELETE", "/api/v1/clients/"+made.ID, "u101", "10.1.1.1, 203.0.113.7"); code != http.StatusNoContent {
			t.Fatalf("deleting answered %d", code)
		}
		if _, err := director.UpdateSettings(t.Context(), client.SchoolInput{Name: ptr("Школа")}); err != nil {
			t.Fatal(err)
		}
		if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
			return tx.AddAudit(store.AuditRow{Login: access.Console, Action: access.ActionErase, Target: "client:gone"})
		}); err != nil {
			t.Fatal(err)
		}

		page, err := director.Audit(t.Context(), client.AuditQuery{Actions: []string{access.ActionCardDelete}})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("deletions: %+v, %v; want one", page.Items, err)
		}
		got := page.Items[0]
		if got.Employee == nil || got.Employee.ID != s.staff["101"].ID || got.Login != "u101" || got.Target != "client:"+made.ID ||
			got.TargetName != "Гусева Анна" || got.Address != "203.0.113.7" || got.SessionID == "" || time.Since(got.At) > time.Hour {
			t.Errorf("the deletion is told as %+v", got)
		}
		settings, err := director.Audit(t.Context(), client.AuditQuery{Employee: s.staff["105"].ID, Actions: []string{access.ActionSettings, access.ActionExport}})
		if err != nil || len(settings.Items) != 1 || settings.Items[0].Detail["fields"] != "name" || settings.Items[0].Address != "127.0.0.1" {
			t.Errorf("the settings are told as %+v, %v", settings.Items, err)
		}
		erased, err := director.Audit(t.Context(), client.AuditQuery{Target: "client:gone"})
		if err != nil || len(erased.Items) != 1 || erased.Items[0].Employee != nil || erased.Items[0].Login != access.Console || erased.Items[0].Address != "" {
			t.Errorf("a command is told as %+v, %v", erased.Items, err)
		}
		none, err := director.Audit(t.Context(), client.AuditQuery{To: got.At.Add(-time.Hour)})
		if err != nil || len(none.Items) != 0 {
			t.Errorf("an hour before there was %+v, %v", none.Items, err)
		}

		var p *client.Problem
		if _, err := operator.Audit(t.Context(), client.AuditQuery{}); !asProblem(err, &p) || p.Code != "forbidden" {
			t.Errorf("an operator reads it: %v", err)
		}
		if _, err := director.Audit(t.Context(), client.AuditQuery{Actions: []string{"nonsense"}}); !asProblem(err, &p) || p.Code != "invalid" {
			t.Errorf("an action that there is not: %v", err)
		}
		seen := map[string]bool{}
		for cursor, pages := "", 0; ; pages++ {
			page, err := director.Audit(t.Context(), client.AuditQuery{Limit: 2, Cursor: cursor})
			if err != nil || pages > 50 {
				t.Fatal(err, pages)
			}
			for _, e := range page.Items {
				if seen[e.ID] {
					t.Errorf("%s comes twice", e.ID)
				}
				seen[e.ID] = true
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if !seen[got.ID] || !seen[erased.Items[0].ID] || !seen[settings.Items[0].ID] {
			t.Errorf("paging lost rows: %v", seen)
		}
	})
}

// asked makes a request as the employee with the login, as a proxy forwards it, and returns its status.
func (s *school) asked(t *testing.T, method, path, login, forwarded string) int {
	t.Helper()
	in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.http.URL+path, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+in.Token)
	if forwarded != "" {
		req.Header.Set("X-Forwarded-For", forwarded)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// TestAudit_isBounded: what strangers write, refused sign-ins, goes first and pushes nothing else out;
// the oldest go.
func TestAudit_isBounded(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		now := time.Now().UTC().Truncate(time.Millisecond)
		write := func(work func(*store.Tx) error) {
			t.Helper()
			if err := s.parts.Store.Write(t.Context(), work); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) error {
			for i, action := range []string{
				access.ActionErase, access.ActionSignInRefused, access.ActionSignInRefused, access.ActionSignInRefused, access.ActionErase, access.ActionErase,
			} {
				row := store.AuditRow{ID: string(rune('a' + i)), At: now.Add(time.Duration(i-100) * time.Hour), Action: action, Target: "bound"}
				if err := tx.AddAudit(row); err != nil {
					return err
				}
			}
			return nil
		})
		left := func() string {
			rows, _, err := s.parts.Store.Audit(t.Context(), store.AuditFilter{Target: "bound"}, store.Start, 100)
			if err != nil {
				t.Fatal(err)
			}
			ids := ""
			for _, r := range rows {
				ids += r.ID
			}
			return ids
		}
		for _, step := range []struct {
			name   string
			action string
			before time.Time
			most   int
			want   string
		}{
			{"none is old, none too many", access.ActionSignInRefused, now.Add(-200 * time.Hour), 3, "fedcba"},
			{"one refusal too many", access.ActionSignInRefused, now.Add(-200 * time.Hour), 2, "fedca"},
			{"one refusal too old", access.ActionSignInRefused, now.Add(-97 * time.Hour), 100, "feda"},
			{"of all the oldest", "", now.Add(-98 * time.Hour), 1000, "fed"},
		} {
			write(func(tx *store.Tx) error { return tx.DropAudit(step.action, step.before, step.most) })
			if got := left(); got != step.want {
				t.Errorf("%s: %s are left, want %s", step.name, got, step.want)
			}
		}
	})
}
