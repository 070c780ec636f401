package main

import (
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
)

// Whoever clicks a link that is no number sees a box in their own language.
func TestLink_thatIsNoNumberIsRefusedInThePersonsWords(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang]string{
		i18n.Russian: "По этому номеру нельзя позвонить. Проверьте цифры.", i18n.English: "This number cannot be called. Check the digits.",
	} {
		if got := ui.Explain(usage{number("tel:abc")}, i18n.New(lang)); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
