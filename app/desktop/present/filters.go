package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// CallKind is one of the ways in which the calls of the feed are told apart: by direction and by
// how they ended.
type CallKind struct {
	Words        string
	Type, Result string
}

// CallKinds are what the feed can be filtered by, in the order of the menu.
func CallKinds(text *i18n.Text) []CallKind {
	out := []CallKind{
		{text.T("kinds.in"), string(client.EntryCallIn), ""},
		{text.T("kinds.missed"), string(client.EntryCallMissed), ""},
		{text.T("kinds.out"), string(client.EntryCallOut), ""},
	}
	for _, result := range []client.Result{client.Answered, client.NoAnswer, client.Busy, client.Declined, client.Failed, client.NotStarted} {
		out = append(out, CallKind{text.T("kinds.out_" + string(result)), string(client.EntryCallOut), string(result)})
	}
	return append(out, CallKind{text.T("kinds.sms"), string(client.EntrySMS), ""},
		CallKind{text.T("kinds.cards"), string(client.EntryClientCreated) + "," + string(client.EntryContractCreated), ""})
}

// PeriodQuery are the bounds of a period as the feed takes them.
func PeriodQuery(p Period, now time.Time) (from, to string) {
	begins, ends := p.Bounds(now)
	return begins.Format(time.RFC3339), ends.Format(time.RFC3339)
}

// PeriodWords names the stretch of time between two moments of the feed's query: a period of the
// menu, a day, days, or a part of one. Empty bounds have no words.
func PeriodWords(fromText, toText string, now time.Time, text *i18n.Text) string {
	if fromText == "" || toText == "" {
		return ""
	}
	for _, p := range Periods[:len(Periods)-1] {
		if from, to := PeriodQuery(p, now); from == fromText && to == toText {
			return text.T("rep." + string(p))
		}
	}
	from, err := time.Parse(time.RFC3339, fromText)
	to, err2 := time.Parse(time.RFC3339, toText)
	if err != nil || err2 != nil {
		return strings.Join([]string{fromText, toText}, "–")
	}
	from, to = from.In(now.Location()), to.In(now.Location())
	last := to.Add(-time.Second)
	switch {
	case to.Sub(from) < 23*time.Hour:
		return from.Format("02.01, 15:04") + "–" + to.Format("15:04")
	case from.YearDay() == last.YearDay() && from.Year() == last.Year():
		return from.Format("02.01")
	}
	return from.Format("02.01") + "–" + last.Format("02.01")
}
