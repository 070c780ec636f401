// Package course makes a call's course ready for the screen: its lanes, what the PBX sent, and the words for both. It
// draws nothing.
package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/phone"
	"dozvon/client"
	"dozvon/client/timelines"
)

// Course is a call's course ready for the screen. All times count from its beginning.
type Course struct {
	Call         client.Call
	Symbol, Tone string
	Title, About string
	Length       time.Duration // of all that is drawn
	Running      bool
	Lanes        []Lane
	Steps        []Step
	Events       []Event
	Recordings   []timelines.TimelineRecording
	// Story says who decided what; Whole that the PBX told nothing but the whole.
	Story, Whole   string
	Checked, Clock string
	Agrees         bool // Checked is good news
}

// Lane is one line of it.
type Lane struct {
	Name, About string
	Bars        []Bar
	Aside       string // beside the last bar: where the call went
	Missed      bool   // a cross stands beside the last bar
}

// BarKind is what a bar shows.
type BarKind int

// The kinds of bars; a word, a form and a colour say the same.
const (
	BarWaits BarKind = iota // a menu or queue
	BarRings
	BarMissed
	BarTalks
	BarHeld
)

// Bar is a part of a lane.
type Bar struct {
	From, To time.Duration
	Kind     BarKind
	Words    string // in it, where there is room; on hover anyway
	Lasts    bool   // it goes on
}

// Step is a call that goes from one lane to another.
type Step struct {
	At       time.Duration
	From, To int
}

// Event is a line of what the PBX sent.
type Event struct {
	At                       time.Duration
	When, What, Answer, Took string
}

// Of makes the course of a call.
func Of(t timelines.Timeline, text *i18n.Text, now time.Time) Course {
	c := Course{
		Call: t.Call, Running: t.Call.State != client.StateEnded, Recordings: t.Recordings,
		Story: present.PrettyNumbers(text.Either(t.Call.Why, t.Call.WhyEN), text),
	}
	c.head(t, text, now)
	c.Length = max(time.Second, lengthOf(t, now))
	for i, lane := range t.Lanes {
		c.Lanes = append(c.Lanes, laneOf(t, i, lane, c.Length, text))
	}
	for _, m := range t.Moves {
		c.Steps = append(c.Steps, Step{At: ms(m.AtMS), From: m.From, To: m.To})
	}
	for _, e := range t.Events {
		if line, ok := eventOf(e, text); ok {
			c.Events = append(c.Events, line)
		}
	}
	if t.Whole {
		c.Whole = text.T("course.whole")
	}
	c.checked(t, text)
	return c
}

// signs say by an arrow and a tone what a call was, as its row does.
var signs = map[client.EntryType]struct{ symbol, tone string }{
	client.EntryCallIn: {"↙", "ring"}, client.EntryCallMissed: {"↙", "miss"}, client.EntryCallOut: {"↗", "ring"}, "": {"↗", "accent"},
}

// joined are the parts that are not empty, with points between.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func (c *Course) head(t timelines.Timeline, text *i18n.Text, now time.Time) {
	call := t.Call
	entry := map[client.Direction]client.EntryType{client.In: client.EntryCallIn, client.Out: client.EntryCallOut}[call.Direction]
	if call.Direction == client.In && call.Result == client.Missed {
		entry = client.EntryCallMissed
	}
	sign := signs[entry]
	c.Symbol, c.Tone, c.Title = sign.symbol, sign.tone, present.PrettyPhone(call.Phone, text)
	if call.Subject != nil {
		c.Title = call.Subject.Name
	}
	what := text.T("course.internal")
	if entry != "" {
		what = text.T("type." + string(entry))
	}
	from := t.From.In(now.Location())
	line := ""
	if call.Line != "" || call.LineName != "" {
		name := call.LineName
		if name == "" {
			name = present.PrettyPhone(call.Line, text)
		}
		line = text.T("course.line", "name", name)
	}
	waited, talked := "", ""
	if call.AnsweredAt != nil {
		waited = text.T("course.waited", "time", text.Length(call.AnsweredAt.Sub(call.StartedAt)))
	}
	if call.TalkSeconds != nil && *call.TalkSeconds > 0 {
		talked = text.T("course.talked", "time", text.Length(time.Duration(*call.TalkSeconds)*time.Second))
	}
	day := i18n.Lowered(text.Day(from, now))
	c.About = joined(what, day+", "+from.Format("15:04:05"), line, waited, talked)
}

// lengthOf is until when something is drawn: of a call that goes on until now.
func lengthOf(t timelines.Timeline, now time.Time) time.Duration {
	last := time.Duration(0)
	for _, l := range t.Lanes {
		for _, s := range l.Spans {
			last = max(last, ms(s.FromMS))
			if s.ToMS != nil {
				last = max(last, ms(*s.ToMS))
			}
		}
	}
	if t.Call.EndedAt != nil {
		return max(last, t.Call.EndedAt.Sub(t.From))
	}
	if t.Call.State != client.StateEnded {
		last = max(last, now.Sub(t.From))
	}
	return last
}

// laneName is whose lane it is.
func laneName(l timelines.TimelineLane, text *i18n.Text) string {
	switch {
	case l.Place == timelines.LaneMenu:
		return text.T("course.menu")
	case l.Place == timelines.LaneQueue:
		return text.T("course.queue")
	case l.Extension != "" && l.Employee != nil:
		return joined(present.ShortName(l.Employee.Name), l.Extension)
	case l.Extension != "":
		return text.T("conn.ext", "ext", l.Extension)
	case l.Phone != "":
		return present.PrettyPhone(l.Phone, text)
	}
	return text.T("course.pbx")
}

func laneOf(t timelines.Timeline, n int, l timelines.TimelineLane, length time.Duration, text *i18n.Text) Lane {
	out := Lane{Name: laneName(l, text)}
	for _, s := range l.Spans {
		bar := Bar{From: ms(s.FromMS), To: length, Lasts: s.ToMS == nil}
		if s.ToMS != nil {
			bar.To = ms(*s.ToMS)
		}
		bar.Kind, bar.Words = barOf(l, s, bar.To-bar.From, text)
		out.Bars = append(out.Bars, bar)
	}
	out.About, out.Missed = laneAbout(l, out.Bars, text)
	for _, m := range t.Moves {
		if m.From == n && m.To < len(t.Lanes) {
			key := "course.moved"
			if m.Asked {
				key = "course.asked"
			}
			to := t.Lanes[m.To].Extension
			if to == "" {
				to = laneName(t.Lanes[m.To], text)
			}
			out.Aside = text.T(key, "ext", to) // the last one counts: one asks first, and transfers then
		}
	}
	return out
}

func barOf(l timelines.TimelineLane, s timelines.TimelineSpan, lasts time.Duration, text *i18n.Text) (BarKind, string) {
	length := text.Length(lasts)
	switch {
	case l.Place == timelines.LaneMenu:
		return BarWaits, text.T("course.in_menu")
	case l.Place == timelines.LaneQueue:
		return BarWaits, text.T("course.in_queue")
	case s.State == client.StateTalking:
		return BarTalks, text.T("course.talks", "time", length)
	case s.State == client.StateHeld:
		return BarHeld, text.T("course.held")
	case s.Unanswered && s.Outward:
		return BarMissed, text.T("course.calls")
	case s.Unanswered:
		return BarMissed, text.T("course.rang")
	case s.Outward:
		return BarRings, text.T("course.calls")
	}
	return BarRings, text.T("course.rings")
}

// laneAbout is the second line of a lane: it says what its bars show.
func laneAbout(l timelines.TimelineLane, bars []Bar, text *i18n.Text) (about string, missed bool) {
	var rang, until time.Duration
	first, talked, outward := time.Duration(-1), false, false
	for i, b := range bars {
		switch b.Kind {
		case BarTalks, BarHeld:
			if !talked {
				talked, until = true, b.From
			}
		default:
			rang += b.To - b.From
			missed = missed || b.Kind == BarMissed
			outward = outward || l.Spans[i].Outward
			if first < 0 {
				first = b.From
			}
		}
	}
	reason := ""
	if l.Reason != nil {
		reason = text.Either(l.Reason.Text, l.Reason.TextEN)
	}
	switch {
	case l.Place == timelines.LaneMenu || l.Place == timelines.LaneQueue:
		return text.T("course.waited", "time", text.Length(rang)), false
	case talked && first < 0:
		return text.T("course.answered_at_once"), false
	case talked && outward:
		return text.T("course.client_answered", "time", text.Length(until-first)), false
	case talked:
		return text.T("course.answered", "time", text.Length(until-first)), false
	case outward && len(bars) > 0 && !bars[len(bars)-1].Lasts:
		return joined(text.T("course.client_silent", "time", text.Length(rang)), reason), true
	case missed && len(bars) > 0 && !bars[len(bars)-1].Lasts:
		return joined(text.T("course.unanswered", "time", text.Length(rang)), reason), true
	case len(bars) > 0 && !bars[len(bars)-1].Lasts:
		return text.T("course.taken_elsewhere"), false
	}
	return text.T("course.rings_now"), false
}

// ours are the kinds of events that the server made, and not the PBX.
var ours = map[string]bool{"dialled": true, "routed": true, "closed": true, "over": true}

// eventOf is a line of the right column; the PBX's own record of single legs is no event of its own.
func eventOf(e timelines.TimelineEvent, text *i18n.Text) (Event, bool) {
	if e.Kind == "history_leg" {
		return Event{}, false
	}
	line := Event{At: ms(e.AtMS), When: seconds(e.AtMS, text), What: eventWhat(e, text), Took: "—"}
	reached := e.StoredMS
	if e.ShownMS != nil && (reached == nil || *e.ShownMS > *reached) {
		reached = e.ShownMS
	}
	switch {
	case e.ReceivedMS != nil && reached != nil:
		line.Took = text.Milliseconds(float64(max(0, *reached-*e.ReceivedMS)))
		line.Answer = eventAnswer(e, text)
	case ours[e.Kind]:
		line.Answer = text.T("course.ours")
	case e.Kind == "history":
		line.Answer = text.T("course.by_list")
	default:
		line.Answer = text.T("course.not_noted")
	}
	return line, true
}

// seconds is a moment of the course: +8,1.
func seconds(n int64, text *i18n.Text) string {
	s := fmt.Sprintf("%+.1f", float64(n)/1000)
	if text.Lang() == i18n.Russian {
		s = strings.ReplaceAll(s, ".", ",")
	}
	return strings.ReplaceAll(s, "-", "−")
}

// eventWhat is what the PBX said.
func eventWhat(e timelines.TimelineEvent, text *i18n.Text) string {
	who := text.T("course.a_telephone")
	switch {
	case e.Extension != "":
		who = text.T("conn.ext", "ext", e.Extension)
	case e.Phone != "":
		who = present.PrettyPhone(e.Phone, text)
	}
	key := "course.ev." + e.Kind
	switch e.Kind {
	case "recording":
		key += "_" + e.State
	case "leg":
		switch {
		case e.Place == timelines.LaneMenu || e.Place == timelines.LaneQueue:
			key += "_" + string(e.Place)
			if e.State == "ended" {
				key += "_ended"
			}
		case e.State == "ended" && e.End != "":
			key += "_" + e.End
		case e.State == "ringing" && e.Outward:
			key += "_calling"
		default:
			key += "_" + e.State
		}
	}
	if !text.Has(key) {
		return e.Kind + " " + e.State
	}
	return text.T(key, "who", who, "digits", e.Digits)
}

// eventAnswer is what we did about it.
func eventAnswer(e timelines.TimelineEvent, text *i18n.Text) string {
	employees := e.Kind == "leg" && e.Place != timelines.LaneMenu && e.Place != timelines.LaneQueue && e.Extension != ""
	switch {
	case e.ShownMS == nil:
		return text.T("course.journalled")
	case employees && e.State == "ringing" && e.Employee != nil:
		return text.T("course.card", "who", present.ShortName(e.Employee.Name))
	case employees && e.State == "ringing":
		return text.T("course.nobodys")
	case employees && e.State == "talking":
		return text.T("course.panel")
	case employees && e.State == "held":
		return text.T("course.panel_held")
	case employees && e.State == "ended":
		return text.T("course.card_gone")
	case e.Kind == "summary":
		return text.T("course.in_feed")
	case e.Kind == "recording" && e.State == "ready":
		return text.T("course.can_be_heard")
	}
	return text.T("course.on_screens")
}

// checked says what comparing came to, how soon the cards were there, and what clocks do.
func (c *Course) checked(t timelines.Timeline, text *i18n.Text) {
	switch {
	case t.Checked == timelines.CheckedAgrees:
		c.Checked, c.Agrees = text.T("course.agrees"), true
	case t.Checked == timelines.CheckedRestored:
		c.Checked = text.T("course.restored")
	default:
		c.Checked = text.T("course.unchecked")
	}
	latest := int64(-1)
	for _, e := range t.Events {
		if e.Kind == "leg" && e.State == "ringing" && e.Extension != "" && e.ReceivedMS != nil && e.ShownMS != nil {
			latest = max(latest, *e.ShownMS-*e.ReceivedMS)
		}
	}
	var words []string
	if latest >= 0 {
		words = append(words, text.T("course.latest_card", "time", text.Milliseconds(float64(latest))))
	}
	// A PBX's times may be whole seconds: less than that says nothing.
	if lag := t.LagMS; lag != nil && *lag < 0 {
		words = append(words, text.T("course.clock_ahead", "time", text.Milliseconds(float64(-*lag))))
	} else if lag != nil && *lag >= 1500 {
		words = append(words, text.T("course.clock_behind", "time", text.Milliseconds(float64(*lag))))
	}
	c.Clock = strings.Join(words, " ")
}

// EventAt is the place of the event that was the last at a moment; -1: none had come.
func (c Course) EventAt(at time.Duration) int {
	found := -1
	for n, e := range c.Events {
		if e.At <= at {
			found = n
		}
	}
	return found
}

// Plain is the course as text for support: with extensions, without names, numbers masked.
func (c Course) Plain(text *i18n.Text) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n%s, %s\n", text.T("course.of"), c.Call.ID, phone.Number(c.Call.Phone).Masked(), c.About)
	for i, l := range c.Lanes {
		var bars []string
		for _, bar := range l.Bars {
			bars = append(bars, fmt.Sprintf("%s–%s %s", seconds(bar.From.Milliseconds(), text), seconds(bar.To.Milliseconds(), text), bar.Words))
		}
		fmt.Fprintf(&b, "%d. %s: %s %s\n", i+1, l.plainName(), strings.Join(bars, ", "), l.Aside)
	}
	for _, e := range c.Events {
		fmt.Fprintf(&b, "%s %s %s\n", e.When, e.What, e.Took)
	}
	b.WriteString(c.Checked)
	if c.Clock != "" {
		b.WriteString("\n" + c.Clock)
	}
	return wholeNumber.ReplaceAllStringFunc(b.String(), func(raw string) string {
		if n, err := phone.Parse(raw); err == nil {
			return n.Masked()
		}
		return raw
	})
}

// wholeNumber is a number as people read it.
var wholeNumber = regexp.MustCompile(`\+\d[\d ()-]{7,18}\d`)

// plainName is a lane's without the employee's.
func (l Lane) plainName() string {
	_, ext, named := strings.Cut(l.Name, " · ")
	if named {
		return ext
	}
	return l.Name
}
