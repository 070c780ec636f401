package program

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/assets"
)

// Sizes of the sheet with the licences: their lines have up to 80 characters.
const (
	licencesWidth  float32 = 760
	licencesHeight float32 = 460
	// heading begins the line with the names of what the lines after it are the terms of.
	heading = "== "
)

// about says which program this is, and of what it is built.
func (v *View) about() fyne.CanvasObject {
	text := v.host.Text()
	var open *widgets.Button
	open = widgets.NewButton(text.T("about.licences"), widgets.Quiet, func() {
		if over := fyne.CurrentApp().Driver().CanvasForObject(open); over != nil {
			v.showLicences(over)
		}
	})
	box := panel.NewSection(text.T("about.title"), "", open)
	box.Set(v.version())
	return box.Box
}

// version is the version that runs, and where a newer one is.
func (v *View) version() []fyne.CanvasObject {
	text, now := v.host.Text(), v.program.Release()
	label := text.T("about.version")
	if !now.Newer() {
		return []fyne.CanvasObject{panel.Line(label, widgets.NewLabel(now.Own, theme.Body, widgets.InkNormal))}
	}
	words := widgets.NewLabel(text.T("release.both", "own", now.Own, "version", now.Server), theme.Body, widgets.InkNormal)
	if now.Link() == "" {
		return []fyne.CanvasObject{panel.Line(label, words), panel.Warning(text.T("release.ask", "version", now.Server)).Below(v.page.Inner())}
	}
	return []fyne.CanvasObject{panel.Line(label, words, widgets.NewButton(text.T("release.get"), widgets.Quiet, v.program.OpenRelease))}
}

// showLicences lays the terms of everything that is built in over the window. Only the lines in sight
// are drawn: there are thousands.
func (v *View) showLicences(over fyne.Canvas) {
	lines := strings.Split(strings.TrimRight(assets.Licences, "\n"), "\n")
	create := func() fyne.CanvasObject { return widgets.NewLabel("", theme.Caption, widgets.InkNormal) }
	height := create().MinSize().Height
	list := widgets.NewList(func() int { return len(lines) }, func(int) float32 { return height }, create,
		func(n int, row fyne.CanvasObject) {
			label := row.(*widgets.Label)
			names, head := strings.CutPrefix(lines[n], heading)
			label.Bold = head
			label.Text = names
			label.Refresh()
		})
	var sheet *widget.PopUp
	shut := widgets.NewButton(v.host.Text().T("act.close"), widgets.Primary, func() { sheet.Hide() })
	shut.OnEscape = func() { sheet.Hide() }
	sheet = widgets.NewSheet(over, licencesWidth, widgets.Column(theme.Inset,
		widgets.NewBold(v.host.Text().T("about.licences"), theme.Body, widgets.InkNormal),
		widgets.Sized(list, 0, licencesHeight), widgets.SheetFoot(shut)), func() { sheet.Hide() })
	sheet.Show()
	over.Focus(shut)
}
