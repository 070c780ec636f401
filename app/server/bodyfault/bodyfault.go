// Package bodyfault tells people in words what the router finds wrong with a request: which field, and what it may be.
// The router's own words are for programs, and in English.
package bodyfault

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"

	"dozvon/app/server/texts"
)

// counted are the faults that come with a number; that number is the text's most.
var counted = []struct{ message, text string }{
	{validation.MsgExpectedMaxLength, "request.longest"},
	{validation.MsgExpectedMinLength, "request.shortest"},
	{validation.MsgExpectedMaxItems, "request.most_items"},
	{validation.MsgExpectedMinItems, "request.least_items"},
	{validation.MsgExpectedMaximumNumber, "request.highest"},
	{validation.MsgExpectedMinimumNumber, "request.lowest"},
}

// plain are faults by how the router's words begin.
var plain = []struct{ begins, text string }{
	{validation.MsgUnexpectedProperty, "request.unexpected"},
	{"expected required property", "request.missing"},
	{"required ", "request.missing"}, // of a parameter in the address
	{"expected value to be one of", "request.not_offered"},
	{"expected string to be RFC 3339", "request.no_moment"},
	{"expected string to match pattern", "request.other_signs"},
	{"expected string to be", "request.other_signs"},
}

// Words tells a fault at a place such as body.phones[0].label.
func Words(location, message, language string) string {
	what := Of(message).In(language)
	name := field(location)
	if strings.HasPrefix(message, "expected required property") { // the place is what it is missing from
		_, _ = fmt.Sscanf(message, validation.MsgExpectedRequiredProperty, &name)
	}
	if name == "" {
		return what
	}
	if text := "input." + name; texts.Has(text) {
		name = texts.Of(text).In(language)
	}
	return name + ": " + what
}

// Of is what is wrong, without where.
func Of(message string) texts.Message {
	for _, known := range counted {
		var n float64
		if count, _ := fmt.Sscanf(message, strings.NewReplacer("%d", "%g", "%v", "%g").Replace(known.message), &n); count != 1 {
			continue
		}
		if known.text == "request.shortest" && n == 1 {
			return texts.Of("fault.empty")
		}
		return texts.Of(known.text, texts.Args{"most": fmt.Sprint(int64(n))})
	}
	for _, known := range plain {
		if strings.HasPrefix(message, known.begins) {
			return texts.Of(known.text)
		}
	}
	return texts.Of("request.other_kind")
}

// field is the last name of a place; empty: it is the request as a whole.
func field(location string) string {
	parts := strings.Split(location, ".")
	last, _, _ := strings.Cut(parts[len(parts)-1], "[")
	if len(parts) == 1 {
		return ""
	}
	return last
}
