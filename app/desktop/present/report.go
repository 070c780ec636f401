package present

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// Tile is one figure that stands as text above the charts.
type Tile struct{ Title, Value, Hint string }

// Tiles sums a report up.
func Tiles(f client.CallFigures, text *i18n.Text) []Tile {
	answer, answerHint := "—", ""
	if f.AnswerMedian != nil {
		answer, answerHint = span(*f.AnswerMedian, text), text.T("rep.p90", "time", span(*f.AnswerP90, text))
	}
	tiles := []Tile{
		{text.T("rep.calls"), strconv.Itoa(f.Calls), text.T("rep.calls_hint", "in", f.Answered, "out", f.Out)},
		{text.T("rep.missed"), Percent(f.MissedShare, text), text.T("rep.of_inbound", "n", f.Missed, "of", f.Missed+f.Answered)},
		{text.T("rep.answer"), answer, answerHint},
		{text.T("rep.talk"), span(f.TalkAverage, text), text.T("rep.talk_all", "time", span(f.TalkSeconds, text))},
	}
	if b := f.CallBacks; b != nil {
		tiles = append(tiles, Tile{
			text.T("rep.back"), text.T("rep.n_of", "n", b.Within60, "of", b.Of),
			text.T("rep.back_hint", "a", b.Within5, "b", b.Within15, "c", b.Within60),
		})
	}
	return tiles
}

func span(seconds int, text *i18n.Text) string {
	return text.Length(time.Duration(seconds) * time.Second)
}

// Percent writes a share: with one decimal where whole percents would say too little.
func Percent(share float64, text *i18n.Text) string {
	p := share * 100
	words := strconv.FormatFloat(p, 'f', 0, 64)
	if p < 10 && math.Abs(p-math.Round(p)) >= 0.05 {
		words = strconv.FormatFloat(p, 'f', 1, 64)
	}
	if text.Lang() == i18n.Russian {
		words = strings.ReplaceAll(words, ".", ",")
	}
	return text.T("rep.percent", "n", words)
}

// Doubts are what the figures may lack, in words; none is the usual case.
func Doubts(r client.Report, text *i18n.Text, now time.Time) []string {
	var out []string
	if r.Doubt.Restored > 0 {
		out = append(out, text.N("rep.restored", r.Doubt.Restored))
	}
	for _, o := range r.Doubt.Outages {
		key := "rep.outage"
		if o.Cause == "server" {
			key = "rep.outage_server"
		}
		out = append(out, text.T(key, "from", clockOrDay(o.From, r, text, now), "to", clockOrDay(o.To, r, text, now)))
	}
	if b := r.Total.CallBacks; b != nil && b.Open > 0 {
		out = append(out, text.N("rep.open", b.Open))
	}
	return out
}

// clockOrDay is a moment of a report: the time alone where the report is of one day.
func clockOrDay(at time.Time, r client.Report, text *i18n.Text, now time.Time) string {
	at = at.In(now.Location())
	if r.To.Sub(r.From) <= 25*time.Hour {
		return text.Clock(at)
	}
	return at.Format("02.01 15:04")
}

// Tone is the family of colours of a bar, by the names of the feed's rows; a pale one is paler.
type Tone string

// The tones of charts: answered, outgoing, missed, and what neither is.
const (
	ToneRing   Tone = "ring"
	ToneAccent Tone = "accent"
	ToneMiss   Tone = "miss"
	TonePale   Tone = "pale"
)

// Part is a piece of a bar, counted from the bar's foot: one part may stand in front of another.
type Part struct {
	From, To float64
	Tone     Tone
	// Words are what the pointer is told: whose bar, then the exact figure, a line each.
	Words string
	Query client.FeedQuery
}

// Bar is a bar with what is clicked where it has no part.
type Bar struct {
	Label string
	Parts []Part
	Words string
	Query client.FeedQuery
	// Hours is set on the cells of a week's map: the hours that a cell is made of.
	Hours []client.ReportHour
}

// Unit is what an axis counts.
type Unit int

// Units of charts.
const (
	UnitCalls Unit = iota
	UnitPercent
	UnitSeconds
)

// Measure is what a chart shows of the calls.
type Measure string

// The measures.
const (
	MeasureCalls  Measure = "calls"
	MeasureMissed Measure = "missed"
	MeasureAnswer Measure = "answer"
	MeasureTalk   Measure = "talk"
)

// Unit is what the measure's axis counts.
func (m Measure) Unit() Unit {
	switch m {
	case MeasureMissed:
		return UnitPercent
	case MeasureAnswer, MeasureTalk:
		return UnitSeconds
	}
	return UnitCalls
}

const allCalls = "call_in,call_missed,call_out"

// Bars makes the bars of a report's rows by a measure. Rows that stand for nobody, or for no line,
// are left out of a chart of employees or lines: there is nothing to filter the feed by.
func Bars(r client.Report, m Measure, text *i18n.Text, now time.Time) []Bar {
	var out []Bar
	for _, item := range r.Items {
		if item.Key == "" {
			continue
		}
		label, whole := rowName(r.Group, item, text, now)
		q := client.FeedQuery{Type: allCalls, From: r.From.Format(time.RFC3339), To: r.To.Format(time.RFC3339)}
		switch {
		case item.From != nil:
			q.From, q.To = item.From.Format(time.RFC3339), item.To.Format(time.RFC3339)
		case r.Group == client.ByEmployee:
			q.Employee = item.Key
		case r.Group == client.ByLine:
			q.Line = item.Key
		}
		out = append(out, bar(Bar{Label: label, Query: q}, whole, item.CallFigures, m, text))
	}
	return out
}

func bar(b Bar, whole string, f client.CallFigures, m Measure, text *i18n.Text) Bar {
	at := 0.0
	part := func(tone Tone, from, to float64, types, words string) {
		if to <= from {
			return
		}
		q := b.Query
		q.Type = types
		b.Parts = append(b.Parts, Part{from, to, tone, whole + "\n" + words, q})
		at = to
	}
	stack := func(tone Tone, n int, types, key string) {
		part(tone, at, at+float64(n), types, text.T(key, "n", n))
	}
	b.Words = whole + "\n" + text.N("rep.calls_n", f.Calls)
	switch m {
	case MeasureCalls:
		stack(ToneRing, f.Answered, string(client.EntryCallIn), "rep.in_n")
		stack(ToneAccent, f.Out, string(client.EntryCallOut), "rep.out_n")
		stack(ToneMiss, f.Missed, string(client.EntryCallMissed), "rep.missed_n")
	case MeasureMissed:
		words := Percent(f.MissedShare, text) + " · " + text.T("rep.of_inbound", "n", f.Missed, "of", f.Missed+f.Answered)
		b.Words, b.Query.Type = whole+"\n"+words, "call_in,call_missed"
		part(ToneMiss, 0, f.MissedShare*100, string(client.EntryCallMissed), words)
	case MeasureAnswer:
		b.Words, b.Query.Type = whole+"\n"+text.T("rep.no_answers"), string(client.EntryCallIn)
		if f.AnswerMedian == nil {
			break
		}
		words := text.T("rep.half", "time", span(*f.AnswerMedian, text)) + "\n" + text.T("rep.p90", "time", span(*f.AnswerP90, text))
		b.Words = whole + "\n" + words
		part(TonePale, 0, float64(*f.AnswerP90), string(client.EntryCallIn), words)
		part(ToneRing, 0, float64(*f.AnswerMedian), string(client.EntryCallIn), words)
	case MeasureTalk:
		words := text.T("rep.talk_all", "time", span(f.TalkSeconds, text)) + "\n" + text.T("rep.talk_one", "time", span(f.TalkAverage, text))
		b.Words, b.Query.Type = whole+"\n"+words, "call_in,call_out"
		part(ToneAccent, 0, float64(f.TalkSeconds), "call_in,call_out", words)
	}
	return b
}

// rowName is a row's short name under its bar, and the whole one for the pointer.
func rowName(group client.ReportGroup, item client.ReportRow, text *i18n.Text, now time.Time) (label, whole string) {
	if item.From != nil {
		from, to := item.From.In(now.Location()), item.To.In(now.Location())
		if group == client.ByHour {
			return strconv.Itoa(from.Hour()), Weekday(from, text) + " " + from.Format("02.01") + ", " + text.Clock(from) + "–" + clockEnd(to)
		}
		return from.Format("02.01"), Weekday(from, text) + ", " + text.T("day.date", "day", from.Day(), "month", text.T(fmt.Sprintf("month.%d", int(from.Month()))))
	}
	name := item.Name
	if group == client.ByLine {
		if name == "" {
			name = PrettyPhone(item.Key, text)
		}
		return name, strings.TrimSpace(item.Name + " " + PrettyPhone(item.Key, text))
	}
	if name == "" {
		return text.T("set.person_gone"), text.T("set.person_gone")
	}
	return ShortName(name), name
}

// clockEnd writes midnight at the end of a day as 24:00.
func clockEnd(at time.Time) string {
	if at.Hour() == 0 && at.Minute() == 0 {
		return "24:00"
	}
	return at.Format("15:04")
}

// Weekday is «пн».
func Weekday(at time.Time, text *i18n.Text) string {
	return text.T(fmt.Sprintf("wd.%d", (int(at.Weekday())+6)%7+1))
}

// CallBackBars show how soon missed callers were called back: tried pale, reached in front.
func CallBackBars(r client.Report, text *i18n.Text) []Bar {
	b := r.Total.CallBacks
	if b == nil || b.Of == 0 {
		return nil
	}
	q := client.FeedQuery{Type: string(client.EntryCallMissed), From: r.From.Format(time.RFC3339), To: r.To.Format(time.RFC3339)}
	var out []Bar
	for _, step := range []struct {
		minutes, tried, reached int
	}{{5, b.Within5, b.Reached5}, {15, b.Within15, b.Reached15}, {60, b.Within60, b.Reached60}} {
		label := text.T("rep.in_minutes", "n", step.minutes)
		words := label + "\n" + text.T("rep.tried", "n", step.tried, "of", b.Of) + "\n" + text.T("rep.reached", "n", step.reached, "of", b.Of)
		out = append(out, Bar{Label: label, Words: words, Query: q, Parts: []Part{
			{0, float64(step.tried), TonePale, words, q}, {0, float64(step.reached), ToneRing, words, q},
		}})
	}
	return out
}

// Cells are the 168 cells of a week's map, Monday 0:00 first.
func Cells(r client.Report, text *i18n.Text) []Bar {
	out := make([]Bar, 0, len(r.Items))
	for n, item := range r.Items {
		whole := fmt.Sprintf("%s, %02d:00–%02d:00", text.T(fmt.Sprintf("wd.%d", n/24+1)), n%24, n%24+1)
		words := whole + "\n" + text.N("rep.calls_n", item.Calls)
		if item.Missed > 0 {
			words += " · " + text.T("rep.missed_n", "n", item.Missed)
		}
		cell := Bar{Words: words, Hours: item.Hours}
		if item.Calls > 0 {
			cell.Parts = []Part{{To: float64(item.Calls), Words: words}}
		}
		out = append(out, cell)
	}
	return out
}

// HourQuery filters the feed by the calls of one hour, as far as it lies in the report.
func HourQuery(r client.Report, h client.ReportHour) client.FeedQuery {
	to := h.From.Add(time.Hour)
	if to.After(r.To) {
		to = r.To
	}
	return client.FeedQuery{Type: allCalls, From: h.From.Format(time.RFC3339), To: to.Format(time.RFC3339)}
}

// Tick writes a value beside an axis.
func Tick(value float64, unit Unit, text *i18n.Text) string {
	switch unit {
	case UnitPercent:
		return Percent(value/100, text)
	case UnitSeconds:
		switch s := int(value); {
		case s == 0:
			return "0"
		case s < 60:
			return text.T("length.s", "s", s)
		case s < 3600 && s%60 != 0:
			return text.Timer(time.Duration(s) * time.Second)
		case s < 3600:
			return text.T("rep.min", "n", s/60)
		case s%3600 != 0:
			return span(s, text)
		default:
			return text.T("rep.hours", "n", s/3600)
		}
	}
	return strconv.Itoa(int(value))
}

// steps between the ticks of seconds: whole minutes and hours, as people read clocks.
var steps = []float64{5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 120 * 3600, 240 * 3600}

// Ticks are the values at which an axis from 0 to most has a line: about four, and the last is
// not below most.
func Ticks(most float64, unit Unit) []float64 {
	const about = 4
	step := 1.0
	switch unit {
	case UnitSeconds:
		for _, step = range steps {
			if step*about >= most {
				break
			}
		}
	default:
		for k := 0; step*about < most; k++ {
			step = math.Pow(10, float64(k/3)) * []float64{1, 2, 5}[k%3]
		}
	}
	out := []float64{0}
	for out[len(out)-1] < most || len(out) < 2 {
		out = append(out, out[len(out)-1]+step)
	}
	return out
}
