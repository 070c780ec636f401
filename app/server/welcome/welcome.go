// Package welcome is what a server says to whom nobody knows yet: whose it is, and, as long as nobody
// has an account, how the first administrator comes in: by a code that the server's own machine tells.
//
// The code stands nowhere. It is made of the sealing key, which all nodes of a database share, and of a
// random word in the database, which goes with the first account: the same on every node and after a
// restart, and worth nothing to whoever has a copy of the database alone.
package welcome

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"

	"dozvon/app/server/access"
	"dozvon/app/server/directory"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// groups and digits are the shape of a code, 1234-5678-9012: digits are the same in every keyboard
	// layout, and 10¹² codes at five tries an address are out of reach.
	groups, digits = 3, 4
	// tried is under what a try at the code is counted; no login has such a character.
	tried = "\x00first account"
)

// Config is what Service cannot do without. All fields are required.
type Config struct {
	Store    *store.Store
	Sealer   *access.Sealer
	Staff    *directory.Staff
	Sessions *sessions.Sessions
	// School tells the school's present settings.
	School func() client.School
}

// Service greets strangers and lets the first administrator in. Safe for concurrent use.
type Service struct {
	Config
	owned atomic.Bool // somebody has an account; that never ends
}

// New returns a Service.
func New(cfg Config) *Service { return &Service{Config: cfg} }

// Greet tells whose server this is.
func (s *Service) Greet(ctx context.Context) (client.Welcome, error) {
	open, err := s.open(ctx)
	return client.Welcome{Product: client.ProductName, School: s.School().Name, FirstAccount: open}, err
}

// open reports whether nobody has an account.
func (s *Service) open(ctx context.Context) (bool, error) {
	if s.owned.Load() {
		return false, nil
	}
	some, err := s.Store.AnyAccount(ctx)
	if err != nil {
		return false, err
	}
	if some {
		s.owned.Store(true)
	}
	return !some, nil
}

// Code is the code that the first administrator must tell; empty when somebody has an account.
func (s *Service) Code(ctx context.Context) (code string, err error) {
	open, err := s.open(ctx)
	if err != nil || !open {
		return "", err
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		some, err := tx.AnyAccount()
		if err != nil || some {
			return err
		}
		word, err := tx.Shared(directory.FirstAccountWord)
		if err != nil {
			return err
		}
		if len(word) == 0 {
			if word, err = json.Marshal(rand.Text()); err != nil {
				return err
			}
			if err := tx.SetShared(directory.FirstAccountWord, word); err != nil {
				return err
			}
		}
		code, err = s.codeOf(word)
		return err
	})
	return code, err
}

// codeOf makes the code of the word in the database.
func (s *Service) codeOf(word []byte) (string, error) {
	sum, err := hex.DecodeString(s.Sealer.Print("first account", string(word)))
	if err != nil {
		return "", fmt.Errorf("making the code of the first account: %w", err)
	}
	most := uint64(1)
	for range groups * digits {
		most *= 10
	}
	all := fmt.Sprintf("%0*d", groups*digits, binary.BigEndian.Uint64(sum)%most)
	parts := make([]string, groups)
	for i := range parts {
		parts[i] = all[i*digits : (i+1)*digits]
	}
	return strings.Join(parts, "-"), nil
}

// Begin makes the first administrator and signs them in. Errors: access.ErrHasAccounts,
// sessions.ErrWrongCode, *access.WeakPassword, *store.NoTries, access.ErrBusy, and those of a field.
func (s *Service) Begin(ctx context.Context, in client.FirstAccount) (client.SignedIn, error) {
	open, err := s.open(ctx)
	if err != nil {
		return client.SignedIn{}, err
	}
	if !open {
		return client.SignedIn{}, access.ErrHasAccounts
	}
	if err := s.Sessions.Prove(ctx, tried, func() (bool, error) { return s.right(ctx, in.Code) }); err != nil {
		return client.SignedIn{}, err
	}
	made, hash, err := s.Staff.FirstAccount(ctx, in)
	if err != nil {
		return client.SignedIn{}, err
	}
	s.owned.Store(true)
	return s.Sessions.Open(ctx, store.Account{Employee: made, PasswordHash: hash}, in.Device)
}

// right reports whether a code is the present one.
func (s *Service) right(ctx context.Context, given string) (bool, error) {
	word, err := s.Store.Shared(ctx, directory.FirstAccountWord)
	if err != nil {
		return false, err
	}
	if len(word) == 0 { // no code was told yet, or somebody was faster
		open, err := s.open(ctx)
		if err == nil && !open {
			err = access.ErrHasAccounts
		}
		return false, err
	}
	code, err := s.codeOf(word)
	return subtle.ConstantTimeCompare(plain(code), plain(given)) == 1, err
}

// plain is a code without what people write between its digits.
func plain(code string) []byte {
	return []byte(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -–—\u00a0\t", r) {
			return -1
		}
		return r
	}, code))
}
