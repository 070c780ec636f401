package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// emptySchool is a server on a database where nobody has an account.
func emptySchool(t *testing.T, cfg server.Config) *school {
	t.Helper()
	cfg.Data, cfg.Kinds = t.TempDir(), []pbx.Kind{quickKind}
	return startSchool(t, cfg)
}

// code is what this node tells on its machine.
func (s *school) code() string {
	s.t.Helper()
	code, err := s.parts.Welcome.Code(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func (s *school) begin(code, login string) (client.SignedIn, error) {
	return client.New(s.http.URL, "").CreateFirstAccount(s.t.Context(), client.FirstAccount{
		Code: code, Name: "Счетова Вера Андреевна", Login: login, Password: password, Device: "test",
	})
}

// refusedAs tells the code of a refusal; "" when there was none.
func refusedAs(err error) string {
	var p *client.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// wrong is a code of the right shape that is not this one.
func wrong(code string) string {
	last, _ := strconv.Atoi(code[len(code)-1:])
	return code[:len(code)-1] + strconv.Itoa((last+1)%10)
}

// TestWelcome_firstAdministratorComesInOnce follows the code from its first telling, over a restart and
// a second node, to its end.
func TestWelcome_firstAdministratorComesInOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s := emptySchool(t, server.Config{Database: url, Now: c.now})
		greeting, err := client.New(s.http.URL, "").Welcome(t.Context())
		if want := (client.Welcome{Product: "dozvon", FirstAccount: true}); err != nil || greeting != want {
			t.Fatal(greeting, err)
		}
		if _, err := s.begin("0000-0000-0000", "schetova"); refusedAs(err) != "wrong_code" {
			t.Errorf("before any code was told: %v", err)
		}
		code := s.code()
		for _, other := range []string{s.code(), s.node(server.Config{}).code()} {
			if other != code {
				t.Errorf("told again it is %s, was %s", other, code)
			}
		}
		for _, bad := range []string{wrong(code), code + "0", "x", strings.Repeat("9", 40)} {
			if _, err := s.begin(bad, "schetova"); refusedAs(err) != "wrong_code" {
				t.Errorf("code %q: %v", bad, err)
			}
		}
		second := s.node(server.Config{Now: c.now}) // knows of no try but what the database does
		if _, err := second.begin(code, "schetova"); refusedAs(err) != "too_many_tries" {
			t.Errorf("after five wrong tries, at another node: %v", err)
		}
		c.pass(time.Minute)
		third := s.node(server.Config{Now: c.now})
		in, err := third.begin(" "+strings.ReplaceAll(code, "-", " ")+" ", "schetova")
		if err != nil || in.Employee.Role != client.RoleAdmin || in.Employee.Login != "schetova" {
			t.Fatal(in, err)
		}
		if me, err := client.New(s.http.URL, in.Token).Me(t.Context()); err != nil || me.ID != in.Employee.ID {
			t.Errorf("the session is of %v, %v", me, err)
		}
		for i, node := range []*school{s, second, third, s.node(server.Config{})} {
			if _, err := node.begin(code, "another"); refusedAs(err) != "has_accounts" {
				t.Errorf("node %d: the code works again: %v", i, err)
			}
			if again := node.code(); again != "" {
				t.Errorf("node %d still tells %s", i, again)
			}
			if greeting, err := client.New(node.http.URL, "").Welcome(t.Context()); err != nil || greeting.FirstAccount {
				t.Errorf("node %d waits for somebody: %v %v", i, greeting, err)
			}
		}
		s.signIn("schetova", password)
	})
}

// TestWelcome_ofManyAtOnceOneComesIn: the same code at two nodes at the same moment.
func TestWelcome_ofManyAtOnceOneComesIn(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := emptySchool(t, server.Config{Database: url})
		nodes := []*school{s, s.node(server.Config{})}
		code := s.code()
		var mu sync.Mutex
		answers := map[string]int{}
		var wg sync.WaitGroup
		for i := range 4 { // five at once from one address are let through
			wg.Go(func() {
				_, err := nodes[i%len(nodes)].begin(code, fmt.Sprint("admin", i))
				mu.Lock()
				defer mu.Unlock()
				answers[refusedAs(err)]++
			})
		}
		wg.Wait()
		if answers[""] != 1 || answers["has_accounts"] != 3 {
			t.Errorf("of four at once: %v", answers)
		}
		people, err := s.parts.Store.Employees(t.Context())
		if err != nil || len(people) != 1 {
			t.Errorf("there are %v, %v", people, err)
		}
	})
}

// TestWelcome_aWeakPasswordOrBadFieldCostsNoTry: the right code stays good until it has made an account.
func TestWelcome_aWeakPasswordOrBadFieldCostsNoTry(t *testing.T) {
	t.Parallel()
	s := emptySchool(t, server.Config{Now: startClock().now})
	code := s.code()
	api := client.New(s.http.URL, "")
	for range 7 {
		_, err := api.CreateFirstAccount(t.Context(), client.FirstAccount{Code: code, Name: "Вера", Login: "schetova", Password: "12345678"})
		if refusedAs(err) != "weak_password" {
			t.Fatal(err)
		}
	}
	if _, err := api.CreateFirstAccount(t.Context(), client.FirstAccount{Code: code, Name: "Ве\x01ра", Login: "schetova", Password: password}); refusedAs(err) != "invalid" {
		t.Errorf("a name with control characters: %v", err)
	}
	if _, err := s.begin(code, "schetova"); err != nil {
		t.Error(err)
	}
}

// TestWelcome_whereThereAreAccountsNothingIsOffered: an older database, and one whose only account is
// switched off.
func TestWelcome_whereThereAreAccountsNothingIsOffered(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := emptySchool(t, server.Config{Database: url})
		code := s.code()
		off := client.Employee{ID: "old", Name: "Старый", Login: "old", Role: client.RoleOperator}
		if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEmployee(off, "") }); err != nil {
			t.Fatal(err)
		}
		for _, node := range []*school{s, s.node(server.Config{})} {
			if _, err := node.begin(code, "schetova"); refusedAs(err) != "has_accounts" {
				t.Errorf("%v", err)
			}
			if again := node.code(); again != "" {
				t.Errorf("told %s", again)
			}
		}
	})
}

// TestWelcome_isAudited: who came in and from where, and who tried.
func TestWelcome_isAudited(t *testing.T) {
	t.Parallel()
	s := emptySchool(t, server.Config{})
	code := s.code()
	if _, err := s.begin(wrong(code), "schetova"); refusedAs(err) != "wrong_code" {
		t.Fatal(err)
	}
	in, err := s.begin(code, "schetova")
	if err != nil {
		t.Fatal(err)
	}
	page, err := client.New(s.http.URL, in.Token).Audit(t.Context(), client.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range page.Items {
		told = append(told, row.Action+" "+row.Detail["reason"]+" "+row.Address)
	}
	slices.Reverse(told)
	if want := []string{"sign_in_refused wrong_code 127.0.0.1", "account_create  127.0.0.1", "first_account  127.0.0.1", "sign_in  127.0.0.1"}; !slices.Equal(told, want) {
		t.Errorf("audited %q, want %q", told, want)
	}
	raw, err := json.Marshal(page)
	if err != nil || bytes.Contains(raw, []byte(code)) || bytes.Contains(raw, []byte(strings.ReplaceAll(code, "-", ""))) {
		t.Errorf("the code stands in the audit: %s %v", raw, err)
	}
}

// TestWelcome_tellsTheSchoolsName, which whoever types the server's address looks for.
func TestWelcome_tellsTheSchoolsName(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	if _, err := s.api("105").UpdateSettings(t.Context(), client.SchoolInput{Name: ptr("Автошкола «Вираж»")}); err != nil {
		t.Fatal(err)
	}
	greeting, err := client.New(s.http.URL, "").Welcome(t.Context())
	if want := (client.Welcome{Product: "dozvon", School: "Автошкола «Вираж»"}); err != nil || greeting != want {
		t.Errorf("%+v, %v", greeting, err)
	}
}
