package imports

import (
	"errors"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/texts"
)

// Faults are what the rules of cards refuse of a row.
func Faults(err error) ([]texts.Message, bool) {
	var invalid *crm.Invalid
	if !errors.As(err, &invalid) {
		return nil, false
	}
	var all []texts.Message
	for _, f := range invalid.Faults {
		all = append(all, texts.Of("row.refused", texts.Args{"fault": rule(f.String())}))
	}
	return all, true
}

// rule is what a rule of cards says. Its words are those of the API, which are English.
type rule string

// ruleParts are what those words are made of, as they may stand in a row's fault: the rest of them is
// checked before. A part that another begins with comes after it.
var ruleParts = []string{
	"phone_at", "phones", "tags", "at_most", "numbers", "tags_of", "tag_has", "beside", "more_than", "longer_than",
	"characters", "name_empty", "number_empty",
}

// In puts them into a language.
func (r rule) In(language string) string {
	var pairs []string
	for _, part := range ruleParts {
		text := texts.Of("rule." + part)
		pairs = append(pairs, text.In("en"), text.In(language))
	}
	return strings.NewReplacer(pairs...).Replace(string(r))
}
