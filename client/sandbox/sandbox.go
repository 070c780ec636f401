// Package sandbox goes into a practice: a school of one's own, for as long as its connection lasts. What is done
// there reaches nobody else, and is gone with it. It carries, as the client does, and decides nothing.
package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"dozvon/client"
)

// Protocol is what a practice's connection is switched to: HTTP/2 with prior knowledge, which speaks to a school
// made for this connection alone.
const Protocol = "dozvon-practice"

// The steps of a practice, in their order.
const (
	Known    = "known"     // somebody with a contract calls
	Unknown  = "unknown"   // a number of nobody's calls
	Missed   = "missed"    // somebody calls whom nobody answers
	CallBack = "call_back" // that caller is to be called back
	Done     = "done"      // all was done; one may go on calling
)

// State is how far a practice is.
type State struct {
	Step string `json:"step" enum:"known,unknown,missed,call_back,done"`
	// Until is when it ends by itself, by the server's clock, which said Now when this was told.
	Until time.Time `json:"until"`
	Now   time.Time `json:"now"`
}

// ErrOver says that the connection of a practice has ended, and its school with it.
var ErrOver = errors.New("the practice is over")

// ping is how long a practice's connection may be silent before it is asked, and how long the answer may take.
const ping = 15 * time.Second

// Sandbox is a practice; its API is that of the school there. Every call and feed entry of it says practice.
// Safe for concurrent use.
type Sandbox struct {
	*client.API
	conn *conn
	http *http.Transport
}

// Begin begins a practice as whoever api speaks for. It ends with Close, when the server ends it, or with the
// connection.
func Begin(ctx context.Context, api *client.API) (*Sandbox, error) {
	c, err := upgrade(ctx, api)
	if err != nil {
		return nil, err
	}
	dial := make(chan net.Conn, 1)
	dial <- c
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{
		Protocols: protocols, HTTP2: &http.HTTP2Config{SendPingTimeout: ping, PingTimeout: ping},
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			select {
			case c := <-dial:
				return c, nil
			default:
				return nil, ErrOver
			}
		},
	}
	s := &Sandbox{API: api.Over(transport), conn: c, http: transport}
	// The first request makes the connection that all the others share.
	if _, err := s.State(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("beginning a practice: %w", err)
	}
	return s, nil
}

// limit bounds a question about the practice itself.
const limit = 15 * time.Second

// upgrade asks for a practice on a connection of its own. HTTP/2 knows no upgrade, so it is HTTP/1.
func upgrade(ctx context.Context, api *client.API) (*conn, error) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	own := &http.Transport{Proxy: http.ProxyFromEnvironment, Protocols: protocols, TLSHandshakeTimeout: limit}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := api.Request(ctx, http.MethodGet, "/practice")
	if err != nil {
		return nil, err
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", Protocol)
	resp, err := own.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("asking for a practice: %w", err)
	}
	body, ok := resp.Body.(io.ReadWriteCloser)
	if resp.StatusCode != http.StatusSwitchingProtocols || !ok {
		defer own.CloseIdleConnections()
		defer resp.Body.Close()
		return nil, client.ProblemOf(resp)
	}
	return &conn{ReadWriteCloser: body, over: make(chan struct{})}, nil
}

// State tells how far it is.
func (s *Sandbox) State(ctx context.Context) (State, error) {
	var out State
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := s.Request(ctx, http.MethodGet, "/practice")
	if err != nil {
		return out, err
	}
	resp, err := s.http.RoundTrip(req)
	if err != nil {
		return out, fmt.Errorf("asking how far a practice is: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return out, client.ProblemOf(resp)
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return out, fmt.Errorf("reading how far a practice is: %w", err)
	}
	if out.Now.IsZero() { // an older server says it in the header alone
		if out.Now, err = http.ParseTime(resp.Header.Get("Date")); err != nil {
			out.Now = time.Now()
		}
	}
	return out, nil
}

// Over is closed when the connection has ended.
func (s *Sandbox) Over() <-chan struct{} { return s.conn.over }

// Close ends the practice.
func (s *Sandbox) Close() error {
	err := s.conn.Close()
	s.http.CloseIdleConnections()
	return err
}

// conn is a connection that was switched. Deadlines are the ping's business.
type conn struct {
	io.ReadWriteCloser
	once sync.Once
	over chan struct{}
}

// Read is net.Conn's; what ends it ends the practice.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.ReadWriteCloser.Read(p)
	if err != nil {
		c.Close()
	}
	return n, err
}

// Close is net.Conn's.
func (c *conn) Close() (err error) {
	c.once.Do(func() {
		err = c.ReadWriteCloser.Close()
		close(c.over)
	})
	return err
}

// LocalAddr is net.Conn's.
func (*conn) LocalAddr() net.Addr { return address{} }

// RemoteAddr is net.Conn's.
func (*conn) RemoteAddr() net.Addr { return address{} }

// SetDeadline is net.Conn's.
func (*conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline is net.Conn's.
func (*conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is net.Conn's.
func (*conn) SetWriteDeadline(time.Time) error { return nil }

type address struct{}

func (address) Network() string { return "practice" }
func (address) String() string  { return "practice" }
