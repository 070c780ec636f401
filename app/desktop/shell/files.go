package shell

import (
	"io"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// files brings tables in and saves lists as files.
type files struct{ *App }

func filesOf(a *App) files { return files{a} }

// acts are what a register's page offers beside more: bringing a file in and saving the list as
// one, for those who may; nil when there is nothing.
func (a files) acts(kind client.SubjectKind, list *register.View, more ...fyne.CanvasObject) fyne.CanvasObject {
	var acts []fyne.CanvasObject
	if model.MayReport(a.state.Me.Role) {
		acts = append(acts, importer.NewFiles(a, platform.DownloadDir(), string(kind)+"s", list.Query, func() { a.choose(kind) }))
	}
	if acts = append(acts, more...); len(acts) == 0 {
		return nil
	}
	return widgets.Row(theme.Gap, nil, acts...)
}

// saveFeed is the button that saves the feed as it is filtered, for those who may take lists along.
func (a files) saveFeed() fyne.CanvasObject {
	if !model.MayReport(a.state.Me.Role) {
		return nil
	}
	return importer.NewExport(a, platform.DownloadDir(), "feed", func() []importer.Offer {
		return []importer.Offer{{Query: a.pages.feed.Query().Values()}}
	})
}

// saveReports is the button that saves the figures of the page of reports, and prints it.
func (a files) saveReports() fyne.CanvasObject {
	return importer.NewExport(a, platform.DownloadDir(), "report", func() []importer.Offer {
		queries := a.pages.reports.Queries()
		var out []importer.Offer
		for _, words := range slices.Sorted(maps.Keys(queries)) {
			out = append(out, importer.Offer{Words: words, Query: queries[words].Values()})
		}
		return append(out, importer.Offer{Words: a.text.T("rep.print"), Do: func() { a.pages.reports.Print(platform.DownloadDir(), platform.Open) }})
	})
}

// choose lets the person pick a table and opens the sheet that brings it in.
func (a files) choose(kind client.SubjectKind) {
	pick := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			a.Tell(a.text.T("imp.not_opened", "detail", err.Error()))
		case file != nil:
			a.open(kind, file.URI().Name(), file)
		}
	}, a.window)
	pick.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".xlsx", ".txt", ".CSV", ".XLSX", ".TXT"}))
	if place, err := storage.ListerForURI(storage.NewFileURI(platform.DownloadDir())); err == nil {
		pick.SetLocation(place)
	}
	pick.Resize(a.window.Canvas().Size())
	pick.Show()
}

// open shows the sheet that brings a table in.
func (a files) open(kind client.SubjectKind, name string, file io.ReadCloser) {
	a.importing = importer.Open(a, a.window.Canvas(), kind, platform.DownloadDir(), name, file)
}

// follow shows how far an import is.
func (a files) follow(im client.Import) {
	if a.importing != nil {
		a.importing.Follow(im)
	}
}
