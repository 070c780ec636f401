package run

import (
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
)

// same is what a row and a card have in common.
func same(c candidate) texts.Message { return texts.Of("same." + string(c.key.What)) }

// resultSkipped is what became of a row that was not taken.
var resultSkipped = texts.Of("import.report_skipped")

// conflictText tells of a card that somebody changed or made while the file was read.
func conflictText(c store.ImportConflict) []texts.Message {
	if c.Fresh {
		return []texts.Message{texts.Of("import.made_meanwhile")}
	}
	return []texts.Message{texts.Of("import.changed_meanwhile")}
}

// duplicateTexts tell of a card that is there already.
func duplicateTexts(c candidate) []texts.Message {
	if c.line != 0 {
		return []texts.Message{texts.Of("row.repeats_line", texts.Args{"line": c.line, "same": same(c)})}
	}
	return []texts.Message{texts.Of("row.is_there", texts.Args{"name": c.card.Subject().Name, "same": same(c)})}
}

// sharedNumberTexts tell of a new card whose number another person has.
func sharedNumberTexts(c candidate) []texts.Message {
	return []texts.Message{texts.Of("row.number_shared", texts.Args{"number": phone.Number(c.key.Value).Pretty(), "who": named(c)})}
}

// holderTexts tell of a row without a name whose number somebody has.
func holderTexts(c candidate) []texts.Message {
	return []texts.Message{texts.Of("row.number_held", texts.Args{"number": phone.Number(c.key.Value).Pretty(), "who": named(c)})}
}

// questionTexts ask a person whose a row is.
func questionTexts(all []candidate) []texts.Message {
	var who names
	for _, c := range all[:min(len(all), 3)] {
		who = append(who, named(c))
	}
	more := texts.Message{}
	if len(all) > 3 {
		more = texts.Of("row.and_others")
	}
	return []texts.Message{texts.Of("row.whose", texts.Args{"same": same(all[0]), "who": who, "more": more})}
}

// names are several cards.
type names []name

func (n names) In(language string) string {
	told := make([]string, len(n))
	for i, one := range n {
		told[i] = one.In(language)
	}
	return strings.Join(told, ", ")
}

// name is a card by its name; one of this file also by its line.
type name struct {
	name string
	line int
}

func named(c candidate) name { return name{"«" + c.card.Subject().Name + "»", c.line} }

func (n name) In(language string) string {
	if n.line == 0 {
		return n.name
	}
	return texts.Of("row.named_at_line", texts.Args{"name": n.name, "line": n.line}).In(language)
}
