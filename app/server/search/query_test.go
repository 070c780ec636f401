package search_test

import (
	"fmt"
	"testing"

	"dozvon/app/server/search"
)

func TestParse_readsNumbersAmongWords(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Гусева 89145550261":              "[гусева] [79145550261]",
		"8 (914) 555-02-61   Гусёва":      "[гусева] [79145550261]",
		"Гусева +7 914 555 Анна":          "[гусева анна] [7914555]",
		"гусева,555-02-61":                "[гусева] [5550261]",
		"Гусева89145550261":               "[гусева] [79145550261]",
		"77/26 Гусева 0261":               "[77 26 гусева] [0261]",
		"89145550261, 8 914 555-02-62":    "[] [79145550261 79145550262]",
		"26 8 914 555 02 61 Гусева":       "[26 гусева] [79145550261]",
		"8 914 555 02 61 8 914 555 02 62": "[] [79145550261 79145550262]",
		"Гусева 123":                      "",
		"Гусева Анна":                     "",
		"1111,2222а3333б4444":             "",
		"8 914 555 02 61":                 "",
	} {
		got := ""
		if n := search.Parse(typed).Named; n != nil {
			got = fmt.Sprint(n.Words, " ", n.Numbers)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

func TestFits_nameAndNumberTogether(t *testing.T) {
	t.Parallel()
	words := append(search.Words("Гусева Анна, договор 77/26"), search.NumberWords("+79145550261")...)
	for typed, want := range map[string]bool{
		"Гусева 89145550261": true, "8 (914) 555-02-61 гусева": true, "анна 55502": true, "гусева 0261 77": true, "77/26 гусева": true,
		"гусева 89145550262": false, "петрова 89145550261": false, "гусева 7777": false,
	} {
		if got := search.Parse(typed).Fits(words, "+79145550261"); got != want {
			t.Errorf("%q fits: %v, want %v", typed, got, want)
		}
	}
}
