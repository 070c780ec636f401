package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dozvon/client"
)

// TestExtensions_ofASecondPBXLeaveThoseOfTheFirst: an employee's own extension is the one in the table of
// the first active PBX, whatever the tables of others say, and theirs when the first one goes.
func TestExtensions_ofASecondPBXLeaveThoseOfTheFirst(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		admin := s.api("105")
		second, err := admin.CreateIntegration(t.Context(), client.IntegrationInput{
			Active: ptr(true), Name: ptr("Вторая"), APIKey: ptr("second-key"), APISalt: ptr("second-salt"), APIURL: ptr("http://127.0.0.1:1/vpbx/"),
		})
		if err != nil {
			t.Fatal(err)
		}
		one, two := s.staff["101"].ID, s.staff["102"].ID
		extensions := func(what, wantOne, wantTwo string) {
			t.Helper()
			people, err := admin.Employees(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range people {
				if want, ok := map[string]string{one: wantOne, two: wantTwo}[e.ID]; ok && e.Extension != want {
					t.Errorf("%s: %s has %q, want %q", what, e.Name, e.Extension, want)
				}
			}
		}
		table := []client.ExtensionRow{{EmployeeID: one, Extension: "501"}, {EmployeeID: two, Extension: "101"}}
		if _, err := admin.SetExtensions(t.Context(), second.ID, table); err != nil {
			t.Fatal(err)
		}
		extensions("the second PBX has a table", "101", "102")
		if _, err := admin.UpdateEmployee(t.Context(), one, client.EmployeeInput{Extension: ptr("111")}); err != nil {
			t.Fatal(err)
		}
		extensions("written for the first", "111", "102")
		rows, err := admin.Extensions(t.Context(), second.ID)
		if err != nil || len(rows) != 2 {
			t.Errorf("the second PBX's table became %v, %v", rows, err)
		}
		if _, err := admin.UpdateIntegration(t.Context(), s.pbx.ID, client.IntegrationInput{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		extensions("the first is off", "501", "101")
		if _, err := admin.UpdateIntegration(t.Context(), s.pbx.ID, client.IntegrationInput{Active: ptr(true)}); err != nil {
			t.Fatal(err)
		}
		extensions("the first is on again", "111", "102")
		if err := admin.DeleteIntegration(t.Context(), s.pbx.ID); err != nil {
			t.Fatal(err)
		}
		extensions("the first is gone", "501", "101")
	})
}

// TestTransfer_ringsTheColleagueAtThePBXOfTheCall: a colleague who is chosen by name rings at the extension
// that they have where the call goes.
func TestTransfer_ringsTheColleagueAtThePBXOfTheCall(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	pbx := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(strings.Trim(r.URL.Path, "/"), "transfer") {
			asked <- r.FormValue("json")
		}
		fmt.Fprint(w, `{"result":1000}`)
	}))
	defer pbx.Close()
	s := openSchool(t, "", pbx.URL+"/vpbx/")
	if _, err := s.api("105").SetExtensions(t.Context(), s.pbx.ID, []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: "101"}, {EmployeeID: s.staff["102"].ID, Extension: "777"}}); err != nil {
		t.Fatal(err)
	}
	s.leg(1, 1, "Appeared", "79000000501", "101")
	s.leg(1, 2, "Connected", "79000000501", "101")
	calls, err := s.api("101").ActiveCalls(t.Context())
	if err != nil || len(calls) != 1 {
		t.Fatalf("%d calls, %v", len(calls), err)
	}
	if err := s.api("101").Transfer(t.Context(), calls[0].ID, client.Transfer{Extension: "102", EmployeeID: s.staff["102"].ID}); err != nil {
		t.Fatal(err)
	}
	if got := <-asked; !strings.Contains(got, `"777"`) {
		t.Errorf("the PBX was asked %s", got)
	}
	var p *client.Problem
	err = s.api("101").Transfer(t.Context(), calls[0].ID, client.Transfer{Extension: "103", EmployeeID: s.staff["103"].ID})
	if !asProblem(err, &p) || p.Code != "colleague_without_extension" {
		t.Errorf("a colleague without an extension there: %v", err)
	}
}
