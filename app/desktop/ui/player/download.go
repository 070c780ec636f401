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

// Download saves the chosen recording of an entry under a name that tells whose and when.
func (p *Player) Download(entry client.FeedEntry) {
	text := p.host.Text()
	p.take(entry)
	part := p.current().Part
	path := filepath.Join(p.dir, fileName(p.name(entry))+".mp3")
	p.host.Work(func(ctx context.Context, api *client.API) error {
		resp, err := api.RecordingPart(ctx, entry.CallID, part, 0)
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

// name tells when, with whom, and which of several recordings it is.
func (p *Player) name(entry client.FeedEntry) string {
	who := model.PrettyPhone(entry.Phone, p.host.Text())
	if entry.Subject != nil {
		who = entry.Subject.Name
	}
	name := entry.At.Local().Format("2006-01-02 15-04 ") + who
	if words := p.partWords(); words != "" {
		name += ", " + strings.ReplaceAll(words, " · ", ", ")
	}
	return name
}

// fileName takes out what some system does not allow in a name.
func fileName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return strings.TrimRight(clean, ". ")
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
