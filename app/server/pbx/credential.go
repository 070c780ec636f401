package pbx

import (
	"slices"
	"strings"

	"dozvon/app/server/outbound"
	"dozvon/app/server/texts"
)

// CheckToken takes what may stand in a header of HTTP: a key that a cabinet shows.
func CheckToken(value string, _ outbound.Policy) texts.Message {
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return texts.Of("fault.token")
	}
	return texts.Message{}
}

// CheckOneOf takes one of some words, in any case of their letters.
func CheckOneOf(words ...string) func(string, outbound.Policy) texts.Message {
	return func(value string, _ outbound.Policy) texts.Message {
		if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, value) }) {
			return texts.Message{}
		}
		return texts.Of("fault.one_of", texts.Args{"values": strings.Join(words, ", ")})
	}
}
