// Package locale keeps the graphical toolkit from complaining about the environment's locale.
// It is imported for its effect alone, which happens before the toolkit's own start, and holds
// nothing else.
//
// Fyne parses the locale while its packages are initialised, before main, and prints an error
// for one that is no language, such as C.UTF-8 in a container, a service or a script. Packages
// that are ready are initialised in the order of their paths (Go specification, "Program
// initialization"), so this one, which needs the standard library and x/text alone, comes before
// fyne.io/….
package locale

import (
	"cmp"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

func init() {
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		settle()
	}
}

// settle sets LANGUAGE, which the toolkit asks before the locale itself, where it would read what
// is no language. Everything else, the encoding for the programs that we start included, stays.
func settle() {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale = os.Getenv(name); locale != "" {
			break
		}
	}
	languages := os.Getenv("LANGUAGE")
	if locale == "C" || locale == "POSIX" || locale == "" && languages == "" {
		return // the toolkit takes these for none
	}
	asked := strings.Split(cmp.Or(languages, locale), ":")
	if !slices.ContainsFunc(asked, func(l string) bool { return !isLanguage(l) }) {
		return
	}
	var known []string
	for _, l := range asked {
		// The toolkit does not know modifiers: de_DE@euro.
		if l, _, _ = strings.Cut(l, "@"); isLanguage(l) {
			known = append(known, l)
		}
	}
	os.Setenv("LANGUAGE", strings.Join(append(known, "en"), ":"))
}

// isLanguage tells whether the toolkit can read "ru_RU.UTF-8".
func isLanguage(locale string) bool {
	name, _, _ := strings.Cut(locale, ".")
	_, err := language.Parse(name)
	return err == nil
}
