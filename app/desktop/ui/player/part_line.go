package player

import (
	"strconv"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// partLine lets the person choose among several recordings of a call: «Прослушать 1 2».
type partLine struct {
	p       *Player
	box     *fyne.Container
	buttons []*widgets.Button
	words   *widgets.Label
}

func newPartLine(p *Player) *partLine {
	l := &partLine{p: p, words: widgets.NewLabel("", theme.Caption, widgets.InkMuted)}
	parts := present.Parts(p.entry)
	widths := []float32{0}
	objects := []fyne.CanvasObject{widgets.NewLabel(p.host.Text().T("player.listen"), theme.Caption, widgets.InkMuted).Fixed()}
	for n := range parts {
		button := widgets.NewButton(strconv.Itoa(n+1), widgets.Quiet, func() { p.Choose(n) })
		l.buttons = append(l.buttons, button)
		objects, widths = append(objects, button), append(widths, 0)
	}
	l.box = widgets.Row(theme.Gap, append(widths, widgets.Wide), append(objects, l.words)...)
	if len(parts) < 2 {
		l.box.Hide()
	}
	return l
}

func (l *partLine) sync() {
	for n, button := range l.buttons {
		kind := widgets.Quiet
		if n == l.p.part {
			kind = widgets.Soft
		}
		button.SetKind(kind)
	}
	l.words.Set(l.p.partWords())
}
