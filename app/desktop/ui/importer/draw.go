package importer

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// columnLeast and columnMost bound a column of the preview, tableHeight is all of it.
	columnLeast, columnMost float32 = 136, 232
	tableHeight, tableLeast float32 = 316, 160
	// bodyHeight is of every face of a file that was read: a short file goes through all of them in a
	// moment, and the sheet would jump.
	bodyHeight float32 = 508
	// notesHeight is of the first lines of the report: what every figure above them leaves of bodyHeight.
	notesHeight float32 = 148
	// labelWidth is before the rule.
	labelWidth float32 = 200
	signWidth  float32 = 16
	notesInset float32 = 12
	barHeight  float32 = 6
)

// draw puts together what the sheet shows now.
func (s *Sheet) draw() {
	text := s.host.Text()
	about := text.T("imp.reading")
	if s.it.ID != "" {
		about = present.ImportAbout(s.it, text)
	}
	if s.it.ID == "" && !s.sending {
		about = text.T("imp.not_read")
	}
	parts := []fyne.CanvasObject{widgets.Column(2,
		widgets.NewBold(text.T("imp.title."+s.kind), theme.Heading, widgets.InkNormal),
		widgets.NewLabel(about, theme.Body, widgets.InkMuted))}
	var foot []*widgets.Button
	switch {
	case s.it.ID == "":
		foot = s.plain("act.close")
	case present.ImportWorks(s.it):
		parts, foot = append(parts, s.progress()), s.plain("act.close")
	case s.it.State == client.ImportChecked:
		parts, foot = append(parts, s.result("imp.checked")), s.afterTrial()
	case s.it.State == client.ImportDone:
		parts, foot = append(parts, s.result("imp.finished")), s.afterAll()
	case s.it.State == client.ImportFailed:
		parts = append(parts, widgets.Column(theme.Gap, widgets.NewBold(text.T("imp.failed"), theme.Body, widgets.InkNormal),
			signed("×", theme.ToneMiss, problem(s.it, text))))
		foot = append(s.plain("act.close"), s.button("act.back", widgets.Primary, s.Back))
	default:
		parts, foot = append(parts, s.columns(), s.ruleRow()), s.beforeTrial()
	}
	if s.told != "" {
		sign, tone := "✓", theme.ToneRing
		if s.bad {
			sign, tone = "×", theme.ToneMiss
		}
		parts = append(parts, signed(sign, tone, s.told))
	}
	s.put(parts, foot)
}

// put lays out what stands in the sheet, with its buttons at the foot. The last of them, which is the
// likely one, gets the keyboard; but not the import itself: an Enter held down on «Проверить» would
// begin it, and taking it back is work.
func (s *Sheet) put(parts []fyne.CanvasObject, foot []*widgets.Button) {
	line := []fyne.CanvasObject{widgets.Space(0, 0)}
	for _, b := range foot {
		line = append(line, b)
	}
	height := float32(0)
	if s.it.ID != "" {
		height = bodyHeight
	}
	s.body.Objects = []fyne.CanvasObject{widgets.Sized(widgets.Fill(widgets.Column(theme.Inset, parts...), widgets.Space(0, theme.Inset),
		widgets.Row(theme.Gap, []float32{widgets.Wide}, line...)), 0, height)}
	s.body.Refresh()
	s.pop.Refresh()
	likely := foot[len(foot)-1]
	if s.it.State == client.ImportChecked {
		likely = foot[0]
	}
	s.pop.Canvas.Focus(likely)
}

// button is one of the foot; Escape on it closes the sheet.
func (s *Sheet) button(word string, kind widgets.Kind, tap func()) *widgets.Button {
	b := widgets.NewButton(s.host.Text().T(word), kind, tap)
	b.OnEscape = s.Close
	return b
}

func (s *Sheet) plain(word string) []*widgets.Button {
	return []*widgets.Button{s.button(word, widgets.Quiet, s.Close)}
}

func (s *Sheet) beforeTrial() []*widgets.Button {
	return []*widgets.Button{
		s.button("act.cancel", widgets.Quiet, s.Close),
		s.button("imp.check", widgets.Primary, func() { s.Run(true) }),
	}
}

func (s *Sheet) afterTrial() []*widgets.Button {
	foot := []*widgets.Button{s.button("act.back", widgets.Quiet, s.Back)}
	if s.it.Report {
		foot = append(foot, s.button("imp.report", widgets.Quiet, s.SaveReport))
	}
	run := s.button("imp.run", widgets.Primary, func() { s.Run(false) })
	run.SetEnabled(s.it.Counts.Added+s.it.Counts.Changed > 0)
	return append(foot, run)
}

func (s *Sheet) afterAll() []*widgets.Button {
	var foot []*widgets.Button
	if s.it.Counts.Added+s.it.Counts.Changed > 0 {
		foot = append(foot, s.button("run.undo", widgets.Quiet, s.takeBack))
	}
	if s.it.Report {
		foot = append(foot, s.button("imp.report", widgets.Quiet, s.SaveReport))
	}
	return append(foot, s.button("imp.close", widgets.Primary, s.Close))
}

// columns is the preview: over each column stands what it holds, to be changed.
func (s *Sheet) columns() fyne.CanvasObject {
	text := s.host.Text()
	offered := []string{text.T("imp.f.none")}
	for _, f := range s.it.Fields {
		offered = append(offered, text.T("imp.f."+f))
	}
	var columns []fyne.CanvasObject
	widths := []float32{}
	for i, c := range s.it.Columns {
		columns = append(columns, s.column(i, c.Name, offered))
		widths = append(widths, s.columnWidth(i))
	}
	table := container.NewScroll(widgets.Pad(12, 12, 12, 12, widgets.TopRow(theme.Gap, widths, columns...)))
	parts := []fyne.CanvasObject{widgets.NewLabel(text.T("imp.hint"), theme.Body, widgets.InkNormal)}
	// The questions take their room from the table, for the sheet keeps its height.
	height := tableHeight
	for _, doubt := range present.ImportDoubts(s.it, s.mapping, text) {
		line := signed("!", theme.ToneHold, doubt)
		parts, height = append(parts, line), height-line.MinSize().Height-theme.Gap
	}
	return widgets.Column(theme.Gap, append(parts, boxed(table, max(height, tableLeast)))...)
}

// boxed frames what scrolls.
func boxed(scroll fyne.CanvasObject, height float32) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(1, 1, 1, 1, widgets.Sized(scroll, 0, height)))
}

// notes are the first lines of the report, so that few remarks need no file.
func (s *Sheet) notes() fyne.CanvasObject {
	text := s.host.Text()
	var lines []fyne.CanvasObject
	for _, note := range present.ImportNotes(s.it, text) {
		lines = append(lines, widgets.NewParagraph(note, theme.Small, inner-2*notesInset-theme.Gap, 0, widgets.InkNormal))
	}
	list := scrolling.New(widgets.Pad(notesInset, notesInset, notesInset, notesInset, widgets.Column(theme.Gap, lines...)))
	return widgets.Column(theme.Gap, widgets.NewLabel(text.T("imp.notes"), theme.Caption, widgets.InkMuted), boxed(list, notesHeight))
}

// columnWidth is what the words of a column need, within bounds: one with a single letter must not
// push the next out of sight.
func (s *Sheet) columnWidth(n int) float32 {
	widest := float32(0)
	measure := func(words string, size float32, more float32) {
		widest = max(widest, fyne.MeasureText(words, size, fyne.TextStyle{}).Width+more)
	}
	measure(s.it.Columns[n].Name, theme.Small, 28) // semibold
	if s.mapping[n] != "" {
		measure(s.host.Text().T("imp.f."+s.mapping[n]), theme.Body, 46)
	}
	for _, row := range s.it.Preview {
		if n < len(row) {
			measure(oneLine(row[n]), theme.Small, 20)
		}
	}
	return min(max(widest, columnLeast), columnMost)
}

func (s *Sheet) column(n int, heading string, offered []string) fyne.CanvasObject {
	chosen := 0
	for k, f := range s.it.Fields {
		if f == s.mapping[n] {
			chosen = k + 1
		}
	}
	var cells []*widgets.Label
	objects := []fyne.CanvasObject{nil, widgets.Pad(6, 10, 4, 10, widgets.NewBold(heading, theme.Small, widgets.InkMuted))}
	for _, row := range s.it.Preview {
		cell := widgets.NewLabel("", theme.Small, widgets.InkNormal)
		if n < len(row) {
			cell.Text = oneLine(row[n])
		}
		cells = append(cells, cell)
		objects = append(objects, widgets.Pad(2, 10, 2, 10, cell))
	}
	// What is left out is pale, so that one sees at a glance what comes in.
	shade := func() {
		for _, cell := range cells {
			cell.Ink = widgets.InkNormal
			if s.mapping[n] == "" {
				cell.Ink = widgets.InkMuted
			}
			cell.Refresh()
		}
	}
	objects[0] = widgets.NewChoice("", offered, chosen, func(k int) { s.Map(n, k); shade() })
	shade()
	return widgets.Column(2, objects...)
}

func oneLine(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if r == '\n' || r == '\r' || r == '\t' {
			runes[i] = ' '
		}
	}
	return string(runes)
}

func (s *Sheet) ruleRow() fyne.CanvasObject {
	text := s.host.Text()
	var words []string
	for _, r := range rules {
		words = append(words, text.T("imp.rule."+r))
	}
	return widgets.Row(theme.Gap, []float32{labelWidth, widgets.Wide},
		widgets.NewLabel(text.T("imp.rule"), theme.Body, widgets.InkMuted),
		widgets.NewChoice("", words, s.rule, func(n int) { s.rule = n }))
}

// progress is how far it is, in words and as a bar.
func (s *Sheet) progress() fyne.CanvasObject {
	text := s.host.Text()
	key := "imp.running"
	if s.it.DryRun {
		key = "imp.checking"
	}
	words := text.T(key, "done", present.Grouped(s.it.Done), "rows", present.Grouped(s.it.Rows))
	if s.it.State == client.ImportBinding {
		words = text.T("imp.binding")
	}
	return widgets.Column(10, widgets.NewLabel(words, theme.Body, widgets.InkNormal), newBar(present.ImportProgress(s.it)),
		widgets.NewLabel(text.T("imp.background"), theme.Caption, widgets.InkMuted))
}

// bar is a track and how much of it is done.
type bar struct{ share float32 }

func newBar(share float32) fyne.CanvasObject {
	return container.New(bar{share}, widgets.NewBox(widgets.Hover, barHeight/2), widgets.NewBox(widgets.InkAccent, barHeight/2))
}

func (b bar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for i, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
		if i == 1 {
			o.Resize(fyne.NewSize(size.Width*b.share, size.Height))
		}
	}
}

func (bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, barHeight) }

// result is what became of the rows, a line for each figure.
func (s *Sheet) result(title string) fyne.CanvasObject {
	text := s.host.Text()
	rows := []fyne.CanvasObject{widgets.NewBold(text.T(title), theme.Body, widgets.InkNormal)}
	for _, l := range present.ImportLines(s.it, text) {
		sign, tone := "○", theme.ToneMuted
		switch {
		case l.Good:
			sign, tone = "✓", theme.ToneRing
		case l.Bad:
			sign, tone = "!", theme.ToneHold
		}
		rows = append(rows, signed(sign, tone, l.Words))
	}
	if len(rows) == 1 || s.it.Counts.Added+s.it.Counts.Changed == 0 && s.it.DryRun {
		rows = append(rows, widgets.NewLabel(text.T("imp.nothing"), theme.Body, widgets.InkMuted))
	}
	if len(s.it.Notes) > 0 {
		rows = append(rows, s.notes())
	}
	return widgets.Column(theme.Gap, rows...)
}

// signed is a sentence with a sign that says the same as its colour.
func signed(sign string, tone theme.Tone, words string) fyne.CanvasObject {
	return widgets.TopRow(theme.Gap, []float32{signWidth, widgets.Wide},
		widgets.NewBold(sign, theme.Body, widgets.ToneInk(tone)).Fixed(),
		widgets.NewParagraph(words, theme.Body, inner-signWidth-theme.Gap, 0, widgets.InkNormal))
}
