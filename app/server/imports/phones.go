package imports

import (
	"strings"
	"unicode/utf8"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/texts"
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
			d.fault(texts.Of("row.spoiled_number", texts.Args{"cell": e.Text}))
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
func doubtOf(e phone.Entry, cell string) (texts.Message, bool) {
	switch e.Doubt {
	case phone.NotANumber:
		return texts.Of("row.no_phone", texts.Args{"cell": e.Text}), true
	case phone.CityCodeMissing:
		return texts.Of("row.no_city_code", texts.Args{"cell": e.Text}), true
	case phone.DigitsBeside:
		return texts.Of("row.rest_is_label", texts.Args{"cell": cell, "number": e.Number.Pretty(), "label": e.Label}), true
	case phone.LettersRead:
		return texts.Of("row.letters_read", texts.Args{"cell": e.Text, "number": e.Number.Pretty()}), true
	}
	return texts.Message{}, false
}
