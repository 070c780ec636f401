package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"dozvon/app/server/access"
)

var quick = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func TestPasswords_onlyItsOwnMatches(t *testing.T) {
	t.Parallel()
	p := access.NewPasswords(quick)
	turn, err := p.Turn(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer turn.Done()
	hash, err := turn.Hash("пароль длинный")
	if err != nil {
		t.Fatal(err)
	}
	if !turn.Check("пароль длинный", hash) || turn.Check("пароль другой", hash) || turn.Check("", "") {
		t.Error("a wrong password passed, or the right one did not")
	}
}

// TestPasswords_nobodyAloneFillsTheQueue: while all turns are taken, one address may wait in most
// of the queue and another still finds a place; who gives up leaves theirs.
func TestPasswords_nobodyAloneFillsTheQueue(t *testing.T) {
	t.Parallel()
	p := access.NewPasswords(quick)
	var held []*access.Turn
	for range 2 {
		turn, err := p.Turn(t.Context(), "holder")
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, turn)
	}
	ctx, leave := context.WithCancel(t.Context())
	results := make(chan error, 300)
	for range 200 {
		go func() {
			_, err := p.Turn(ctx, "stranger")
			results <- err
		}()
	}
	for range 200 - 75 {
		if err := <-results; !errors.Is(err, access.ErrBusy) {
			t.Fatalf("got %v, want ErrBusy", err)
		}
	}
	friend := make(chan error, 1)
	go func() {
		turn, err := p.Turn(t.Context(), "friend")
		if err == nil {
			turn.Done()
		}
		friend <- err
	}()
	leave()
	for range 75 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want Canceled", err)
		}
	}
	for _, turn := range held {
		turn.Done()
		turn.Done() // twice is harmless
	}
	if err := <-friend; err != nil {
		t.Errorf("another address: %v", err)
	}
}

func TestStrongPassword_takesWhatIsHardToGuess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ password, want string }{
		{"correct horse", ""},
		{"кот на окне", ""},
		{"длинныйпароль", ""},
		{"a b c d e f g h", ""}, // eight letters and blanks between
		{"яблоко77", ""},
		{strings.Repeat("кот и пёс ", 100), ""},
		{"", access.PasswordShort},
		{"абвг", access.PasswordShort},      // eight bytes
		{"        ", access.PasswordShort},  // eight blanks
		{"   abc   ", access.PasswordShort}, // three letters
		{"e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", access.PasswordShort},
		{"\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b", access.PasswordShort},
		{"a\x00\x00\x00\x00\x00\x00\x00\x00", access.PasswordShort},
		{"12345678", access.PasswordCommon},
		{"PassWord", access.PasswordCommon},
		{"password1", access.PasswordCommon},
		{"qwertyuiop", access.PasswordCommon},
		{"йцукенгшщз", access.PasswordCommon},
		{"ЙЦУКЕНГШЩЗ", access.PasswordCommon},
		{"пароль12", access.PasswordCommon}, // gfhjkm12 on the same keys
		{"aaaaaaaa", access.PasswordCommon},
		{"аяаяаяая", access.PasswordCommon},
		{"12312312", access.PasswordCommon},
		{"абвгдежз", access.PasswordCommon},
		{"98765432", access.PasswordCommon},
		{"kireeva.anna", access.PasswordLogin},
		{"Kireeva.Anna", access.PasswordLogin},
		{strings.Repeat("ab", 501), access.PasswordLong},
	} {
		err := access.StrongPassword(tt.password, "kireeva.anna")
		var weak *access.WeakPassword
		got := ""
		if errors.As(err, &weak) {
			got = weak.Cause
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.password, got, tt.want)
		}
	}
}
