// Package board says what keys do in the main window. What it says is what is pressed, and what the page of all
// keys shows.
package board

import (
	"errors"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/keysheet"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/widgets"
)

// Program is what the keys ask of the program, each at the moment of the key: the content changes with whoever
// is signed in.
type Program struct {
	Text      func() *i18n.Text
	Frame     func() *mainwin.Frame // nil: nobody is signed in
	Player    func() *player.Player // likewise
	Dial      func()
	NewClient func()
	// Help opens the help where one is; it is there before anybody is signed in.
	Help func()
	// Transfer offers to hand the talk over, on its card; false: there is none, or it cannot be.
	Transfer func() bool
	// Hotkey is the combination of a setting that is heard from any program, such as config.Hotkey, or
	// config.HotkeyNone; and why it is not heard.
	Hotkey func(setting string) (combination string, refused error)
}

// Board is the keyboard of one window. All methods belong on Fyne's goroutine.
type Board struct {
	program Program
	over    fyne.Canvas
	page    *widget.PopUp // of all keys; nil while it is not shown
}

// Hear makes a window hear its keys.
func Hear(over fyne.Canvas, program Program) *Board {
	b := &Board{program: program, over: over}
	b.table().Hear(over, b.hears)
	return b
}

// Shown tells whether the page of all keys is shown.
func (b *Board) Shown() bool { return b.page != nil && b.page.Visible() }

// question is the sign of the page of all keys, where an American and where a Russian layout has it.
var question = []keys.Stroke{keys.With(fyne.KeyModifierShift, fyne.KeySlash), keys.With(fyne.KeyModifierShift, fyne.Key7)}

// hears tells whether the window hears a key: something over it has the keys itself, the page of all keys two.
func (b *Board) hears(s keys.Stroke) bool {
	if b.page != nil && b.over.Overlays().Top() == fyne.CanvasObject(b.page) {
		if s == keys.On(fyne.KeyEscape) || s == question[0] || s == question[1] {
			b.page.Hide()
			b.page = nil
		}
		return false
	}
	if s == keys.On(fyne.KeyEscape) && widgets.Escape(b.over) {
		return false
	}
	return b.over.Overlays().Top() == nil
}

// placesMost is how many pages have a digit.
const placesMost = 9

// table is all that keys do, as it is now.
func (b *Board) table() *keys.Table {
	t := &keys.Table{}
	t.Add(b.everywhere()...)
	t.Add(b.lists()...)
	t.Add(keys.Binding{Group: keys.Lists, Words: "keys.filters", Strokes: []keys.Stroke{keys.On(fyne.KeyTab)}}) // Fyne's own
	t.Add(player.Keys(b.program.Player)...)
	t.Add(b.anyProgram()...)
	for _, on := range popup.Keys() {
		if on.Words == popup.TransferWords {
			on.Do = func(int) bool { return b.program.Transfer() }
		}
		t.Add(on)
	}
	return t
}

func (b *Board) everywhere() []keys.Binding {
	main := func(key fyne.KeyName) []keys.Stroke { return []keys.Stroke{keys.With(keys.Main, key)} }
	on := func(key fyne.KeyName) []keys.Stroke { return []keys.Stroke{keys.On(key)} }
	signedIn := func(do func()) func(int) bool {
		return func(int) bool {
			if b.program.Frame() == nil {
				return false
			}
			do()
			return true
		}
	}
	frame := func(do func(*mainwin.Frame) bool) func(int) bool {
		return func(int) bool {
			f := b.program.Frame()
			return f != nil && do(f)
		}
	}
	// The sign of a key is typed a moment after the key: it must not land in the field.
	search := signedIn(func() { fyne.Do(func() { frame((*mainwin.Frame).Search)(0) }) })
	return []keys.Binding{
		{Group: keys.Everywhere, Words: "keys.dial", Strokes: main(fyne.KeyK), Do: signedIn(b.program.Dial)},
		{Group: keys.Everywhere, Words: "keys.search", Strokes: on(fyne.KeySlash), Do: search},
		{Group: keys.Everywhere, Words: "keys.pages", Strokes: b.digits(), Do: b.place},
		{Group: keys.Everywhere, Words: "keys.side", Strokes: on(fyne.KeyF6), Do: frame((*mainwin.Frame).Side)},
		{Group: keys.Everywhere, Words: "keys.new_client", Strokes: main(fyne.KeyN), Do: signedIn(b.program.NewClient)},
		{Group: keys.Everywhere, Words: "keys.undo", Strokes: main(fyne.KeyZ), Do: frame((*mainwin.Frame).PressOffer)},
		{Group: keys.Everywhere, Words: "keys.back", Strokes: on(fyne.KeyEscape), Do: frame((*mainwin.Frame).Back)},
		{Group: keys.Everywhere, Words: "keys.manual", Strokes: on(fyne.KeyF1), Do: func(int) bool { b.program.Help(); return true }},
		{Group: keys.Everywhere, Words: "keys.help", Strokes: question[:1], Also: question[1:], Do: func(int) bool { b.show(); return true }},
	}
}

// toRows are the keys of a list that bring the keyboard to the page's rows while nothing has it, as after signing in.
// None of them does anything to a row that nobody has come to.
var toRows = []string{"keys.rows", "keys.ends", "keys.screens", "keys.menu"}

// lists are the keys of every list.
func (b *Board) lists() []keys.Binding {
	out := widgets.ListKeys()
	for n := range out {
		if !slices.Contains(toRows, out[n].Words) {
			continue
		}
		strokes := out[n].Strokes
		out[n].Do = func(which int) bool {
			f := b.program.Frame()
			return f != nil && f.Begin(strokes[which])
		}
	}
	return out
}

// digits are those of the pages in the rail; before anybody is signed in, all.
func (b *Board) digits() []keys.Stroke {
	count := placesMost
	if f := b.program.Frame(); f != nil {
		count = min(f.Places(), placesMost)
	}
	out := make([]keys.Stroke, count)
	for n := range out {
		out[n] = keys.With(keys.Main, fyne.KeyName(strconv.Itoa(n+1)))
	}
	return out
}

// place goes to a page and, where it has rows, to them.
func (b *Board) place(n int) bool {
	f := b.program.Frame()
	if f == nil || !f.Place(n) {
		return false
	}
	f.Rows()
	return true
}

// anyProgram is what is heard while another program has the keyboard.
func (b *Board) anyProgram() []keys.Binding {
	return append(b.heard(config.Hotkey, "keys.clipboard"), b.heard(config.CardHotkey, "keys.card")...)
}

// heard is the combination of a setting; none while none is chosen.
func (b *Board) heard(setting, words string) []keys.Binding {
	combination, refused := b.program.Hotkey(setting)
	c, err := hotkey.Parse(combination)
	if err != nil {
		return nil // none is chosen
	}
	held := fyne.KeyModifier(0)
	for _, one := range []struct {
		on   bool
		held fyne.KeyModifier
	}{{c.Ctrl, fyne.KeyModifierControl}, {c.Alt, fyne.KeyModifierAlt}, {c.Shift, fyne.KeyModifierShift}, {c.Super, fyne.KeyModifierSuper}} {
		if one.on {
			held |= one.held
		}
	}
	out := keys.Binding{Group: keys.AnyProgram, Words: words, Strokes: []keys.Stroke{keys.With(held, fyne.KeyName(c.Key))}}
	switch text := b.program.Text(); {
	case errors.Is(refused, hotkey.ErrTaken):
		out.Warning = text.T("sys.hotkey_taken", "keys", c.String())
	case refused != nil:
		out.Warning = text.T("keys.not_heard")
	}
	return []keys.Binding{out}
}

// show opens the page of all keys.
func (b *Board) show() { b.page = keysheet.Open(b.over, b.program.Text(), b.table()) }
