package search_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/server/search"
)

func TestParse_readsNumbersInEverySpellingAndWordsOtherwise(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, words, fragment string }{
		{"Фёдоров  АРТЁМ", "федоров артем", ""},
		{"555-01-48", "5550148", "5550148"},
		{"8 914 555", "7914555", "7914555"},
		{"8 (914) 555-01-48", "79145550148", "79145550148"},
		{"+7 (914)", "7914", "7914"},
		{"12", "12", ""},
		{"№ 2024/0015", "2024 0015", ""},
		{"иванов 0148", "иванов 0148", ""},
		{"100%", "100", ""},
		{"  ", "", ""},
		{"8\u00a0914\u2009555\u201102\u201161", "79145550261", "79145550261"},
	}
	for _, tt := range tests {
		q := search.Parse(tt.typed)
		if got := strings.Join(q.Words, " "); got != tt.words || q.Fragment != tt.fragment {
			t.Errorf("%q: words %q, fragment %q; want %q, %q", tt.typed, got, q.Fragment, tt.words, tt.fragment)
		}
	}
}

func TestFuzzyMatch_forgivesATypo(t *testing.T) {
	t.Parallel()
	for _, near := range [][2]string{
		{"иваноы", "иванов"},
		{"ивнаов", "иванов"},
		{"ианов", "иванов"},
		{"смирнва", "смирнова"},
		{"константенопольский", "константинопольский"},
		{"пркофьев", "прокофьева"},
	} {
		if !search.FuzzyMatch(near[0], near[1]) {
			t.Errorf("%q does not find %q", near[0], near[1])
		}
	}
	for _, far := range [][2]string{{"иванов", "петров"}, {"кот", "код"}, {"иван", "роман"}, {"смирнов", "сапогов"}} {
		if search.FuzzyMatch(far[0], far[1]) {
			t.Errorf("%q finds %q", far[0], far[1])
		}
	}
}

func TestWords_areBoundedAndUnique(t *testing.T) {
	t.Parallel()
	got := search.Words("Да, да — ДА! " + strings.Repeat("ы", 500))
	if len(got) != 2 || got[0] != "да" || len([]rune(got[1])) != 40 {
		t.Errorf("got %q", got)
	}
	if n := search.NumberWords("+79145550148"); !slices.Equal(n, []string{"79145550148", "9145550148", "5550148", "0148"}) {
		t.Errorf("got %q", n)
	}
	if g := search.Trigrams("14555"); !slices.Equal(g, []string{"145", "455", "555"}) {
		t.Errorf("got %q", g)
	}
}

func TestFits_findsByTheIndexsOwnRules(t *testing.T) {
	t.Parallel()
	words, number := search.Words("Ёлкина Мария, просила перенести вождение"), "+79145550148"
	for typed, want := range map[string]bool{
		"елк": true, "ЁЛКИНА": true, "мар вожд": true, "вождние": true, "55501": true, "8 914": true, "0148": true,
		"сидоров": false, "мария петрова": false, "7777": false, "": false,
	} {
		if got := search.Parse(typed).Fits(words, number); got != want {
			t.Errorf("%q fits: %v, want %v", typed, got, want)
		}
	}
}
