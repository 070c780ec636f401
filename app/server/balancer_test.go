package server_test

import (
	"io"
	"net"
	"slices"
	"sync"
	"testing"
)

// balancer hands connections to nodes in turn, as a plain TCP one does: it knows nothing of what goes over them. When one end of
// a connection is gone it drops the other; a node that takes no connection is passed over.
type balancer struct {
	l     net.Listener
	mu    sync.Mutex // guards what follows
	nodes []string
	turn  int
}

func startBalancer(t testing.TB, nodes ...string) *balancer {
	t.Helper()
	l, err := newListener()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	b := &balancer{l: l, nodes: nodes}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go b.pass(in)
		}
	}()
	return b
}

func (b *balancer) url() string { return "http://" + b.l.Addr().String() }

// set says which nodes there are from now on.
func (b *balancer) set(nodes ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = nodes
}

// order is all nodes, that whose turn it is first.
func (b *balancer) order() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	at := b.turn % len(b.nodes)
	return slices.Concat(b.nodes[at:], b.nodes[:at])
}

func (b *balancer) pass(in net.Conn) {
	defer in.Close()
	for _, node := range b.order() {
		out, err := net.Dial("tcp", node)
		if err != nil {
			continue
		}
		go func() {
			defer in.Close()
			defer out.Close()
			io.Copy(out, in)
		}()
		io.Copy(in, out)
		out.Close()
		return
	}
}
