package cardruns

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// bodyHeight is of every face, so that the sheet does not jump.
	bodyHeight float32 = 404
	signWidth  float32 = 16
	boxInset   float32 = 12
	// stateWidth is what stands at the right of a run that cannot be taken back.
	stateWidth float32 = 250
)

// draw puts together what the sheet shows now.
func (s *Sheet) draw() {
	text := s.host.Text()
	title, about := text.T("run.title"), text.T("run.about")
	var body fyne.CanvasObject
	var foot []*widgets.Button
	switch {
	case s.broken != nil:
		body = widgets.Broken(text.T("run.broken"), s.words(s.broken), text.T("act.repeat"), s.again)
		foot = s.feet(s.button("act.close", widgets.Quiet, s.Close))
	case s.face == faceList:
		body, foot = s.rows(), s.feet(s.button("act.close", widgets.Quiet, s.Close))
	case s.reading && s.it.Run.ID == "":
		body, foot = widgets.Skeleton(3), s.feet(s.button("act.close", widgets.Quiet, s.Close))
	default:
		title, about = present.RunTitle(s.it.Run, text), present.RunAbout(s.it.Run, text, s.host.Now())
		if s.face == faceAsk {
			title = text.T("run.ask_"+s.it.Run.Source, "file", title)
		}
		body, foot = s.receipt()
	}
	line := []fyne.CanvasObject{widgets.Space(0, 0)}
	for _, b := range foot {
		line = append(line, b)
	}
	head := widgets.Column(2, widgets.NewBold(title, theme.Heading, widgets.InkNormal), widgets.NewLabel(about, theme.Body, widgets.InkMuted))
	s.body.Objects = []fyne.CanvasObject{widgets.Sized(widgets.Fill(widgets.Pad(0, 0, theme.Inset, 0, head), body,
		widgets.Pad(theme.Inset, 0, 0, 0, widgets.Row(theme.Gap, []float32{widgets.Wide}, line...))), 0, bodyHeight)}
	s.body.Refresh()
	s.pop.Refresh()
	// The first button has the keyboard, never what takes back: an Enter held down must not.
	s.pop.Canvas.Focus(foot[0])
}

func (s *Sheet) button(word string, kind widgets.Kind, tap func()) *widgets.Button {
	b := widgets.NewButton(s.host.Text().T(word), kind, tap)
	b.OnEscape = s.Close
	return b
}

// feet are the buttons of the foot, with the way back to the list where there is one.
func (s *Sheet) feet(buttons ...*widgets.Button) []*widgets.Button {
	if s.face == faceList || s.alone && len(s.first) == 0 {
		return buttons
	}
	return append([]*widgets.Button{s.button("act.back", widgets.Quiet, s.back)}, buttons...)
}

// rows are the runs, a line each.
func (s *Sheet) rows() fyne.CanvasObject {
	text := s.host.Text()
	switch {
	case s.reading && len(s.runs) == 0:
		return widgets.Skeleton(4)
	case len(s.runs) == 0:
		return widgets.Empty(text.T("run.none"), text.T("run.none_hint"))
	}
	var lines []fyne.CanvasObject
	for _, r := range s.runs {
		lines = append(lines, s.row(r), widgets.Rule())
	}
	if s.cursor != "" {
		lines = append(lines, widgets.Pad(theme.Gap, theme.Gap, theme.Gap, theme.Gap, widgets.Row(0, nil, s.button("run.earlier", widgets.Link, s.more))))
	}
	return boxed(scrolling.New(widgets.Column(0, lines...)))
}

func (s *Sheet) row(r client.CardRun) fyne.CanvasObject {
	text, now := s.host.Text(), s.host.Now()
	about := present.RunAbout(r, text, now)
	var end fyne.CanvasObject
	wide := stateWidth
	switch state := present.RunState(r, text, now); {
	case present.RunPartly(r, now):
		about += " · " + text.T("run.partly", "n", present.Grouped(r.Kept))
		end, wide = s.button("run.rest", widgets.Plain, func() { s.Ask(r.ID) }), 0
	case state != "":
		end = widgets.NewLabel(state, theme.Small, widgets.InkMuted).Aligned(fyne.TextAlignTrailing)
	default:
		end, wide = s.button("run.undo", widgets.Plain, func() { s.Ask(r.ID) }), 0
	}
	words := widgets.Column(0, widgets.NewBold(present.RunTitle(r, text), theme.Body, widgets.InkNormal),
		widgets.NewLabel(about, theme.Small, widgets.InkMuted))
	return widgets.Sized(widgets.Pad(0, boxInset, 0, boxInset, widgets.Row(theme.Gap, []float32{widgets.Wide, wide}, words, end)), 0, theme.Row)
}

func boxed(object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), widgets.Pad(1, 1, 1, 1, object))
}

// receipt is what taking the run back will do or has done, with its buttons.
func (s *Sheet) receipt() (fyne.CanvasObject, []*widgets.Button) {
	text := s.host.Text()
	parts := []fyne.CanvasObject{}
	switch s.face {
	case faceWork:
		parts = append(parts, widgets.NewBold(text.T("run.working"), theme.Body, widgets.InkNormal))
		if s.silent != nil {
			parts = append(parts, signed("!", theme.ToneHold, s.words(s.silent)+" "+text.T("run.silent")))
		}
	case faceDone:
		parts = append(parts, widgets.NewBold(present.RunState(s.it.Run, text, s.host.Now()), theme.Body, widgets.InkNormal))
	default:
		parts = append(parts, widgets.NewBold(text.T("run.will"), theme.Body, widgets.InkNormal))
	}
	for _, l := range present.RunFigures(s.it, text) {
		sign, tone := "!", theme.ToneHold
		if l.Good {
			sign, tone = "✓", theme.ToneRing
		}
		parts = append(parts, signed(sign, tone, l.Words))
	}
	if s.face == faceAsk && !s.can() {
		parts = append(parts, widgets.NewParagraph(text.T("run.nothing"), theme.Body, inner, 0, widgets.InkMuted))
	}
	parts = append(parts, s.way()...)
	var rest fyne.CanvasObject = widgets.Space(0, 0)
	if kept := present.RunKept(s.it, text, s.host.Now()); len(kept) > 0 {
		rest = s.kept(kept)
	}
	body := widgets.Fill(widgets.Pad(0, 0, theme.Gap, 0, widgets.Column(theme.Gap, parts...)), rest, nil)
	switch {
	case s.face == faceDone && s.can():
		return body, s.feet(s.button("act.close", widgets.Primary, s.Close), s.button("run.undo_rest", widgets.Danger, s.Undo))
	case s.face != faceAsk:
		return body, s.feet(s.button("act.close", widgets.Primary, s.Close))
	}
	undo := s.button("run.undo_"+s.it.Run.Source, widgets.Danger, s.Undo)
	undo.SetEnabled(s.can() && !s.reading)
	if s.alone && len(s.first) == 0 {
		return body, []*widgets.Button{s.button("act.close", widgets.Quiet, s.Close), undo}
	}
	return body, s.feet(undo)
}

// way tells of the runs that keep some cards from going back, and of what can go back by now.
func (s *Sheet) way() []fyne.CanvasObject {
	text := s.host.Text()
	var out []fyne.CanvasObject
	if s.face == faceDone && s.it.Again > 0 {
		out = append(out, signed("✓", theme.ToneRing, text.T("run.again", "n", present.Grouped(s.it.Again))))
	}
	if len(s.it.Later) > 0 && s.face != faceWork {
		out = append(out, signed("!", theme.ToneHold, present.RunLater(s.it.Later, text)),
			widgets.Pad(0, 0, 0, signWidth+theme.Gap, widgets.Row(0, nil, s.button("run.later_open", widgets.Link, func() { s.askFirst(s.it.Later[0].ID) }))))
	}
	return out
}

// kept are the cards that stay as they are.
func (s *Sheet) kept(lines []string) fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, line := range lines {
		all = append(all, widgets.NewParagraph(line, theme.Small, inner-2*boxInset-theme.Gap, 0, widgets.InkNormal))
	}
	return boxed(scrolling.New(widgets.Pad(boxInset, boxInset, boxInset, boxInset, widgets.Column(theme.Grid, all...))))
}

// signed is a sentence with a sign that says the same as its colour.
func signed(sign string, tone theme.Tone, words string) fyne.CanvasObject {
	return widgets.TopRow(theme.Gap, []float32{signWidth, widgets.Wide},
		widgets.NewBold(sign, theme.Body, widgets.ToneInk(tone)).Fixed(),
		widgets.NewParagraph(words, theme.Body, inner-signWidth-theme.Gap, 0, widgets.InkNormal))
}
