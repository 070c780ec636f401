//go:build unix

package pgtest

import (
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// Gated is a new database's address behind gates: what is connected to it goes through while nobody has locked the
// connection's gate, and hangs meanwhile, without anybody being told. gate is asked at each connection.
func Gated(t testing.TB, gate func() *sync.RWMutex) string {
	t.Helper()
	u, err := url.Parse(URL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	const name = ".s.PGSQL.5432"
	socket, dir := filepath.Join(q.Get("host"), name), t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("unix", socket)
			if err != nil {
				in.Close()
				continue
			}
			g := gate()
			go pass(g, out, in)
			go pass(g, in, out)
		}
	}()
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return u.String()
}

func pass(gate *sync.RWMutex, to, from net.Conn) {
	defer to.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		gate.RLock()
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		gate.RUnlock()
		if err != nil {
			return
		}
	}
}
