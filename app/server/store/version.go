package store

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// Schema tells which version the database has now, and which this program's migrations lead to. Another
// node's newer program may have brought it further; one that is behind was put there under a running server.
func (s *Store) Schema(ctx context.Context) (has, wants int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	err = s.readDB.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versions+" WHERE is_applied").Scan(&has)
	if err != nil {
		return 0, 0, fmt.Errorf("reading the database's version: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, 0, fmt.Errorf("reading migrations: %w", err)
	}
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return 0, 0, fmt.Errorf("reading migrations: %w", err)
		}
		wants = max(wants, version)
	}
	return has, wants, nil
}
