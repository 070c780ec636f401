package directory

import (
	"context"

	"dozvon/app/server/store"
)

// shared is what the nodes know together of one integration's account (pbx.Shared).
type shared struct {
	store       *store.Store
	integration string
}

// Read returns what was written last under a name; nil when nothing was.
func (s shared) Read(ctx context.Context, name string) ([]byte, error) {
	return s.store.Shared(ctx, name+" "+s.integration)
}

// Change makes of the present value the next one, at once for all nodes.
func (s shared) Change(ctx context.Context, name string, change func([]byte) []byte) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		had, err := tx.Shared(name + " " + s.integration)
		if err != nil {
			return err
		}
		return tx.SetShared(name+" "+s.integration, change(had))
	})
}
