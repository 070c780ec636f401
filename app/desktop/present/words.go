// Package present puts what the desktop program knows in words: cards, rows, figures and moments, ready for
// the screen in the language in use. It also reads what people type as days, moments and numbers.
// It keeps nothing, asks nobody and draws nothing.
package present

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"dozvon/app/desktop/i18n"
	"dozvon/app/phone"
	"dozvon/client"
)

// PrettyPhone writes a number as people do; a hidden one gets words.
func PrettyPhone(raw string, text *i18n.Text) string {
	if raw == "" {
		return text.T("phone.hidden")
	}
	if number, err := phone.Parse(raw); err == nil {
		return number.Pretty()
	}
	return raw
}

// numberInText is a number as the server writes it in a sentence.
var numberInText = regexp.MustCompile(`\+\d{7,15}`)

// PrettyNumbers writes the numbers in a sentence of the server as people do.
func PrettyNumbers(words string, text *i18n.Text) string {
	return numberInText.ReplaceAllStringFunc(words, func(n string) string { return PrettyPhone(n, text) })
}

// Initials are two letters of a name: family and first name.
func Initials(name string) string {
	var out strings.Builder
	for word := range strings.FieldsSeq(name) {
		r, _ := utf8.DecodeRuneInString(word)
		out.WriteString(strings.ToUpper(string(r)))
		if utf8.RuneCountInString(out.String()) == 2 {
			break
		}
	}
	if out.Len() == 0 {
		return "?"
	}
	return out.String()
}

// ShortName is Киреева А. С. of Киреева Анна Сергеевна.
func ShortName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name
	}
	out := words[0]
	for _, word := range words[1:min(len(words), 3)] {
		r, _ := utf8.DecodeRuneInString(word)
		out += " " + string(r) + "."
	}
	return out
}

// SubjectDetail is the second line under a name.
func SubjectDetail(s client.Subject, text *i18n.Text) string {
	if s.Kind == client.KindContract {
		if s.Detail == "" {
			return text.T("subject.contract")
		}
		return text.Either(s.Detail, s.DetailEN)
	}
	switch s.Detail {
	case "", "client":
		return text.T("subject.client")
	case "lead":
		return text.T("subject.lead")
	}
	return text.Either(s.Detail, s.DetailEN)
}

// ResultText tells in words how an outgoing call ended.
func ResultText(call client.Call, text *i18n.Text) string {
	if call.Result == "" {
		return ""
	}
	words := text.T("result." + string(call.Result))
	if call.Reason != nil && call.Reason.Text != "" && call.Result == client.Failed {
		words = joined(words, text.Either(call.Reason.Text, call.Reason.TextEN))
	}
	return words
}

func joined(parts ...string) string {
	var out []string
	for _, part := range parts {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, " · ")
}

// ContractWords is a contract in a line: «Договор № 123 · кат. B · группа 14».
func ContractWords(c client.Contract, text *i18n.Text) string {
	category, group := c.Category, c.Group
	if category != "" {
		category = text.T("crd.cat", "category", category)
	}
	if group != "" {
		group = text.T("crd.group", "group", group)
	}
	return joined(text.T("subject.contract")+" № "+c.Number, category, group)
}
