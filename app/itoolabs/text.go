package itoolabs

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Moment is how events and commands write a time, in UTC (section 13).
const Moment = "20060102T150405Z"

// moments are the ways in which times have been seen: those of events, of listings, and neither.
var moments = []string{Moment, "20060102T150405Z0700", "20060102T150405", time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateTime}

// ReadMoment reads a time in any of the PBX's spellings; without a zone it is UTC.
func ReadMoment(s string) (time.Time, bool) {
	for _, layout := range moments {
		if at, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// longest is more than a call can last; what tells more is no number of seconds.
const longest = 7 * 24 * time.Hour

// readSeconds reads a whole number of seconds; what is none is 0.
func readSeconds(s string) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(n >= 0 && n <= longest.Seconds()) {
		return 0
	}
	return time.Duration(n) * time.Second
}

var markup = regexp.MustCompile(`<[^<>]*>`)

// maxText bounds a name or a sentence of the PBX, in letters.
const maxText = 200

// CleanText makes one line without markup of what people or the PBX wrote (section 2).
func CleanText(s string) string {
	// Once more, for <<b>script>.
	for range 3 {
		s = markup.ReplaceAllString(s, " ")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '<' || r == '>', unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > maxText {
		return string(letters[:maxText-1]) + "…"
	}
	return s
}

// IsGroup tells the login of a group, which is nobody: g_<uuid>@tenant (section 3.1).
func IsGroup(login string) bool { return strings.HasPrefix(strings.ToLower(login), "g_") }

// Login is an employee's login by which two of its spellings are compared: with the tenant behind it
// and without. What is longer than any login is cut.
func Login(s string) string {
	local, _, _ := strings.Cut(strings.TrimSpace(s), "@")
	if len(local) > maxText {
		local = local[:maxText]
	}
	return strings.ToLower(strings.ToValidUTF8(local, ""))
}

// clip keeps a hostile value from filling the log.
func clip(s string) string {
	const limit = 40
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
