package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/gofrs/flock"

	"dozvon/app/server/backup"
)

// Installation says where everything of a server lies.
func (c Config) Installation() (backup.Installation, error) {
	address, err := c.DatabaseURL()
	return backup.Installation{Data: c.Data, Database: address, SealKey: c.sealKey()}, err
}

// Backup writes everything that a server is made of into one file, beside a running one as well. Beside a restore it
// refuses: half would be of before.
func Backup(ctx context.Context, cfg Config, file string, o backup.Options) (backup.Report, error) {
	if err := cfg.Validate(); err != nil {
		return backup.Report{}, err
	}
	leave, err := joinFolder(cfg)
	if err != nil {
		return backup.Report{}, err
	}
	defer leave()
	in, err := cfg.Installation()
	if err != nil {
		return backup.Report{}, err
	}
	o.Program, o.Now = cfg.Version, time.Now
	return backup.Make(ctx, in, file, o)
}

// Restore puts a backup in the place of what the data folder holds. It refuses beside a running server.
func Restore(ctx context.Context, cfg Config, from backup.Source) (backup.Restored, error) {
	if err := cfg.Validate(); err != nil {
		return backup.Restored{}, err
	}
	release, err := holdAlone(cfg.Data)
	if errors.Is(err, ErrRuns) && cfg.School != "" {
		return backup.Restored{}, fmt.Errorf("%w, with the school %s open: suspend it first (dozvon-server school suspend %s) and try again in some seconds, nothing was changed", ErrRuns, cfg.School, cfg.School)
	}
	if err != nil {
		return backup.Restored{}, err
	}
	defer release()
	in, err := cfg.Installation()
	if err != nil {
		return backup.Restored{}, err
	}
	done, err := (&backup.Restorer{To: in, Now: time.Now}).Restore(ctx, from)
	if err == nil && cfg.TellAddresses != nil {
		err = cfg.tellAddresses(ctx)
	}
	return done, err
}

// tellAddresses tells by what PBXs' requests tell that they are of the school that was restored.
func (c Config) tellAddresses(ctx context.Context) error {
	c.holds = true
	p, err := Build(ctx, c)
	if err != nil {
		return fmt.Errorf("the backup is restored, but it cannot be opened: %w", err)
	}
	return p.Close()
}

// holdAlone takes the data folder for this process alone: no server runs on it, and no other command.
func holdAlone(dir string) (release func(), err error) {
	server, err := holdFolder(dir)
	if errors.Is(err, ErrRuns) {
		return nil, &runs{dir}
	}
	if err != nil {
		return nil, err
	}
	lock := commandsLock(dir)
	held, err := lock.TryLock()
	if err == nil && !held {
		err = fmt.Errorf("another command works on the data folder %s: let it end and try again, nothing was changed", dir)
	}
	if err != nil {
		server()
		return nil, err
	}
	return func() {
		lock.Close()
		server()
	}, nil
}

// runs says that a server runs on a data folder, and how it is stopped.
type runs struct{ dir string }

func (r *runs) Error() string {
	return fmt.Sprintf("a server runs on the data folder %s: stop it first (systemctl stop dozvon-server; on Windows: sc stop dozvon-server; else end the program), nothing was changed", r.dir)
}

func (r *runs) Unwrap() error { return ErrRuns }

// commandsLock is shared by the commands that work beside a server, and held alone by those that cannot.
func commandsLock(dir string) *flock.Flock {
	return lockIn(dir, "commands.lock")
}

// joinFolder lets a command, or a server, use the data folder beside others, but beside no restore.
func joinFolder(cfg Config) (release func(), err error) {
	if cfg.holds {
		return func() {}, finishRestore(cfg.Data)
	}
	lock := commandsLock(cfg.Data)
	held, err := lock.TryRLock()
	if err == nil && !held {
		return nil, fmt.Errorf("a restore goes on in the data folder %s: wait until it has ended", cfg.Data)
	}
	if err != nil {
		lock.Close() // where nothing can be written, nothing is restored either
	}
	if err := refusePending(cfg.Data); err != nil {
		lock.Close()
		return nil, err
	}
	return func() { lock.Close() }, nil
}

// finishRestore does what a restore that was broken off has left to do.
func finishRestore(dir string) error {
	done, err := backup.Finish(dir)
	switch {
	case err != nil:
		return err
	case done:
		slog.Warn("a restore had been broken off and was finished: the server starts with what was restored")
	case backup.Unfinished(dir):
		slog.Warn("a restore was broken off before it changed anything: the server starts with what was there; run the restore again, with the server stopped", "data", dir)
	}
	return nil
}

func refusePending(dir string) error {
	pending, err := backup.Pending(dir)
	if err == nil && pending {
		err = backup.ErrPending
	}
	return err
}

// WithoutPassword is a database's address as it may be shown.
func WithoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "postgres://…"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	q.Del("password")
	q.Del("sslpassword")
	u.RawQuery = q.Encode()
	return u.String()
}
