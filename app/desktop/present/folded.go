package present

import (
	"strconv"
	"strings"

	"dozvon/app/desktop/i18n"
)

// Folded is several missed calls in one card.
type Folded struct {
	Heading string // «Пропущено 7»: callers, not calls
	Aside   string // «последний в 14:31»; of a single call «в 14:31»
	Names   string // of those who called last, two at most
	More    string // «и ещё 5»; empty: all are named
	// First and Others say it where there is no room for two names: «Егоров Александр», «и ещё 6».
	First, Others string
	Single        bool // one caller alone
	Practice      bool // of a practice
	// Last is the call to call back: the last one with a number. Nil: all hid theirs.
	Last  *Card
	Cards []Card
}

// namesMost is how many callers a folded card names.
const namesMost = 2

// Fold puts missed calls, in order of time, in one card. A caller who called several times is one; who hides
// the number is another each time.
func Fold(cards []Card, text *i18n.Text) Folded {
	f := Folded{Cards: cards}
	var names []string
	seen := map[string]bool{}
	callers := 0
	for n := len(cards) - 1; n >= 0; n-- {
		card := cards[n]
		f.Practice = f.Practice || card.Practice
		if card.Phone != "" {
			if f.Last == nil {
				f.Last = &cards[n]
			}
			if seen[card.Phone] {
				continue
			}
			seen[card.Phone] = true
		}
		if callers++; callers <= namesMost {
			names = append(names, Briefly(card))
		}
	}
	f.Single = callers == 1
	f.Heading, f.Names = text.N("card.folded", callers), strings.Join(names, ", ")
	if more := callers - namesMost; more > 0 {
		f.More = text.N("card.folded_more", more)
	}
	if len(names) > 1 {
		f.First, f.Others = names[0], text.N("card.folded_more", callers-1)
	}
	if len(cards) > 0 {
		aside := "card.folded_last"
		if len(cards) == 1 {
			aside = "card.folded_at"
		}
		f.Aside = text.T(aside, "clock", text.Clock(cards[len(cards)-1].At))
	}
	if f.Practice {
		f.Heading = text.T("practice.word") + " · " + f.Heading
	}
	return f
}

// AlsoRinging is the line for calls that ring beside the one that has waited longest.
type AlsoRinging struct {
	Heading string // «Звонят ещё 2»
	Names   string
	First   Card // the one that waits longest, whose timer runs
}

// Ring puts ringing calls, the one that waits longest first, in one line.
func Ring(cards []Card, text *i18n.Text) AlsoRinging {
	r := AlsoRinging{Heading: text.N("card.also_ringing", len(cards))}
	var names []string
	for _, card := range cards {
		names = append(names, Briefly(card))
		if len(names) == 4 { // no more have room in a line
			break
		}
	}
	r.Names = strings.Join(names, ", ")
	if len(cards) > 0 {
		r.First = cards[0]
	}
	if r.First.Practice {
		r.Heading = text.T("practice.word") + " · " + r.Heading
	}
	return r
}

// Strip is a call at the edge of the screen, and how many others wait behind it.
type Strip struct {
	Name, More string // «Шангутов Александр», «+2»; nobody else: empty
	First      Card
}

// Tuck puts calls, the one that comes first at the head, into a strip.
func Tuck(cards []Card, text *i18n.Text) Strip {
	s := Strip{Name: Briefly(cards[0]), First: cards[0]}
	if n := len(cards) - 1; n > 0 {
		s.More = "+" + strconv.Itoa(n)
	}
	if s.First.Practice {
		s.Name = text.T("practice.word") + " · " + s.Name
	}
	return s
}

// Briefly is a caller in a line: family and first name, or the number.
func Briefly(card Card) string {
	words := strings.Fields(card.Title)
	if card.Known && len(words) > 2 {
		return words[0] + " " + words[1]
	}
	return card.Title
}
