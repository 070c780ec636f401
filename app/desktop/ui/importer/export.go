package importer

import (
	"context"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/download"
	"dozvon/app/desktop/ui/cardruns"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// NewFiles is the button beside a register whose menu brings a file in, by load, shows what came in so that it
// can be taken back, or saves the list as a file into dir; query gives the list's filters. One button: the head of a page beside an open card
// has no room for two more.
func NewFiles(host Host, dir, what string, query func() url.Values, load func()) *widgets.Button {
	text := host.Text()
	var b *widgets.Button
	b = widgets.NewButton(text.T("imp.files")+" ▾", widgets.Plain, func() {
		over := fyne.CurrentApp().Driver().CanvasForObject(b)
		if over == nil {
			return
		}
		menu := fyne.NewMenu("",
			fyne.NewMenuItem(text.T("imp.open"), load),
			fyne.NewMenuItem(text.T("run.open"), func() { cardruns.Open(host, over) }),
			fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem(text.T("exp.xlsx"), func() { Export(host, dir, what, "xlsx", query()) }),
			fyne.NewMenuItem(text.T("exp.csv"), func() { Export(host, dir, what, "csv", query()) }),
		)
		widget.ShowPopUpMenuAtRelativePosition(menu, over, fyne.NewPos(0, b.Size().Height+theme.Grid), b)
	})
	return b
}

// Offer is one thing of a page that can be saved as a file; a page with only one needs no words. With Do, it is
// something else that can be done with the page, such as printing it.
type Offer struct {
	Words string
	Query url.Values
	Do    func()
}

// NewExport is the button whose menu saves what a page shows; offers are asked for when it opens.
func NewExport(host Host, dir, what string, offers func() []Offer) *widgets.Button {
	text := host.Text()
	var b *widgets.Button
	b = widgets.NewButton(text.T("exp.save")+" ▾", widgets.Plain, func() {
		over := fyne.CurrentApp().Driver().CanvasForObject(b)
		if over == nil {
			return
		}
		menu, beside := fyne.NewMenu(""), []*fyne.MenuItem{}
		for _, format := range []string{"xlsx", "csv"} {
			for _, offer := range offers() {
				if offer.Do != nil {
					beside = []*fyne.MenuItem{fyne.NewMenuItemSeparator(), fyne.NewMenuItem(offer.Words, offer.Do)}
					continue
				}
				words := text.T("exp." + format)
				if offer.Words != "" {
					words = offer.Words + ": " + strings.ToUpper(format)
				}
				menu.Items = append(menu.Items, fyne.NewMenuItem(words, func() { Export(host, dir, what, format, offer.Query) }))
			}
		}
		menu.Items = append(menu.Items, beside...)
		widget.ShowPopUpMenuAtRelativePosition(menu, over, fyne.NewPos(0, b.Size().Height+theme.Grid), b)
	})
	return b
}

// Export saves a list as a file named by what it is and when, and tells where it lies.
func Export(host Host, dir, what, format string, query url.Values) {
	text := host.Text()
	now := host.Now().Local()
	path := filepath.Join(dir, download.Name(text.T("exp.of_"+what)+now.Format(" 2006-01-02 15-04"))+"."+format)
	q := url.Values{}
	for key, values := range query {
		q[key] = values
	}
	if !q.Has("tz") {
		_, offset := now.Zone()
		q.Set("tz", strconv.Itoa(offset/60))
	}
	host.Tell(text.T("exp.saving"))
	host.Work(func(ctx context.Context, api *client.API) error {
		file, err := api.Export(ctx, what, format, q)
		if err != nil {
			return err
		}
		defer file.Close()
		path, err = download.Save(path, file, 0, nil)
		return err
	}, func(err error) {
		if err != nil {
			host.Tell(explain(err, text))
			return
		}
		host.Tell(text.T("exp.saved", "path", path))
	})
}
