package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/server/disk"
)

const (
	// decidedName is the note from which on a restored installation counts.
	decidedName = "restore.json"
	// stagedName is the folder of what is being restored.
	stagedName = "restore-unfinished"
	// asidePrefix begins the folder of what was there before.
	asidePrefix = "before-restore-"
)

// plan is what a restore does when everything is unpacked. It is stored while it goes on.
type plan struct {
	Backup string `json:"backup"` // which backup it is
	Moves  []move `json:"moves"`
}

// move puts what lies at Place aside, and New in its stead; with New empty nothing comes there.
type move struct {
	Name  string `json:"name"` // in the backup
	New   string `json:"new"`
	Place string `json:"place"`
	Aside string `json:"aside"`
}

func (p *plan) add(name, place string) {
	dir := filepath.Dir(place)
	m := move{Name: name, Place: place}
	if name != "" {
		m.New = filepath.Join(dir, stagedName, name)
	}
	p.Moves = append(p.Moves, m)
}

// date names the folders of what is put aside by the time, each a new one.
func (p *plan) date(stamp string) {
	taken := func(name string) bool {
		return slices.ContainsFunc(p.Moves, func(m move) bool { return there(filepath.Join(filepath.Dir(m.Place), name)) })
	}
	name := asidePrefix + stamp
	for i := 2; taken(name); i++ {
		name = asidePrefix + stamp + "-" + strconv.Itoa(i)
	}
	for i, m := range p.Moves {
		p.Moves[i].Aside = filepath.Join(filepath.Dir(m.Place), name, filepath.Base(m.Place))
	}
}

// staged is where a file of the backup is unpacked; empty: it is not.
func (p *plan) staged(name string) string {
	part, rest, _ := strings.Cut(name, "/")
	for _, m := range p.Moves {
		if m.New != "" && m.Name == part {
			return filepath.Join(m.New, filepath.FromSlash(rest))
		}
	}
	return ""
}

// folders are the folders that a restore makes beside the places.
func (p *plan) folders(of func(move) string) []string {
	var all []string
	for _, m := range p.Moves {
		if path := of(m); path != "" && !slices.Contains(all, filepath.Dir(path)) {
			all = append(all, filepath.Dir(path))
		}
	}
	return all
}

// asides are the folders with what was there before.
func (p *plan) asides() []string {
	return slices.DeleteFunc(p.folders(func(m move) string { return m.Aside }), func(dir string) bool {
		_, err := os.Lstat(dir)
		return err != nil
	})
}

// ErrPending says that a restore was broken off after it was decided, and waits to be finished.
var ErrPending = errors.New("a restore was broken off while it was putting files in their places: start the server, or run restore once more, and it is finished; nothing is lost")

// Pending tells whether a restore into a data folder waits to be finished.
func Pending(data string) (bool, error) {
	_, err := os.Lstat(filepath.Join(data, decidedName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for a restore that was broken off: %w", err)
	}
	return true, nil
}

// Unfinished tells whether a restore was broken off before it was decided: what it had unpacked lies there, and
// nothing of the installation was touched.
func Unfinished(data string) bool {
	if pending, err := Pending(data); err != nil || pending {
		return false
	}
	_, err := os.Lstat(filepath.Join(data, stagedName))
	return err == nil
}

// Finish does what is left of a restore that was broken off after it was decided; false when there is none. Whoever
// calls holds the folder's lock.
func Finish(data string) (done bool, err error) {
	p, err := (&Restorer{To: Installation{Data: data}}).finish()
	return p != nil, err
}

// finish returns the plan that it has brought to its end; nil: there was none.
func (r *Restorer) finish() (*plan, error) {
	raw, err := os.ReadFile(r.decided())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, fmt.Errorf("reading what a restore has left to do: %w", err)
	}
	p := &plan{}
	if err := json.Unmarshal(raw, p); err != nil {
		return nil, fmt.Errorf("reading what a restore has left to do (%s): %w", r.decided(), err)
	}
	return p, r.apply(p)
}

func (r *Restorer) decided() string { return filepath.Join(r.To.Data, decidedName) }

// decide notes durably what goes where.
func (r *Restorer) decide(p *plan) error {
	for _, dir := range p.folders(func(m move) string { return m.Aside }) {
		if err := r.makeFolder(dir); err != nil {
			return err
		}
		if err := disk.SyncFolder(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	raw, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	part := r.decided() + ".part"
	r.steps("write the note")
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := disk.Create(part)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	r.steps("put the note in place")
	if err := os.Rename(part, r.decided()); err != nil {
		return err
	}
	if err := disk.SyncFolder(r.To.Data); err != nil {
		return errors.Join(err, os.Remove(r.decided()))
	}
	return nil
}

// apply renames, as often as it takes: each move can be told done from not done.
func (r *Restorer) apply(p *plan) error {
	for _, m := range p.Moves {
		if err := r.move(m); err != nil {
			return fmt.Errorf("putting what was restored in its place: %w; run restore once more, or start the server, and it goes on", err)
		}
	}
	for _, dir := range p.folders(func(m move) string { return m.Place }) {
		if err := disk.SyncFolder(dir); err != nil {
			return fmt.Errorf("making the restore durable: %w", err)
		}
	}
	if err := r.sweep(p); err != nil {
		return err
	}
	for _, dir := range p.folders(func(m move) string { return m.Aside }) {
		os.Remove(dir) // which keeps one that holds something
	}
	r.steps("remove the note")
	if err := os.Remove(r.decided()); err != nil {
		return fmt.Errorf("ending the restore: %w", err)
	}
	if err := disk.SyncFolder(r.To.Data); err != nil {
		return fmt.Errorf("ending the restore: %w", err)
	}
	return nil
}

// move does one move, or the rest of it: what is at Place is the former one as long as nothing lies aside.
func (r *Restorer) move(m move) error {
	if m.New != "" && !there(m.New) {
		return nil // it is in its place
	}
	if there(m.Place) && !there(m.Aside) {
		r.steps("put aside " + m.Place)
		if err := os.Rename(m.Place, m.Aside); err != nil {
			return err
		}
		if err := disk.SyncFolder(filepath.Dir(m.Aside)); err != nil {
			return err
		}
	}
	if m.New == "" {
		return nil
	}
	r.steps("put in place " + m.Place)
	return os.Rename(m.New, m.Place)
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// sweep takes away what was unpacked and is in no place.
func (r *Restorer) sweep(p *plan) error {
	for _, dir := range p.folders(func(m move) string { return m.New }) {
		r.steps("sweep " + dir)
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("taking away what was unpacked: %w", err)
		}
	}
	return nil
}
