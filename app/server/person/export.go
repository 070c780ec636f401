package person

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dozvon/app/server/access"
	"dozvon/app/server/disk"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Exported is the receipt of an export. It holds nothing about the person.
type Exported struct {
	Person     string `json:"person"` // client:ID, contract:ID or number
	File       string `json:"file"`
	Cards      int    `json:"cards"`
	Changes    int    `json:"changes"` // of cards
	Calls      int    `json:"calls"`
	Notes      int    `json:"notes"`
	Messages   int    `json:"messages"`
	Flags      int    `json:"flags"`
	Tasks      int    `json:"tasks"`
	Waiting    int    `json:"waiting"` // on the list of missed callers
	Recordings int    `json:"recordings"`
	// Absent are recordings that are not in the archive, for the PBX or another node has them, or nobody any more.
	Absent   int `json:"recordings_absent"`
	Requests int `json:"requests"`
}

// Export writes all that is kept about a person to a new ZIP archive, whole or not at all: index.html to be read,
// person.json (Document), and the recordings that this node has. ErrNothing, *Several; fs.ErrExist when there is
// such a file.
func (s *Service) Export(ctx context.Context, word, file, language string) (Exported, error) {
	p, err := s.Find(ctx, word)
	if err != nil {
		return Exported{}, err
	}
	if file == "" {
		file = "person-" + p.word() + ".zip"
	}
	if _, err := os.Lstat(file); err == nil {
		return Exported{}, fmt.Errorf("%s: %w", file, fs.ErrExist)
	}
	doc, err := s.gather(ctx, p)
	if err != nil {
		return Exported{}, err
	}
	receipt := doc.receipt()
	if receipt == (Exported{Person: p.Asked}) {
		return receipt, ErrNothing
	}
	if err := writeWhole(file, func(out io.Writer) error { return doc.archive(ctx, out, language) }); err != nil {
		return Exported{}, err
	}
	receipt = doc.receipt() // a recording may have gone meanwhile
	receipt.File = file
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Audit.Write(ctx, tx, client.Employee{}, access.ActionExport, p.Asked, map[string]string{"format": "zip"})
	})
	if err != nil {
		return Exported{}, errors.Join(err, os.Remove(file)) // what nobody can answer for is not given out
	}
	return receipt, nil
}

// word is the person in the name of a file; a number has no place there.
func (p Person) word() string {
	if len(p.Cards) == 0 {
		return p.Asked
	}
	return string(p.Cards[0].Kind) + "-" + p.Cards[0].ID
}

func (d *Document) receipt() Exported {
	out := Exported{Person: d.Person, Cards: len(d.Cards), Calls: len(d.Calls), Tasks: len(d.Tasks), Waiting: len(d.Waiting), Requests: len(d.Requests)}
	for _, c := range d.Cards {
		out.Changes += len(c.History)
	}
	count := func(all []Entry) {
		for _, e := range all {
			switch e.Type {
			case "note":
				out.Notes++
			case "sms":
				out.Messages++
			}
		}
	}
	count(d.Entries)
	for _, c := range d.Calls {
		count(c.Notes)
		out.Flags += len(c.Flags)
		for _, r := range c.Recordings {
			if r.File == "" {
				out.Absent++
				continue
			}
			out.Recordings++
		}
	}
	return out
}

// workPrefix begins the folders of archives that are half done.
const workPrefix = ".dozvon-export-"

// writeWhole makes a file that only its owner reads under its name once it is whole and durable, and never over
// another one. What a killed one left beside it is taken away.
func writeWhole(file string, write func(io.Writer) error) error {
	work, err := disk.OpenWork(filepath.Dir(file), workPrefix)
	if err != nil {
		return fmt.Errorf("making %s: %w", file, err)
	}
	defer work.Close()
	part := filepath.Join(work.Dir, "whole")
	out, err := disk.Create(part)
	if err != nil {
		return fmt.Errorf("making %s: %w", file, err)
	}
	err = write(out)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	if err := disk.Link(part, file); err != nil {
		return fmt.Errorf("naming %s: %w", file, err)
	}
	return disk.SyncFolder(filepath.Dir(file))
}

// archive writes the document and the recordings.
func (d *Document) archive(ctx context.Context, out io.Writer, language string) error {
	z := zip.NewWriter(out)
	add := func(name string, method uint16, write func(io.Writer) error) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: d.MadeAt})
		if err == nil {
			err = write(w)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		return nil
	}
	for c := range d.Calls {
		for r := range d.Calls[c].Recordings {
			if err := ctx.Err(); err != nil {
				return err
			}
			rec := &d.Calls[c].Recordings[r]
			if rec.File == "" {
				continue
			}
			in, err := os.Open(rec.path)
			if errors.Is(err, fs.ErrNotExist) { // made room for another meanwhile
				rec.File, rec.Absent = "", absentElsewhere
				continue
			}
			if err != nil {
				return fmt.Errorf("opening a recording: %w", err)
			}
			err = add(filepath.ToSlash(rec.File), zip.Store, func(w io.Writer) error { _, err := io.Copy(w, in); return err })
			if err = errors.Join(err, in.Close()); err != nil {
				return err
			}
		}
	}
	err := add("person.json", zip.Deflate, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(d)
	})
	if err == nil {
		err = add("index.html", zip.Deflate, func(w io.Writer) error { return d.page(w, language) })
	}
	return errors.Join(err, z.Close())
}
