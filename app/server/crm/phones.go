package crm

import (
	"fmt"
	"slices"
	"strings"

	"dozvon/app/phone"
	"dozvon/client"
)

// Limits of one card.
const (
	phonesLimit = 30
	typedLimit  = 64
	tagsLimit   = 30
	tagLimit    = 60
)

// ReadPhones puts typed numbers into E.164. What cannot be read as a number is kept as typed, so
// that nothing a person wrote is lost, and finds nobody.
func ReadPhones(typed []client.Phone) ([]client.Phone, error) {
	bad := &Invalid{}
	out := []client.Phone{}
	for i, p := range typed {
		text := strings.TrimSpace(p.Number)
		if text == "" {
			text = strings.TrimSpace(p.Typed)
		}
		if text == "" {
			continue
		}
		if len([]rune(text)) > typedLimit {
			bad.add(fmt.Sprintf("phones[%d]", i), fmt.Sprintf("longer than %d characters", typedLimit))
			continue
		}
		entry := client.Phone{Typed: text, Label: strings.TrimSpace(p.Label)}
		if n, ext, err := phone.ParseExt(text); err == nil {
			entry.Number, entry.Typed, entry.Ext = string(n), "", ext
			if entry.Ext == "" {
				entry.Ext = strings.Trim(p.Ext, " ")
			}
		}
		out = withPhone(out, entry)
	}
	if len(out) > phonesLimit {
		bad.add("phones", fmt.Sprintf("at most %d numbers", phonesLimit))
	}
	return out, bad.orNil()
}

// withPhone adds a number once; a label that came later is kept.
func withPhone(list []client.Phone, p client.Phone) []client.Phone {
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
func Numbers(list []client.Phone) []string {
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
func inputPhones(had []client.Phone, bare *[]string, labelled *[]client.Phone) ([]client.Phone, error) {
	if labelled != nil {
		return ReadPhones(*labelled)
	}
	typed := make([]client.Phone, len(*bare))
	for i, text := range *bare {
		typed[i].Number = text
	}
	out, err := ReadPhones(typed)
	for i, p := range out {
		for _, old := range had {
			if old.Number == p.Number && old.Typed == p.Typed {
				out[i].Label = old.Label
				if p.Ext == "" {
					out[i].Ext = old.Ext
				}
			}
		}
	}
	return out, err
}

// readTags trims tags and drops repeats, whatever their case.
func readTags(typed []string, bad *Invalid) []string {
	out := []string{}
	for _, t := range typed {
		t = strings.Join(strings.Fields(t), " ")
		same := func(had string) bool { return Fold(had) == Fold(t) }
		switch {
		case t == "" || slices.ContainsFunc(out, same):
		case len([]rune(t)) > tagLimit:
			bad.add("tags", fmt.Sprintf("a tag has at most %d characters", tagLimit))
		default:
			out = append(out, t)
		}
	}
	if len(out) > tagsLimit {
		bad.add("tags", fmt.Sprintf("at most %d tags", tagsLimit))
	}
	return out
}
