package platform

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrNotRunning says that no Dozvon answers on the control socket.
var ErrNotRunning = errors.New("dozvon is not running")

// ErrRunning says that another Dozvon of this user holds the lock.
var ErrRunning = errors.New("dozvon is running already")

const (
	// argSeparator parts the arguments of a command; it cannot occur in a number or a name.
	argSeparator = "\x1f"
	// askLimit bounds one command over the control socket; click-to-call waits for the PBX.
	askLimit = 20 * time.Second
	// winnerLimit is how long the winner of the lock may take until it listens.
	winnerLimit = time.Second
)

// Instance is the one running program of this user.
type Instance struct {
	lock     *os.File
	listener net.Listener
}

// Acquire makes this process the instance of dir, or returns ErrRunning. A folder that others may
// enter, or that is somebody else's, is refused with ErrUnsafe.
func Acquire(dir string) (*Instance, error) {
	if err := makeOurs(dir); err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, controlName)
	// The lock is ours, so a socket that lies there belongs to a process that died.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		lock.Close()
		return nil, fmt.Errorf("removing the old socket %s: %w", socket, err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("listening on %s: %w", socket, err)
	}
	if err := lockDown(socket); err != nil {
		listener.Close()
		lock.Close()
		return nil, err
	}
	return &Instance{lock: lock, listener: listener}, nil
}

// Serve answers commands until Close. handle runs on a goroutine of its own per command.
func (i *Instance) Serve(handle func(args []string) (string, error)) {
	for {
		conn, err := i.listener.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				slog.Error("control socket ended", "error", err)
			}
			return
		}
		go serveOne(conn, handle)
	}
}

func serveOne(conn net.Conn, handle func([]string) (string, error)) {
	defer conn.Close()
	if err := samePerson(conn); err != nil {
		slog.Warn("command refused", "reason", err)
		return
	}
	_ = conn.SetDeadline(time.Now().Add(askLimit))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return
	}
	answer, err := handle(strings.Split(strings.TrimSuffix(line, "\n"), argSeparator))
	if err != nil {
		fmt.Fprintf(conn, "error\n%s", err)
		return
	}
	fmt.Fprintf(conn, "ok\n%s", answer)
}

// Close gives lock and socket free.
func (i *Instance) Close() error {
	return errors.Join(i.listener.Close(), i.lock.Close())
}

// Ask sends a command to the running instance of dir and returns its answer. What is asked may hold
// a password: it goes only through a folder of ours, to a process of ours (else ErrUnsafe).
func Ask(dir string, args ...string) (string, error) {
	switch err := ours(dir); {
	case errors.Is(err, os.ErrNotExist):
		return "", ErrNotRunning
	case err != nil:
		return "", err
	}
	conn, err := dialControl(filepath.Join(dir, controlName))
	if err != nil {
		return "", ErrNotRunning
	}
	defer conn.Close()
	if err := samePerson(conn); err != nil {
		return "", err
	}
	_ = conn.SetDeadline(time.Now().Add(askLimit))
	for n, arg := range args {
		args[n] = strings.NewReplacer("\n", " ", argSeparator, " ").Replace(arg)
	}
	if _, err := io.WriteString(conn, strings.Join(args, argSeparator)+"\n"); err != nil {
		return "", fmt.Errorf("asking the running dozvon: %w", err)
	}
	raw, err := io.ReadAll(conn)
	if err != nil {
		return "", fmt.Errorf("reading the running dozvon's answer: %w", err)
	}
	status, answer, _ := strings.Cut(string(raw), "\n")
	switch status {
	case "ok":
		return answer, nil
	case "error":
		return "", errors.New(answer)
	}
	return "", errors.New("the running dozvon gave no answer; start it again")
}

// dialControl waits a moment: whoever won the lock may not listen yet.
func dialControl(socket string) (net.Conn, error) {
	if _, err := os.Stat(socket); errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(filepath.Dir(socket), "lock")); errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	var last error
	for deadline := time.Now().Add(winnerLimit); ; {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			return conn, nil
		}
		last = err
		if time.Now().After(deadline) {
			return nil, last
		}
		<-time.After(20 * time.Millisecond)
	}
}
