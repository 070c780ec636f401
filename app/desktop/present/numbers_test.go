package present

import (
	"regexp"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// TestNumbers_inSentencesOfTheServerAreWrittenAsPeopleDo wherever such a sentence is shown.
func TestNumbers_inSentencesOfTheServerAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	raw, pretty := "+79645550190", "+7 964 555-01-90"
	d := newDesk()
	one := call(rings(me))
	one.LastNote = &client.LastNote{At: noon.Add(-time.Hour), Type: string(client.EntryCallOut), Text: "Исходящий вызов: " + raw, TextEN: "Outgoing call: " + raw}
	one.Why = "Имя по номеру " + raw
	d.hears(one)
	card := Cards(d.Model, d.text, d.at)[0]
	entry := client.FeedEntry{Type: "of_a_later_server", At: noon, Description: "Звонок с " + raw, Why: "Номер " + raw}
	row := RowOf(entry, d.text, noon)
	history := HistoryRow(client.KindClient, client.Change{At: noon, Action: "changed", Fields: []client.FieldDelta{{Field: "name", From: raw, To: "Иванова, " + raw}}}, d.text, noon)
	audit := AuditLines([]client.AuditEntry{{ID: "1", At: noon, Action: "dialled", Detail: map[string]string{"phone": raw, "ru": "Набран " + raw}}}, d.text, noon)
	for where, words := range map[string]string{
		"the card's note": card.Note, "the card's reason": card.Why, "the feed": row.WhatAbout, "the feed's reason": row.Why,
		"a card's history": history.Fields[0].From + history.Fields[0].To, "the audit": audit[0].About,
	} {
		if regexp.MustCompile(`\+\d{7}`).MatchString(words) || !regexp.MustCompile(regexp.QuoteMeta(pretty)).MatchString(words) {
			t.Errorf("%s says %q", where, words)
		}
	}
	if got := PrettyNumbers("Сумма 79645550190, код +12", i18n.New(i18n.Russian)); got != "Сумма 79645550190, код +12" {
		t.Errorf("what is no number became %q", got)
	}
}
