package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/pasting"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/unscrolled"
)

// Entry is Fyne's entry that also reports Escape, clicks and other keys.
type Entry struct {
	widget.Entry
	OnTap    func()
	OnEscape func()
	OnKey    func(fyne.KeyName) bool // true: the key is used up
	OnEnter  func()                  // the keyboard comes here
	OnLeave  func()                  // the keyboard goes elsewhere
	OnFace   func()                  // it may look other than before

	pressed bool     // the pointer is what brings the keyboard here
	line    *oneLine // what shows an entry of one line; nil before, and for several lines
	focused bool
}

// NewEntry is an entry of one line. It has no scroll of its own, see oneLine.
func NewEntry(hint string) *Entry {
	e := &Entry{}
	e.Wrapping, e.Scroll = fyne.TextWrapOff, container.ScrollNone
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	return e
}

// NewCode is an entry for codes and addresses, in fixed width.
func NewCode(hint string) *Entry {
	e := NewEntry(hint)
	e.TextStyle.Monospace = true
	return e
}

// NewPassword hides what is typed.
func NewPassword(hint string) *Entry {
	e := NewEntry(hint)
	e.Password = true
	e.ActionItem = canvas.NewRectangle(color.Transparent) // the line shows an eye in place of Fyne's
	return e
}

// NewMultiline is an entry of several lines.
func NewMultiline(hint string, lines int) *Entry {
	e := &Entry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	e.SetMinRowsVisible(lines)
	return e
}

// CreateRenderer is Fyne's; a line draws the frame itself.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	inner := e.Entry.CreateRenderer()
	if !e.single() {
		return unscrolled.New(inner)
	}
	return unframed{inner}
}

// Refresh is Fyne's.
func (e *Entry) Refresh() {
	e.Entry.Refresh()
	if e.line != nil {
		e.line.paint()
	}
	e.face()
}

// SetText is Fyne's.
func (e *Entry) SetText(text string) {
	e.Entry.SetText(text)
	e.face() // Fyne refreshes what is inside alone
}

func (e *Entry) face() {
	if e.OnFace != nil {
		e.OnFace()
	}
}

// Keyed tells whether it has the keyboard.
func (e *Entry) Keyed() bool { return e.focused }

// Tapped is Fyne's.
func (e *Entry) Tapped(at *fyne.PointEvent) {
	if e.OnTap != nil {
		e.OnTap()
	}
	e.Entry.Tapped(at)
}

// FocusGained is Fyne's.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	if !e.pressed { // what was pressed is seen, and must not move under the pointer
		scrolling.Follow()
	}
	if e.OnEnter != nil {
		e.OnEnter()
	}
}

// MouseDown is Fyne's.
func (e *Entry) MouseDown(at *desktop.MouseEvent) {
	e.pressed = true
	e.Entry.MouseDown(at)
	e.pressed = false
}

// FocusLost is Fyne's.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

// TypedKey is Fyne's.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && e.OnEscape != nil {
		e.OnEscape()
		return
	}
	if e.OnKey != nil && e.OnKey(key.Name) {
		return
	}
	if e.folded() && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter) {
		if e.OnSubmitted != nil {
			e.OnSubmitted(e.Text)
		}
		return
	}
	e.Entry.TypedKey(key)
	if e.unused(key.Name) {
		keys.Leave(e, key)
	}
}

// unused tells whether a key means nothing to a field, so that the window may have it.
func (e *Entry) unused(key fyne.KeyName) bool { return key == fyne.KeyEscape || isFunction(key) }

func isFunction(key fyne.KeyName) bool {
	return len(key) > 1 && key[0] == 'F' && key[1] >= '1' && key[1] <= '9'
}

// TypedShortcut is Fyne's; what means nothing to a field, such as Ctrl+K, is the window's.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) {
	if custom, ok := shortcut.(*desktop.CustomShortcut); ok && !ofField(*custom) {
		keys.LeaveShortcut(e, shortcut)
		return
	}
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok && e.single() {
		shortcut = &fyne.ShortcutPaste{Clipboard: pasting.OneLine(paste.Clipboard)}
	}
	e.Entry.TypedShortcut(shortcut)
}

// ofField tells whether Fyne's entry has a use for a shortcut: word by word, line by line.
func ofField(s desktop.CustomShortcut) bool {
	switch s.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
		return true
	}
	return false
}

// Field puts an entry on a ground with a hairline.
func Field(entry *Entry) fyne.CanvasObject {
	return Stack(NewBox(Surface, theme.RadiusButton).Outlined(Line), Sized(Unbarred(entry), 0, theme.Field))
}

// GroundField puts an entry on the window's ground with a hairline, for use inside a panel.
func GroundField(entry *Entry) fyne.CanvasObject {
	return Stack(NewBox(Ground, theme.RadiusButton).Outlined(Line), Sized(Unbarred(entry), 0, theme.Field))
}

// Shown puts a line that cannot be changed where a field would stand.
func Shown(line *Label) fyne.CanvasObject {
	return Stack(NewBox(Ground, theme.RadiusButton).Outlined(Line), Sized(Pad(0, 10, 0, 10, line), 0, theme.Field))
}

// SoftField puts an entry on the quiet ground, as on the call card.
func SoftField(entry *Entry) fyne.CanvasObject {
	return Stack(NewBox(Hover, theme.RadiusButton), Sized(Unbarred(entry), 0, theme.Button))
}
