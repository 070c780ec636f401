// Package settings gives the flags of a program their values from the environment and from a
// file in YAML, and refuses what it does not understand: a misspelt name or a word where a
// number belongs would otherwise leave a default in force that nobody wanted. It knows no
// setting by itself; the flags tell names and types.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/pflag"
)

// Value is what one source says of one setting.
type Value struct {
	flag  *pflag.Flag
	where string   // "DOZVON_LISTEN", "data/server.yaml:3: listen"
	items []string // of a list; else one
}

// Fill gives every flag that the command line left alone its value of the first source that has one.
func Fill(sources ...[]Value) error {
	var bad []error
	for _, source := range sources {
		for _, v := range source {
			if v.flag.Changed {
				continue
			}
			if err := v.set(); err != nil {
				bad = append(bad, err)
			}
		}
	}
	return errors.Join(bad...)
}

func (v Value) set() error {
	var err error
	if list, ok := v.flag.Value.(pflag.SliceValue); ok {
		err = list.Replace(v.items)
	} else {
		err = v.flag.Value.Set(v.items[0])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.where, err)
	}
	v.flag.Changed = true
	return nil
}

// Environment reads the variables that begin with prefix: prefix "DOZVON_" and the flag
// "hook-sources" make DOZVON_HOOK_SOURCES. An empty variable is none. others tells which
// variables with the prefix are not this program's.
func Environment(known *pflag.FlagSet, prefix string, environ []string, others func(name string) bool) ([]Value, error) {
	var all []Value
	var bad []error
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(name, prefix)
		if !ours || text == "" || others(name) {
			continue
		}
		f := known.Lookup(strings.ReplaceAll(strings.ToLower(rest), "_", "-"))
		if f == nil || rest != strings.ToUpper(rest) {
			bad = append(bad, fmt.Errorf("%s: no such setting%s", name, Suggest(name, variables(known, prefix))))
			continue
		}
		v := Value{flag: f, where: name, items: split(f, text)}
		if err := cmp.Or(v.names(text), v.check()); err != nil {
			bad = append(bad, err)
			continue
		}
		all = append(all, v)
	}
	slices.SortFunc(bad, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return all, errors.Join(bad...)
}

func variables(known *pflag.FlagSet, prefix string) []string {
	var all []string
	known.VisitAll(func(f *pflag.Flag) {
		all = append(all, prefix+strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")))
	})
	return all
}

// split parts the text of a list at commas and blanks, which no address and no domain has.
func split(f *pflag.Flag, text string) []string {
	if _, list := f.Value.(pflag.SliceValue); !list {
		return []string{text}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// names refuses a list that was written and holds nothing but commas and blanks: taken for none,
// it would leave open what it was to close.
func (v Value) names(written string) error {
	if written != "" && len(v.items) == 0 {
		return fmt.Errorf("%s: the list names nothing: write what it is to hold, or take it out", v.where)
	}
	return nil
}

// check tells what is wrong with a value, even of one that another source overrides.
func (v Value) check() error {
	if len(v.items) == 0 {
		return nil
	}
	var err error
	wanted := ""
	switch text := strings.TrimSpace(v.items[0]); v.flag.Value.Type() {
	case "int", "int64":
		wanted = "a whole number"
		_, err = strconv.ParseInt(text, 0, 64)
	case "bool":
		wanted = "true or false"
		_, err = strconv.ParseBool(text)
	case "duration":
		wanted = "a time like 90s or 5m"
		_, err = time.ParseDuration(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %s expected, not %q", v.where, wanted, shortened(v.items[0]))
	}
	return nil
}

// shortened keeps a refusal readable, whatever was pasted.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// Suggest ends a sentence about an unknown name with the known one that is nearest.
func Suggest(name string, known []string) string {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }
	best, distance := "", max(2, len(name)/3)+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(plain(name), plain(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return "; --help of the program lists all there are"
	}
	return "; did you mean " + best + "?"
}
