package present

import (
	"time"
	"unicode"
	"unicode/utf8"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// Coverage is what the feed knows of a period, in words: Sure is what was compared with the PBX,
// Doubt when nothing was heard of calls. Either may be empty.
type Coverage struct{ Sure, Doubt string }

// outagesTold is how many outages a line has room for.
const outagesTold = 2

// CoverageWords puts what the feed knows in words.
func CoverageWords(h client.FeedHealth, text *i18n.Text, now time.Time) Coverage {
	var out Coverage
	switch {
	case !h.To.After(h.From):
		out.Sure = text.T("coverage.never")
	case h.Calls == 0:
		out.Sure = text.T("coverage.none", "to", text.Moment(h.To, now))
	default:
		out.Sure = text.T("coverage.sure", "n", h.Confirmed, "of", h.Calls, "to", text.Moment(h.To, now))
	}
	shown := h.Outages
	if len(shown) > outagesTold {
		shown = shown[len(shown)-outagesTold:]
	}
	for _, o := range shown {
		key := "coverage.silence"
		if o.Cause == "server" {
			key = "coverage.server"
		}
		words := text.T(key, "from", text.From(o.From, now), "to", text.Clock(o.To.In(now.Location())))
		if o.Restored > 0 {
			words += text.N("coverage.restored", o.Restored)
		}
		out.Doubt = joined(out.Doubt, words)
	}
	if more := len(h.Outages) - len(shown); more > 0 {
		out.Doubt = joined(out.Doubt, text.N("coverage.more", more))
	}
	if first, size := utf8.DecodeRuneInString(out.Doubt); size > 0 {
		out.Doubt = string(unicode.ToUpper(first)) + out.Doubt[size:]
	}
	return out
}
