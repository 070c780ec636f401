package model

import (
	"time"

	"dozvon/app/desktop/i18n"
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
