package server_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// TestNodes_aStreamOnOneSeesWhatAllCommit runs three nodes on one PostgreSQL, all writing at once,
// and follows the stream of the first: every row comes once and in order.
func TestNodes_aStreamOnOneSeesWhatAllCommit(t *testing.T) {
	t.Parallel()
	const nodes, writers, each = 3, 8, 100
	url := pgtest.URL(t)
	first := openSchool(t, url, "")
	stores := []*store.Store{first.parts.Store}
	for range nodes - 1 {
		p, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), SealKey: filepath.Join(first.data, "seal.key"), Database: url, Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		stores = append(stores, p.Store)
	}
	ctx, cancel := context.WithCancel(t.Context())
	wake := first.parts.Store.Listen(ctx)
	var following sync.WaitGroup
	following.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-wake:
			}
			if err := first.parts.Hub.CatchUp(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	defer following.Wait()
	defer cancel()

	in, err := client.New(first.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u101", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	seen := map[string]int{}
	live := make(chan struct{})
	var once sync.Once
	go client.New(first.http.URL, in.Token).Stream(ctx, client.StreamConfig{
		State: func(s client.StreamState) {
			if s.Live {
				once.Do(func() { close(live) })
			}
		},
		Handle: func(e client.StreamEvent) {
			if f, ok := e.Data.(*client.FeedEntry); ok {
				mu.Lock()
				seen[f.ID]++
				mu.Unlock()
			}
		},
	})
	<-live
	var wg sync.WaitGroup
	for n, st := range stores {
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					e := client.FeedEntry{ID: fmt.Sprintf("%d-%d-%d", n, w, i), Type: client.EntryNote}
					if err := st.Write(ctx, func(tx *store.Tx) error { return tx.Journal("feed", stream.All, e) }); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	eventually(t, "every row of every node", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) == nodes*writers*each
	})
	mu.Lock()
	defer mu.Unlock()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("row %s came %d times", id, n)
		}
	}
}
