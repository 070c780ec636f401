package sessions

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

var (
	// ErrWrongPassword says that no account has this login and password.
	ErrWrongPassword = errors.New("wrong login or password")
	// ErrSwitchedOff says that the password is right but the account is switched off.
	ErrSwitchedOff = errors.New("the account is switched off")
	// ErrWrongCode says that the code of the first account is another one.
	ErrWrongCode = errors.New("the code is wrong")
	// ErrWrongOldPassword says that the present password, asked for before a new one is set, is wrong.
	ErrWrongOldPassword = errors.New("the present password is wrong")
)

// SignIn opens a session. Errors: ErrWrongPassword, ErrSwitchedOff, *store.NoTries when there were
// too many tries from this address, access.ErrBusy when too many are being checked.
//
// A try is counted before anything is checked, so that many at once cannot pass the limit together,
// and given back when it succeeds.
func (s *Sessions) SignIn(ctx context.Context, in client.SignIn) (client.SignedIn, error) {
	out, err := s.signIn(ctx, in)
	if s.Meter != nil {
		s.Meter.SignIn(outcomeOf(err))
	}
	return out, err
}

// outcomeOf is how a sign-in ended, as it is counted.
func outcomeOf(err error) string {
	if err == nil {
		return "ok"
	}
	return cmp.Or(reasonOf(err), "failed")
}

func (s *Sessions) signIn(ctx context.Context, in client.SignIn) (client.SignedIn, error) {
	account, hash, tr, err := s.prove(ctx, in.Login, in.Password, func() (store.Account, error) {
		return s.Store.AccountByLogin(ctx, in.Login)
	})
	if err == nil && !account.Active {
		err = ErrSwitchedOff
	}
	if err == nil {
		var out client.SignedIn
		if out, err = s.open(ctx, account, hash, in.Device, tr); err == nil {
			return out, nil
		}
	}
	s.refuse(ctx, tr.from, account, err)
	return client.SignedIn{}, err
}

// prove counts a try and checks the password of the account that find finds. The try is the
// caller's to give back.
func (s *Sessions) prove(ctx context.Context, login, password string, find func() (store.Account, error)) (account store.Account, hash string, tr try, err error) {
	tr = tryOf(login, access.CallerOf(ctx).Address)
	if err := s.throttle.take(tr); err != nil {
		return account, "", tr, err
	}
	turn, err := s.Passwords.Turn(ctx, tr.from)
	if err != nil {
		s.throttle.giveBack(tr)
		return account, "", tr, err
	}
	defer turn.Done()
	if err := s.throttle.confirm(ctx, tr); err != nil {
		return account, "", tr, err
	}
	if account, err = find(); err != nil && !errors.Is(err, store.ErrNotFound) {
		return account, "", tr, err
	}
	if !turn.Check(password, account.PasswordHash) {
		return account, "", tr, ErrWrongPassword
	}
	return account, account.PasswordHash, tr, nil
}

// Prove counts a try at a secret that is nobody's password, as one at the login what is counted, and
// gives it back when the secret is right. Errors: ErrWrongCode, *store.NoTries, access.ErrBusy.
func (s *Sessions) Prove(ctx context.Context, what string, right func() (bool, error)) error {
	tr := tryOf(what, access.CallerOf(ctx).Address)
	err := s.proveCode(ctx, tr, right)
	s.refuse(ctx, tr.from, store.Account{}, err)
	return err
}

func (s *Sessions) proveCode(ctx context.Context, tr try, right func() (bool, error)) error {
	if err := s.throttle.take(tr); err != nil {
		return err
	}
	// Nothing is hashed here, but who waits for a turn cannot flood the database with tries.
	turn, err := s.Passwords.Turn(ctx, tr.from)
	if err != nil {
		s.throttle.giveBack(tr)
		return err
	}
	defer turn.Done()
	if err := s.throttle.confirm(ctx, tr); err != nil {
		return err
	}
	ok, err := right()
	if err != nil || !ok {
		return errors.Join(err, unless(ok || err != nil, ErrWrongCode))
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return giveBack(tx, tr) })
	if err == nil {
		s.throttle.giveBack(tr)
	}
	return err
}

func giveBack(tx *store.Tx, tr try) error {
	for _, b := range tr.buckets {
		if err := tx.GiveTryBack(b); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a session of somebody who came in by another way than a password.
func (s *Sessions) Open(ctx context.Context, account store.Account, device string) (client.SignedIn, error) {
	return s.open(ctx, account, account.PasswordHash, device, try{})
}

// open writes the session, unless the password was changed or the account switched off meanwhile.
func (s *Sessions) open(ctx context.Context, account store.Account, hash, device string, tr try) (client.SignedIn, error) {
	now := s.Now()
	token, tokenHash := access.NewToken(s.Name)
	session := store.Session{
		ID: s.NewID(), EmployeeID: account.ID, Device: printable(device), Address: access.CallerOf(ctx).Address, CreatedAt: now, LastUsedAt: now,
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if still, err := tx.Confirm(account.ID, hash); err != nil || !still {
			return errors.Join(err, unless(still, ErrWrongPassword))
		}
		if err := tx.AddSession(tokenHash, session, sessionsOfOne); err != nil {
			return err
		}
		if err := giveBack(tx, tr); err != nil {
			return err
		}
		row := s.row(ctx, account.Employee, access.ActionSignIn, "employee:"+account.ID, map[string]string{"device": session.Device})
		row.SessionID = session.ID
		return tx.AddAudit(row)
	})
	if err != nil {
		return client.SignedIn{}, err
	}
	s.throttle.giveBack(tr)
	slog.InfoContext(ctx, "signed in", "employee", account.ID, "device", session.Device)
	return client.SignedIn{Token: token, Employee: account.Employee}, nil
}

// ChangePassword changes one's own password and ends all sessions but the one that asks. Errors:
// ErrWrongOldPassword, *access.WeakPassword, and those of SignIn.
func (s *Sessions) ChangePassword(ctx context.Context, by client.Employee, in client.OwnPassword) error {
	if err := access.StrongPassword(in.Password, by.Login); err != nil {
		return err
	}
	account, old, tr, err := s.prove(ctx, by.Login, in.OldPassword, func() (store.Account, error) { return s.Store.Account(ctx, by.ID) })
	if errors.Is(err, ErrWrongPassword) {
		err = ErrWrongOldPassword
	}
	if err != nil {
		s.refuse(ctx, tr.from, account, err)
		return err
	}
	hash, err := s.Passwords.Hash(ctx, tr.from, in.Password)
	if err != nil {
		return err
	}
	current := access.CallerOf(ctx).Session
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if still, err := tx.Confirm(by.ID, old); err != nil || !still {
			return errors.Join(err, unless(still, ErrWrongOldPassword))
		}
		if _, err := tx.Session(current); err != nil {
			return err // ended meanwhile: whoever ended it does not want this
		}
		if err := tx.SetPassword(by.ID, hash); err != nil {
			return err
		}
		if _, err := tx.EndSessionsOf(by.ID, current); err != nil {
			return err
		}
		if err := giveBack(tx, tr); err != nil {
			return err
		}
		return tx.AddAudit(s.row(ctx, by, access.ActionPassword, "employee:"+by.ID, nil))
	})
	if err == nil {
		s.throttle.giveBack(tr)
	}
	return err
}

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

// printable drops what no name of a device has, and no database takes.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, text)
}

func asNoTries(err error) (*store.NoTries, bool) {
	var empty *store.NoTries
	return empty, errors.As(err, &empty)
}

// refuse tells the log and the audit that somebody was not let in, if that is a refusal.
func (s *Sessions) refuse(ctx context.Context, from string, account store.Account, err error) {
	reason := reasonOf(err)
	if reason == "" {
		return
	}
	row := s.row(ctx, account.Employee, access.ActionSignInRefused, "", map[string]string{"reason": reason})
	if account.ID != "" {
		row.Target = "employee:" + account.ID
	}
	if !s.refused.first(from+" "+account.ID+" "+reason, row) {
		return
	}
	slog.WarnContext(ctx, "sign-in refused", "reason", reason, "from", from)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddAudit(row) }); err != nil {
		slog.ErrorContext(ctx, "a refused sign-in was not audited", "err", err)
	}
}

// noteLimit bounds a write that the request does not need.
const noteLimit = 5 * time.Second

func reasonOf(err error) string {
	_, throttled := asNoTries(err)
	switch {
	case throttled:
		return "too_many_tries"
	case errors.Is(err, ErrWrongPassword):
		return "wrong_password"
	case errors.Is(err, ErrWrongOldPassword):
		return "wrong_old_password"
	case errors.Is(err, ErrWrongCode):
		return "wrong_code"
	case errors.Is(err, ErrSwitchedOff):
		return "switched_off"
	case errors.Is(err, access.ErrBusy):
		return "busy"
	}
	return ""
}
