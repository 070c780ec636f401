package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/phone"
	"dozvon/client"
)

// PhoneLine is one number of a card ready for the screen.
type PhoneLine struct {
	Number string // E.164; empty when nobody can be called by it
	Words  string // «+7 914 555-01-48 доб. 12», or what was typed
	Label  string
	Where  string // region and local time there
	Bad    bool   // what was typed is no number
}

// PhoneLines are the numbers of a card.
func PhoneLines(list []client.Phone, text *i18n.Text, now time.Time) []PhoneLine {
	out := make([]PhoneLine, 0, len(list))
	for _, p := range list {
		out = append(out, PhoneLine{
			Number: p.Number, Words: PhoneWords(p, text), Label: p.Label,
			Where: NumberPlace(p.Number, text, now), Bad: p.Number == "",
		})
	}
	return out
}

// PhoneWords is a card's number as people read and type it, with the extension behind it.
func PhoneWords(p client.Phone, text *i18n.Text) string {
	if p.Number == "" {
		return p.Typed
	}
	words := PrettyPhone(p.Number, text)
	if p.Ext != "" {
		words += " " + text.T("crd.ext", "ext", p.Ext)
	}
	return words
}

// NumberPlace tells the region of a number and the time there; empty for what says no more than
// the school's own country, as most mobile numbers do.
func NumberPlace(number string, text *i18n.Text, now time.Time) string {
	n, err := phone.Parse(number)
	if err != nil {
		return ""
	}
	region := n.Region(string(text.Lang()))
	if region == "" || region == text.T("region.country") {
		return ""
	}
	if at, ok := n.LocalTime(now); ok {
		return text.T("card.there", "region", region, "clock", text.Clock(at))
	}
	return region
}

// TypedPhone is one line of a form that holds one number. It answers false when the number cannot be
// read: the card keeps it as typed, and nobody can be called by it.
func TypedPhone(typed, label string) (p client.Phone, readable bool) {
	list, _ := TypedPhones(phone.Reader{}, typed, label)
	if len(list) != 1 {
		return client.Phone{Typed: strings.TrimSpace(typed), Label: strings.TrimSpace(label)}, false
	}
	return list[0], list[0].Number != ""
}

// TypedPhones is one line of a form: what was typed where a number is asked for, and whose it is.
// Words beside a number join its label. The doubt is the first that a person should look at.
func TypedPhones(numbers phone.Reader, typed, label string) (list []client.Phone, doubt phone.Doubt) {
	label = strings.TrimSpace(label)
	for _, e := range numbers.Read(typed) {
		p := client.Phone{Number: string(e.Number), Ext: e.Ext, Label: label}
		if e.Number == "" {
			p.Typed = e.Text
		}
		if e.Label != "" && e.Label != label {
			p.Label = strings.TrimPrefix(label+", "+e.Label, ", ")
		}
		if doubt == phone.Sure {
			doubt = e.Doubt
		}
		list = append(list, p)
	}
	if len(list) == 0 && strings.TrimSpace(typed) != "" {
		return []client.Phone{{Typed: strings.TrimSpace(typed), Label: label}}, phone.NotANumber
	}
	return list, doubt
}
