package model_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/model"
)

func TestNumbers_areReadFromWhatOneTypesDuringATalk(t *testing.T) {
	t.Parallel()
	const wife = "+79145550133"
	for note, want := range map[string][]model.Heard{
		"жена 8-914-555-01-33":    {{Number: wife, Label: "жена"}},
		"жена: 8 (914) 555 01 33": {{Number: wife, Label: "жена"}},
		"Просил на автомат, муж +7 914 555-01-33 после 6": {{Number: wife, Label: "муж"}},
		"9145550133":                                {{Number: wife}},
		"мама тел. 89145550133":                     {{Number: wife, Label: "мама"}},
		"перезвонить на 8 914 555-01-33":            {{Number: wife}},
		"жена 8-914-555-01-33, муж 8-903-555-01-52": {{Number: wife, Label: "жена"}, {Number: "+79035550152", Label: "муж"}},
		"wife 8 914 555 01 33":                      {{Number: wife, Label: "wife"}},
		// Whose it is stands in the label as one says it, whatever case it had.
		"номер жены 8 914 555-01-33":          {{Number: wife, Label: "жена"}},
		"Звонить мужу: 8 914 555-01-33":       {{Number: wife, Label: "муж"}},
		"у дочери 8 914 555-01-33":            {{Number: wife, Label: "дочь"}},
		"рабочий тел. 8 914 555-01-33":        {{Number: wife, Label: "рабочий"}},
		"для тёти 8 914 555-01-33":            {{Number: wife, Label: "тётя"}},
		"для тети 8 914 555-01-33":            {{Number: wife, Label: "тётя"}},
		"МАМА 8 914 555-01-33":                {{Number: wife, Label: "мама"}},
		"мама - 8 914 555-01-33":              {{Number: wife, Label: "мама"}},
		"His wife's number 8 914 555-01-33":   {{Number: wife, Label: "wife"}},
		"Mom 8 914 555-01-33":                 {{Number: wife, Label: "mom"}},
		"Олег 8 914 555-01-33":                {{Number: wife, Label: "Олег"}},
		"звонить, Анна-Мария 89145550133":     {{Number: wife, Label: "Анна-Мария"}},
		"жена Анна 8 914 555-01-33":           {{Number: wife, Label: "жена Анна"}},
		"у мужа Олега 8 914 555-01-33":        {{Number: wife, Label: "муж"}},
		"спросить Олега, тел 8 914 555-01-33": {{Number: wife}},
		// What does not say whose it is is no label.
		"у неё 8 914 555-01-33":              {{Number: wife}},
		"для связи 8 914 555-01-33":          {{Number: wife}},
		"Для связи 8 914 555-01-33":          {{Number: wife}},
		"Просил перезвонить 8 914 555-01-33": {{Number: wife}},
		"Перезвонить 8 914 555-01-33":        {{Number: wife}},
		"после обеда 8 914 555-01-33":        {{Number: wife}},
		"Whatsapp 8 914 555-01-33":           {{Number: wife}},
		"номер её 8 914 555-01-33":           {{Number: wife}},
		// None of these is a full number.
		"жена 8-914-555-01-3":  nil,
		"жена 555-01-33":       nil,
		"договор 1234567890":   nil,
		"придёт в 18:00 13.11": nil,
		"":                     nil,
	} {
		if got := model.Numbers(note); !slices.Equal(got, want) {
			t.Errorf("%q: heard %q, want %q", note, got, want)
		}
	}
}
