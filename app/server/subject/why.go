package subject

import (
	"strings"

	"dozvon/app/bilingual"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Why says whose name a call or entry shows, and where it is from. byHand: a person chose it.
func Why(byHand bool, c client.Call) bilingual.Text {
	switch {
	case c.Direction == client.Internal:
		return texts.Of("why.internal").Both()
	case c.Phone == "":
		return texts.Of("why.hidden").Both()
	case c.Subject == nil:
		return texts.Of("why.unknown").Both()
	case byHand:
		return texts.Of("why.by_hand").Both()
	}
	from := texts.Of("why.client")
	if c.Subject.Kind == client.KindContract {
		from = texts.Of("why.contract")
	}
	if n := len(c.Matches); n > 1 {
		from = texts.Of("why.of_several", texts.Args{"from": from, "matches": n})
	}
	return from.Both()
}

// RestOfWhy leaves out the first part of a stored explanation, which says whose name the call showed
// then: a card may have changed since.
func RestOfWhy(why string) string {
	_, rest, _ := strings.Cut(why, "; ")
	return rest
}

// JoinWhy puts the sentence of the name before the rest of an explanation.
func JoinWhy(name, rest string) string {
	if rest == "" {
		return name
	}
	return name + "; " + rest
}

// ReplaceWhy is JoinWhy for a stored rest that may still begin with a sentence of a former name.
func ReplaceWhy(name, rest string) string {
	head, tail, more := strings.Cut(rest, "; ")
	for _, old := range oldNames {
		if strings.HasPrefix(head, old) {
			rest = ""
			if more {
				rest = tail
			}
		}
	}
	return JoinWhy(name, rest)
}
