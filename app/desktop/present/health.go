package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// HealthWords tells why, and until when, a PBX takes no commands or only the necessary ones;
// "" when all is well.
func HealthWords(h client.Health, text *i18n.Text, now time.Time) string {
	if h.State != client.HealthCareful && h.State != client.HealthBlocked {
		return ""
	}
	key, pairs := "health."+string(h.State), []any{}
	if h.Until != nil {
		key += "_until"
		pairs = append(pairs, "until", text.Short(*h.Until, now))
	}
	words := text.T(key, pairs...)
	if why := text.Either(h.Text, h.TextEN); why != "" {
		return words + ": " + why
	}
	return words + "."
}

// Trouble tells in words which PBX takes no commands, why and until when; "" when all do.
func Trouble(m *model.Model, text *i18n.Text, now time.Time) string {
	troubled, of := m.Troubled()
	var out []string
	for _, it := range troubled {
		words := HealthWords(it.Health, text, now)
		if of > 1 && it.Name != "" {
			words = it.Name + " — " + words
		}
		out = append(out, words)
	}
	return strings.Join(out, " · ")
}
