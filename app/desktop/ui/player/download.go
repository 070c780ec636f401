package player

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"dozvon/app/desktop/download"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// tellEvery is how often the person is told how far a download is.
const tellEvery = 200 * time.Millisecond

// Download saves the chosen recording of an entry under a name that tells whose and when. One that broke off goes on
// where it was; what is on its way already is not begun again.
func (p *Player) Download(entry client.FeedEntry) {
	p.turnTo(entry)
	key, kept := p.key(), p.Kept
	if !kept.save(key) {
		return
	}
	path := filepath.Join(p.dir, download.Name(p.name(entry))+".mp3")
	words, percent := "player.saving", 0
	p.host.Work(func(ctx context.Context, api *client.API) (err error) {
		var last time.Time
		path, err = download.Resume(path, markOf(key), func(at int64) (io.ReadCloser, int64, error) {
			if at > 0 {
				p.do(func() { words = "player.saving_on" })
			}
			return opened(&recording{ctx: ctx, api: api, callID: key.call, part: key.part, at: at})
		}, func(come int) {
			if now := time.Now(); now.Sub(last) >= tellEvery || come == 100 {
				last = now
				p.do(func() {
					percent = come
					p.host.Tell(p.host.Text().T(words, "percent", percent))
				})
			}
		})
		return err
	}, func(err error) {
		delete(kept.saving, key)
		text := p.host.Text() // another language may have been chosen meanwhile
		var refused *client.Problem
		switch {
		case err == nil:
			p.host.Tell(text.T("player.saved", "path", path))
		case errors.Is(err, download.ErrUnderWay): // who began it before tells how far it is
		case percent > 0 && !errors.As(err, &refused):
			p.host.Tell(text.T("player.save_broke", "percent", percent))
		default:
			p.host.Tell(ui.Explain(err, text))
		}
	})
}

// opened is a recording as download takes it.
func opened(r *recording) (io.ReadCloser, int64, error) {
	err := r.open()
	var problem *client.Problem
	if errors.Is(err, errNoRange) || errors.As(err, &problem) && problem.Status == http.StatusRequestedRangeNotSatisfiable {
		return nil, 0, download.ErrFromStart
	}
	if err != nil {
		return nil, 0, err
	}
	return r, r.size, nil
}

// markOf parts recordings that have one name: of one person in one second.
func markOf(key recordingKey) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key.call, key.part))
	return fmt.Sprintf("%x", sum[:4])
}

// name tells when to the second, with whom, and which of several recordings it is: two calls of one person are two files.
func (p *Player) name(entry client.FeedEntry) string {
	who := present.PrettyPhone(entry.Phone, p.host.Text())
	if entry.Subject != nil {
		who = entry.Subject.Name
	}
	name := entry.At.Local().Format("2006-01-02 15-04-05 ") + who
	if words := p.partWords(); words != "" {
		name += ", " + strings.ReplaceAll(words, " · ", ", ")
	}
	return name
}
