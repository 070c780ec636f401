package player

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// flagLine stands in the row under the waveform: for the word of a new flag, or for the flag that was opened.
type flagLine struct {
	p      *Player
	box    *fyne.Container
	words  *widgets.Label
	entry  *widgets.Entry
	field  fyne.CanvasObject
	set    *widgets.Button
	remove *widgets.Button
	over   fyne.Canvas // of the row's former line
	open   bool        // the field has been shown, and has the keyboard
}

func newFlagLine(p *Player) *flagLine {
	text := p.host.Text()
	l := &flagLine{p: p, words: widgets.NewLabel("", theme.Caption, widgets.InkMuted), entry: widgets.NewEntry(text.T("player.flag_hint"))}
	if p.marks.open != nil {
		l.entry.Text = p.marks.open.word
	}
	l.entry.OnChanged = func(word string) {
		if runes := []rune(word); len(runes) > client.FlagWordMost {
			l.entry.SetText(string(runes[:client.FlagWordMost]))
			return
		}
		p.marks.typed(word)
	}
	l.entry.OnEnter, l.entry.OnLeave = func() { p.marks.entered(true) }, func() { p.marks.entered(false) }
	l.entry.OnSubmitted = p.marks.Set
	l.entry.OnEscape = p.marks.Drop
	l.field = widgets.Field(l.entry)
	l.set = widgets.NewButton(text.T("player.flag_set"), widgets.Link, func() { p.marks.Set(l.entry.Text) })
	l.remove = widgets.NewButton(text.T("player.flag_remove"), widgets.Link, func() {
		if f, ok := p.marks.opened(); ok {
			p.marks.Delete(f)
		}
	})
	l.box = widgets.Row(theme.Gap, []float32{widgets.Wide, 208, 0, 0}, l.words, l.field, l.set, l.remove)
	return l
}

func (l *flagLine) sync() {
	text, p := l.p.host.Text(), l.p
	flag, chosen := p.marks.opened()
	typing := p.marks.open != nil
	show(l.box, typing || chosen)
	show(l.field, typing)
	show(l.set, typing)
	show(l.remove, chosen && !typing)
	switch {
	case typing && p.marks.open.to > p.marks.open.from:
		l.words.Set(text.T("player.flag_part", "from", text.Timer(p.marks.open.from), "to", text.Timer(p.marks.open.to)))
	case typing:
		l.words.Set(text.T("player.flag_moment", "at", text.Timer(p.marks.open.from)))
	case chosen:
		words := flag.Word
		if flag.By != nil {
			words += " · " + present.ShortName(flag.By.Name)
		}
		l.words.Set(words)
	}
	l.set.SetEnabled(!p.marks.setting)
	if typing && l.entry.Text != p.marks.open.word {
		l.entry.SetText(p.marks.open.word)
	}
	l.focus(typing && p.marks.open.typing)
}

// focus gives the line the keyboard, once, as soon as it is on the screen: a row that is drawn anew while
// somebody types must not take it away.
func (l *flagLine) focus(wanted bool) {
	over, m := l.canvas(), &l.p.marks
	if !wanted {
		l.open = false
		if (m.open == nil || m.open.left) && m.keyed && over != nil {
			m.keyed = false
			l.giveBack(over)
		}
		return
	}
	if over != nil && !l.open && over.Focused() != l.entry {
		if !m.keyed {
			m.keyed, m.before = true, over.Focused()
		}
		over.Focus(l.entry)
		l.open = over.Focused() == l.entry
		l.entry.CursorColumn = len([]rune(l.entry.Text))
	}
}

// giveBack gives the keyboard to what had it before the line, unless somebody has gone elsewhere: the row's next keys
// are the player's again.
func (l *flagLine) giveBack(over fyne.Canvas) {
	if at, ok := over.Focused().(*widgets.Entry); ok && at.PlaceHolder == l.entry.PlaceHolder {
		over.Focus(l.p.marks.before)
	}
	l.p.marks.before = nil
}

// canvas is where the line stands. Fyne knows it only once it has painted the line: until then it is that of the
// row's former one.
func (l *flagLine) canvas() fyne.Canvas {
	if over := fyne.CurrentApp().Driver().CanvasForObject(l.entry); over != nil {
		return over
	}
	return l.over
}

func show(object fyne.CanvasObject, on bool) {
	if on {
		object.Show()
	} else {
		object.Hide()
	}
}
