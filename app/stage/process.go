//go:build linux

package stage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopLimit is how long a program may take to end after it was asked to.
const stopLimit = 20 * time.Second

// process is one program on the stage; done closes when it has ended.
type process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// start runs a program until Close. It ends with us even if we are killed.
func (s *Stage) start(name string, cmd *exec.Cmd) error {
	_, err := s.launch(name, cmd)
	return err
}

// Program is something else that runs on the stage.
type Program struct{ *process }

// Start runs a program of one's own until Close or its Stop.
func (s *Stage) Start(name string, cmd *exec.Cmd) (Program, error) {
	p, err := s.launch(name, cmd)
	return Program{p}, err
}

// PID is the program's process id.
func (p Program) PID() int { return p.cmd.Process.Pid }

// Stop ends the program.
func (p Program) Stop() { p.stop() }

// Wait waits until the program has ended by itself; its error tells of an exit code.
func (p Program) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("%s has not ended: %w", p.name, ctx.Err())
	}
}

func (s *Stage) launch(name string, cmd *exec.Cmd) (*process, error) {
	cmd.Env = append(cmd.Env, s.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if s.cfg.Log != nil {
		w := &prefixed{name: name, to: s.cfg.Log}
		cmd.Stdout, cmd.Stderr = w, w
	}
	p := &process{name: name, cmd: cmd, done: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w (make deps installs it)", name, err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	s.procs = append(s.procs, p)
	return p, nil
}

func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

func (p *process) stop() {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(stopLimit):
		p.kill()
	}
}

// kill ends a program as a crash would: without a chance to tidy up.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

func (p *process) signal(sig syscall.Signal) {
	if p.running() {
		syscall.Kill(-p.cmd.Process.Pid, sig)
	}
}

// Output runs a command on the stage to its end and returns what it printed.
func (s *Stage) Output(ctx context.Context, name string, args ...string) (string, error) {
	return s.OutputWith(ctx, "", name, args...)
}

// OutputWith is Output with standard input.
func (s *Stage) OutputWith(ctx context.Context, stdin, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = s.env
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}

// locked lets many programs write to one log.
type locked struct {
	mu sync.Mutex
	to io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(b)
}

// prefixed puts the program's name before each of its lines.
type prefixed struct {
	name string
	to   io.Writer
	mu   sync.Mutex
	rest []byte
}

func (p *prefixed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, b...)
	for {
		i := bytes.IndexByte(p.rest, '\n')
		if i < 0 {
			return len(b), nil
		}
		fmt.Fprintf(p.to, "%s: %s\n", p.name, p.rest[:i])
		p.rest = p.rest[i+1:]
	}
}
