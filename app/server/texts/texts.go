// Package texts is what the server tells people: one file a language (ru.json, en.json), one text a
// code. A third language is a third file; where a text has no translation there, the Russian one is
// told. What only one kind of PBX says (its codes, the steps of its cabinet) is with its adapter.
//
// A text may have placeholders, {{.name}}, and plural forms, as go-i18n has them.
package texts

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"dozvon/app/bilingual"
)

//go:embed *.json
var files embed.FS

// Default is the language of whoever has chosen none.
const Default = "ru"

// Args are the values of a text's placeholders. One that is a Message itself, or a bilingual.Text, is
// told in the same language.
type Args map[string]any

// Message is something to tell people: it becomes words once their language is known.
type Message struct {
	code string
	args Args
}

// Of is the text with a code.
func Of(code string, args ...Args) Message {
	m := Message{code: code}
	for _, a := range args {
		if m.args == nil {
			m.args = a
			continue
		}
		m.args = maps.Clone(m.args)
		maps.Copy(m.args, a)
	}
	return m
}

// Code is the message's own, the same in every language.
func (m Message) Code() string { return m.code }

// IsZero reports whether nothing is told.
func (m Message) IsZero() bool { return m.code == "" }

// In is the message in a language.
func (m Message) In(lang string) string {
	if m.code == "" {
		return ""
	}
	return loaded().tell(lang, m.code, m.args)
}

// Both is the message as the wire carries it.
func (m Message) Both() bilingual.Text { return bilingual.Text{RU: m.In("ru"), EN: m.In("en")} }

// String is the message in English, for the log.
func (m Message) String() string { return m.In("en") }

func (a Args) in(lang string) map[string]any {
	if len(a) == 0 {
		return nil
	}
	told := make(map[string]any, len(a))
	for name, value := range a {
		if v, ok := value.(interface{ In(language string) string }); ok {
			value = v.In(lang)
		}
		told[name] = value
	}
	return told
}

// Has tells whether there is a text with a code.
func Has(code string) bool { return loaded().codes[code] }

// Match is the language among ours that a header Accept-Language names first, else Default.
func Match(header string) string {
	first, _, _ := strings.Cut(header, ",")
	first, _, _ = strings.Cut(first, ";")
	first, _, _ = strings.Cut(strings.TrimSpace(first), "-")
	if first = strings.ToLower(first); loaded().localizers[first] != nil {
		return first
	}
	return Default
}

type catalogue struct {
	localizers map[string]*i18n.Localizer
	codes      map[string]bool
}

var loaded = sync.OnceValue(func() catalogue { return load(files) })

func (c catalogue) tell(lang, code string, args Args) string {
	l := c.localizers[lang]
	if l == nil {
		l = c.localizers[Default]
	}
	text, err := l.Localize(&i18n.LocalizeConfig{MessageID: code, TemplateData: args.in(lang)})
	if err != nil && text == "" {
		// A test finds every code; a person is better told one than nothing.
		slog.Error("a text is missing", "code", code, "language", lang, "err", err)
		return code
	}
	return text
}

// load reads the files, which are part of the program: a fault in one is a fault of the build.
func load(files fs.ReadDirFS) catalogue {
	bundle := i18n.NewBundle(language.MustParse(Default))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	c := catalogue{localizers: map[string]*i18n.Localizer{}, codes: map[string]bool{}}
	all, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("reading the texts: %v", err))
	}
	for _, f := range all {
		read, err := bundle.LoadMessageFileFS(files, f.Name())
		if err != nil {
			panic(fmt.Sprintf("reading the texts of %s: %v", f.Name(), err))
		}
		for _, m := range read.Messages {
			c.codes[m.ID] = true
		}
		lang := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return c
}
