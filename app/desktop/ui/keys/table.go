package keys

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Group is a part of the page of all keys.
type Group string

// The groups, in the order of a day.
const (
	Everywhere Group = "everywhere"
	Lists      Group = "lists"
	Recording  Group = "recording"
	AnyProgram Group = "any_program"
	Talking    Group = "talking"
	CallCard   Group = "call_card"
)

// Groups are all of them as the page has them: three columns, two rows.
var Groups = []Group{Everywhere, Lists, Recording, AnyProgram, Talking, CallCard}

// Binding is one thing that keys do.
type Binding struct {
	Group Group
	Words string // key of what the page says of it
	// Strokes each do it; where they differ, which one it was is told by its place here.
	Strokes []Stroke
	// Also do what the first one does, and are not shown: the same sign at its place in another layout.
	Also []Stroke
	// Then is pressed after the stroke, such as Enter after Tab; it is shown, not waited for.
	Then []Stroke
	// Do does it; false: not now, so the key may mean something else. It is nil where another part of the
	// program hears the keys, from the same binding.
	Do func(n int) bool
	// Warning says why it does not work, empty while it does.
	Warning string
}

// Table is all that keys do in a window, in the order of the page.
type Table struct{ bindings []Binding }

// Add puts bindings behind those that are there.
func (t *Table) Add(bindings ...Binding) { t.bindings = append(t.bindings, bindings...) }

// All are the bindings of a group.
func (t *Table) All(group Group) []Binding {
	var out []Binding
	for _, b := range t.bindings {
		if b.Group == group {
			out = append(out, b)
		}
	}
	return out
}

// Press does what a stroke is for; false: nothing is, at this moment.
func (t *Table) Press(s Stroke) bool {
	for _, b := range t.bindings {
		for n, one := range b.Strokes {
			if one == s && b.Do != nil && b.Do(n) {
				return true
			}
		}
		if b.Do != nil && slices.Contains(b.Also, s) && b.Do(0) {
			return true
		}
	}
	return false
}

// Hear makes a window press what is typed while nothing in it has the keyboard, or what has it leaves the key
// to the window. hears says whether the window does so now.
func (t *Table) Hear(over fyne.Canvas, hears func(Stroke) bool) {
	over.SetOnTypedKey(func(event *fyne.KeyEvent) {
		if s := Of(event); hears(s) {
			t.Press(s)
		}
	})
	for _, b := range t.bindings {
		for _, s := range slices.Concat(b.Strokes, b.Also) {
			if b.Do == nil || typed(s) {
				continue
			}
			over.AddShortcut(shortcut(s), func(fyne.Shortcut) {
				if hears(s) {
					t.Press(s)
				}
			})
		}
	}
}

// Leave gives a key, which has no use where it was typed, to the window of an object.
func Leave(object fyne.CanvasObject, event *fyne.KeyEvent) {
	if over := fyne.CurrentApp().Driver().CanvasForObject(object); over != nil {
		if hear := over.OnTypedKey(); hear != nil {
			hear(event)
		}
	}
}

// LeaveShortcut gives a shortcut, which has no use where it was typed, to the window of an object.
func LeaveShortcut(object fyne.CanvasObject, s fyne.Shortcut) {
	if over, ok := fyne.CurrentApp().Driver().CanvasForObject(object).(fyne.Shortcutable); ok {
		over.TypedShortcut(s)
	}
}
