package control

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows has Unix sockets since 10 1803 only, and what cleans the disk takes their files away: so it is
// a named pipe, which lives as long as its process. go-winio's hangs under wine at its first write; since
// Go 1.25 a file of the standard library does overlapped I/O with deadlines, which is all that is needed.

const (
	// pipeBuffer is what the system keeps for each direction of a connection, in bytes.
	pipeBuffer = 4 << 10
	// retryAfter is the wait after the system had no room for another connection, in milliseconds.
	retryAfter = 100
)

var errPipeTaken = fmt.Errorf("%w: another user's program has taken its name", ErrUnsafe)

// person is who runs this process.
func person() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("asking who we are: %w", err)
	}
	return user.User.Sid, nil
}

// pipeName is one for each person and folder.
func pipeName(dir string) (string, error) {
	who, err := person()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(who.String() + "\n" + strings.ToLower(filepath.Clean(dir))))
	return fmt.Sprintf(`\\.\pipe\dozvon-%x`, sum[:12]), nil
}

// pipeListener accepts one connection after the other; one instance of the pipe always waits for the
// next caller.
type pipeListener struct {
	name    string
	closing windows.Handle // an event
	close   sync.Once

	mu   sync.Mutex // guards next
	next windows.Handle
}

func listen(dir string) (net.Listener, error) {
	name, err := pipeName(dir)
	if err != nil {
		return nil, err
	}
	closing, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", name, err)
	}
	l := &pipeListener{name: name, closing: closing}
	if err := l.begin(); err != nil {
		windows.CloseHandle(closing)
		return nil, err
	}
	return l, nil
}

// begin makes the first instance. The lock is ours, so a pipe that is there is none of our programs'.
func (l *pipeListener) begin() error {
	first, err := l.instance(windows.FILE_FLAG_FIRST_PIPE_INSTANCE)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return errPipeTaken
	}
	if err != nil {
		return fmt.Errorf("listening on %s: %w", l.name, err)
	}
	// Wine takes no notice of FIRST_PIPE_INSTANCE; the owner is the first maker's everywhere.
	if err := ownedByUs(first); err != nil {
		windows.CloseHandle(first)
		return err
	}
	l.next = first
	return nil
}

// instance makes one end of the pipe that this person alone may open, from this machine.
func (l *pipeListener) instance(more uint32) (windows.Handle, error) {
	who, err := person()
	if err != nil {
		return 0, err
	}
	name, err := windows.UTF16PtrFromString(l.name)
	if err != nil {
		return 0, err
	}
	security, err := windows.SecurityDescriptorFromString("O:" + who.String() + "D:P(A;;GA;;;" + who.String() + ")")
	if err != nil {
		return 0, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: security}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	return windows.CreateNamedPipe(name, windows.PIPE_ACCESS_DUPLEX|windows.FILE_FLAG_OVERLAPPED|more,
		windows.PIPE_TYPE_BYTE|windows.PIPE_REJECT_REMOTE_CLIENTS, windows.PIPE_UNLIMITED_INSTANCES, pipeBuffer, pipeBuffer, 0, attributes)
}

// Accept waits for the next caller; after Close it answers net.ErrClosed. One goroutine calls it.
func (l *pipeListener) Accept() (net.Conn, error) {
	for {
		handle, err := l.take()
		if err != nil {
			return nil, err
		}
		switch err := l.connect(handle); {
		case err == nil:
			return newPipeConn(handle, l.name), nil
		case errors.Is(err, net.ErrClosed):
			windows.CloseHandle(handle)
			return nil, err
		default: // they came and went
			windows.CloseHandle(handle)
			slog.Debug("caller of the control channel gone", "error", err)
		}
	}
}

// take is the instance for the next caller, made long before them unless the system had no room.
func (l *pipeListener) take() (windows.Handle, error) {
	for {
		l.mu.Lock()
		handle := l.next
		l.next = 0
		l.mu.Unlock()
		if handle != 0 {
			return handle, nil
		}
		handle, err := l.instance(0)
		if err == nil {
			return handle, nil
		}
		slog.Warn("no room for another caller of the control channel", "error", err)
		if event, _ := windows.WaitForSingleObject(l.closing, retryAfter); event == windows.WAIT_OBJECT_0 {
			return 0, net.ErrClosed
		}
	}
}

// connect waits for a caller at an instance.
func (l *pipeListener) connect(handle windows.Handle) error {
	arrived, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return fmt.Errorf("waiting for a caller: %w", err)
	}
	defer windows.CloseHandle(arrived)
	overlapped := &windows.Overlapped{HEvent: arrived}
	defer runtime.KeepAlive(overlapped)
	err = windows.ConnectNamedPipe(handle, overlapped)
	if errors.Is(err, windows.ERROR_PIPE_CONNECTED) {
		return l.prepare()
	}
	if !errors.Is(err, windows.ERROR_IO_PENDING) {
		return err
	}
	event, err := windows.WaitForMultipleObjects([]windows.Handle{arrived, l.closing}, false, windows.INFINITE)
	var none uint32
	if err != nil || event != windows.WAIT_OBJECT_0 {
		_ = windows.CancelIoEx(handle, overlapped)
		_ = windows.GetOverlappedResult(handle, overlapped, &none, true) // the system writes to it until then
		return net.ErrClosed
	}
	if err := windows.GetOverlappedResult(handle, overlapped, &none, false); err != nil {
		return err
	}
	return l.prepare()
}

// prepare makes the instance for the caller after this one.
func (l *pipeListener) prepare() error {
	if event, _ := windows.WaitForSingleObject(l.closing, 0); event == windows.WAIT_OBJECT_0 {
		return net.ErrClosed
	}
	next, err := l.instance(0)
	if err != nil {
		return nil // take tries again
	}
	l.mu.Lock()
	l.next = next
	l.mu.Unlock()
	return nil
}

// Close ends Accept; connections go on.
func (l *pipeListener) Close() error {
	err := net.ErrClosed
	l.close.Do(func() {
		err = windows.SetEvent(l.closing)
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.next != 0 {
			windows.CloseHandle(l.next)
			l.next = 0
		}
	})
	return err
}

// Addr is the pipe's name.
func (l *pipeListener) Addr() net.Addr { return pipeAddr(l.name) }

type pipeAddr string

// Network is "pipe".
func (a pipeAddr) Network() string { return "pipe" }

func (a pipeAddr) String() string { return string(a) }

// pipeConn is an end of the pipe; its deadlines are the file's. The handle is the file's, too: Fd would
// part it from the runtime's poller, and with it from its deadlines.
type pipeConn struct {
	*os.File
	handle windows.Handle
}

func newPipeConn(handle windows.Handle, name string) *pipeConn {
	return &pipeConn{os.NewFile(uintptr(handle), name), handle}
}

// LocalAddr is the pipe's name.
func (c *pipeConn) LocalAddr() net.Addr { return pipeAddr(c.Name()) }

// RemoteAddr is the pipe's name.
func (c *pipeConn) RemoteAddr() net.Addr { return pipeAddr(c.Name()) }

// dial connects and lets nobody at the other end act in our name.
func dial(_ context.Context, dir string) (net.Conn, error) {
	text, err := pipeName(dir)
	if err != nil {
		return nil, err
	}
	name, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_OVERLAPPED|windows.SECURITY_SQOS_PRESENT|windows.SECURITY_IDENTIFICATION, 0)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return nil, fmt.Errorf("%w: the running dozvon is another user's, or was started as administrator", ErrUnsafe)
	}
	if errors.Is(err, windows.ERROR_PIPE_BUSY) {
		return nil, errBusy
	}
	if err != nil {
		return nil, err
	}
	return newPipeConn(handle, text), nil
}

// samePerson tells whether this person has made the pipe: nobody else could name them as its owner.
func samePerson(conn net.Conn) error {
	pipe, ok := conn.(*pipeConn)
	if !ok {
		return fmt.Errorf("%w: it is no pipe", ErrUnsafe)
	}
	return ownedByUs(pipe.handle)
}

func ownedByUs(pipe windows.Handle) error {
	security, err := windows.GetSecurityInfo(pipe, windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("asking whose the pipe is: %w", err)
	}
	owner, _, err := security.Owner()
	if err != nil {
		return fmt.Errorf("asking whose the pipe is: %w", err)
	}
	who, err := person()
	if err != nil {
		return err
	}
	if !owner.Equals(who) {
		return errPipeTaken
	}
	return nil
}

// yieldForeground lets the running program bring its window to the front: only a process that the
// person has just started may do so, or hand the right on (AllowSetForegroundWindow).
func yieldForeground(conn net.Conn) {
	pipe, ok := conn.(*pipeConn)
	if !ok {
		return
	}
	var process uint32
	if err := windows.GetNamedPipeServerProcessId(pipe.handle, &process); err != nil {
		slog.Debug("running dozvon's process unknown", "error", err)
		return
	}
	// It answers an error where this process has no such right, as in a script: then there is none to give.
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(uintptr(process))
}
