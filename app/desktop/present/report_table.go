package present

import (
	"strconv"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// ReportTable is a report as a table on paper: its headings, a line for each row that has calls, and the total.
func ReportTable(r client.Report, text *i18n.Text, now time.Time) [][]string {
	head := []string{text.T("rep.col." + string(r.Group))}
	for _, column := range []string{"calls", "in", "missed", "share", "out", "answer", "talk"} {
		head = append(head, text.T("rep.col."+column))
	}
	out := [][]string{head}
	for _, item := range r.Items {
		if item.Calls == 0 {
			continue
		}
		whole := text.T("rep.nobody")
		if item.Key != "" {
			_, whole = rowName(r.Group, item, text, now)
		}
		out = append(out, append([]string{whole}, reportCells(item.CallFigures, text)...))
	}
	return append(out, append([]string{text.T("rep.total")}, reportCells(r.Total, text)...))
}

func reportCells(f client.CallFigures, text *i18n.Text) []string {
	answer := "—"
	if f.AnswerMedian != nil {
		answer = span(*f.AnswerMedian, text)
	}
	share := "—"
	if f.Missed+f.Answered > 0 {
		share = Percent(f.MissedShare, text)
	}
	return []string{
		Grouped(f.Calls), Grouped(f.Answered), Grouped(f.Missed), share, Grouped(f.Out), answer, span(f.TalkSeconds, text),
	}
}

// ReportPeriod is the period of a report in words: a day, or from one to another.
func ReportPeriod(r client.Report, text *i18n.Text, now time.Time) string {
	from, last := r.From.In(now.Location()), r.To.In(now.Location()).Add(-time.Second)
	day := func(at time.Time) string {
		return text.T("day.date", "day", at.Day(), "month", text.T("month."+strconv.Itoa(int(at.Month())))) + " " + strconv.Itoa(at.Year())
	}
	if from.Format(time.DateOnly) == last.Format(time.DateOnly) {
		return day(from)
	}
	return day(from) + " – " + day(last)
}
