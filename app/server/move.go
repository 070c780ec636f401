package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dozvon/app/server/store/transfer"
)

// Moved tells what a run of migrate-to has done.
type Moved struct {
	Tables []transfer.Table
	// Whole says that the target is whole and was verified; else the server still runs, and the last step waits.
	Whole bool
}

// MigrateTo moves a SQLite installation into PostgreSQL. Beside a running server it copies; with the server stopped it
// brings the copy up to date, verifies it and ends. told hears of every table.
func MigrateTo(ctx context.Context, cfg Config, to string, told func(transfer.Table)) (Moved, error) {
	if err := cfg.Validate(); err != nil {
		return Moved{}, err
	}
	from, err := cfg.DatabaseURL()
	if err != nil {
		return Moved{}, err
	}
	switch {
	case !strings.HasPrefix(from, "sqlite://"):
		return Moved{}, errors.New("--database names PostgreSQL already: migrate-to moves from SQLite; give --data, or --database sqlite:///…")
	case !strings.HasPrefix(to, "postgres://") && !strings.HasPrefix(to, "postgresql://"):
		return Moved{}, errors.New("migrate-to needs an address like postgres://user@host/name")
	}
	if err := refusePending(cfg.Data); err != nil {
		return Moved{}, err
	}
	release, err := holdAlone(cfg.Data)
	alone := err == nil
	if alone {
		defer release()
	} else if !errors.Is(err, ErrRuns) {
		return Moved{}, err
	}
	t := transfer.Transfer{From: from, To: to, Final: alone, Now: time.Now, Told: told}
	tables, err := t.Run(ctx)
	var refused *transfer.Refusal
	if errors.As(err, &refused) {
		return Moved{}, err
	}
	if err != nil {
		return Moved{Tables: tables}, fmt.Errorf("%w; what was copied stays, and the same command goes on", err)
	}
	return Moved{Tables: tables, Whole: alone}, nil
}
