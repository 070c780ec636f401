package imports

import (
	"strings"
	"unicode/utf8"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
)

// What a card's number has beside it at most, and what is kept instead of a number, in characters.
const (
	longestLabel = 60
	longestTyped = 64
)

// takePhones reads a cell's telephones, and tells what of it a person should look at.
func (d *Draft) takePhones(values map[Field]string, cell string) {
	d.phoneText = joined(d.phoneText, cell, ", ")
	for _, e := range d.reader.Read(cell) {
		if e.Doubt == phone.Spoiled {
			d.fault("телефон «%s» испорчен: Excel отбросил его последние цифры. Сделайте столбец текстовым и выгрузите заново",
				"the telephone “%s” is spoiled: Excel threw its last digits away. Make the column a text and export again", e.Text)
			continue
		}
		if words, told := doubtOf(e, cell); told {
			d.PhoneRemarks = append(d.PhoneRemarks, words)
		}
		p := crm.OfEntry(e)
		// The card's note has room for what is too long to stand among the numbers.
		if utf8.RuneCountInString(p.Typed) > longestTyped {
			d.noteBeside(values, cell)
			continue
		}
		if utf8.RuneCountInString(p.Label) > longestLabel {
			p.Label = ""
			d.noteBeside(values, cell)
		}
		d.Phones = append(d.Phones, p)
		if p.Number != "" {
			d.Numbers = append(d.Numbers, p.Number)
		}
	}
}

func (d *Draft) noteBeside(values map[Field]string, cell string) {
	if strings.Contains(values[Note], cell) {
		return
	}
	values[Note] = joined(values[Note], cell, "\n")
}

// doubtOf are the words of what is in doubt about a telephone of a cell.
func doubtOf(e phone.Entry, cell string) (Words, bool) {
	switch e.Doubt {
	case phone.NotANumber:
		return say("«%s» не похоже на номер: сохранено как написано", "“%s” does not look like a number: kept as it is written", e.Text), true
	case phone.CityCodeMissing:
		return say("«%s»: нет кода города, позвонить нельзя; сохранено как написано. Код города школы задаётся в настройках",
			"“%s”: the city code is missing, it cannot be called; kept as it is written. The school's city code is in the settings", e.Text), true
	case phone.DigitsBeside:
		return say("«%s»: номер %s, остальное сохранено как пометка «%s»", "“%s”: the number is %s, the rest was kept as its label “%s”",
			cell, e.Number.Pretty(), e.Label), true
	case phone.LettersRead:
		return say("«%s»: буквы прочитаны как цифры, номер %s", "“%s”: letters were read as digits, the number is %s", e.Text, e.Number.Pretty()), true
	}
	return Words{}, false
}
