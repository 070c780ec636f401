// Package bounded lets a field hold no more than the server takes, and has it told when it is full.
package bounded

import (
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/widgets"
)

// Bind bounds a field to most characters, after its OnChanged is set: of what is typed or pasted beyond, as much goes in
// as fits, and full is told. What stood there already stays whole.
func Bind(field *widgets.Entry, most int, full func(most int)) {
	changed, before := field.OnChanged, []rune(field.Text)
	field.OnChanged = func(text string) {
		now := []rune(text)
		if len(now) > max(most, len(before)) {
			fitting, end := fit(before, now, most)
			field.SetText(string(fitting)) // comes here again
			if !field.MultiLine {
				field.CursorColumn = end
				field.Refresh()
			}
			full(most)
			return
		}
		before = now
		if changed != nil {
			changed(text)
		}
	}
}

// Told says in words that a field is full.
func Told(text *i18n.Text, tell func(string)) func(int) {
	return func(most int) { tell(text.N("field.full", most)) }
}

// fit is before with as much of what now has in addition as there is room for, and where that ends.
func fit(before, now []rune, most int) (out []rune, end int) {
	same := 0
	for same < len(before) && before[same] == now[same] {
		same++
	}
	left := 0
	for left < len(before)-same && before[len(before)-1-left] == now[len(now)-1-left] {
		left++
	}
	room := max(0, most-same-left)
	added := now[same : len(now)-left]
	added = added[:min(room, len(added))]
	if len(before) > most { // longer than the bound already: nothing is taken away
		added = before[same : len(before)-left]
	}
	out = append(append(append(out, now[:same]...), added...), now[len(now)-left:]...)
	return out, same + len(added)
}
