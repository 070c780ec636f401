package telephony

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// ability is what people miss at a PBX that cannot do it.
type ability struct {
	name   string // as the words are keyed
	any    []client.Capability
	button bool // a call's card has a button for it
}

// abilities are in the order in which they are named.
var abilities = []ability{
	{"display_name", []client.Capability{client.CapDisplayName}, false},
	{"route", []client.Capability{client.CapRoute, client.CapRouteRules, client.CapRouteAnswer}, false},
	{"recordings", []client.Capability{client.CapRecordings}, true},
	{"transfer", []client.Capability{client.CapTransfer}, true},
	{"dial", []client.Capability{client.CapDial}, true},
	{"dial_colleague", []client.Capability{client.CapDialColleague}, true},
	{"sms", []client.Capability{client.CapSMS}, true},
	{"hold", []client.Capability{client.CapHold}, true},
	{"consult", []client.Capability{client.CapConsult}, true},
	{"hangup", []client.Capability{client.CapHangup}, true},
	{"record", []client.Capability{client.CapRecord}, true},
	{"history", []client.Capability{client.CapHistory}, false},
}

// wanted are the abilities that a PBX is bought for: it is worth saying that they are there.
var wanted = []string{"recordings", "transfer", "dial"}

// missing is one calm line about what this PBX cannot do; nil where there is nothing to say.
func (p *page) missing() fyne.CanvasObject {
	k, text := p.kind(), p.v.host.Text()
	if !k.described {
		return nil
	}
	var lacks, has []string
	buttons := false
	for _, a := range abilities {
		can := slices.ContainsFunc(a.any, k.can)
		switch {
		case !can:
			lacks = append(lacks, text.T("can."+a.name))
			buttons = buttons || a.button
		case slices.Contains(wanted, a.name):
			has = append(has, text.T("has."+a.name))
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	inner := p.v.inner() - panel.SignColumn - theme.Gap
	words := []fyne.CanvasObject{panel.Wrapped(text.T("tel.cannot", "what", strings.Join(lacks, ", ")), theme.Body, inner, widgets.InkNormal)}
	var more []string
	if buttons {
		more = append(more, text.T("tel.no_buttons"))
	}
	if len(has) > 0 {
		more = append(more, raised(text.N("tel.has", len(has), "what", enumerated(text, has))))
	}
	if len(more) > 0 {
		words = append(words, panel.Wrapped(strings.Join(more, " "), theme.Caption, inner, widgets.InkMuted))
	}
	row := widgets.TopRow(theme.Gap, []float32{panel.SignColumn, widgets.Wide},
		widgets.NewBold("–", theme.Body, widgets.InkMuted), widgets.Column(2, words...))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(12, panel.Padding, 12, panel.Padding, row))
}

// enumerated joins words as a sentence does: a, b и c.
func enumerated(text *i18n.Text, words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + text.T("tel.and") + " " + words[last]
}

// raised begins a sentence.
func raised(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}
