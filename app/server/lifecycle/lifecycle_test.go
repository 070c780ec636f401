package lifecycle_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/directory"
	"dozvon/app/server/lifecycle"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// slowPBX is a PBX whose subscriptions wait until they may be made.
type slowPBX struct {
	pbx.Provider
	may   chan struct{}
	asked chan struct{}
	made  atomic.Int64
}

func (p *slowPBX) Subscribe(ctx context.Context, _ string) (pbx.Subscription, error) {
	p.asked <- struct{}{}
	select {
	case <-p.may:
	case <-ctx.Done():
		return pbx.Subscription{}, ctx.Err()
	}
	now := time.Now()
	return pbx.Subscription{ID: fmt.Sprint("s", p.made.Add(1)), Began: now, Until: now.Add(time.Hour)}, nil
}

func (p *slowPBX) Subscribed(context.Context, pbx.Subscription) error { return nil }

func (p *slowPBX) Unsubscribe(context.Context, pbx.Subscription) error { return nil }

type noCalls struct{}

func (noCalls) ReconcileSoon(string) error { return directory.ErrNoIntegration }
func (noCalls) DeliverTo(context.Context, string, pbx.Request) (pbx.Answer, error) {
	return pbx.Answer{}, nil
}

// TestRun_aPBXThatHangsKeepsNoOtherWaiting, and a change is acted on without waiting for the next look.
func TestRun_aPBXThatHangsKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	hangs := &slowPBX{may: make(chan struct{}), asked: make(chan struct{}, 10)}
	quick := &slowPBX{may: make(chan struct{}), asked: make(chan struct{}, 10)}
	close(quick.may)
	dir, keeper := openKeeper(t, map[string]pbx.Provider{"hangs": hangs, "quick": quick})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	defer running.Wait()
	defer stop()
	connect := func(key string) client.Integration {
		t.Helper()
		i, err := dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Active: ptr(true), APIKey: &key, APIURL: ptr("http://127.0.0.1:1/")})
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	connect("hangs")
	<-hangs.asked
	second := connect("quick")
	<-quick.asked
	states := func(id string) client.SubscriptionState {
		i, err := dir.Integration(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return i.Subscription.State
	}
	deadline := time.After(time.Minute)
	for states(second.ID) != client.SubscriptionOK {
		select {
		case <-deadline:
			t.Fatal("the quick one waits for the one that hangs")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if hangs.made.Load() != 0 || len(hangs.asked) != 0 {
		t.Errorf("the one that hangs has made %d and was asked %d more times", hangs.made.Load(), len(hangs.asked))
	}
}

func ptr[T any](v T) *T { return &v }

// openKeeper keeps the PBXs of a kind whose adapters are told by the account's key.
func openKeeper(t *testing.T, adapters map[string]pbx.Provider) (*directory.Directory, *lifecycle.Keeper) {
	t.Helper()
	dataFolder := t.TempDir()
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("id-%03d", n.Add(1)) }
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(dataFolder, "dozvon.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	sealer, err := access.NewSealer(filepath.Join(dataFolder, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := []pbx.Kind{{
		Name: "slow", Title: "Slow", Credentials: []pbx.Credential{{Name: pbx.KeyField}}, Capabilities: []pbx.Capability{pbx.CanBeSubscribed},
		New: func(a pbx.Account) pbx.Provider { return adapters[a.Credentials[pbx.KeyField]] },
	}}
	allowed := outbound.Policy{Loopback: true}
	dir, err := directory.New(t.Context(), directory.Config{
		Store: db, Audit: &audit.Log{Store: db, Now: time.Now, NewID: newID}, Sealer: sealer, Kinds: kinds, PublicURL: "http://127.0.0.1:8420",
		Outbound: allowed, Now: time.Now, NewID: newID, Node: "node",
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, lifecycle.New(lifecycle.Config{
		Store: db, Sealer: sealer, Kinds: kinds, Directory: dir, Calls: noCalls{}, Reconciler: noCalls{}, Outbound: allowed, Now: time.Now, NewID: newID, Node: "node",
	})
}
