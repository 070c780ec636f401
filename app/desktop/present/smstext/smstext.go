// Package smstext is what a text message comes to: how many parts it is sent in, and what fills a template's gaps.
package smstext

import (
	"regexp"
	"strings"
	"unicode/utf16"

	"dozvon/client"
)

// Sizes of a message's parts (3GPP TS 23.040): alone, and in a message of several, where each part
// gives up room to say which it is. GSM-7 counts septets, UCS-2 sixteen-bit units.
const (
	gsmAlone, gsmPart   = 160, 153
	ucs2Alone, ucs2Part = 70, 67
)

// Size is what a text comes to.
type Size struct {
	// Units are septets, or with Unicode sixteen-bit units.
	Units   int
	Parts   int
	Unicode bool
	// Room is how many units the parts have together.
	Room int
}

// gsmBasic is the GSM-7 default alphabet; gsmExtended takes two septets each (3GPP TS 23.038).
const (
	gsmBasic    = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Measure counts a text as the telephone network does. A sign of two units is never cut in two, so
// a part may end one unit short.
func Measure(text string) Size {
	sizes, wide := make([]int, 0, len(text)), false
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			sizes = append(sizes, 1)
		case strings.ContainsRune(gsmExtended, r):
			sizes = append(sizes, 2)
		default:
			wide = true
		}
	}
	alone, part := gsmAlone, gsmPart
	if wide {
		alone, part, sizes = ucs2Alone, ucs2Part, sizes[:0]
		for _, r := range text {
			sizes = append(sizes, max(1, utf16.RuneLen(r)))
		}
	}
	count := Size{Unicode: wide, Parts: 1, Room: alone}
	for _, size := range sizes {
		count.Units += size
	}
	if count.Units <= alone {
		return count
	}
	used := 0
	for _, size := range sizes {
		if used+size > part {
			count.Parts++
			used = 0
		}
		used += size
	}
	count.Room = count.Parts * part
	return count
}

// Placeholder is something that a template leaves to be filled in.
type Placeholder string

// The placeholders, and their English names.
const (
	PlaceholderName     Placeholder = "имя"
	PlaceholderDate     Placeholder = "дата"
	PlaceholderTime     Placeholder = "время"
	PlaceholderContract Placeholder = "договор"
	PlaceholderSchool   Placeholder = "школа"
)

var placeholders = map[string]Placeholder{
	"имя": PlaceholderName, "name": PlaceholderName, "дата": PlaceholderDate, "date": PlaceholderDate, "время": PlaceholderTime, "time": PlaceholderTime,
	"договор": PlaceholderContract, "contract": PlaceholderContract, "школа": PlaceholderSchool, "school": PlaceholderSchool,
}

var placeholder = regexp.MustCompile(`\{\s*(\p{L}+)\s*\}`)

// Fill puts values into a template. What has no value stays as it is written, so that the person
// sees what is missing.
func Fill(template string, values map[Placeholder]string) string {
	return placeholder.ReplaceAllStringFunc(template, func(found string) string {
		if value := values[placeholderOf(found)]; value != "" {
			return value
		}
		return found
	})
}

// Placeholders lists the placeholders that are left in a text, each once.
func Placeholders(text string) []Placeholder {
	var out []Placeholder
	seen := map[Placeholder]bool{}
	for _, found := range placeholder.FindAllString(text, -1) {
		if p := placeholderOf(found); p != "" && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

func placeholderOf(found string) Placeholder {
	return placeholders[strings.ToLower(strings.TrimSpace(strings.Trim(found, "{}")))]
}

// contractNumber finds the number in a contract's second line: «Договор № 123 · кат. B».
var contractNumber = regexp.MustCompile(`№\s*(\S+)`)

// Values are what a message to a subject can be filled with.
func Values(subject *client.Subject, school client.School) map[Placeholder]string {
	values := map[Placeholder]string{PlaceholderSchool: school.Name}
	if subject == nil {
		return values
	}
	values[PlaceholderName] = FirstName(subject.Name)
	if found := contractNumber.FindStringSubmatch(subject.Detail); found != nil && subject.Kind == client.KindContract {
		values[PlaceholderContract] = "№ " + found[1]
	}
	return values
}

// FirstName is how people are addressed: Александр Александрович of Шангутов Александр
// Александрович, Ольга of Зайцева Ольга.
func FirstName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name
	}
	return strings.Join(words[1:min(len(words), 3)], " ")
}
