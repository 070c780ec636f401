// Package i18n holds the words of the desktop program in Russian and English, and
// how each language writes times, days, durations and counts. It never decides what
// to say and reads no clock: whoever calls passes the moment.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"dozvon/assets"
)

// Lang is a language the program is complete in.
type Lang string

// The languages; Russian is the default where the system's locale is Russian.
const (
	Russian Lang = "ru"
	English Lang = "en"
)

// Text gives the words of one language. It is safe for concurrent use.
type Text struct {
	lang  Lang
	words map[string]string
}

// New returns the words of lang, which must be Russian or English.
func New(lang Lang) *Text {
	words, err := Load(lang)
	if err != nil {
		// The files are embedded, so this is a broken build; keys on the screen still work.
		slog.Error("translations not read", "language", lang, "error", err)
	}
	return &Text{lang: lang, words: words}
}

// Load reads the embedded words of lang.
func Load(lang Lang) (map[string]string, error) {
	raw, err := fs.ReadFile(assets.Translations, "translations/"+string(lang)+".json")
	if err != nil {
		return nil, fmt.Errorf("reading the words of %s: %w", lang, err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(raw, &words); err != nil {
		return nil, fmt.Errorf("decoding the words of %s: %w", lang, err)
	}
	return words, nil
}

// Lang tells whose words these are.
func (t *Text) Lang() Lang { return t.lang }

// Either picks the text of the language in use, where the server sent both; without an English
// one the Russian stands.
func (t *Text) Either(ru, en string) string {
	if t.lang == English && en != "" {
		return en
	}
	return ru
}

// T gives the words of key; pairs replace {name} by value.
func (t *Text) T(key string, pairs ...any) string {
	words, ok := t.words[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		words = strings.ReplaceAll(words, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return words
}

// Has tells whether key has words.
func (t *Text) Has(key string) bool { _, ok := t.words[key]; return ok }

// N gives the plural form of key for n: key.one, key.few or key.many.
func (t *Text) N(key string, n int, pairs ...any) string {
	return t.T(key+"."+t.form(n), append([]any{"n", n}, pairs...)...)
}

func (t *Text) form(n int) string {
	if n < 0 {
		n = -n
	}
	if t.lang == English {
		if n == 1 {
			return "one"
		}
		return "many"
	}
	tens, units := n%100, n%10
	switch {
	case units == 1 && tens != 11:
		return "one"
	case units >= 2 && units <= 4 && (tens < 12 || tens > 14):
		return "few"
	}
	return "many"
}

// System tells the language of the system's locale; anything but Russian is English.
func System() Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "ru") {
				return Russian
			}
			return English
		}
	}
	return English
}
