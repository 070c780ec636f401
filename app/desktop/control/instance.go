package control

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// lockName is the file in the folder that the instance holds.
const lockName = "lock"

// Instance is the one running program of this person.
type Instance struct {
	lock     *os.File
	listener net.Listener
	server   *http.Server
}

// Acquire makes this process the instance of dir, or returns ErrRunning. A folder that others may
// enter, or that is somebody else's, is refused with ErrUnsafe.
func Acquire(dir string) (*Instance, error) {
	if err := makeOurs(dir); err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	listener, err := listen(dir)
	if err != nil {
		lock.Close()
		return nil, err
	}
	return &Instance{lock: lock, listener: listener, server: newServer()}, nil
}

// Serve answers what is asked until Close. It is called once.
func (i *Instance) Serve(commands Commands) { serve(i.server, i.listener, commands) }

// Close lets answers that are on their way be heard, and gives the place free.
func (i *Instance) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeLimit)
	defer cancel()
	err := i.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = i.server.Close() // whoever has not read by now does not
	}
	if lerr := i.listener.Close(); !errors.Is(lerr, net.ErrClosed) {
		err = errors.Join(err, lerr)
	}
	return errors.Join(err, i.lock.Close())
}
