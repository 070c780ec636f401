package crm

import (
	"fmt"
	"slices"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/texts"
)

// Limits of one card. A text may hold several numbers and words beside them.
const (
	phonesLimit = 30
	textLimit   = 300
	typedLimit  = 64
	labelLimit  = 60
	tagsLimit   = 30
	tagLimit    = 60
)

// ReadPhones reads typed numbers into E.164: words beside a number become its label, a text with
// several numbers several of them. What cannot be read as a number is kept as typed, so that
// nothing a person wrote is lost, and finds nobody.
func ReadPhones(numbers phone.Reader, typed []Phone) ([]Phone, error) {
	bad := &Invalid{}
	out := []Phone{}
	for i, p := range typed {
		text := plaintext.Line(p.Number)
		if text == "" {
			text = plaintext.Line(p.Typed)
		}
		if text == "" {
			continue
		}
		if len([]rune(text)) > textLimit {
			bad.Add(fmt.Sprintf("phones[%d]", i), texts.Of("fault.too_long", texts.Args{"most": textLimit}))
			continue
		}
		for _, one := range readPhone(numbers, text, p) {
			if len([]rune(one.Label)) > labelLimit {
				bad.Add(fmt.Sprintf("phones[%d]", i), texts.Of("fault.long_label", texts.Args{"most": labelLimit}))
			}
			if len([]rune(one.Typed)) > typedLimit {
				bad.Add(fmt.Sprintf("phones[%d]", i), texts.Of("fault.long_typed", texts.Args{"most": typedLimit}))
			}
			out = withPhone(out, one)
		}
	}
	if len(out) > phonesLimit {
		bad.Add("phones", texts.Of("fault.many_numbers", texts.Args{"most": phonesLimit}))
	}
	return out, bad.OrNil()
}

// readPhone reads one text; given tells the label and the extension that came beside it.
func readPhone(numbers phone.Reader, text string, given Phone) []Phone {
	label, ext := plaintext.Line(given.Label), plaintext.Line(given.Ext)
	entries := numbers.Read(text)
	if len(entries) == 0 {
		entries = []phone.Entry{{Text: text}}
	}
	out := make([]Phone, 0, len(entries))
	for _, e := range entries {
		p := OfEntry(e)
		if p.Ext == "" && len(entries) == 1 && p.Number != "" {
			p.Ext = ext
		}
		switch {
		case p.Label == "" || Fold(p.Label) == Fold(label):
			p.Label = label
		case label != "":
			p.Label = label + ", " + p.Label
		}
		out = append(out, p)
	}
	return out
}

// OfEntry is a card's number of what a text was read into.
func OfEntry(e phone.Entry) Phone {
	p := Phone{Number: string(e.Number), Ext: e.Ext, Label: e.Label}
	if e.Number == "" {
		p.Typed = e.Text
	}
	return p
}

// withPhone adds a number once; a label that came later is kept.
func withPhone(list []Phone, p Phone) []Phone {
	for i, had := range list {
		if had.Number == p.Number && had.Typed == p.Typed {
			if had.Label == "" {
				list[i].Label = p.Label
			}
			return list
		}
	}
	return append(list, p)
}

// Numbers are the callable numbers of a list, each once.
func Numbers(list []Phone) []string {
	out := []string{}
	for _, p := range list {
		if p.Number != "" && !slices.Contains(out, p.Number) {
			out = append(out, p.Number)
		}
	}
	return out
}

// inputPhones are the numbers of an input: with labels, or bare. Bare ones keep the labels that
// the card has for them.
func inputPhones(numbers phone.Reader, had []Phone, bare *[]string, labelled *[]Phone) ([]Phone, error) {
	if labelled != nil {
		return ReadPhones(numbers, *labelled)
	}
	typed := make([]Phone, len(*bare))
	for i, text := range *bare {
		typed[i].Number = text
	}
	out, err := ReadPhones(numbers, typed)
	for i, p := range out {
		for _, old := range had {
			if old.Number == p.Number && old.Typed == p.Typed {
				if p.Label == "" {
					out[i].Label = old.Label
				}
				if p.Ext == "" {
					out[i].Ext = old.Ext
				}
			}
		}
	}
	return out, err
}

// phonesText are all numbers as a history tells them.
func phonesText(list []Phone) string {
	var all []string
	for _, p := range list {
		text := p.Number
		if text == "" {
			text = p.Typed
		}
		if p.Ext != "" {
			text += " (" + p.Ext + ")"
		}
		if p.Label != "" {
			text += " " + p.Label
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// readTags trims tags and drops repeats, whatever their case.
func readTags(typed []string, bad *Invalid) []string {
	out := []string{}
	for _, t := range typed {
		t = strings.Join(strings.Fields(plaintext.Line(t)), " ")
		switch {
		case t == "" || hasTag(out, t):
		case len([]rune(t)) > tagLimit:
			bad.Add("tags", texts.Of("fault.long_tag", texts.Args{"most": tagLimit}))
		default:
			out = append(out, t)
		}
	}
	if len(out) > tagsLimit {
		bad.Add("tags", texts.Of("fault.many_tags", texts.Args{"most": tagsLimit}))
	}
	return out
}

// withTags adds the tags that are not there, whatever their case.
func withTags(list, more []string) []string {
	for _, t := range more {
		if !hasTag(list, t) {
			list = append(list, t)
		}
	}
	return list
}

func hasTag(list []string, tag string) bool {
	return slices.ContainsFunc(list, func(had string) bool { return Fold(had) == Fold(tag) })
}
