package phone

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// scheme begins a link that calls. "tel:" may also stand in plain text before a number.
var scheme = regexp.MustCompile(`^(?i:(tel|callto|sips?):)/*`)

// isLink tells whether a text is a link that calls, of whatever use.
func isLink(text string) bool { return scheme.MatchString(strings.TrimSpace(text)) }

// Link reads a link that calls: tel: (RFC 3966), callto:, sip: and sips: (RFC 3261, section 19.1.6:
// the user part is the number). An extension in it is told apart. What is no telephone is
// ErrNotANumber: service codes (*21#, as ErrServiceCode), names, a number whose context is missing.
func (r Reader) Link(link string) (Entry, error) {
	link = strings.TrimSpace(link)
	m := scheme.FindStringSubmatch(link)
	if m == nil {
		return Entry{}, fmt.Errorf("%w: the link is none that calls", ErrNotANumber)
	}
	rest, err := decoded(link[len(m[0]):])
	if err != nil {
		return Entry{}, err
	}
	user, _, isAddress := strings.Cut(rest, "@")
	if isAddress {
		if !strings.HasPrefix(strings.ToLower(m[1]), "sip") {
			return Entry{}, fmt.Errorf("%w: an address is no number", ErrNotANumber)
		}
		// A password behind the name has no business in a call.
		user, _, _ = strings.Cut(user, ":")
	}
	parts := strings.Split(user, ";")
	e, err := r.subscriber(parts[0], parameter(parts[1:], "phone-context"))
	if err != nil {
		return Entry{}, err
	}
	if ext := onlyDigits(parameter(parts[1:], "ext")); ext != "" {
		e.Ext = ext
	}
	return e, nil
}

// decoded undoes percent-encoding, twice where a page encoded what was encoded already, and leaves
// out what stands behind "?".
func decoded(text string) (string, error) {
	for range 2 {
		text, _, _ = strings.Cut(text, "?")
		plain, err := url.PathUnescape(text)
		if err != nil {
			return "", fmt.Errorf("%w: the link is not encoded as links are", ErrNotANumber)
		}
		if plain == text {
			break
		}
		text = plain
	}
	text, _, _ = strings.Cut(text, "?")
	return text, nil
}

func parameter(parts []string, name string) string {
	for _, p := range parts {
		key, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if !isDigit(r) {
			return -1
		}
		return r
	}, text)
}

// postDial are digits that a telephone sends once it is answered: "p104", ",,104#".
var postDial = regexp.MustCompile(`^(.*[\d)])[\s]*[,pPwW]+[\s]*(\d{1,8})#?$`)

// subscriber reads the number of a link; context is its phone-context, empty when there is none.
func (r Reader) subscriber(text, context string) (Entry, error) {
	ext, text := "", plainSigns(text)
	if m := postDial.FindStringSubmatch(text); m != nil {
		text, ext = m[1], m[2]
	}
	// A link with a service code could switch forwarding on, or ask for money.
	if strings.ContainsAny(text, "*#") {
		return Entry{}, ErrServiceCode
	}
	if isLink(text) {
		return Entry{}, fmt.Errorf("%w: a link within a link", ErrNotANumber)
	}
	// Digits of a global context stand before a local number (RFC 3966, section 5.1.5); a host says nothing.
	if strings.HasPrefix(context, "+") && !strings.HasPrefix(strings.TrimSpace(text), "+") {
		if n, ok := plusDigits("", onlyDigits(context)+onlyDigits(text)); ok {
			return Entry{Number: n, Text: text, Ext: ext}, nil
		}
	}
	e, err := r.One(text)
	if err != nil {
		return Entry{}, err
	}
	if e.Ext == "" {
		e.Ext = ext
	}
	return e, nil
}
