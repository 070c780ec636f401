// Package stacking decides which call cards stand on the screen: in which order, and which of them give
// way when they do not all fit. It knows neither words nor widgets; the same cards give the same stack
// in whatever order they come.
package stacking

import (
	"cmp"
	"slices"
	"time"
)

// Kind is what a card is, as far as its place depends on it.
type Kind int

// The kinds, in the order in which they stand from the corner up.
const (
	Ringing  Kind = iota
	Own           // dialled, talking or held: a call of the person's own
	Reminder      // no call: a task that is due
	Ended         // over for this person, and gone by itself soon
	Missed
)

// Card is a card that wants to stand on the screen.
type Card struct {
	ID   string // tells cards apart
	Kind Kind
	At   time.Time // when the call began, or the task was due
	// Busy says that the person is at it: a note is being written, a colleague chosen. It is never taken
	// away under their hands.
	Busy bool
}

// Form is how cards are shown at a place.
type Form int

// A card shows whole; ringing ones may share a line, and missed ones a card. A strip stands at the edge of the screen:
// for those that ring during a talk, or for all while another program has the whole screen.
const (
	Whole Form = iota
	Line
	Fold
	Strip
)

// Place is one thing of the stack, and the cards that it shows by their places in what was given: one
// when whole, else in order of time.
type Place struct {
	Form  Form
	Cards []int
}

// Room is what there is for the stack; all in the same unit.
type Room struct {
	Height     float32 // of the whole stack
	Gap        float32 // between two places
	Line, Fold float32 // heights of these forms; a strip is as high as a line
	// Aside lets a strip stand for all calls that ring while a call of the person's own goes on.
	Aside bool
}

// Arrange places cards from the corner up: ringing ones, the one that waits longest first, then one's own
// calls, reminders, ended and missed ones. When they do not all fit, ended ones go first, then missed ones
// fold into one card, ringing ones share a line; then the reminders go, the fold, the line, and one's own
// calls last. The ringing call that waits longest stands whole in any case, or the first of one's own when
// nothing rings, and so does what the person is at; and something always stands. height tells how high the
// card at a place of cards is when whole; it is asked for no more cards than it takes to see that they do
// not fit.
func Arrange(cards []Card, room Room, height func(int) float32) []Place {
	a := &arrangement{cards: cards, room: room, height: height, whole: map[int]bool{}}
	for i := range cards {
		a.order = append(a.order, i)
	}
	slices.SortFunc(a.order, func(x, y int) int {
		l, r := cards[x], cards[y]
		return cmp.Or(cmp.Compare(l.Kind, r.Kind), l.At.Compare(r.At), cmp.Compare(l.ID, r.ID))
	})
	a.order = slices.CompactFunc(a.order, func(x, y int) bool { return cards[x].Kind == cards[y].Kind && cards[x].ID == cards[y].ID })
	for place, i := range a.order {
		a.whole[i] = true
		if place == 0 && cards[i].Kind <= Own || cards[i].Busy {
			a.pinned = append(a.pinned, i)
		}
	}
	if room.Aside {
		a.stepAside()
	}
	a.makeRoom()
	return a.places()
}

// stepAside puts what rings into a strip over the calls of the person's own, the first of which stands whole instead. A
// ringing one that the person is at stays.
func (a *arrangement) stepAside() {
	own := slices.IndexFunc(a.order, func(i int) bool { return a.cards[i].Kind == Own })
	if own < 0 {
		return
	}
	a.pinned = slices.DeleteFunc(a.pinned, func(i int) bool { return a.cards[i].Kind == Ringing && !a.cards[i].Busy })
	if first := a.order[own]; !slices.Contains(a.pinned, first) {
		a.pinned = append(a.pinned, first)
	}
	ringing := a.loose(Ringing)
	a.drop(ringing)
	a.line = len(ringing) > 0
	a.strip = a.line
}

// arrangement is a stack while room is made in it.
type arrangement struct {
	cards  []Card
	room   Room
	height func(int) float32
	order  []int // from the corner up
	pinned []int
	whole  map[int]bool
	line   bool // ringing ones that do not stand whole share a line,
	strip  bool // or have stepped aside into a strip
	fold   bool // missed ones likewise a card
}

// makeRoom takes one step after the other until everything fits.
func (a *arrangement) makeRoom() {
	for _, i := range a.loose(Ended) {
		if a.fits() {
			return
		}
		a.whole[i] = false
	}
	if a.fits() {
		return
	}
	if missed := a.loose(Missed); len(missed) > 0 {
		a.fold = true
		a.drop(missed)
	}
	a.shareLine()
	a.dropWhileTight(Reminder)
	if a.fold && !a.fits() && (a.line || slices.ContainsFunc(a.order, func(i int) bool { return a.whole[i] })) {
		a.fold = false
	}
	if !a.fits() {
		a.line = false
	}
	a.dropWhileTight(Own)
}

// dropWhileTight takes cards of a kind away, the latest first.
func (a *arrangement) dropWhileTight(kind Kind) {
	cards := a.loose(kind)
	slices.Reverse(cards)
	for _, i := range cards {
		if a.fits() {
			return
		}
		a.whole[i] = false
	}
}

// shareLine keeps as many ringing cards whole as fit, the longest waiting ones, and puts the others in a
// line.
func (a *arrangement) shareLine() {
	if a.fits() {
		return
	}
	ringing := a.loose(Ringing)
	if len(ringing) == 0 {
		return
	}
	a.line = true
	a.drop(ringing)
	for n, i := range ringing {
		a.whole[i] = true
		a.line = n < len(ringing)-1
		if !a.fits() {
			a.whole[i], a.line = false, true
			return
		}
	}
}

// loose are the whole cards of a kind that may give way, the earliest first.
func (a *arrangement) loose(kind Kind) []int {
	var out []int
	for _, i := range a.order {
		if a.cards[i].Kind == kind && a.whole[i] && !slices.Contains(a.pinned, i) {
			out = append(out, i)
		}
	}
	return out
}

func (a *arrangement) drop(all []int) {
	for _, i := range all {
		a.whole[i] = false
	}
}

// fits tells whether what shall stand there now does.
func (a *arrangement) fits() bool {
	used := -a.room.Gap
	if a.line {
		used += a.room.Line + a.room.Gap
	}
	if a.fold {
		used += a.room.Fold + a.room.Gap
	}
	for _, i := range a.order {
		if used > a.room.Height {
			return false
		}
		if a.whole[i] {
			used += a.height(i) + a.room.Gap
		}
	}
	return used <= a.room.Height
}

// places lists what stands there. The line comes after the last whole ringing card, a strip after the person's own
// calls, which keep their places; the fold stands on top.
func (a *arrangement) places() []Place {
	var out []Place
	var line, fold []int
	form, under := Line, Ringing
	if a.strip {
		form, under = Strip, Own
	}
	for _, i := range a.order {
		switch kind := a.cards[i].Kind; {
		case a.whole[i]:
			if line != nil && kind > under {
				out, line = append(out, Place{form, line}), nil
			}
			out = append(out, Place{Whole, []int{i}})
		case kind == Ringing && a.line:
			line = append(line, i)
		case kind == Missed && a.fold:
			fold = append(fold, i)
		}
	}
	if line != nil {
		out = append(out, Place{form, line})
	}
	if fold != nil {
		out = append(out, Place{Fold, fold})
	}
	if out == nil && len(a.order) > 0 {
		out = []Place{{Whole, a.order[:1]}}
	}
	return out
}
