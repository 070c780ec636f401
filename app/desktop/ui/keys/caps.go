package keys

import (
	"runtime"

	"fyne.io/fyne/v2"
)

// Cap is one key as the page draws it; Word is the key of a translation where the sign on it differs between
// languages, and Dash stands between the ends of a range.
type Cap struct {
	Sign string
	Word string
	Dash bool
}

// signs are what stands on keys that are not named by their sign.
var signs = map[fyne.KeyName]Cap{
	fyne.KeyUp: {Sign: "↑"}, fyne.KeyDown: {Sign: "↓"}, fyne.KeyLeft: {Sign: "←"}, fyne.KeyRight: {Sign: "→"},
	fyne.KeyEscape: {Sign: "Esc"}, fyne.KeyReturn: {Sign: "Enter"}, fyne.KeyEnter: {Sign: "Enter"}, fyne.KeySpace: {Word: "keys.space"},
	fyne.KeyMinus: {Sign: "−"}, fyne.KeyEqual: {Sign: "+"}, fyne.KeyPageUp: {Sign: "PgUp"}, fyne.KeyPageDown: {Sign: "PgDn"},
}

// held are the keys held down, in the order in which people write them.
var heldCaps = []struct {
	held        fyne.KeyModifier
	sign, apple string
}{
	{fyne.KeyModifierControl, "Ctrl", "⌃"},
	{fyne.KeyModifierAlt, "Alt", "⌥"},
	{fyne.KeyModifierShift, "Shift", "⇧"},
	{fyne.KeyModifierSuper, "Super", "⌘"},
}

// Caps are the keys of a binding as the page shows them: what is held once, then every key; of many digits the
// first and the last.
func (b Binding) Caps() []Cap { return caps(b, runtime.GOOS == "darwin") }

func caps(b Binding, apple bool) []Cap {
	strokes := b.Strokes
	if len(strokes) == 0 {
		return nil
	}
	var out []Cap
	if question := strokes[0]; question == (Stroke{fyne.KeySlash, fyne.KeyModifierShift}) {
		out = append(out, Cap{Sign: "?"})
		return append(out, caps(Binding{Strokes: strokes[1:]}, apple)...)
	}
	for _, one := range heldCaps {
		if strokes[0].Held&one.held == 0 {
			continue
		}
		sign := one.sign
		if apple {
			sign = one.apple
		}
		out = append(out, Cap{Sign: sign})
	}
	if len(strokes) > 2 && digits(strokes) {
		return append(out, capOf(strokes[0]), Cap{Sign: "–", Dash: true}, capOf(strokes[len(strokes)-1]))
	}
	seen := map[Cap]bool{}
	for _, s := range append(strokes[:len(strokes):len(strokes)], b.Then...) {
		if c := capOf(s); !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

func digits(strokes []Stroke) bool {
	for _, s := range strokes {
		if len(s.Key) != 1 || s.Key[0] < '0' || s.Key[0] > '9' {
			return false
		}
	}
	return true
}

func capOf(s Stroke) Cap {
	if c, named := signs[s.Key]; named {
		return c
	}
	return Cap{Sign: string(s.Key)}
}
