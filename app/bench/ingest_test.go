//go:build linux

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	perSecond = 500
	// slices of load and floor alternate, so that both meet the same moods of the disk.
	ackSlices = 10
	syncBytes = 600
	syncs     = 100 // in each slice
)

// acknowledged sends webhooks at a steady pace, whether or not earlier ones were answered, and
// counts from the moment each should have been sent.
func acknowledged(t *testing.T, b *bench) {
	s := openSchool(t, b, "acknowledged")
	fill(t, s, 2000)
	var requests [][]byte
	for n := 0; len(requests) < perSecond*(ackSlices+1); n++ {
		for _, w := range answered(n, caller(n)) {
			requests = append(requests, w.request())
		}
	}
	senders := make([]*sender, 64)
	for i := range senders {
		senders[i] = dial(t, s.addr)
	}
	file, err := os.Create(filepath.Join(b.dir, "fdatasync"))
	if err != nil {
		t.Fatal(err)
	}
	closing(t, file)
	var acks, floor times
	steady(t, senders, requests[:perSecond]) // the first second only warms up
	for i := range ackSlices {
		acks = append(acks, steady(t, senders, requests[(i+1)*perSecond:(i+2)*perSecond])...)
		floor = append(floor, syncing(t, file)...)
	}
	ratio := over(acks.p99(), floor.p99())
	b.add(t, row{
		"webhook acknowledged after a durable commit, 500 events/s", acks.String(),
		fmt.Sprintf("one write of %d bytes + fdatasync: %s", syncBytes, floor), factor(ratio), "p99 ≤ 4×", ratio <= 4,
	})
}

func steady(t *testing.T, senders []*sender, requests [][]byte) times {
	t.Helper()
	type job struct {
		n   int
		due time.Time
	}
	jobs := make(chan job, len(requests))
	taken := make(times, len(requests))
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	for _, s := range senders {
		group.Go(func() {
			for j := range jobs {
				if err := s.send(requests[j.n]); err != nil {
					failed.Store(&err)
				}
				taken[j.n] = time.Since(j.due)
			}
		})
	}
	began := time.Now()
	for n := range requests {
		due := began.Add(time.Duration(n) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		jobs <- job{n, due}
	}
	close(jobs)
	group.Wait()
	if err := failed.Load(); err != nil {
		t.Fatal(*err)
	}
	return taken
}

// syncing appends and syncs at the pace of the load.
func syncing(t *testing.T, file *os.File) times {
	t.Helper()
	record := make([]byte, syncBytes)
	var taken times
	for range syncs {
		time.Sleep(time.Second / perSecond)
		began := time.Now()
		_, err := file.Write(record)
		if err == nil {
			err = syscall.Fdatasync(int(file.Fd()))
		}
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, time.Since(began))
	}
	return taken
}

const (
	sendersCount   = 32
	sustainedSlice = 1250 * time.Millisecond
	sustainedTurns = 4
)

// sustained lets 32 senders send as fast as they are answered, to the server and to a bare
// program in turn.
func sustained(t *testing.T, b *bench) {
	s := openSchool(t, b, "sustained")
	fill(t, s, 2000)
	var next atomic.Int64
	crowd := func(addr string) []*sender {
		all := make([]*sender, sendersCount)
		for i := range all {
			all[i] = dial(t, addr)
		}
		return all
	}
	toServer := crowd(s.addr)
	pour(t, toServer, &next, sustainedSlice/2)
	weight := weigh(t, s.file)
	bare := openBare(t, b, weight)
	toBare := crowd(bare.addr)
	pour(t, toBare, &next, sustainedSlice/2)
	var events, bareEvents int
	var acks times
	for range sustainedTurns {
		n, taken := pour(t, toServer, &next, sustainedSlice)
		events, acks = events+n, append(acks, taken...)
		n, _ = pour(t, toBare, &next, sustainedSlice)
		bareEvents += n
	}
	seconds := (sustainedTurns * sustainedSlice).Seconds()
	ratio := float64(events) / float64(bareEvents)
	b.add(t, row{
		"webhooks sustained, 32 senders, SQLite synchronous=FULL", fmt.Sprintf("%.0f/s (%s)", float64(events)/seconds, acks),
		fmt.Sprintf("a bare program committing the same rows (%s): %.0f/s", weight, float64(bareEvents)/seconds), factor(ratio), "≥ 0.9×", ratio >= 0.9,
	})
}

// pour sends whole calls until the time is over and counts the webhooks answered in it.
func pour(t *testing.T, senders []*sender, next *atomic.Int64, during time.Duration) (int, times) {
	t.Helper()
	var mu sync.Mutex
	var all times
	var failed error
	until := time.Now().Add(during)
	var group sync.WaitGroup
	for _, s := range senders {
		group.Go(func() {
			taken, err := s.calls(next, until)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, taken...)
			if err != nil {
				failed = err
			}
		})
	}
	group.Wait()
	if failed != nil {
		t.Fatal(failed)
	}
	return len(all), all
}

func (s *sender) calls(next *atomic.Int64, until time.Time) (times, error) {
	var taken times
	for {
		n := int(next.Add(1))
		for _, w := range answered(n, caller(n)) {
			request := w.request()
			began := time.Now()
			if began.After(until) {
				return taken, nil
			}
			if err := s.send(request); err != nil {
				return taken, err
			}
			taken = append(taken, time.Since(began))
		}
	}
}

// fill makes cards, every second one a contract, found by the numbers +7903….
func fill(t *testing.T, s *school, count int) {
	t.Helper()
	const batch = 1000
	now := time.Now()
	for from := 0; from < count; from += batch {
		err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
			for i := from; i < min(from+batch, count); i++ {
				if err := saveCard(tx, i, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func cardPhone(i int) string { return fmt.Sprintf("+7903%07d", i) }

func saveCard(tx *store.Tx, i int, now time.Time) error {
	c := crm.Card{
		Kind: client.KindClient, ID: server.NewID(), Version: 1, Name: fmt.Sprintf("Шангутов Александр %d", i), ClientKind: crm.Client, Status: client.StatusNew,
		PhoneList: []crm.Phone{{Number: cardPhone(i)}}, Tags: []string{}, CreatedAt: now, UpdatedAt: now,
	}
	if i%2 == 0 {
		c.Kind, c.ClientKind, c.Status = client.KindContract, "", client.StatusActive
		c.Number, c.Category, c.Group = fmt.Sprint(i), "B", "14"
	}
	return tx.SaveCard(c)
}
