package player

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// Download saves a recording under a name that tells whose and when.
func (p *Player) Download(entry client.FeedEntry) {
	text := p.host.Text()
	name := model.PrettyPhone(entry.Phone, text)
	if entry.Subject != nil {
		name = entry.Subject.Name
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, entry.At.Local().Format("2006-01-02 15-04 ")+name)
	path := filepath.Join(p.dir, name+".mp3")
	p.host.Work(func(ctx context.Context, api *client.API) error {
		resp, err := api.Recording(ctx, entry.CallID, 0)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		return save(path, resp.Body, resp.ContentLength, func(percent int) {
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

// save writes beside and renames, so that half a file never looks like a whole one.
func save(path string, from io.Reader, size int64, tell func(percent int)) error {
	file, err := os.Create(path + ".part")
	if err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	_, err = io.Copy(file, &counter{from: from, size: size, tell: tell})
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(path + ".part")
		return fmt.Errorf("saving %s: %w", path, err)
	}
	return os.Rename(path+".part", path)
}

// counter tells of every tenth part that went through.
type counter struct {
	from       io.Reader
	size, done int64
	told       int
	tell       func(percent int)
}

// Read is io.Reader's.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.done += int64(n)
	if c.size > 0 {
		if percent := int(c.done * 100 / c.size); percent >= c.told+10 {
			c.told = percent
			c.tell(percent)
		}
	}
	return n, err
}
