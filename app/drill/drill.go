// Package drill makes the schools that people practise in: a whole server with a database of its own, and
// the practice PBX that calls it. It stands between the two, which know nothing of each other; of the real
// server it takes nothing and gives it nothing.
package drill

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/sandbox"
	"dozvon/client"
	practised "dozvon/client/sandbox"
)

// Pace is how long the parts of a practice take.
type Pace struct {
	Pause    time.Duration // between two calls
	Ring     time.Duration // until the telephone of whoever practises is picked up by itself
	NoAnswer time.Duration // until a caller gives up
	Talk     time.Duration // until the caller hangs up
}

// Calm is the pace for people: long enough to read what stands on a card.
var Calm = Pace{Pause: 4 * time.Second, Ring: 8 * time.Second, NoAnswer: 10 * time.Second, Talk: 2 * time.Minute}

// Opener makes schools below a folder, which is theirs alone.
type Opener struct {
	Folder  string
	Version string
	Pace    Pace
}

var _ sandbox.Opener = Opener{}

// Clean takes away the schools that a program left which was killed.
func (o Opener) Clean() error {
	if err := os.RemoveAll(o.Folder); err != nil {
		return fmt.Errorf("taking away old practices: %w", err)
	}
	return nil
}

// nowhere is the address that a school would listen at if it did: its handler is called, and it may reach
// its PBX on this machine.
const nowhere = "127.0.0.1:9"

// Open makes a school for an employee and begins its calls.
func (o Opener) Open(ctx context.Context, me client.Employee, until time.Time) (sandbox.School, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of practices: %w", err)
	}
	dir, err := os.MkdirTemp(o.Folder, "practice-")
	if err != nil {
		return nil, fmt.Errorf("making a practice's folder: %w", err)
	}
	s := &school{dir: dir, pace: o.Pace, until: until, step: practised.Known}
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.open(ctx, me, o.Version); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open builds server, PBX and people.
func (s *school) open(ctx context.Context, me client.Employee, version string) error {
	parts, err := server.Build(ctx, server.Config{
		Listen: nowhere, Data: s.dir, Version: version, Practised: true,
		// Nobody signs in: there is one session, and its token does not leave this program.
		PasswordCost: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	})
	if err != nil {
		return fmt.Errorf("building a server: %w", err)
	}
	s.parts, s.handler = parts, parts.API.Handler()
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("listening for the practice PBX: %w", err)
	}
	if err := s.settle(ctx, me); err != nil {
		return err
	}
	s.web = &http.Server{Handler: s.commands(), ReadHeaderTimeout: 5 * time.Second}
	s.running.Go(func() { s.web.Serve(s.listener) })
	s.running.Go(func() { parts.Run(s.life) })
	s.running.Go(func() { s.teach(s.life) })
	return nil
}

// commands is what the server may ask of its PBX: its control endpoint is not for whoever is on this machine.
func (s *school) commands() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/vpbx/", s.pbx.Handler())
	mux.Handle("/files/", s.pbx.Handler())
	return mux
}

// startPBX starts the practice PBX, which tells the server of its calls at hook.
func (s *school) startPBX(hook, key, salt string, me client.Employee) {
	s.pbx = mango.New(mango.Config{
		Key: key, Salt: salt, Target: hook, HTTP: &http.Client{Transport: inside{s.handler}}, NoLimits: true,
		Employees: []mango.Employee{
			{Extension: s.extension, Name: me.Name, UserID: 1},
			{Extension: s.colleague, Name: colleague, UserID: 2},
		},
		Timing: mango.Timing{
			Ring: s.pace.Ring, NoAnswer: s.pace.NoAnswer, Talk: s.pace.Talk, Outside: s.pace.Pause, Join: s.pace.Pause / 2, RecordingDelay: s.pace.Pause,
		},
	})
}

// Close ends calls and server, and takes the folder away.
func (s *school) Close() error {
	s.end()
	if s.pbx != nil {
		s.pbx.Close()
	}
	if s.web != nil {
		s.web.Close()
	} else if s.listener != nil {
		s.listener.Close()
	}
	var err error
	if s.parts != nil {
		s.parts.API.CloseStreams()
		s.running.Wait()
		err = s.parts.Close()
	}
	if rerr := os.RemoveAll(s.dir); rerr != nil {
		err = errors.Join(err, fmt.Errorf("taking away %s: %w", filepath.Base(s.dir), rerr))
	}
	return err
}
