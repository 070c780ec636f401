//go:build linux

package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"dozvon/client"
)

// The one account, which the program itself makes.
const (
	login    = "admin"
	password = "correct horse battery staple"
)

// school is a server with its practice PBXs, its readers, and the cards that calls are to be bound to.
type school struct {
	program *program
	front   *front
	api     *client.API // past the front: what asks by it is not cut
	screens *client.API // through it
	pbxs    []*pbx
	reader  *reader
	// cards are the ids of the clients by their number, digits with the country code.
	cards map[string]string
	// disk is the small file system that the data lies on; "" where none could be mounted, and noDisk says why.
	disk, noDisk string
}

// openSchool starts a server on a disk of some megabytes, and connects PBXs of all kinds.
func openSchool(t testing.TB, megabytes int) *school {
	t.Helper()
	s := &school{cards: map[string]string{}, reader: &reader{entries: map[string]client.Result{}}}
	data := s.mountDisk(t, megabytes)
	s.program = newProgram(t, data)
	s.program.extra = []string{"--recordings", "archive"}
	s.front = newFront(t, s.program.listen)
	s.program.publicURL = s.front.url()
	t.Cleanup(s.program.kill)
	log, err := os.Create(filepath.Join(t.TempDir(), "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	s.program.log = log
	if _, err := s.program.run(t.Context(), password+"\n", "account", "add", "--login", login, "--name", "Громов Павел Ильич", "--role", "admin", "--password-stdin"); err != nil {
		t.Fatal(err)
	}
	if err := s.program.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	direct := "http://" + s.program.listen
	in, err := client.New(direct, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password, Device: "soak"})
	if err != nil {
		t.Fatal(err)
	}
	s.api, s.screens = client.New(direct, in.Token), client.New(s.front.url(), in.Token)
	s.pbxs = []*pbx{connectMango(t, s.api, s.front.url()), connectBeeline(t, s.api), connectITooLabs(t, s.api, s.front.url())}
	return s
}

// mountDisk mounts a file system in memory that can be filled, where that can be done.
func (s *school) mountDisk(t testing.TB, megabytes int) (data string) {
	t.Helper()
	dir := t.TempDir()
	data = filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=700", megabytes)); err != nil {
		s.noDisk = fmt.Sprintf("no small file system could be mounted (only root can): %v", err)
		return data
	}
	t.Cleanup(func() { syscall.Unmount(data, syscall.MNT_DETACH) })
	s.disk = data
	return data
}

// fillDisk takes all room of the disk away, until it is given back.
func (s *school) fillDisk() (giveBack func(), err error) {
	path := filepath.Join(s.disk, "ballast")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for {
		if _, err = f.Write(block); err != nil {
			break
		}
	}
	for len(block) > 1 { // the last bytes, too
		block = block[:len(block)/2]
		f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		os.Remove(path)
		return nil, err
	}
	return func() { os.Remove(path) }, nil
}

// addCards makes clients of some of the numbers that call: every sixth from one on.
func (s *school) addCards(ctx context.Context, from int) error {
	for _, prefix := range []string{"7900000", "7900001", "7900002"} {
		first, step := 0, 6
		if prefix == "7900000" { // as the days of Mango's practice PBX have them
			first = 2000
		}
		for n := first + from; n < first+numbersOfAKind; n += step {
			number := fmt.Sprintf("%s%04d", prefix, n)
			made, err := s.api.CreateClient(ctx, client.ClientInput{Name: new("Ученик " + number), Phones: &[]string{"+" + number}})
			if err != nil {
				return fmt.Errorf("making a client: %w", err)
			}
			s.cards[number] = made.ID
		}
	}
	return nil
}

// misbehave switches the PBXs' faults on or off.
func (s *school) misbehave(on bool) error {
	var all error
	for _, p := range s.pbxs {
		all = errors.Join(all, p.misbehave(on))
	}
	return all
}

// settle lets everything come to its end: events are delivered, lists compared, calls closed.
func (s *school) settle(ctx context.Context) error {
	for _, p := range s.pbxs {
		if err := p.Drain(ctx); err != nil {
			return err
		}
	}
	asked := time.Now()
	for _, p := range s.pbxs {
		if p.Kind() == "beeline" {
			continue // it has no list of calls
		}
		if err := s.api.Reconcile(ctx, p.integration.ID); err != nil {
			return fmt.Errorf("asking for a comparison with %s: %w", p.Kind(), err)
		}
	}
	for _, p := range s.pbxs {
		if err := s.untilReconciled(ctx, p, asked); err != nil {
			return err
		}
	}
	return nil
}

func (s *school) untilReconciled(ctx context.Context, p *pbx, since time.Time) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for p.Kind() != "beeline" {
		i, err := s.api.Integration(ctx, p.integration.ID)
		if err == nil && i.Reconciled != nil && i.Reconciled.At.After(since) && i.Reconciled.Error == "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for a comparison with %s: %w (%+v, %v)", p.Kind(), ctx.Err(), i.Reconciled, err)
		case <-tick.C:
		}
	}
	return nil
}
