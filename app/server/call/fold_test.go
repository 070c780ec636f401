package call_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dozvon/app/server/call"
)

const client = "+79000000101"

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// script builds events so that the eye sees only what differs: each step is a second later.
type script struct {
	at  time.Time
	seq map[string]int64
	out []call.Event
}

func (s *script) leg(id string, state call.LegState, change func(*call.Event)) {
	if s.seq == nil {
		s.seq = map[string]int64{}
		s.at = noon
	}
	s.at = s.at.Add(time.Second)
	s.seq[id]++
	e := call.Event{
		Kind: call.KindLeg, Key: "k", At: s.at, Leg: id, Seq: s.seq[id], State: state, Place: call.PlaceEmployee,
		From: call.Party{Number: client}, To: call.Party{Extension: strings.TrimRight(id, "ab")},
	}
	if change != nil {
		change(&e)
	}
	s.out = append(s.out, e)
}

func (s *script) ends(id string, end call.End) {
	s.leg(id, call.LegEnded, func(e *call.Event) { e.End = end })
}

func (s *script) summary(d call.Direction, answered time.Time) {
	s.at = s.at.Add(time.Second)
	s.out = append(s.out, call.Event{Kind: call.KindSummary, Key: "k", At: s.at, Began: noon, Direction: d, Answered: answered, From: call.Party{Number: client}})
}

func summaryOf(c call.Call) string {
	v := c.View()
	text := string(v.State)
	if v.Result != "" {
		text += " " + string(v.Result)
	}
	if v.Extension != "" {
		text += " by " + v.Extension
	}
	if len(v.Rang) > 0 {
		text += ", rang " + strings.Join(v.Rang, " ")
	}
	return text
}

func TestFold_callEndsTheSameWhateverTheOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		write func(*script)
		want  string
	}{
		{"rings", func(s *script) { s.leg("101", call.LegRinging, nil) }, "ringing by 101, rang 101"},
		{"answered at the second desk", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("102", call.LegRinging, nil)
			s.leg("102", call.LegTalking, nil)
			s.ends("101", call.EndMoved)
			s.ends("102", call.EndByCaller)
		}, "ended answered by 102, rang 101 102"},
		{"caller gives up", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndByCaller)
		}, "ended missed by 101, rang 101"},
		{"nobody answers: the call waits for the PBX's word", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
		}, "ringing by 101, rang 101"},
		{"one extension, two telephones: the idle one stops, the call goes on", func(s *script) {
			s.leg("101a", call.LegRinging, nil)
			s.leg("101b", call.LegRinging, nil)
			s.leg("101a", call.LegTalking, nil)
			s.ends("101b", call.EndMoved)
		}, "talking by 101, rang 101"},
		{"held", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
		}, "held by 101, rang 101"},
		{"the summary says that nobody talked", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			s.summary(call.In, time.Time{})
		}, "ended missed by 101, rang 101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{}
			tt.write(s)
			for i, order := range shuffledAndDoubled(s.out) {
				if got := summaryOf(call.FoldAll(order)); got != tt.want {
					t.Errorf("order %d\n got %s\nwant %s", i, got, tt.want)
				}
			}
		})
	}
}

func shuffledAndDoubled(events []call.Event) [][]call.Event {
	orders := [][]call.Event{events}
	r := rand.New(rand.NewPCG(7, 7))
	for range 30 {
		doubled := append(slices.Clone(events), events...)
		r.Shuffle(len(doubled), func(i, j int) { doubled[i], doubled[j] = doubled[j], doubled[i] })
		orders = append(orders, doubled)
	}
	return orders
}

func TestFold_isTheSameForAnyEventsInAnyOrder(t *testing.T) {
	t.Parallel()
	event := rapid.Custom(func(t *rapid.T) call.Event {
		ext := rapid.SampledFrom([]string{"", "101", "102"})
		return call.Event{
			Kind:  rapid.SampledFrom([]call.Kind{call.KindLeg, call.KindLeg, call.KindLeg, call.KindSummary, call.KindRecording, call.KindClosed, call.KindOver, call.KindHistory, call.KindHistoryLeg, call.KindRouted}).Draw(t, "kind"),
			At:    noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "at")) * time.Second),
			Began: noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "began")) * time.Second),
			Place: rapid.SampledFrom([]call.Place{call.PlaceMenu, call.PlaceEmployee}).Draw(t, "place"),
			Leg:   rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "leg"),
			Seq:   rapid.Int64Range(1, 4).Draw(t, "seq"),
			State: rapid.SampledFrom([]call.LegState{call.LegRinging, call.LegTalking, call.LegHeld, call.LegEnded}).Draw(t, "state"),
			From:  call.Party{Extension: ext.Draw(t, "from"), Number: client}, To: call.Party{Extension: ext.Draw(t, "to")},
			End:       rapid.SampledFrom([]call.End{call.EndByCaller, call.EndMoved, call.EndNoAnswer}).Draw(t, "end"),
			Callback:  rapid.Bool().Draw(t, "callback"),
			Key:       rapid.SampledFrom([]string{"", "k", "other"}).Draw(t, "key"),
			Fact:      rapid.SampledFrom([]string{"", "", "rings", "ends"}).Draw(t, "fact"),
			Final:     rapid.Bool().Draw(t, "final"),
			Quiet:     rapid.Bool().Draw(t, "quiet"),
			Unsure:    rapid.Bool().Draw(t, "unsure"),
			Guessed:   rapid.Bool().Draw(t, "guessed"),
			Soft:      rapid.Bool().Draw(t, "soft"),
			Fork:      rapid.SampledFrom([]string{"", "f"}).Draw(t, "fork"),
			Recording: rapid.SampledFrom([]string{"", "r1"}).Draw(t, "recording"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(event, 1, 12).Draw(t, "events")
		other := rapid.Permutation(append(slices.Clone(events), events...)).Draw(t, "other")
		a, b := call.FoldAll(events), call.FoldAll(other)
		if !reflect.DeepEqual(a.View(), b.View()) {
			t.Fatalf("order changed the call:\n%+v\n%+v", a.View(), b.View())
		}
	})
}
