package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/server/access"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/client"
)

var quick = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

var anna = client.Employee{ID: "anna", Name: "Анна", Login: "anna", Role: client.RoleOperator, Active: true}

const day = 24 * time.Hour

// door is where Anna signs in, with a clock.
type door struct {
	st  *store.Store
	in  *sessions.Sessions
	cfg sessions.Config
	now time.Time // changed between calls only
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return d.now }
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "sessions.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	passwords := access.NewPasswords(quick)
	hash, err := passwords.Hash(t.Context(), "", "right")
	if err == nil {
		err = st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEmployee(anna, hash) })
	}
	if err != nil {
		t.Fatal(err)
	}
	var ids atomic.Int64
	d.st, d.cfg = st, sessions.Config{
		Store: st, Passwords: passwords, Now: now, NewID: func() string { return fmt.Sprint("id-", ids.Add(1)) },
		School: func() client.School { return client.School{SessionIdleDays: 10, SessionMaxDays: 25} },
	}
	d.in = sessions.New(d.cfg)
	return d
}

func from(t *testing.T, address string) context.Context {
	t.Helper()
	return access.WithCaller(t.Context(), access.Caller{Address: address})
}

// wait tries a wrong password and tells how long to wait; 0 when it was looked at.
func (d *door) wait(t *testing.T, address string) time.Duration {
	t.Helper()
	_, err := d.in.SignIn(from(t, address), client.SignIn{Login: "anna", Password: "wrong"})
	var no *store.NoTries
	if errors.As(err, &no) {
		return no.Wait
	}
	if !errors.Is(err, sessions.ErrWrongPassword) {
		t.Fatal(err)
	}
	return 0
}

func (d *door) signIn(t *testing.T) string {
	t.Helper()
	in, err := d.in.SignIn(from(t, "192.0.2.1"), client.SignIn{Login: "anna", Password: "right", Device: "laptop"})
	if err != nil {
		t.Fatal(err)
	}
	return in.Token
}

func (d *door) valid(t *testing.T, token string) bool {
	t.Helper()
	_, _, err := d.in.Of(t.Context(), token)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestSignIn_fiveTriesThenOneInTenSeconds(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for i := range 5 {
		if w := d.wait(t, "192.0.2.1"); w != 0 {
			t.Fatalf("try %d waits %s", i+1, w)
		}
	}
	for _, step := range []struct{ pass, wait time.Duration }{
		{0, 10 * time.Second}, {9 * time.Second, time.Second}, {time.Second, 0}, {0, 10 * time.Second},
	} {
		d.now = d.now.Add(step.pass)
		if w := d.wait(t, "192.0.2.1"); w != step.wait {
			t.Errorf("after %s more: wait %s, want %s", step.pass, w, step.wait)
		}
	}
	if w := d.wait(t, "192.0.2.2"); w != 0 {
		t.Errorf("another address waits %s", w)
	}
}

// A clock that ran ahead and was set right locks nobody out for longer than a right one would have.
func TestSignIn_clockTurnedBackLocksNobodyOut(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	var left time.Duration
	for range 6 {
		left = d.wait(t, "192.0.2.1")
	}
	if left <= 0 || left > time.Minute {
		t.Fatalf("waits %s", left)
	}
	d.now = d.now.Add(-30 * day)
	if again := d.wait(t, "192.0.2.1"); again > left {
		t.Errorf("waits %s, was %s before", again, left)
	}
	d.now = d.now.Add(left)
	d.signIn(t)
	d.in = sessions.New(d.cfg) // knows only what the database does
	d.signIn(t)
}

func TestSession_endsUnusedOrOld(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	unused, used := d.signIn(t), d.signIn(t)
	for _, step := range []struct {
		pass         time.Duration
		unused, used bool
	}{
		{9 * day, true, true}, {day, false, true}, {9 * day, false, true}, {6*day - time.Second, false, true}, {time.Second, false, false},
	} {
		d.now = d.now.Add(step.pass)
		if step.unused { // asked without being used
			live, err := d.in.Live(t.Context(), nil)
			if err != nil || len(live) != 2 {
				t.Errorf("%d live, %v", len(live), err)
			}
		} else if d.valid(t, unused) {
			t.Errorf("%s: the one not used is valid", d.now)
		}
		if got := d.valid(t, used); got != step.used {
			t.Errorf("%s: the one in use is valid: %v", d.now, got)
		}
		if err := d.in.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEnd_isKnownAtOnceToAll(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	token := d.signIn(t)
	other := sessions.New(d.cfg) // another node
	session, who, err := other.Of(t.Context(), token)
	if err != nil || who.ID != "anna" {
		t.Fatal(who, err)
	}
	if err := d.in.End(t.Context(), anna, session.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := other.Of(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another node: %v", err)
	}
	if live, err := other.Live(t.Context(), map[string]bool{session.ID: true}); err != nil || len(live) != 0 {
		t.Errorf("live: %v, %v", live, err)
	}
	if err := d.in.End(t.Context(), anna, session.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
}

// What a round could not write, the next one does.
func TestTidy_thatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for range 3 {
		d.wait(t, "192.0.2.1")
	}
	token := d.signIn(t)
	d.now = d.now.Add(9 * day)
	if !d.valid(t, token) {
		t.Fatal("not valid")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.in.Tidy(ctx); err == nil {
		t.Fatal("it was written all the same")
	}
	if err := d.in.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, _, err := d.st.Audit(t.Context(), store.AuditFilter{}, store.Start, 10)
	if err != nil {
		t.Fatal(err)
	}
	var tries []string
	for _, r := range rows {
		if r.Action == access.ActionSignInRefused && r.Detail["tries"] != "" {
			tries = append(tries, r.Detail["tries"])
		}
	}
	if fmt.Sprint(tries) != "[2]" {
		t.Errorf("counted %v, want [2]: the first has a row of its own", tries)
	}
	d.now = d.now.Add(9 * day)
	if !d.valid(t, token) {
		t.Error("the use was forgotten")
	}
}
