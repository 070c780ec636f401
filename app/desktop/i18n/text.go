// Package i18n holds the words of the desktop program in Russian and English, and
// how each language writes times, days, durations and counts. Templates and plural forms are
// go-i18n's. It never decides what to say and reads no clock: whoever calls passes the moment.
package i18n

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

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
	lang      Lang
	localizer *i18n.Localizer
	// plain are the words that need neither values nor a count, and every key there is.
	plain map[string]string
	keys  map[string]bool
}

// New returns the words of lang, which must be Russian or English.
func New(lang Lang) *Text {
	known.Lock()
	defer known.Unlock()
	if known.texts[lang] == nil {
		known.texts[lang] = read(lang)
	}
	return known.texts[lang]
}

// known are the languages that were read: a Text does not change, and takes half a megabyte.
var known = struct {
	sync.Mutex
	texts map[Lang]*Text
}{texts: map[Lang]*Text{}}

func read(lang Lang) *Text {
	messages, err := Load(lang)
	if err != nil {
		// The files are embedded, so this is a broken build; keys on the screen still work.
		slog.Error("translations not read", "language", lang, "error", err)
	}
	tag := language.Make(string(lang))
	bundle := i18n.NewBundle(tag)
	if err := bundle.AddMessages(tag, messages...); err != nil {
		slog.Error("translations not taken over", "language", lang, "error", err)
	}
	t := &Text{lang: lang, localizer: i18n.NewLocalizer(bundle, string(lang)), plain: map[string]string{}, keys: map[string]bool{}}
	for _, m := range messages {
		t.keys[m.ID] = true
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.plain[m.ID] = m.Other
		}
	}
	return t
}

// Load reads the embedded words of lang.
func Load(lang Lang) ([]*i18n.Message, error) {
	bundle := i18n.NewBundle(language.Make(string(lang)))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	file, err := bundle.LoadMessageFileFS(assets.Translations, "translations/"+string(lang)+".json")
	if err != nil {
		return nil, fmt.Errorf("reading the words of %s: %w", lang, err)
	}
	return file.Messages, nil
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

// T gives the words of key; pairs are names and values for {{.name}}. A key without words stands for
// itself.
func (t *Text) T(key string, pairs ...any) string {
	if words, ok := t.plain[key]; ok {
		return words
	}
	if !t.Has(key) {
		return key
	}
	return t.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: values(pairs)})
}

// Has tells whether key has words.
func (t *Text) Has(key string) bool { return t.keys[key] }

// N gives the words of key in the plural form for n, which is also the value of {{.n}}.
func (t *Text) N(key string, n int, pairs ...any) string {
	if !t.Has(key) {
		return key
	}
	return t.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: values(append([]any{"n", n}, pairs...))})
}

func (t *Text) localize(what *i18n.LocalizeConfig) string {
	words, err := t.localizer.Localize(what)
	if err != nil {
		slog.Error("words not told", "key", what.MessageID, "language", t.lang, "error", err)
		return what.MessageID
	}
	return words
}

func values(pairs []any) map[string]any {
	out := map[string]any{}
	for n := 0; n+1 < len(pairs); n += 2 {
		out[fmt.Sprint(pairs[n])] = pairs[n+1]
	}
	return out
}
