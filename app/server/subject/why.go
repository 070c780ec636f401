package subject

import (
	"fmt"
	"strings"

	"dozvon/app/server/pbx"
	"dozvon/client"
)

// Why says whose name a call or entry shows, and where it is from. byHand: a person chose it.
func Why(byHand bool, c client.Call) pbx.Words {
	switch {
	case c.Direction == client.Internal:
		return pbx.Words{RU: "Звонок между сотрудниками", EN: "A call between employees"}
	case c.Phone == "":
		return pbx.Words{RU: "Номер скрыт", EN: "The number is hidden"}
	case c.Subject == nil:
		return pbx.Words{RU: "Номера нет ни в договорах, ни у клиентов", EN: "The number is in no contract and no client's card"}
	case byHand:
		return pbx.Words{RU: "Имя выбрано вручную", EN: "The name was chosen by hand"}
	}
	from := pbx.Words{RU: "Имя из карточки клиента", EN: "The name is from the client's card"}
	if c.Subject.Kind == client.KindContract {
		from = pbx.Words{RU: "Имя из договора", EN: "The name is from the contract"}
	}
	if n := len(c.Matches); n > 1 {
		from.RU += fmt.Sprintf(", совпадений: %d", n)
		from.EN += fmt.Sprintf(", matches: %d", n)
	}
	return from
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

// oldNames begin the sentence of a name in what a former version has stored, where it was part of
// the rest.
var oldNames = []string{"Имя ", "Номера нет", "Номер скрыт", "The name ", "The number "}

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
