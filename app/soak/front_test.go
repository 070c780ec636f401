//go:build linux

package soak

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
)

// front is the way from everybody to the server: a listener whose address stays while the server is killed, and which
// cuts connections. It knows nothing of what goes over them.
type front struct {
	listener net.Listener
	to       string

	mu      sync.Mutex // guards what follows
	pairs   map[*pair]bool
	severed int
}

// pair is one connection and what it leads to.
type pair struct{ one, other *net.TCPConn }

func newFront(t testing.TB, to string) *front {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{listener: l, to: to, pairs: map[*pair]bool{}}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { f.join(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		f.cut(1)
		serving.Wait()
	})
	return f
}

func (f *front) url() string { return "http://" + f.listener.Addr().String() }

// join leads one connection to the server, until either end closes it or it is cut.
func (f *front) join(c net.Conn) {
	one, _ := c.(*net.TCPConn)
	d, err := net.Dial("tcp", f.to)
	if err != nil {
		sever(one)
		return
	}
	other, _ := d.(*net.TCPConn)
	p := &pair{one, other}
	f.mu.Lock()
	f.pairs[p] = true
	f.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { lead(other, one) })
	both.Go(func() { lead(one, other) })
	both.Wait()
	f.mu.Lock()
	delete(f.pairs, p)
	f.mu.Unlock()
}

func lead(to, from *net.TCPConn) {
	io.Copy(to, from)
	to.Close()
	from.Close()
}

// cut breaks this share of the open connections off, as a network does: with a reset, in the middle of whatever is on
// its way.
func (f *front) cut(share float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p := range f.pairs {
		if rand.Float64() < share {
			sever(p.one)
			sever(p.other)
			f.severed++
		}
	}
}

func (f *front) cuts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.severed
}

func sever(c *net.TCPConn) {
	c.SetLinger(0)
	c.Close()
}
