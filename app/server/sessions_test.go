package server_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/client"
)

// follow opens a stream on a connection of its own; the channel tells when the server has closed that.
func follow(t *testing.T, base, token string) <-chan time.Time {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", token)
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream was not opened: %v", err)
		}
		if strings.HasPrefix(line, "HTTP/1.1") && !strings.Contains(line, "200") {
			t.Fatalf("the stream was refused: %s", line)
		}
		if strings.HasPrefix(line, "event: hello") {
			break
		}
	}
	closed := make(chan time.Time, 1)
	go func() {
		io.Copy(io.Discard, in)
		closed <- time.Now()
	}()
	return closed
}

// rawDatabase is the database without the server.
func (s *school) rawDatabase() *sql.DB {
	s.t.Helper()
	driver, place := "pgx", s.database
	if s.database == "" {
		driver, place = "sqlite", "file:"+filepath.Join(s.data, "dozvon.db")+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, place)
	if err != nil {
		s.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	s.t.Cleanup(func() { db.Close() })
	return db
}

// hire makes an employee with an account of the same name.
func (s *school) hire(login string, role client.Role) client.Employee {
	s.t.Helper()
	e, err := s.parts.Staff.SaveEmployee(s.t.Context(), "", client.EmployeeInput{Name: ptr(login), Login: ptr(login), Password: ptr(password), Role: ptr(role)})
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// TestSessions_whatEndsOneEndsItsStreamsOnEveryNode: every way in which access ends is done on one
// node (or beside the servers) while the stream is open on another.
func TestSessions_whatEndsOneEndsItsStreamsOnEveryNode(t *testing.T) {
	t.Parallel()
	const newPassword = "another good one"
	deeds := []struct {
		name string
		role client.Role
		// stays: the token goes on to work, as with a higher role.
		stays bool
		do    func(ctx context.Context, s *school, admin *client.API, e client.Employee, token string) error
	}{
		{"signed out", client.RoleOperator, false, func(ctx context.Context, s *school, _ *client.API, _ client.Employee, token string) error {
			return client.New(s.http.URL, token).SignOut(ctx)
		}},
		{"ended by its owner elsewhere", client.RoleOperator, false, func(ctx context.Context, s *school, _ *client.API, e client.Employee, _ string) error {
			other := client.New(s.http.URL, s.signIn(e.Login, password))
			all, err := other.Sessions(ctx, "")
			if err != nil || len(all) != 2 || !all[0].Current || all[1].Current {
				return fmt.Errorf("sessions %+v: %w", all, err)
			}
			return other.EndSession(ctx, all[1].ID)
		}},
		{"ended by an administrator", client.RoleDirector, false, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			all, err := admin.Sessions(ctx, e.ID)
			if err != nil || len(all) != 1 {
				return fmt.Errorf("sessions %+v: %w", all, err)
			}
			return admin.EndSession(ctx, all[0].ID)
		}},
		{"own password changed elsewhere", client.RoleOperator, false, func(ctx context.Context, s *school, _ *client.API, e client.Employee, _ string) error {
			other := client.New(s.http.URL, s.signIn(e.Login, password))
			if _, err := other.ChangePassword(ctx, client.OwnPassword{Password: newPassword, OldPassword: password}); err != nil {
				return err
			}
			_, err := other.Me(ctx) // the session that asked stays
			return err
		}},
		{"password set by an administrator", client.RoleOperator, false, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			_, err := admin.UpdateEmployee(ctx, e.ID, client.EmployeeInput{Password: ptr(newPassword)})
			return err
		}},
		{"switched off", client.RoleOperator, false, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			_, err := admin.UpdateEmployee(ctx, e.ID, client.EmployeeInput{Active: ptr(false)})
			return err
		}},
		{"login taken away", client.RoleOperator, false, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			_, err := admin.UpdateEmployee(ctx, e.ID, client.EmployeeInput{Login: ptr("")})
			return err
		}},
		{"switched off by a command beside", client.RoleOperator, false, func(ctx context.Context, s *school, _ *client.API, e client.Employee, _ string) error {
			beside, err := server.Build(ctx, server.Config{Listen: "127.0.0.1:0", Data: s.data, Database: s.database, Version: "test", PasswordCost: quickPasswords})
			if err != nil {
				return err
			}
			_, err = beside.Staff.SaveEmployee(ctx, e.ID, client.EmployeeInput{Active: ptr(false)})
			return errors.Join(err, beside.Close())
		}},
		{"account deleted", client.RoleOperator, false, func(ctx context.Context, s *school, _ *client.API, e client.Employee, _ string) error {
			_, err := s.rawDatabase().ExecContext(ctx, "DELETE FROM sessions WHERE employee_id = '"+e.ID+"'")
			if err == nil {
				_, err = s.rawDatabase().ExecContext(ctx, "DELETE FROM employees WHERE id = '"+e.ID+"'")
			}
			return err
		}},
		{"role lowered", client.RoleManager, false, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			_, err := admin.UpdateEmployee(ctx, e.ID, client.EmployeeInput{Role: ptr(client.RoleOperator)})
			return err
		}},
		{"role raised", client.RoleOperator, true, func(ctx context.Context, _ *school, admin *client.API, e client.Employee, _ string) error {
			_, err := admin.UpdateEmployee(ctx, e.ID, client.EmployeeInput{Role: ptr(client.RoleManager)})
			return err
		}},
	}
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		other := s.node(server.Config{})
		admin := s.api("105")
		untouched := follow(t, other.http.URL, s.token("101"))
		for i, deed := range deeds {
			e := s.hire(fmt.Sprint("deed", i), deed.role)
			token := s.signIn(e.Login, password)
			closed := follow(t, other.http.URL, token)
			began := time.Now()
			if err := deed.do(t.Context(), s, admin, e, token); err != nil {
				t.Fatalf("%s: %v", deed.name, err)
			}
			select {
			case at := <-closed:
				if took := at.Sub(began); took > 5*time.Second {
					t.Logf("%s: took %s on this machine", deed.name, took)
				}
			case <-time.After(patience):
				t.Fatalf("%s: the stream goes on", deed.name)
			}
			_, err := client.New(other.http.URL, token).Me(t.Context())
			var p *client.Problem
			if refused := errors.As(err, &p) && p.Status == http.StatusUnauthorized; refused == deed.stays {
				t.Errorf("%s: the token answers %v", deed.name, err)
			}
		}
		select {
		case <-untouched:
			t.Error("the stream of somebody else ended, too")
		default:
		}
	})
}

// TestSessions_lastAsLongAsTheSchoolHasChosen: without use, and in any case.
func TestSessions_lastAsLongAsTheSchoolHasChosen(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s := openSchoolWith(t, server.Config{Database: url, Now: c.now}, "")
		used, forgotten := s.api("101"), s.api("102")
		alive := func(api *client.API) bool {
			t.Helper()
			_, err := api.Me(t.Context())
			var p *client.Problem
			if err != nil && (!errors.As(err, &p) || p.Code != "unauthorized") {
				t.Fatal(err)
			}
			if err := s.parts.Sessions.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
			return err == nil
		}
		for range 8 { // 160 days
			c.days(20)
			if !alive(used) {
				t.Fatal("a session in use ended")
			}
		}
		if alive(forgotten) {
			t.Error("a session not used for 160 days goes on")
		}
		c.days(21)
		if alive(used) {
			t.Error("a session goes on after 181 days")
		}
		director, short := s.api("105"), s.api("103")
		if _, err := director.UpdateSettings(t.Context(), client.SchoolInput{SessionIdleDays: ptr(1), SessionMaxDays: ptr(3)}); err != nil {
			t.Fatal(err)
		}
		c.days(1)
		if alive(short) {
			t.Error("a session not used for a day goes on, one day is allowed")
		}
		_, err := director.UpdateSettings(t.Context(), client.SchoolInput{SessionIdleDays: ptr(0)})
		if err == nil {
			t.Error("no day at all was taken")
		}
		c.days(-1000)
		if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 201 {
			t.Errorf("with the clock set back: %+v", got)
		}
	})
}

// TestSessions_useCostsNoWritePerRequest: the file of the database does not change.
func TestSessions_useCostsNoWritePerRequest(t *testing.T) {
	t.Parallel()
	c := startClock()
	s := openSchoolWith(t, server.Config{Now: c.now}, "")
	api, raw := s.api("101"), s.rawDatabase()
	version := func() (n int) {
		if err := raw.QueryRow("PRAGMA data_version").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := version()
	for range 50 {
		c.pass(time.Minute)
		if _, err := api.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after := version(); after != before {
		t.Errorf("50 requests changed the database")
	}
	if err := s.parts.Sessions.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := api.Sessions(t.Context(), "")
	if err != nil || len(all) != 1 || all[0].LastUsedAt == nil || c.now().Sub(*all[0].LastUsedAt) > 10*time.Minute {
		t.Errorf("told as used at %+v, %v", all, err)
	}
}

// TestSessions_whoMayListAndEndWhose, expectations by hand.
func TestSessions_whoMayListAndEndWhose(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for _, role := range []client.Role{client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector, client.RoleAdmin} {
		s.hire("by-"+string(role), role)
		s.hire("of-"+string(role), role)
	}
	for _, tt := range []struct {
		by, of, want string
	}{
		{"operator", "operator", "forbidden"},
		{"manager", "operator", "forbidden"},
		{"accountant", "operator", "forbidden"},
		{"accountant", "admin", "forbidden"},
		{"director", "operator", ""},
		{"director", "accountant", ""},
		{"director", "director", ""},
		{"director", "admin", "above_role"},
		{"admin", "director", ""},
		{"admin", "admin", ""},
	} {
		victim := client.New(s.http.URL, s.signIn("of-"+tt.of, password))
		me, err := victim.Me(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		own, err := victim.Sessions(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		by := client.New(s.http.URL, s.signIn("by-"+tt.by, password))
		_, lerr := by.Sessions(t.Context(), me.ID)
		eerr := by.EndSession(t.Context(), own[0].ID)
		for what, err := range map[string]error{"list": lerr, "end": eerr} {
			if got := codeOf(err); got != tt.want {
				t.Errorf("%s of %s by %s: %q, want %q", what, tt.of, tt.by, got, tt.want)
			}
		}
		_, err = victim.Me(t.Context())
		if alive := err == nil; alive != (tt.want != "") {
			t.Errorf("%s by %s: alive %v", tt.of, tt.by, alive)
		}
		if mine, err := by.Sessions(t.Context(), ""); err != nil || len(mine) == 0 || !slices.ContainsFunc(mine, func(one client.Session) bool { return one.Current }) {
			t.Errorf("own sessions of %s: %+v, %v", tt.by, mine, err)
		}
	}
}

// codeOf is the code of a refusal; empty for none.
func codeOf(err error) string {
	var p *client.Problem
	switch {
	case err == nil:
		return ""
	case errors.As(err, &p):
		return p.Code
	}
	return err.Error()
}

// TestSessions_andStreamsOfOnePersonAreBounded: the newest stay.
func TestSessions_andStreamsOfOnePersonAreBounded(t *testing.T) {
	t.Parallel()
	c := startClock()
	s := openSchoolWith(t, server.Config{Now: c.now}, "")
	var tokens []string
	for range 35 {
		c.pass(time.Second)
		tokens = append(tokens, s.token("101"))
	}
	other := s.api("102")
	for i, token := range tokens {
		_, err := client.New(s.http.URL, token).Me(t.Context())
		if alive := err == nil; alive != (i >= 3) {
			t.Errorf("session %d of 35: alive %v", i, alive)
		}
	}
	if _, err := other.Me(t.Context()); err != nil {
		t.Error(err)
	}
	var streams []<-chan time.Time
	for range 18 {
		streams = append(streams, follow(t, s.http.URL, tokens[34]))
	}
	for i, closed := range streams[:2] {
		select {
		case <-closed:
		case <-time.After(patience):
			t.Errorf("stream %d of 18 goes on", i)
		}
	}
	for i, closed := range streams[2:] {
		select {
		case <-closed:
			t.Errorf("stream %d of 18 ended", i+2)
		default:
		}
	}
}

// TestSwitchedOff_cannotSignInAndIsNotRung, but old calls keep the name, and the lists tell it.
func TestSwitchedOff_cannotSignInAndIsNotRung(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	s.leg(1, 1, "Appeared", "79000000501", "101")
	s.leg(1, 2, "Connected", "79000000501", "101")
	s.leg(1, 3, "Disconnected", "79000000501", "101")
	admin := s.api("105")
	off, err := admin.UpdateEmployee(t.Context(), s.staff["101"].ID, client.EmployeeInput{Active: ptr(false)})
	if err != nil || off.Active {
		t.Fatalf("%+v, %v", off, err)
	}
	if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 401 || got.code != "switched_off" {
		t.Errorf("the right password: %+v", got)
	}
	if got := trySignIn(t, s.http.URL, "u101", "not the password", ""); got.code != "wrong_password" {
		t.Errorf("a wrong one, which must not learn more: %+v", got)
	}
	people, err := admin.Employees(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		if e.Active != (e.ID != off.ID) {
			t.Errorf("%s: active %v", e.Name, e.Active)
		}
	}
	calls, err := s.parts.Store.Calls(t.Context(), storeStart, 10)
	if err != nil || len(calls) != 1 || calls[0].View.Employee == nil || calls[0].View.Employee.Name != "Сотрудник 101" {
		t.Errorf("the old call: %+v, %v", calls, err)
	}
	_, err = admin.AddTask(t.Context(), client.NewTask{Phone: "+79000000501", AssigneeID: off.ID})
	if codeOf(err) != "invalid" {
		t.Errorf("a task for them: %v", err)
	}
	if _, err := admin.UpdateEmployee(t.Context(), off.ID, client.EmployeeInput{Active: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if got := trySignIn(t, s.http.URL, "u101", password, ""); got.status != 201 {
		t.Errorf("switched on again: %+v", got)
	}
}

// TestAccounts_nobodyReachesAboveThemselves, expectations by hand: what each role may do to an
// account of each role.
func TestAccounts_nobodyReachesAboveThemselves(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	changes := map[string]client.EmployeeInput{
		"name": {Name: ptr("Другое имя")}, "login": {Login: ptr("other")}, "password": {Password: ptr("another good one")},
		"extension": {Extension: ptr("777")}, "off": {Active: ptr(false)},
		"to operator": {Role: ptr(client.RoleOperator)}, "to director": {Role: ptr(client.RoleDirector)}, "to admin": {Role: ptr(client.RoleAdmin)},
	}
	admins := s.api("105")
	s.hire("the-director", client.RoleDirector)
	directors := client.New(s.http.URL, s.signIn("the-director", password))
	n := 0
	for _, tt := range []struct {
		by   *client.API
		of   client.Role
		want map[string]string // change → code; absent: done
	}{
		{directors, client.RoleOperator, map[string]string{"to admin": "above_role"}},
		{directors, client.RoleAccountant, map[string]string{"to admin": "above_role"}},
		{directors, client.RoleDirector, map[string]string{"to admin": "above_role"}},
		{directors, client.RoleAdmin, map[string]string{
			"name": "above_role", "login": "above_role", "password": "above_role", "extension": "above_role", "off": "above_role",
			"to operator": "above_role", "to director": "above_role", "to admin": "above_role",
		}},
		{admins, client.RoleOperator, nil},
		{admins, client.RoleDirector, nil},
		{admins, client.RoleAdmin, nil},
	} {
		for change, in := range changes {
			n++
			e := s.hire(fmt.Sprint("target", n), tt.of)
			if in.Login != nil {
				in.Login = ptr(fmt.Sprint("other", n))
			}
			if _, err := tt.by.UpdateEmployee(t.Context(), e.ID, in); codeOf(err) != tt.want[change] {
				t.Errorf("%s of %s: %v, want %q", change, tt.of, err, tt.want[change])
			}
			now, err := s.parts.Store.Account(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			e.ETag, e.Presence = now.ETag, now.Presence
			if changed := now.Employee != e || !s.isPassword(now.Login, password); tt.want[change] != "" && changed {
				t.Errorf("%s of %s was refused and done: %+v", change, tt.of, now)
			}
		}
	}
	for role, want := range map[client.Role]string{client.RoleDirector: "", client.RoleAdmin: "above_role"} {
		_, err := directors.CreateEmployee(t.Context(), client.EmployeeInput{Name: ptr("Новый"), Login: ptr("new-" + string(role)), Password: ptr(password), Role: ptr(role)})
		if codeOf(err) != want {
			t.Errorf("a director makes a %s: %v", role, err)
		}
	}
	me, err := directors.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := directors.UpdateEmployee(t.Context(), me.ID, client.EmployeeInput{Role: ptr(client.RoleAdmin)}); codeOf(err) != "above_role" {
		t.Errorf("a director makes themselves an administrator: %v", err)
	}
}

// TestAccounts_onesOwnPasswordNeedsThePresentOne also where others' are changed: who finds a screen
// unlocked must not take the account over.
func TestAccounts_onesOwnPasswordNeedsThePresentOne(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	admin, me := s.api("105"), s.staff["105"]
	if _, err := admin.UpdateEmployee(t.Context(), me.ID, client.EmployeeInput{Password: ptr("синий трамвай едет")}); codeOf(err) != "own_password" {
		t.Errorf("without the present password: %v", err)
	}
	if _, err := admin.Me(t.Context()); err != nil || !s.isPassword(me.Login, password) {
		t.Errorf("refused and done: %v", err)
	}
}

// isPassword reports whether a password is right.
func (s *school) isPassword(login, password string) bool {
	return trySignIn(s.t, s.http.URL, login, password, "").status == 201
}

// TestAccounts_theLastAdministratorStays, whoever asks and however.
func TestAccounts_theLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	admin, id := s.api("105"), s.staff["105"].ID
	off := s.hire("off", client.RoleAdmin)
	if _, err := admin.UpdateEmployee(t.Context(), off.ID, client.EmployeeInput{Active: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	// One without an account cannot administer anything.
	if _, err := admin.CreateEmployee(t.Context(), client.EmployeeInput{Name: ptr("Без учётной записи"), Role: ptr(client.RoleAdmin)}); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]client.EmployeeInput{
		"role": {Role: ptr(client.RoleDirector)}, "off": {Active: ptr(false)}, "login": {Login: ptr("")},
	} {
		if _, err := admin.UpdateEmployee(t.Context(), id, in); codeOf(err) != "last_admin" {
			t.Errorf("%s by themselves: %v", name, err)
		}
		if _, err := s.parts.Staff.SaveEmployee(t.Context(), id, in); err == nil {
			t.Errorf("%s by a command was done", name)
		}
	}
	if _, err := admin.Me(t.Context()); err != nil {
		t.Errorf("the last administrator was signed out: %v", err)
	}
}

// TestAccounts_twoAdministratorsAtOnceDoNotEndEachOther, each on a node of their own.
func TestAccounts_twoAdministratorsAtOnceDoNotEndEachOther(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		other := s.node(server.Config{})
		root := s.staff["105"].ID
		for round := range 8 {
			a, b := s.hire(fmt.Sprint("a", round), client.RoleAdmin), s.hire(fmt.Sprint("b", round), client.RoleAdmin)
			byA, byB := client.New(s.http.URL, s.signIn(a.Login, password)), client.New(other.http.URL, s.signIn(b.Login, password))
			if round == 0 {
				if _, err := byA.UpdateEmployee(t.Context(), root, client.EmployeeInput{Role: ptr(client.RoleOperator)}); err != nil {
					t.Fatal(err)
				}
			}
			in := client.EmployeeInput{Role: ptr(client.RoleOperator)}
			if round%2 == 1 {
				in = client.EmployeeInput{Active: ptr(false)}
			}
			var wg sync.WaitGroup
			var errs [2]error
			wg.Go(func() { _, errs[0] = byA.UpdateEmployee(t.Context(), b.ID, in) })
			wg.Go(func() { _, errs[1] = byB.UpdateEmployee(t.Context(), a.ID, in) })
			wg.Wait()
			people, err := s.parts.Store.Employees(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var left []client.Employee
			for _, e := range people {
				if e.Role == client.RoleAdmin && e.Active {
					left = append(left, e)
				}
			}
			if len(left) != 1 {
				t.Fatalf("round %d: %d administrators are left: %v, %v", round, len(left), errs[0], errs[1])
			}
			// The one who is left goes before the next round, so that again only two are there.
			s.replaceAdmin(left[0])
		}
	})
}

// replaceAdmin lets somebody administer who will go in the next round, too.
func (s *school) replaceAdmin(old client.Employee) {
	s.t.Helper()
	if _, err := s.rawDatabase().ExecContext(s.t.Context(), "UPDATE employees SET role = 'operator' WHERE id = '"+old.ID+"'"); err != nil {
		s.t.Fatal(err)
	}
}

// TestSessions_noneOutlivesANewPassword: who signs in with the old password in the very moment in
// which another is set, or the account is switched off, has no session after it.
func TestSessions_noneOutlivesANewPassword(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		other := s.node(server.Config{})
		admin := s.api("105")
		for round := range 12 {
			e := s.hire(fmt.Sprint("round", round), client.RoleOperator)
			in := client.EmployeeInput{Password: ptr("another good one")}
			if round%2 == 1 {
				in = client.EmployeeInput{Active: ptr(false)}
			}
			var wg sync.WaitGroup
			answers := make([]tried, 4)
			for i := range answers {
				wg.Go(func() { answers[i] = trySignIn(t, other.http.URL, e.Login, password, "") })
			}
			wg.Go(func() {
				if _, err := admin.UpdateEmployee(t.Context(), e.ID, in); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			for _, got := range answers {
				if got.status != 201 && got.status != 401 {
					t.Errorf("round %d: %+v", round, got)
				}
				if got.token == "" {
					continue
				}
				if _, err := client.New(s.http.URL, got.token).Me(t.Context()); codeOf(err) != "unauthorized" {
					t.Errorf("round %d: a session of the old password goes on: %v", round, err)
				}
			}
		}
	})
}
