//go:build linux

package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

const (
	nodeCalls = 300
	// betweenCalls lets the machine come to rest.
	betweenCalls = 15 * time.Millisecond
)

// acrossNodes measures from the sending of a webhook to one node until its call is on a screen's stream that another node
// serves, both whole servers on a PostgreSQL that flushes to the disk.
func acrossNodes(t *testing.T, b *bench) {
	database := pgtest.Start(t, b.dir, "fsync=on").URL()
	data := filepath.Join(b.dir, "nodes")
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Database: database, Version: "bench"})
	if err != nil {
		t.Fatal(err)
	}
	hire(t, parts)
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(data, "seal.key")
	one := runNode(t, server.Config{Data: filepath.Join(b.dir, "node-1"), Database: database, SealKey: key})
	other := runNode(t, server.Config{Data: filepath.Join(b.dir, "node-2"), Database: database, SealKey: key})

	token := (&school{addr: one}).signIn(t)
	same, across := followCalls(t, one, token), followCalls(t, other, token)
	pbx := dial(t, one)
	var acknowledged, near, far times
	for i := range nodeCalls {
		time.Sleep(betweenCalls)
		number := fmt.Sprintf("7904%07d", i)
		request := callEvent(100_000+i, 1, "101", number, 1, mango.StateAppeared, time.Now().Unix(), 0).request()
		sent := time.Now()
		if err := pbx.send(request); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, time.Since(sent))
		near = append(near, same.await(t, "+"+number).Sub(sent))
		far = append(far, across.await(t, "+"+number).Sub(sent))
	}
	bare := bareNotified(t, database)
	b.add(t, row{
		"webhook to one node → call on another node's stream, PostgreSQL", far.String(),
		fmt.Sprintf("a bare row committed, notified and read: %s; acknowledged: %s; on the same node's stream: %s", bare, acknowledged, near),
		factor(over(far.p50(), bare.p50())), "p99 ≤ 50 ms", far.p99() <= 50*time.Millisecond,
	})
}

// runNode runs a whole server, with all that goes on beside its requests, and returns its address.
func runNode(t *testing.T, cfg server.Config) string {
	t.Helper()
	l := listen(t)
	cfg.Listen, cfg.Version, cfg.PingEvery = l.Addr().String(), "bench", time.Hour
	l.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, cfg) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the node ended with %v", err)
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := client.New("http://"+cfg.Listen, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password, Device: "bench"}); err == nil {
			return cfg.Listen
		}
		if time.Now().After(deadline) {
			t.Fatal("the node does not serve")
		}
	}
}

// ringing is a stream on which calls come.
type ringing struct {
	mu   sync.Mutex // guards came
	came map[string]chan time.Time
}

func followCalls(t *testing.T, addr, token string) *ringing {
	t.Helper()
	r, live := &ringing{came: map[string]chan time.Time{}}, make(chan struct{})
	once := sync.OnceFunc(func() { close(live) })
	go client.New("http://"+addr, token).Stream(t.Context(), client.StreamConfig{
		Silence: time.Hour,
		State: func(st client.StreamState) {
			if st.Live {
				once()
			}
		},
		Handle: func(e client.StreamEvent) {
			if c, ok := e.Data.(*client.Call); ok {
				select {
				case r.of(c.Phone) <- time.Now():
				default: // a later change of it
				}
			}
		},
	})
	<-live
	return r
}

func (r *ringing) of(phone string) chan time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.came[phone] == nil {
		r.came[phone] = make(chan time.Time, 1)
	}
	return r.came[phone]
}

// await returns when a number's call came.
func (r *ringing) await(t *testing.T, phone string) time.Time {
	t.Helper()
	select {
	case at := <-r.of(phone):
		return at
	case <-time.After(time.Minute):
		t.Fatalf("the call of %s did not come", phone)
		return time.Time{}
	}
}

// bareNotified is the floor: one row written and committed with a notification, until another connection that waits for it
// has read the row.
func bareNotified(t *testing.T, database string) times {
	t.Helper()
	writer, reader := connect(t, database), connect(t, database)
	for c, statement := range map[*pgx.Conn]string{writer: "CREATE TABLE bare (n BIGINT PRIMARY KEY, at BIGINT, type TEXT, audience TEXT, data TEXT)", reader: "LISTEN bare"} {
		if _, err := c.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	data := encode(streamedEntry(1))
	var taken times
	for i := range nodeCalls {
		time.Sleep(betweenCalls)
		began := time.Now()
		err := pgx.BeginFunc(t.Context(), writer, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "INSERT INTO bare VALUES ($1, 0, 'call', '', $2)", i, data); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), "SELECT pg_notify('bare', '')")
			return err
		})
		if err == nil {
			_, err = reader.WaitForNotification(t.Context())
		}
		if err == nil {
			err = reader.QueryRow(t.Context(), "SELECT data FROM bare WHERE n = $1", i).Scan(&data)
		}
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, time.Since(began))
	}
	return taken
}

func connect(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}
