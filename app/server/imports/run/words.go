package run

import (
	"fmt"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/imports"
)

// keyWords name what a row and a card have in common.
var keyWords = map[imports.Field]imports.Words{
	imports.ExternalID: {RU: "тот же внешний код", EN: "the same external id"},
	imports.Number:     {RU: "тот же номер договора", EN: "the same contract number"},
	imports.Phone:      {RU: "тот же телефон", EN: "the same telephone"},
	imports.Person:     {RU: "то же имя", EN: "the same name"},
}

// duplicateWords tell of a card that is there already.
func duplicateWords(c candidate) []imports.Words {
	by := keyWords[c.key.What]
	if c.line != 0 {
		return []imports.Words{{RU: fmt.Sprintf("повтор строки %d: %s", c.line, by.RU), EN: fmt.Sprintf("repeats line %d: %s", c.line, by.EN)}}
	}
	who := c.card.Subject().Name
	return []imports.Words{{RU: "уже есть: " + who + " (" + by.RU + ")", EN: "is there already: " + who + " (" + by.EN + ")"}}
}

// sharedNumberWords tell of a new card whose number another person has.
func sharedNumberWords(c candidate) []imports.Words {
	who, number := named(c), phone.Number(c.key.Value).Pretty()
	return []imports.Words{{
		RU: fmt.Sprintf("телефон %s есть и у %s: заведена отдельная карточка", number, who.RU),
		EN: fmt.Sprintf("%s has the telephone %s, too: a card of its own was made", who.EN, number),
	}}
}

// holderWords tell of a row without a name whose number somebody has.
func holderWords(c candidate) []imports.Words {
	who, number := named(c), phone.Number(c.key.Value).Pretty()
	return []imports.Words{{
		RU: fmt.Sprintf("в строке нет имени, а телефон %s уже есть у %s: ничего не изменено", number, who.RU),
		EN: fmt.Sprintf("the row has no name, and %s has the telephone %s already: nothing was changed", who.EN, number),
	}}
}

// questionWords ask a person whose a row is.
func questionWords(all []candidate) []imports.Words {
	var ru, en []string
	for _, c := range all[:min(len(all), 3)] {
		who := named(c)
		ru, en = append(ru, who.RU), append(en, who.EN)
	}
	by := keyWords[all[0].key.What]
	more := imports.Words{}
	if len(all) > 3 {
		more = imports.Words{RU: " и других", EN: " and others"}
	}
	return []imports.Words{{
		RU: fmt.Sprintf("чья это строка? %s у %s%s: ни одна карточка не изменена и не заведена, решите сами", by.RU, strings.Join(ru, ", "), more.RU),
		EN: fmt.Sprintf("whose row is this? %s: %s%s; no card was changed or made, decide yourself", by.EN, strings.Join(en, ", "), more.EN),
	}}
}

// named is a card by its name; one of this file also by its line.
func named(c candidate) imports.Words {
	who := "«" + c.card.Subject().Name + "»"
	if c.line == 0 {
		return imports.Words{RU: who, EN: who}
	}
	return imports.Words{RU: fmt.Sprintf("%s (строка %d)", who, c.line), EN: fmt.Sprintf("%s (line %d)", who, c.line)}
}
