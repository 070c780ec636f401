package present

import (
	"strings"
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// TestEntryTypes_areShownAndFound: a type of entry that is new has a sign, words, and, unless it is a
// note, which has a chip of its own, a place among what the feed can be filtered by.
func TestEntryTypes_areShownAndFound(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		var filters []string
		for _, kind := range CallKinds(text) {
			filters = append(filters, strings.Split(kind.Type, ",")...)
		}
		for _, of := range client.EntryTypes() {
			row := RowOf(entry("x", 0, func(e *client.FeedEntry) { e.Type = of }), text, noon)
			if row.Symbol == "" || row.Tone == "" {
				t.Errorf("%s has no sign", of)
			}
			if !text.Has("type." + string(of)) {
				t.Errorf("%s has no words in %v", of, lang)
			}
			if of != client.EntryNote && !strings.Contains(strings.Join(filters, " ")+" ", string(of)+" ") {
				t.Errorf("the feed cannot be filtered by %s", of)
			}
		}
	}
}
