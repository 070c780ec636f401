package access

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
)

const (
	// MinPassword is the shortest password of an account, in letters (not bytes: a Cyrillic one has two).
	MinPassword = 8
	// MaxPassword is the longest, in letters.
	MaxPassword = 1000
)

// Causes of a WeakPassword.
const (
	PasswordShort  = "short"
	PasswordLong   = "long"
	PasswordCommon = "common"
	PasswordLogin  = "login"
)

// WeakPassword says why a password is not taken.
type WeakPassword struct{ Cause string }

func (w *WeakPassword) Error() string { return "the password is not taken: " + w.Cause }

// StrongPassword refuses what is guessed first, with a *WeakPassword: short ones, those of the lists
// of common ones, one letter over and over, letters in a row, the login itself. It asks for no
// digits, capitals or signs: those make passwords that people write on paper (NIST SP 800-63B, 5.1.1.2).
func StrongPassword(password, login string) error {
	letters := lettersOf(password)
	folded := strings.ToLower(strings.TrimSpace(password))
	switch {
	case utf8.RuneCountInString(password) > MaxPassword:
		return &WeakPassword{PasswordLong}
	case letters < MinPassword:
		return &WeakPassword{PasswordShort}
	case login != "" && folded == strings.ToLower(strings.TrimSpace(login)):
		return &WeakPassword{PasswordLogin}
	case common()[folded] || common()[onLatinKeys(folded)] || monotonous([]rune(folded)):
		return &WeakPassword{PasswordCommon}
	}
	return nil
}

// lettersOf counts what a person would: accents, joiners and the blanks around do not.
func lettersOf(password string) int {
	n := 0
	for _, r := range strings.TrimSpace(password) {
		if r != utf8.RuneError && unicode.IsGraphic(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// common are the passwords that turn up most in published leaks, those long enough to be chosen here.
var common = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, word := range frequency.FrequencyLists["passwords"] {
		if len(word) >= MinPassword {
			all[word] = true
		}
	}
	return all
})

// The keys of a Russian keyboard, and what stands on them in Latin: the lists know "qwertyui", people
// here type «йцукенгш» on the same keys.
const (
	russianKeys = "йцукенгшщзхъфывапролджэячсмитьбюё"
	latinKeys   = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)

func onLatinKeys(folded string) string {
	return strings.Map(func(r rune) rune {
		if at := strings.IndexRune(russianKeys, r); at >= 0 {
			return rune(latinKeys[utf8.RuneCountInString(russianKeys[:at])])
		}
		return r
	}, folded)
}

// longestGroup is up to how many letters over and over count as one: "abcabcabc".
const longestGroup = 3

// monotonous finds one letter or short group over and over, and letters in a row: "aaaaaaaa",
// "12121212", "abcdefgh", "98765432".
func monotonous(letters []rune) bool {
	for group := 1; group <= longestGroup; group++ {
		if every(letters, group, func(before, now rune) bool { return before == now }) {
			return true
		}
	}
	return every(letters, 1, func(before, now rune) bool { return now == before+1 }) ||
		every(letters, 1, func(before, now rune) bool { return now == before-1 })
}

// every compares each letter with the one some places before it.
func every(letters []rune, apart int, holds func(before, now rune) bool) bool {
	for i := apart; i < len(letters); i++ {
		if !holds(letters[i-apart], letters[i]) {
			return false
		}
	}
	return true
}
