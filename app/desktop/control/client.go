package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const (
	// winnerLimit is how long the winner of the lock may take until it listens.
	winnerLimit = time.Second
	// statusLimit bounds an answer in bytes: a storm of cards with their buttons is some tens of kilobytes.
	statusLimit = 4 << 20
)

// Client asks the running program. It is safe for concurrent use.
type Client struct{ dir string }

// NewClient asks the instance of dir, see Dir.
func NewClient(dir string) Client { return Client{dir} }

var _ Commands = Client{}

// Status tells what the program shows now.
func (c Client) Status(ctx context.Context) (Status, error) {
	var s Status
	err := c.ask(ctx, "status", struct{}{}, &s)
	return s, err
}

// Start is what a second start wants.
func (c Client) Start(ctx context.Context, s Start) error { return c.ask(ctx, "start", s, nil) }

// Dial calls a number.
func (c Client) Dial(ctx context.Context, d Dial) error { return c.ask(ctx, "dial", d, nil) }

// SignIn goes on as somebody. The password goes only through a folder of ours, to a process of ours;
// else the error is ErrUnsafe.
func (c Client) SignIn(ctx context.Context, s SignIn) error { return c.ask(ctx, "sign-in", s, nil) }

// Restore signs in with what this process has put into the keyring.
func (c Client) Restore(ctx context.Context) error { return c.ask(ctx, "restore", struct{}{}, nil) }

// Do carries out what a person's click would.
func (c Client) Do(ctx context.Context, a Action) error { return c.ask(ctx, "do", a, nil) }

// Quit ends the program.
func (c Client) Quit(ctx context.Context) error { return c.ask(ctx, "quit", struct{}{}, nil) }

// ask posts what is asked and reads the answer into out, unless that is nil.
func (c Client) ask(ctx context.Context, what string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit+sendLimit)
	defer cancel()
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("asking the running dozvon: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://dozvon/"+what, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking the running dozvon: %w", err)
	}
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return c.connect(ctx)
	}}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return fault(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, statusLimit))
	if err != nil {
		return fmt.Errorf("reading the running dozvon's answer: %w", err)
	}
	return read(answer.StatusCode, raw, out)
}

func read(status int, raw []byte, out any) error {
	if status == http.StatusOK {
		if out == nil {
			return nil
		}
		if err := json.Unmarshal(raw, out); err != nil {
			return fmt.Errorf("reading the running dozvon's answer: %w", err)
		}
		return nil
	}
	var p problem
	if json.Unmarshal(raw, &p) != nil || p.Error == "" {
		return errors.New("the running dozvon does not know this; it may be an older version: end it and start it again")
	}
	return errors.New(p.Error)
}

// fault tells a program that is not there from one that gives no proper answer.
func fault(err error) error {
	switch {
	case errors.Is(err, ErrNotRunning), errors.Is(err, ErrUnsafe):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("the running dozvon does not answer; end it and start it again")
	}
	return fmt.Errorf("the running dozvon gave no proper answer (%w); it may be another version: end it and start it again", err)
}

// connect trusts only a folder of ours and a process of ours.
func (c Client) connect(ctx context.Context) (net.Conn, error) {
	switch err := ours(c.dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotRunning
	case err != nil:
		return nil, err
	}
	if _, err := os.Lstat(filepath.Join(c.dir, lockName)); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	}
	conn, err := c.dialPatiently(ctx)
	if err != nil {
		return nil, err
	}
	if err := samePerson(conn); err != nil {
		conn.Close()
		return nil, err
	}
	yieldForeground(conn)
	return conn, nil
}

// errBusy says that the program is there, and hears others just now.
var errBusy = errors.New("the running dozvon hears others")

// dialPatiently waits a moment: whoever won the lock may not listen yet. For one that is busy it waits
// as long as for an answer.
func (c Client) dialPatiently(ctx context.Context) (net.Conn, error) {
	winner := time.NewTimer(winnerLimit)
	defer winner.Stop()
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	for {
		conn, err := dial(ctx, c.dir)
		if err == nil || errors.Is(err, ErrUnsafe) {
			return conn, err
		}
		late := winner.C
		if errors.Is(err, errBusy) {
			late = nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late:
			return nil, ErrNotRunning
		case <-retry.C:
		}
	}
}
