package stacking_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/stacking"
)

// The heights of the design, and the two thirds of a work area of 900.
const (
	whole, bar, missed = 220, 136, 148
	roomy              = 600
)

var room = stacking.Room{Height: roomy, Gap: 12, Line: 40, Fold: 116}

// wanting is a card as a test writes it: "r" rings, "o" is one's own, "m" missed, "e" ended, "t" a reminder;
// then its minute, and "!" when the person is at it.
func wanting(words string) []stacking.Card {
	kinds := map[byte]stacking.Kind{'r': stacking.Ringing, 'o': stacking.Own, 't': stacking.Reminder, 'e': stacking.Ended, 'm': stacking.Missed}
	var out []stacking.Card
	for word := range strings.FieldsSeq(words) {
		card := stacking.Card{ID: strings.TrimSuffix(word, "!"), Kind: kinds[word[0]], Busy: strings.HasSuffix(word, "!")}
		minute := 0
		fmt.Sscanf(card.ID[1:], "%d", &minute)
		card.At = time.Date(2026, 11, 28, 9, minute, 0, 0, time.UTC)
		out = append(out, card)
	}
	return out
}

func heightOf(card stacking.Card) float32 {
	switch card.Kind {
	case stacking.Own:
		return bar
	case stacking.Missed:
		return missed
	}
	return whole
}

func arranged(cards []stacking.Card, room stacking.Room) []stacking.Place {
	return stacking.Arrange(cards, room, func(i int) float32 { return heightOf(cards[i]) })
}

// told writes a stack down from the corner up: a line in brackets, a fold in braces, a strip between <>.
func told(cards []stacking.Card, places []stacking.Place) string {
	var out []string
	for _, p := range places {
		var ids []string
		for _, i := range p.Cards {
			ids = append(ids, cards[i].ID)
		}
		words := strings.Join(ids, " ")
		switch p.Form {
		case stacking.Line:
			words = "[" + words + "]"
		case stacking.Strip:
			words = "<" + words + ">"
		case stacking.Fold:
			words = "{" + words + "}"
		}
		out = append(out, words)
	}
	return strings.Join(out, " ")
}

func TestArrange_whoStandsWhereAndWhoGivesWay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		cards  string
		height float32 // of the room; 0: two thirds of 900
		want   string
	}{
		{"nothing", "", 0, ""},
		{"one rings", "r1", 0, "r1"},
		{"the one that waits longest is nearest to the corner", "r5 r2", 0, "r2 r5"},
		{"a ringing call takes the corner from a talk", "o1 r2", 0, "r2 o1"},
		{"room for all", "m1 e2 r3", 620, "r3 e2 m1"},
		{"reminders stand below the missed", "m1 t2", 0, "t2 m1"},
		{"ended ones go first, the oldest of them", "e1 e2 m3 o4", 0, "o4 e2 m3"},
		{"ended ones go before a missed one folds", "r1 m2 e3 o4", 0, "r1 o4 m2"},
		{"then missed ones fold into one card, all of them", "r1 o2 m3 m4 e5", 0, "r1 o2 {m3 m4}"},
		{"many missed alone fold", "m1 m2 m3 m4 m5 m6 m7", 0, "{m1 m2 m3 m4 m5 m6 m7}"},
		{"three missed fit", "m1 m2 m3", 0, "m1 m2 m3"},
		{"others that ring share a line", "r1 r2 r3 r4", 0, "r1 r2 [r3 r4]"},
		{"as many ring whole as there is room for", "r1 r2 r3 r4", 740, "r1 r2 r3 [r4]"},
		{"the picture of the design", "r1 r2 r3 o4 m5 m6", 0, "r1 [r2 r3] o4 {m5 m6}"},
		{"reminders give way to the fold", "t1 t2 m3 m4", 0, "t1 t2 {m3 m4}"},
		{"the reminder that is due longest stays", "t1 t2 t3 m4", 0, "t1 t2 {m4}"},
		{"the fold goes before the line and the talk", "r1 r2 o3 m4 m5", 460, "r1 [r2] o3"},
		{"the line goes before the talk", "r1 r2 o3", 380, "r1 o3"},
		{"the talk goes last", "r1 o2", 300, "r1"},
		{"who waits longest never shrinks", "r1 r2 m3", 100, "r1"},
		{"a talk stands in any room", "o1 m2", 100, "o1"},
		{"something always stands", "e1", 100, "e1"},
		{"a fold stands alone in a small room", "m1 m2", 130, "{m1 m2}"},
		{"everything ended", "e1 e2 e3 e4", 0, "e3 e4"},
		{"a note on an ended card is left in peace", "e1! e2 r3 o4", 0, "r3 o4 e1"},
		{"a note on a ringing card too", "r1 r2 r3!", 0, "r1 r3 [r2]"},
		{"and on a missed one", "m1 m2! m3 m4 m5", 0, "m2 {m1 m3 m4 m5}"},
		{"even when there is no room", "r1 e2! e3! m4!", 0, "r1 e2 e3 m4"},
		{"the same card told twice is one", "r1 r1 m2 m2", 0, "r1 m2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cards, in := wanting(tt.cards), room
			if tt.height > 0 {
				in.Height = tt.height
			}
			if got := told(cards, arranged(cards, in)); got != tt.want {
				t.Errorf("%s stands as %q, want %q", tt.cards, got, tt.want)
			}
		})
	}
}

func TestArrange_whateverTheOrderInWhichCardsCome(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		var words []string
		for n := range 1 + random.IntN(40) {
			word := string("roetm"[random.IntN(5)]) + fmt.Sprint(n)
			if random.IntN(9) == 0 {
				word += "!"
			}
			words = append(words, word)
		}
		cards := wanting(strings.Join(words, " "))
		want := told(cards, arranged(cards, room))
		again := append(wanting(strings.Join(words, " ")), cards...) // each twice
		random.Shuffle(len(again), func(a, b int) { again[a], again[b] = again[b], again[a] })
		if got := told(again, arranged(again, room)); got != want {
			t.Fatalf("round %d: %q stands as %q in another order, want %q", round, words, got, want)
		}
		holdsWhatIsPromised(t, cards, arranged(cards, room))
	}
}

// holdsWhatIsPromised checks the promises that hold for any cards.
func holdsWhatIsPromised(t *testing.T, cards []stacking.Card, places []stacking.Place) {
	t.Helper()
	used, forced := -room.Gap, -room.Gap
	shown := map[int]bool{}
	for _, p := range places {
		height := map[stacking.Form]float32{stacking.Line: room.Line, stacking.Fold: room.Fold}[p.Form]
		if p.Form == stacking.Whole {
			height = heightOf(cards[p.Cards[0]])
			shown[p.Cards[0]] = true
		}
		used += height + room.Gap
	}
	longest := -1
	for i, c := range cards {
		if c.Kind == stacking.Ringing && (longest < 0 || c.At.Before(cards[longest].At)) {
			longest = i
		}
	}
	for i, c := range cards {
		if c.Busy || i == longest {
			forced += heightOf(c) + room.Gap
			if !shown[i] {
				t.Errorf("%s does not stand whole among %s", c.ID, told(cards, places))
			}
		}
	}
	if longest >= 0 && (len(places) == 0 || places[0].Cards[0] != longest) {
		t.Errorf("%s is not nearest to the corner: %s", cards[longest].ID, told(cards, places))
	}
	if used > max(room.Height, forced) && forced > 0 {
		t.Errorf("%s is %v high, room is for %v", told(cards, places), used, room.Height)
	}
}

func TestArrange_thirtyRingingAtOnceAskForFewHeights(t *testing.T) {
	t.Parallel()
	var words []string
	for n := range 30 {
		words = append(words, fmt.Sprintf("r%d", n))
	}
	cards, asked := wanting(strings.Join(words, " ")), map[int]bool{}
	places := stacking.Arrange(cards, room, func(i int) float32 { asked[i] = true; return heightOf(cards[i]) })
	if len(places) != 3 || places[2].Form != stacking.Line || len(places[2].Cards) != 28 {
		t.Errorf("they stand as %s", told(cards, places))
	}
	// Drawing a card to know its height is what costs time in a storm.
	if len(asked) > 4 {
		t.Errorf("the heights of %d cards were asked for", len(asked))
	}
}

// TestArrange_whatRingsStepsAsideDuringATalk where the person has chosen so.
func TestArrange_whatRingsStepsAsideDuringATalk(t *testing.T) {
	t.Parallel()
	aside := room
	aside.Aside = true
	tight := aside
	tight.Height = bar
	for _, tt := range []struct {
		room              stacking.Room
		name, wants, want string
	}{
		{aside, "without a talk all is as ever", "r1 m3", "r1 m3"},
		{aside, "one rings", "o1 r2", "o1 <r2>"},
		{aside, "several ring", "r3 o1 r2 m0", "o1 <r2 r3> m0"},
		{aside, "a ringing one that the person is at stays", "o1 r2! r3", "r2 o1 <r3>"},
		{aside, "two talks", "o1 o2 r3", "o1 o2 <r3>"},
		{tight, "the talk stands whole even where there is little room", "o1 r2", "o1"},
		{room, "not chosen", "o1 r2", "r2 o1"},
	} {
		cards := wanting(tt.wants)
		if got := told(cards, arranged(cards, tt.room)); got != tt.want {
			t.Errorf("%s: %q stands there, want %q", tt.name, got, tt.want)
		}
	}
}
