package help_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/help"
	"dozvon/app/desktop/i18n"
	"dozvon/assets"
)

var (
	hole = regexp.MustCompile(`\{\{([^}]*)\}\}`)
	step = regexp.MustCompile(`(?m)^\d+\. .*$`)
)

// raw is a page as it was written.
func raw(t *testing.T, lang i18n.Lang, place help.Place) string {
	t.Helper()
	text, err := assets.Help.ReadFile("help/" + string(lang) + "/" + string(place) + ".md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names are the words of the screen that a step names, by their keys.
func names(step string) []string {
	var out []string
	for _, m := range hole.FindAllStringSubmatch(step, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return out
}

// TestHelp_everyStepNamesWhatStandsOnTheScreen, the same in both languages.
func TestHelp_everyStepNamesWhatStandsOnTheScreen(t *testing.T) {
	t.Parallel()
	for _, place := range help.Places {
		steps := map[i18n.Lang][]string{}
		for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
			page, text := raw(t, lang, place), i18n.New(lang)
			if !strings.HasPrefix(page, "# ") {
				t.Errorf("%s in %s has no title", place, lang)
			}
			steps[lang] = step.FindAllString(page, -1)
			if len(steps[lang]) < 3 {
				t.Errorf("%s in %s has %d steps", place, lang, len(steps[lang]))
			}
			for _, one := range steps[lang] {
				keys := names(one)
				if len(keys) == 0 {
					t.Errorf("%s in %s: a step names nothing on the screen: %s", place, lang, one)
				}
				for _, key := range keys {
					switch words := text.T(key); {
					case !text.Has(key):
						t.Errorf("%s in %s names %q, which has no words", place, lang, key)
					case strings.Contains(words, "{{"), words == "", strings.Contains(words, "<no value>"):
						t.Errorf("%s in %s names %q, which says %q only with values", place, lang, key, words)
					}
				}
			}
		}
		ru, en := steps[i18n.Russian], steps[i18n.English]
		if len(ru) != len(en) {
			t.Errorf("%s has %d steps in Russian, %d in English", place, len(ru), len(en))
			continue
		}
		for n := range ru {
			if a, b := names(ru[n]), names(en[n]); !slices.Equal(a, b) {
				t.Errorf("%s, step %d names %v in Russian, %v in English", place, n+1, a, b)
			}
		}
	}
}

// TestHelp_hasNoPageThatNobodyReaches: a file that is no place's is never opened.
func TestHelp_hasNoPageThatNobodyReaches(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(assets.Help, "help", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		if name := strings.TrimSuffix(d.Name(), ".md"); !slices.Contains(help.Places, help.Place(name)) {
			t.Errorf("%s is no place's", path)
		}
		return nil
	})
	if err != nil || files != 2*len(help.Places) {
		t.Errorf("%d files for %d places in two languages: %v", files, len(help.Places), err)
	}
}

func TestHelp_saysTheWordsOfTheScreen(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang]string{i18n.Russian: "**Взять себе**", i18n.English: "**I will call back**"} {
		page, err := help.Read(help.Missed, i18n.New(lang))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.Body, want) || strings.Contains(page.Body, "{{") || page.Title == "" || strings.Contains(page.Body, page.Title+"\n") {
			t.Errorf("%s: %q says\n%s\nwant %q in it", lang, page.Title, page.Body, want)
		}
	}
}

func TestHelp_opensWhereOneIs(t *testing.T) {
	t.Parallel()
	for at, want := range map[[2]string]help.Place{
		{"feed", ""}:              help.Feed,
		{"missed", "telephony"}:   help.Missed,
		{"settings", "telephony"}: help.Telephony,
		{"settings", "accounts"}:  help.Employees,
		{"settings", "program"}:   help.Program,
		{"", ""}:                  help.Start,
		{"something new", ""}:     help.Start,
	} {
		if got := help.Of(at[0], at[1]); got != want {
			t.Errorf("at %v the help of %q opens, want %q", at, got, want)
		}
	}
}
