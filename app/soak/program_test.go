//go:build linux

package soak

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dozvon/app/server"
)

// builtProgram is the server as it is shipped: that of make build, or one built here.
var builtProgram = sync.OnceValues(func() (string, error) {
	if *soakServer != "" {
		return *soakServer, nil
	}
	dir, err := os.MkdirTemp("", "dozvon-soak-program")
	if err != nil {
		return "", err
	}
	builtIn = dir
	build := exec.Command("go", "build", "-o", dir, "dozvon/cmd/dozvon-server")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return filepath.Join(dir, "dozvon-server"), nil
})

// builtIn is the folder to take away at the end.
var builtIn string

// program is the server on a data folder, at addresses that stay, so that it can be killed and started again.
type program struct {
	file           string // of the program
	data           string
	listen         string
	metricsAddress string
	publicURL      string
	extra          []string // further flags of serve
	log            io.Writer

	mu    sync.Mutex // guards what follows
	cmd   *exec.Cmd
	clock io.WriteCloser // of a server whose clock can be set; else nil
	ended chan struct{}
	lives int
}

// newProgram is a server that has not been started.
func newProgram(t testing.TB, data string) *program {
	t.Helper()
	file, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{file: file, data: data, listen: freeAddress(t), metricsAddress: freeAddress(t), log: io.Discard}
	p.publicURL = "http://" + p.listen
	return p
}

// freeAddress is one that stays free while the server that listens there is down: below the ports that the system gives
// to connections by itself.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 12_000+rand.IntN(18_000)))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
	t.Fatal("no address is free")
	return ""
}

// run runs another command of the program on the data folder to its end.
func (p *program) run(ctx context.Context, stdin string, args ...string) (out string, err error) {
	cmd := exec.CommandContext(ctx, p.file, append(args, "--data", p.data, "--log-level", "error")...)
	cmd.Stdin = strings.NewReader(stdin)
	var told, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &fault
	if err := cmd.Run(); err != nil {
		return told.String(), fmt.Errorf("%s: %w: %s", args[0], err, strings.TrimSpace(fault.String()))
	}
	return told.String(), nil
}

// start starts the program and waits until it is ready.
func (p *program) start(ctx context.Context) error {
	return p.launch(ctx, exec.Command(p.file, append([]string{
		"serve", "--data", p.data, "--listen", p.listen, "--public-url", p.publicURL, "--metrics-listen", p.metricsAddress,
		"--allow-local-pbx", "--log-level", "warn",
	}, p.extra...)...), false)
}

// startWithClock starts the same server with a clock that set sets. The program has none; it is this test's binary that
// runs it then.
func (p *program) startWithClock(ctx context.Context) error {
	spec, err := json.Marshal(clockSpec{Data: p.data, Listen: p.listen, PublicURL: p.publicURL, Metrics: p.metricsAddress})
	if err != nil {
		return err
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), clockServer+"="+string(spec))
	return p.launch(ctx, cmd, true)
}

func (p *program) launch(ctx context.Context, cmd *exec.Cmd, clocked bool) error {
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var clock io.WriteCloser
	if clocked {
		var err error
		if clock, err = cmd.StdinPipe(); err != nil {
			return err
		}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	p.mu.Lock()
	p.cmd, p.clock, p.ended = cmd, clock, ended
	p.lives++
	p.mu.Unlock()
	return p.untilReady(ctx, ended)
}

// readyLimit is how long a server may take until it is ready; it only ends what hangs.
const readyLimit = 2 * time.Minute

func (p *program) untilReady(ctx context.Context, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if status, _ := p.readiness(ctx); status == http.StatusOK {
			return nil
		}
		select {
		case <-ended:
			return errors.New("the server ended by itself while it started")
		case <-ctx.Done():
			return fmt.Errorf("the server does not become ready: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// readiness is what /readyz answers; 0 when nothing does.
func (p *program) readiness(ctx context.Context) (status int, told string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.listen+"/readyz", nil)
	if err != nil {
		return 0, err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	return resp.StatusCode, string(raw)
}

// kill ends the program as a crash does, and waits until it has ended.
func (p *program) kill() { p.end(syscall.SIGKILL) }

// stop lets the program end by itself.
func (p *program) stop() { p.end(syscall.SIGTERM) }

func (p *program) end(sig syscall.Signal) {
	p.mu.Lock()
	cmd, ended, clock := p.cmd, p.ended, p.clock
	p.cmd, p.clock = nil, nil
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	cmd.Process.Signal(sig)
	<-ended
	if clock != nil {
		clock.Close()
	}
}

// setClock sets the clock of a server that startWithClock started so far off.
func (p *program) setClock(off time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.clock != nil {
		fmt.Fprintln(p.clock, off)
	}
}

// metrics are the values of those metrics that have no labels.
func (p *program) metrics(ctx context.Context) (map[string]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.metricsAddress+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	all := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		var name string
		var value float64
		if n, _ := fmt.Sscan(lines.Text(), &name, &value); n == 2 && !strings.HasPrefix(name, "#") {
			all[name] = value
		}
	}
	return all, lines.Err()
}

// clockServer makes this test's binary a server whose clock is told by its standard input.
const clockServer = "DOZVON_SOAK_CLOCK_SERVER"

type clockSpec struct{ Data, Listen, PublicURL, Metrics string }

// runWithClock is that server's main.
func runWithClock(raw string) int {
	var spec clockSpec
	if err := json.Unmarshal([]byte(raw), &spec); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	var off atomic.Int64
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			if d, err := time.ParseDuration(lines.Text()); err == nil {
				off.Store(int64(d))
			}
		}
	}()
	err := server.Run(context.Background(), server.Config{
		Listen: spec.Listen, Data: spec.Data, PublicURL: spec.PublicURL, MetricsListen: spec.Metrics, AllowLocalPBX: true,
		Recordings: "archive", Version: "test", Now: func() time.Time { return time.Now().Add(time.Duration(off.Load())) },
	})
	fmt.Fprintln(os.Stderr, err)
	return 1
}
