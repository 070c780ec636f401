package notices_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/notices"
	"dozvon/app/desktop/present"
)

// TestWords_sayWhatIsPractice: nobody must run for a caller who is none.
func TestWords_sayWhatIsPractice(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		for _, state := range []model.CardState{model.CardMissed, model.CardReminder, model.CardRinging, model.CardOutage} {
			card := present.Card{State: state, Heading: "heading", Title: "Иванов", Practice: true}
			if title, _ := notices.Words(card, true, text); !strings.HasPrefix(title, text.T("practice.word")+" · ") {
				t.Errorf("a practice's %s is told as %q", state, title)
			}
			card.Practice = false
			if title, words := notices.Words(card, true, text); title == "" || strings.Contains(title, text.T("practice.word")) || !strings.Contains(words, "Иванов") {
				t.Errorf("%s is told as %q, %q", state, title, words)
			}
		}
		if title, _ := notices.Words(present.Card{State: model.CardRinging, Practice: true}, false, text); title != "" {
			t.Errorf("a card that stands there is told of as well: %q", title)
		}
	}
}
