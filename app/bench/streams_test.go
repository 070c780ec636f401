//go:build linux

package bench

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

const (
	streamsCount = 1000
	streamEvents = 50
	// restBetween lets the machine come to rest after an event.
	restBetween = 20 * time.Millisecond
)

// streams measures what a thousand idle streams weigh and how fast one event reaches the last.
// The subscribers are a process of their own: what they cost is not the server's memory.
func streams(t *testing.T, b *bench) {
	manyFiles(t, 4*streamsCount+200)
	s := openSchool(t, b, "streams")
	ask := "GET /api/v1/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + s.signIn(t) + "\r\n\r\n"
	// The first stream makes the employee present; that is an event which the others need not see.
	startReader(t, s.addr, 1, ask).await(t, greeting)

	before := inUse()
	subscribers := startReader(t, s.addr, streamsCount, ask)
	subscribers.await(t, greeting)
	each := float64(inUse()-before) / streamsCount / 1024
	b.add(t, row{
		"memory of an idle stream, 1,000 streams", fmt.Sprintf("%.1f KB", each),
		"—", "—", "≤ 35 KB", each <= 35,
	})

	bare := openBareStreams(t)
	committed := make(chan time.Time, 1)
	s.parts.Store.OnCommit(func(rows []store.Row) {
		committed <- time.Now()
		s.parts.Hub.Publish(rows)
	})
	frame := bareFrame(t, 0)
	bare.publish(t, frame)
	bare.readers.await(t, 1)
	var taken, floor times
	for i := range streamEvents {
		time.Sleep(restBetween)
		began := time.Now()
		bare.publish(t, bareFrame(t, i))
		floor = append(floor, bare.readers.await(t, i+2).Sub(began))

		time.Sleep(restBetween)
		err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.Journal("feed", stream.All, streamedEntry(i)) })
		if err != nil {
			t.Fatal(err)
		}
		began = <-committed
		taken = append(taken, subscribers.await(t, greeting+i+1).Sub(began))
	}
	ratio := over(taken.p50(), floor.p50())
	b.add(t, row{
		"one event to 1,000 streams, last receipt", taken.String(),
		"a bare loop of writes of the same bytes: " + floor.String(), factor(ratio), "p50 ≤ 1.3×", ratio <= 1.3,
	})
}

func streamedEntry(i int) client.FeedEntry {
	return client.FeedEntry{
		ID: fmt.Sprint(i), Type: client.EntryCallIn, Description: "Входящий вызов: +79645550190", Phone: "+79645550190",
		Subject: &client.Subject{Kind: client.KindContract, ID: "0195", Name: "Шангутов Александр Александрович", Detail: "Договор № 123 · кат. B · группа 14"},
	}
}

// bareFrame is what the server sends for an entry: the event and the chunk around it.
func bareFrame(t *testing.T, i int) []byte {
	t.Helper()
	frame := fmt.Sprintf("id: %d\nevent: feed\ndata: %s\n\n", i, encode(streamedEntry(i)))
	return fmt.Appendf(nil, "%x\r\n%s\r\n", len(frame), frame)
}

// inUse is the memory that the server holds for something. A collection halves a stack that has
// become too large, so some are needed until an idle one has its size.
func inUse() int64 {
	for range 5 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func manyFiles(t *testing.T, need uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur >= need {
		return
	}
	limit.Cur = min(limit.Max, need)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < need {
		t.Fatalf("%d open files are needed, the limit is %d (ulimit -n): %v", need, limit.Max, err)
	}
}

// bareStreams is the floor: accepted connections and a loop of writes.
type bareStreams struct {
	conns   []net.Conn
	readers *readers
}

func openBareStreams(t *testing.T) *bareStreams {
	t.Helper()
	l := listen(t)
	accepted := make(chan []net.Conn)
	go func() {
		var all []net.Conn
		for len(all) < streamsCount {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			all = append(all, conn)
		}
		accepted <- all
	}()
	b := &bareStreams{readers: startReader(t, l.Addr().String(), streamsCount, "")}
	b.conns = <-accepted
	for _, c := range b.conns {
		closing(t, c)
	}
	return b
}

func (b *bareStreams) publish(t *testing.T, frame []byte) {
	t.Helper()
	for _, c := range b.conns {
		if _, err := c.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	// readerSpec makes the test binary be the subscribers: "address count" and the request to send.
	readerSpec    = "DOZVON_BENCH_READER"
	readerRequest = "DOZVON_BENCH_REQUEST"
	// greeting is how many blank-line-ended parts a stream begins with: retry, and hello.
	greeting = 2
)

// readers are many subscribers in one child process, which tells when the last of them has
// received each event.
type readers struct {
	lines *bufio.Scanner
	seen  int
}

func startReader(t *testing.T, addr string, count int, request string) *readers {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), readerSpec+"="+addr+" "+strconv.Itoa(count), readerRequest+"="+request)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return &readers{lines: bufio.NewScanner(out)}
}

// await returns when the last subscriber received the n-th event, counted from 1.
func (r *readers) await(t *testing.T, n int) time.Time {
	t.Helper()
	for r.lines.Scan() {
		r.seen++
		nanos, err := strconv.ParseInt(r.lines.Text(), 10, 64)
		if err != nil {
			t.Fatalf("the subscribers said %q", r.lines.Text())
		}
		if r.seen == n {
			return time.Unix(0, nanos)
		}
	}
	t.Fatalf("the subscribers ended before event %d", n)
	return time.Time{}
}

// runAsReader is the child's main: for every event it prints the time of its last receipt.
func runAsReader(spec string) int {
	addr, n, _ := strings.Cut(spec, " ")
	count, err := strconv.Atoi(n)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	received := make([]atomic.Int32, 10_000)
	ended := make(chan error)
	for range count {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_, err = conn.Write([]byte(os.Getenv(readerRequest)))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		go func() { ended <- subscribe(conn, received, int32(count)) }()
	}
	<-ended // normally the parent kills us
	return 1
}

func subscribe(conn net.Conn, received []atomic.Int32, all int32) error {
	buffer, events, blank := make([]byte, 2048), 0, false
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return err
		}
		for _, c := range buffer[:n] {
			if c == '\n' && blank {
				if received[events].Add(1) == all {
					fmt.Println(time.Now().UnixNano())
				}
				events++
			}
			blank = c == '\n'
		}
	}
}
