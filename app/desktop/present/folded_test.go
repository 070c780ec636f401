package present_test

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
)

// missedAt is a missed card of a caller, at a minute after 14:00.
func missedAt(minute int, phone, name string) present.Card {
	at := time.Date(2026, 11, 28, 14, minute, 0, 0, time.Local)
	card := present.Card{ID: fmt.Sprint(minute), At: at, Phone: phone, Title: name, Known: true}
	if name == "" {
		card.Title, card.Known = present.PrettyPhone(phone, i18n.New(i18n.Russian)), false
	}
	return card
}

func TestFold_namesWhoCalledLast(t *testing.T) {
	t.Parallel()
	const egorov = "Егоров Александр Петрович"
	seven := []present.Card{
		missedAt(1, "+79160001001", ""), missedAt(2, "+79160001002", ""), missedAt(3, "+79160001003", ""), missedAt(4, "+79160001004", ""),
		missedAt(5, "+79160001005", ""), missedAt(20, "+79140001007", ""), missedAt(31, "+79160001006", egorov),
	}
	for _, tt := range []struct {
		name                       string
		lang                       i18n.Lang
		cards                      []present.Card
		heading, aside, who, other string
		last                       string // the number that is called back
	}{
		{"seven", i18n.Russian, seven, "Пропущено 7", "последний в 14:31", "Егоров Александр, +7 914 000-10-07", "и ещё 5", "+79160001006"},
		{"seven in English", i18n.English, seven, "7 missed", "last at 14:31", "Егоров Александр, +7 914 000-10-07", "and 5 others", "+79160001006"},
		{"three in English", i18n.English, seven[4:], "3 missed", "last at 14:31", "Егоров Александр, +7 914 000-10-07", "and 1 other", "+79160001006"},
		{"two", i18n.Russian, seven[5:], "Пропущено 2", "последний в 14:31", "Егоров Александр, +7 914 000-10-07", "", "+79160001006"},
		{"one who called three times", i18n.Russian, []present.Card{seven[6], seven[6], seven[6]}, "Пропущен 1", "последний в 14:31", "Егоров Александр", "", "+79160001006"},
		{"one who called between", i18n.Russian, []present.Card{seven[0], seven[1], seven[0]}, "Пропущено 2", "последний в 14:01", "+7 916 000-10-01, +7 916 000-10-02", "", "+79160001001"},
		{"hidden numbers", i18n.Russian, []present.Card{seven[0], missedAt(40, "", ""), missedAt(41, "", "")}, "Пропущено 3", "последний в 14:41", "Номер скрыт, Номер скрыт", "и ещё 1", "+79160001001"},
		{"hidden numbers alone", i18n.English, []present.Card{missedAt(41, "", "")}, "1 missed", "at 14:41", "Номер скрыт", "", ""},
	} {
		f := present.Fold(tt.cards, i18n.New(tt.lang))
		last := ""
		if f.Last != nil {
			last = f.Last.Phone
		}
		got := [5]string{f.Heading, f.Aside, f.Names, f.More, last}
		if want := [5]string{tt.heading, tt.aside, tt.who, tt.other, tt.last}; got != want {
			t.Errorf("%s: %q, want %q", tt.name, got, want)
		}
	}
}

func TestFold_saysItShortlyToo(t *testing.T) {
	t.Parallel()
	cards := []present.Card{missedAt(1, "+79160001001", ""), missedAt(2, "+79160001002", ""), missedAt(3, "+79160001003", "Егоров Александр")}
	f := present.Fold(cards, i18n.New(i18n.Russian))
	if f.First != "Егоров Александр" || f.Others != "и ещё 2" {
		t.Errorf("shortly it is %q %q", f.First, f.Others)
	}
	if f = present.Fold(cards[:1], i18n.New(i18n.Russian)); f.First != "" {
		t.Errorf("of one caller it is %q %q", f.First, f.Others)
	}
}

func TestFold_countsInEveryPluralForm(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][4]string{
		1:  {"Пропущен 1", "Звонит ещё 1", "1 missed", "1 more rings"},
		2:  {"Пропущено 2", "Звонят ещё 2", "2 missed", "2 more ring"},
		5:  {"Пропущено 5", "Звонят ещё 5", "5 missed", "5 more ring"},
		11: {"Пропущено 11", "Звонят ещё 11", "11 missed", "11 more ring"},
		21: {"Пропущен 21", "Звонит ещё 21", "21 missed", "21 more ring"},
	} {
		var cards []present.Card
		for i := range n {
			cards = append(cards, missedAt(i, fmt.Sprintf("+791600010%02d", i), ""))
		}
		ru, en := i18n.New(i18n.Russian), i18n.New(i18n.English)
		got := [4]string{present.Fold(cards, ru).Heading, present.Ring(cards, ru).Heading, present.Fold(cards, en).Heading, present.Ring(cards, en).Heading}
		if got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestTuck_saysHowManyWaitBehind(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	cards := []present.Card{{Title: "Шангутов Александр Александрович", Known: true}, {Title: "+7 916 000-10-02"}, {Title: "+7 916 000-10-03"}}
	for n, want := range map[int]string{1: "Шангутов Александр|", 2: "Шангутов Александр|+1", 3: "Шангутов Александр|+2"} {
		if s := present.Tuck(cards[:n], text); s.Name+"|"+s.More != want {
			t.Errorf("%d in the strip: %q and %q, want %q", n, s.Name, s.More, want)
		}
	}
}
