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
