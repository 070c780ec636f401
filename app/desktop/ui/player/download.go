package player

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/download"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// Download saves the chosen recording of an entry under a name that tells whose and when.
func (p *Player) Download(entry client.FeedEntry) {
	text := p.host.Text()
	p.turnTo(entry)
	part := p.current().Part
	path := filepath.Join(p.dir, download.Name(p.name(entry))+".mp3")
	p.host.Work(func(ctx context.Context, api *client.API) error {
		resp, err := api.RecordingPart(ctx, entry.CallID, part, 0)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		return download.Save(path, resp.Body, resp.ContentLength, func(percent int) {
			fyne.Do(func() { p.host.Tell(text.T("player.saving", "percent", percent)) })
		})
	}, func(err error) {
		if err != nil {
			p.host.Tell(ui.Explain(err, text))
			return
		}
		p.host.Tell(text.T("player.saved", "path", path))
	})
}

// name tells when, with whom, and which of several recordings it is.
func (p *Player) name(entry client.FeedEntry) string {
	who := present.PrettyPhone(entry.Phone, p.host.Text())
	if entry.Subject != nil {
		who = entry.Subject.Name
	}
	name := entry.At.Local().Format("2006-01-02 15-04 ") + who
	if words := p.partWords(); words != "" {
		name += ", " + strings.ReplaceAll(words, " · ", ", ")
	}
	return name
}
