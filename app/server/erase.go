package server

import (
	"context"
	"errors"

	"dozvon/app/server/person"
)

// Erase takes all that is kept about a person out for good, also beside a running server; where none runs, the file of
// the database may be rewritten, and no server starts meanwhile.
func Erase(ctx context.Context, cfg Config, who string, dryRun bool) (receipt person.Erased, err error) {
	if err := cfg.Validate(); err != nil {
		return receipt, err
	}
	release, err := holdFolder(cfg.Data)
	alone := err == nil
	if err != nil && !errors.Is(err, ErrRuns) {
		return receipt, err
	}
	if alone {
		defer release()
	}
	p, err := Build(ctx, cfg)
	if err != nil {
		return receipt, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	p.Person.Alone = alone
	return p.Person.Erase(ctx, who, dryRun)
}
