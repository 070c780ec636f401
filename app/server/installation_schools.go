package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/backup"
	"dozvon/app/server/store/registry"
	"dozvon/client"
)

// CreateSchool makes a school with a database and a key of its own, and lets it be served. code is what its first
// administrator comes in with. What was broken off goes on when it is called again.
func CreateSchool(ctx context.Context, cfg Several, school registry.School) (code string, err error) {
	err = cfg.add(ctx, school, func() (err error) {
		code, err = furnish(ctx, cfg.Of(school.Name), school.Title)
		return err
	})
	return code, err
}

// ImportSchool makes a school of the backup of one, of this installation or of any other, or of a single school's. It has
// the people, the data and the key that the backup has. What was broken off goes on when it is called again.
func ImportSchool(ctx context.Context, cfg Several, school registry.School, from backup.Source) (done backup.Restored, err error) {
	err = cfg.add(ctx, school, func() (err error) {
		done, err = Restore(ctx, cfg.Of(school.Name), from)
		return err
	})
	return done, err
}

// add adds a school that fill makes, and lets it be served.
func (s Several) add(ctx context.Context, school registry.School, fill func() error) (err error) {
	if err := s.Validate(); err != nil {
		return err
	}
	several, err := HoldsSeveral(s.Data)
	if err != nil {
		return err
	}
	if file := holdsSingle(s.Data); file != "" && !several {
		return fmt.Errorf("the data folder %s holds a single school (%s): give --data another folder for an installation of several; nothing was changed", s.Data, file)
	}
	reg, err := s.OpenRegistry(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reg.Close()) }()
	if err := reg.Add(ctx, school); err != nil {
		return err
	}
	if err := fill(); err != nil {
		return fmt.Errorf("%w; the same command goes on", err)
	}
	return reg.SetState(ctx, school.Name, registry.Active, registry.Creating)
}

// furnish makes a school's database, as far as it is not there.
func furnish(ctx context.Context, cfg Config, title string) (code string, err error) {
	p, err := Build(ctx, cfg)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if title != "" {
		if _, err := p.Directory.SaveSchool(ctx, client.Employee{Login: access.Console}, client.SchoolInput{Name: &title}); err != nil {
			return "", err
		}
	}
	return p.Welcome.Code(ctx)
}

// SuspendSchool keeps a school from being served until ResumeSchool: every server closes it within seconds.
func SuspendSchool(ctx context.Context, cfg Several, name string) error {
	return cfg.setState(ctx, name, registry.Suspended, registry.Active)
}

// ResumeSchool lets a school be served again.
func ResumeSchool(ctx context.Context, cfg Several, name string) error {
	return cfg.setState(ctx, name, registry.Active, registry.Suspended)
}

func (s Several) setState(ctx context.Context, name string, to, from registry.State) error {
	reg, err := s.OpenRegistry(ctx)
	if err != nil {
		return err
	}
	return errors.Join(reg.SetState(ctx, name, to, from), reg.Close())
}

// Schools lists the schools of an installation.
func Schools(ctx context.Context, cfg Several) ([]registry.School, error) {
	reg, err := cfg.OpenRegistry(ctx)
	if err != nil {
		return nil, err
	}
	all, err := reg.All(ctx)
	return all.Schools, errors.Join(err, reg.Close())
}

// deletedEvery is how often it is looked whether a server has closed a school.
const deletedEvery = 100 * time.Millisecond

// DeleteSchool deletes a school with all that it kept, for good. A server that runs closes it first; what was broken off
// goes on when it is called again.
func DeleteSchool(ctx context.Context, cfg Several, name string) error {
	reg, err := cfg.OpenRegistry(ctx)
	if err != nil {
		return err
	}
	defer reg.Close()
	if err := reg.SetState(ctx, name, registry.Deleting, registry.Active, registry.Suspended, registry.Creating); err != nil {
		return err
	}
	folder := cfg.Of(name).Data
	if err := removeFolder(ctx, folder); err != nil {
		return fmt.Errorf("deleting %s: %w; the same command goes on", name, err)
	}
	return reg.Remove(ctx, name)
}

// deletedPrefix begins the name of a folder that is being deleted; no school's name begins so.
const deletedPrefix = ".deleted-"

// removeFolder takes a data folder away as soon as nobody works on it.
func removeFolder(ctx context.Context, folder string) error {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(folder), deletedPrefix+filepath.Base(folder)+"-*"))
	if err != nil {
		return err
	}
	for _, one := range left {
		if err := os.RemoveAll(one); err != nil {
			return err
		}
	}
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	release, err := holdAlone(folder)
	for err != nil && errors.Is(err, ErrRuns) {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(deletedEvery):
		}
		release, err = holdAlone(folder)
	}
	if err != nil {
		return err
	}
	// Under another name nobody takes it for the school's, should this be broken off.
	gone := filepath.Join(filepath.Dir(folder), deletedPrefix+filepath.Base(folder)+"-"+NewID())
	err = os.Rename(folder, gone)
	release()
	if err != nil {
		return err
	}
	return os.RemoveAll(gone)
}
