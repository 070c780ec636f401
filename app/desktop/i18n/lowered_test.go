package i18n

import (
	"testing"
	"time"
)

func TestLowered_keepsNamesAndAbbreviations(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
	for words, want := range map[string]string{
		New(English).Day(now, now): "today, 24 November", New(Russian).Day(now, now): "сегодня, 24 ноября",
		"Id in another CRM": "id in another CRM", "SMS": "SMS", "": "", "Я": "я",
	} {
		if got := Lowered(words); got != want {
			t.Errorf("%q in a sentence is %q, want %q", words, got, want)
		}
	}
}
