package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// clock is one that the test sets.
type clock struct{ at atomic.Int64 }

func startClock() *clock {
	c := &clock{}
	c.at.Store(time.Now().UnixMilli())
	return c
}

func (c *clock) now() time.Time       { return time.UnixMilli(c.at.Load()) }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }
func (c *clock) days(n int)           { c.pass(time.Duration(n) * 24 * time.Hour) }
func behindProxy(c *clock) server.Config {
	return server.Config{Proxies: []string{"127.0.0.1"}, Now: c.now}
}

// tried is how a sign-in was answered.
type tried struct {
	status int
	code   string
	after  int // Retry-After, seconds
	token  string
}

// trySignIn signs in as if from an address behind our proxy; empty: directly.
func trySignIn(t testing.TB, base, login, password, from string) tried {
	t.Helper()
	raw, err := json.Marshal(client.SignIn{Login: login, Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/sessions", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if from != "" {
		req.Header.Set("X-Forwarded-For", from)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return tried{}
	}
	defer resp.Body.Close()
	var body struct{ Code, Token string }
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Errorf("answer %d cannot be read: %v", resp.StatusCode, err)
	}
	after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return tried{resp.StatusCode, body.Code, after, body.Token}
}

// node is another server on the same database and folder.
func (s *school) node(cfg server.Config) *school {
	s.t.Helper()
	cfg.Data, cfg.Database, cfg.Kinds = s.data, s.database, []pbx.Kind{quickKind}
	return startSchool(s.t, cfg)
}

func TestSignIn_manyAtOncePassNoLimit(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s := openSchoolWith(t, server.Config{Database: url, Now: c.now}, "")
		var mu sync.Mutex
		codes := map[string]int{}
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				got := trySignIn(t, s.http.URL, "u101", "not the password", "")
				mu.Lock()
				defer mu.Unlock()
				codes[got.code]++
				if got.code == "too_many_tries" && (got.status != 429 || got.after < 1 || got.after > 10) {
					t.Errorf("refused with %+v", got)
				}
			})
		}
		wg.Wait()
		if codes["wrong_password"] != 5 || codes["too_many_tries"] != 35 {
			t.Errorf("of 40 wrong passwords at once: %v; want 5 checked", codes)
		}
		if got := trySignIn(t, s.http.URL, "u102", password, ""); got.status != 201 {
			t.Errorf("another login suffers: %+v", got)
		}
		c.pass(10 * time.Second)
		if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 201 {
			t.Errorf("after ten seconds: %+v", got)
		}
	})
}

// TestSignIn_aStrangerLocksNobodyOut: whatever is tried from one address, a right password from
// another is taken, of IPv6 from another network of 64 bits.
func TestSignIn_aStrangerLocksNobodyOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, stranger, neighbour, owner string }{
		{"IPv4", "203.0.113.7", "203.0.113.7", "203.0.113.8"},
		{"IPv6", "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"},
		{"IPv4 in IPv6", "203.0.113.7", "::ffff:203.0.113.7", "::ffff:203.0.113.8"},
		{"a header that goes on", "203.0.113.8, 203.0.113.7", "10.0.0.1, 203.0.113.7", "203.0.113.7, 203.0.113.8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openSchoolWith(t, behindProxy(startClock()), "")
			for range 8 {
				trySignIn(t, s.http.URL, "u101", "not the password", tt.stranger)
			}
			if got := trySignIn(t, s.http.URL, "u101", password, tt.neighbour); got.code != "too_many_tries" {
				t.Errorf("from the stranger's own network: %+v", got)
			}
			if got := trySignIn(t, s.http.URL, "u102", password, tt.stranger); got.status != 201 {
				t.Errorf("another login from there: %+v", got)
			}
			if got := trySignIn(t, s.http.URL, "u101", password, tt.owner); got.status != 201 {
				t.Errorf("the owner from elsewhere: %+v", got)
			}
		})
	}
}

// TestSignIn_aHeaderOfAStrangerIsNotBelieved: without proxies of ours X-Forwarded-For buys no tries.
func TestSignIn_aHeaderOfAStrangerIsNotBelieved(t *testing.T) {
	t.Parallel()
	s := openSchoolWith(t, server.Config{Now: startClock().now}, "")
	for i := range 6 {
		got := trySignIn(t, s.http.URL, "u101", "not the password", fmt.Sprintf("203.0.113.%d", i))
		if want := map[bool]string{true: "wrong_password", false: "too_many_tries"}[i < 5]; got.code != want {
			t.Errorf("try %d: %+v, want %s", i, got, want)
		}
	}
}

// TestSignIn_anAddressHasTwoHundredTriesOverAllLogins, known or not, and then twenty a minute.
func TestSignIn_anAddressHasTwoHundredTriesOverAllLogins(t *testing.T) {
	t.Parallel()
	c := startClock()
	s := openSchoolWith(t, behindProxy(c), "")
	from := "203.0.113.7"
	wrong := func(i int) tried {
		return trySignIn(t, s.http.URL, fmt.Sprint("nobody", i), "not the password", from)
	}
	for i := range 200 {
		if got := wrong(i); got.code != "wrong_password" {
			t.Fatalf("try %d: %+v", i, got)
		}
	}
	if got := wrong(200); got.code != "too_many_tries" || got.after != 3 {
		t.Errorf("the 201st: %+v", got)
	}
	if got := trySignIn(t, s.http.URL, "u101", password, "203.0.113.8"); got.status != 201 {
		t.Errorf("from elsewhere: %+v", got)
	}
	c.pass(time.Minute)
	checked := 0
	for i := range 40 {
		if wrong(1000+i).code == "wrong_password" {
			checked++
		}
	}
	if checked != 20 {
		t.Errorf("a minute later %d were checked, want 20", checked)
	}
}

func TestSignIn_successGivesItsTryBack(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchoolWith(t, server.Config{Database: url, Now: startClock().now}, "")
		for range 4 {
			trySignIn(t, s.http.URL, "u101", "not the password", "")
		}
		for i := range 10 {
			if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 201 {
				t.Fatalf("sign-in %d: %+v", i, got)
			}
		}
		if got := trySignIn(t, s.http.URL, "u101", "not the password", ""); got.code != "wrong_password" {
			t.Errorf("the fifth wrong one: %+v", got)
		}
		if got := trySignIn(t, s.http.URL, "u101", password, ""); got.code != "too_many_tries" {
			t.Errorf("the sixth: %+v", got)
		}
	})
}

// TestSignIn_triesAreSharedByNodesAndOutliveThem also when the clock is set back.
func TestSignIn_triesAreSharedByNodesAndOutliveThem(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s := openSchoolWith(t, server.Config{Database: url, Now: c.now}, "")
		for range 5 {
			trySignIn(t, s.http.URL, "u101", "not the password", "")
		}
		later := s.node(server.Config{Now: c.now})
		if got := trySignIn(t, later.http.URL, "u101", password, ""); got.code != "too_many_tries" {
			t.Errorf("another node: %+v", got)
		}
		if got := trySignIn(t, later.http.URL, "u102", password, ""); got.status != 201 {
			t.Errorf("another login on it: %+v", got)
		}
		c.pass(-400 * 24 * time.Hour)
		if got := trySignIn(t, s.node(server.Config{Now: c.now}).http.URL, "u101", password, ""); got.status != 201 {
			t.Errorf("with the clock set back: %+v", got)
		}
	})
}

// TestSignIn_aClockThatIsSetBackLocksNobodyOut: whatever it is set back by, who had tries left has them, and
// who had none waits as long as before.
func TestSignIn_aClockThatIsSetBackLocksNobodyOut(t *testing.T) {
	t.Parallel()
	for _, back := range []time.Duration{30 * time.Second, 10 * time.Minute, 10*time.Minute + 30*time.Second, time.Hour} {
		t.Run(back.String(), func(t *testing.T) {
			t.Parallel()
			databases(t, func(t *testing.T, url string) {
				c := startClock()
				s := openSchoolWith(t, server.Config{Database: url, Now: c.now}, "")
				for range 4 {
					trySignIn(t, s.http.URL, "u101", "not the password", "")
				}
				for range 5 {
					trySignIn(t, s.http.URL, "u103", "not the password", "")
				}
				c.pass(-back)
				if got := trySignIn(t, s.http.URL, "u103", password, ""); got.code != "too_many_tries" || got.after > 10 {
					t.Errorf("who had no try left: %+v", got)
				}
				nodes := []string{s.http.URL}
				if url != "" {
					nodes = append(nodes, s.node(server.Config{Now: c.now}).http.URL)
				}
				for _, node := range nodes {
					for i := range 3 {
						if got := trySignIn(t, node, fmt.Sprintf("nobody%d", i), password, ""); got.code != "wrong_password" {
							t.Fatalf("another login, %d: %+v", i, got)
						}
					}
					if got := trySignIn(t, node, "u101", password, ""); got.status != 201 {
						t.Errorf("who had a try left: %+v", got)
					}
				}
				c.pass(10 * time.Second)
				if got := trySignIn(t, s.http.URL, "u103", password, ""); got.status != 201 {
					t.Errorf("who has waited: %+v", got)
				}
			})
		})
	}
}

// TestSignIn_refusalsAreAuditedButAFloodIsCounted: the first is told at once, the others by their
// number; what was typed for a login that nobody has may be a password, so it is not kept.
func TestSignIn_refusalsAreAuditedButAFloodIsCounted(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		cfg := behindProxy(c)
		cfg.Database = url
		s := openSchoolWith(t, cfg, "")
		for range 9 {
			trySignIn(t, s.http.URL, "u101", "not the password", "203.0.113.7")
		}
		for i := range 80 {
			trySignIn(t, s.http.URL, "correct horse", "not the password", fmt.Sprintf("198.51.100.%d", i))
		}
		refusals := func() []client.AuditEntry {
			page, err := s.api("105").Audit(t.Context(), client.AuditQuery{Actions: []string{access.ActionSignInRefused}, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			return page.Items
		}
		if n := len(refusals()); n != 50 {
			t.Errorf("%d rows of 89 refusals, want 50", n)
		}
		if err := s.parts.Sessions.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		told := map[string]int{}
		for _, e := range refusals() {
			tries, _ := strconv.Atoi(e.Detail["tries"])
			told[e.Login+" "+e.Detail["reason"]] += max(tries, 1)
			if strings.Contains(fmt.Sprint(e), "correct horse") {
				t.Fatalf("what was typed is kept: %+v", e)
			}
			if e.Login == "u101" && (e.Address != "203.0.113.7" || e.Employee == nil || e.Employee.ID != s.staff["101"].ID) {
				t.Errorf("told as %+v", e)
			}
		}
		want := map[string]int{"u101 wrong_password": 5, " too_many_tries": 4, " wrong_password": 48, " flood": 32}
		for what, n := range want {
			if told[what] != n {
				t.Errorf("%q: %d told, want %d (all: %v)", what, told[what], n, told)
			}
		}
		accepted, err := s.api("105").Audit(t.Context(), client.AuditQuery{Actions: []string{access.ActionSignIn}, Employee: s.staff["105"].ID})
		if err != nil || len(accepted.Items) == 0 || accepted.Items[0].Address != "127.0.0.1" || accepted.Items[0].SessionID == "" {
			t.Errorf("accepted: %+v, %v", accepted.Items, err)
		}
	})
}

// TestSignIn_oddInputIsRefusedInWords: what no database takes, what is too long, what is no text.
func TestSignIn_oddInputIsRefusedInWords(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		for _, tt := range []struct {
			login, password string
			status          int
		}{
			{"u101\x00", password, 400},
			{"\x00", "\x00\x00", 400},
			{"u101", password + "\x00", 400},
			{strings.Repeat("я", 200), strings.Repeat("ж", 1000), 401},
			{strings.Repeat("u", 201), password, 422},
			{"u101", strings.Repeat("p", 1001), 422},
			{"", password, 422},
			{strings.Repeat("u", 20<<10), password, 413},
			{"u101' OR '1'='1", password, 401},
			{"U101", password, 401},
		} {
			if got := trySignIn(t, s.http.URL, tt.login, tt.password, ""); got.status != tt.status || got.code == "" {
				t.Errorf("%.20q: %+v, want %d", tt.login, got, tt.status)
			}
		}
		in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u101", Password: password, Device: "a\x1bb\n", School: "another"})
		if err != nil {
			t.Fatalf("a school where there is one, and an odd device: %v", err)
		}
		all, err := client.New(s.http.URL, in.Token).Sessions(t.Context(), "")
		if err != nil || len(all) != 1 || all[0].Device != "ab" {
			t.Errorf("sessions %+v, %v", all, err)
		}
		for id, want := range map[string]int{"%00": 422, "%FF": 422, "none": 404} {
			for method, path := range map[string]string{"DELETE": "/api/v1/sessions/" + id, "GET": "/api/v1/sessions?employee=" + id, "PATCH": "/api/v1/employees/" + id} {
				if code := s.try(t, method, path, s.token("105")); code != want {
					t.Errorf("%s %s answered %d, want %d", method, path, code, want)
				}
			}
		}
	})
}

// TestPasswords_weakOnesAreRefusedWhereverTheyAreSet.
func TestPasswords_weakOnesAreRefusedWhereverTheyAreSet(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	admin, own := s.api("105"), s.api("101")
	for _, weak := range []string{"12345678", "        ", "абвг", "йцукенгшщз", "u101"} {
		_, create := admin.CreateEmployee(t.Context(), client.EmployeeInput{Name: ptr("Новый"), Login: ptr("new"), Password: ptr(weak)})
		_, reset := admin.UpdateEmployee(t.Context(), s.staff["101"].ID, client.EmployeeInput{Password: ptr(weak)})
		_, change := own.ChangePassword(t.Context(), client.OwnPassword{Password: weak, OldPassword: password})
		for where, err := range map[string]error{"create": create, "reset": reset, "change": change} {
			var p *client.Problem
			if !errors.As(err, &p) || p.Status != 422 || p.Code != "weak_password" || p.Detail == "" {
				t.Errorf("%s %q: %v", where, weak, err)
			}
			if p != nil && strings.Contains(fmt.Sprint(*p), weak) && weak != "u101" {
				t.Errorf("the refusal repeats the password: %+v", p)
			}
		}
	}
	if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 201 {
		t.Errorf("the old password: %+v", got)
	}
}
