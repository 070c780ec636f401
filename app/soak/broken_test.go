//go:build linux

package soak

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/recordings"
	"dozvon/app/soak/lossydisk"
	"dozvon/client"
)

// brokenOff is how a command ends in the middle: killed, or with the power.
var brokenOff = map[string]func(*lossydisk.Disk) *lossydisk.Disk{
	"kill -9":      (*lossydisk.Disk).Intact,
	"power is cut": (*lossydisk.Disk).Survive,
}

// breaks is at how many moments a command is broken off.
func breaks(short int) int {
	if *soakLasts > 0 {
		return 50
	}
	return short
}

// on puts a disk into the place of the present one. Nothing runs on that.
func (p *plant) on(disk *lossydisk.Disk) {
	p.t.Helper()
	if err := p.unmount(); err != nil {
		p.t.Fatal(err)
	}
	p.disk = disk
	p.mount()
}

// brokenAt runs a command that is broken off with a change of the disk, and puts what is left in its place.
func (p *plant) brokenAt(change int, how func(*lossydisk.Disk) *lossydisk.Disk, args ...string) (err error) {
	p.t.Helper()
	p.disk.CutAfter(change)
	_, err = p.program.run(p.t.Context(), "", args...)
	p.on(how(p.disk))
	return err
}

// changesOf is how many changes a command makes to a copy of the disk.
func (p *plant) changesOf(base *lossydisk.Disk, args ...string) int {
	p.t.Helper()
	p.on(base.Intact())
	if _, err := p.program.run(p.t.Context(), "", args...); err != nil {
		p.t.Fatal(err)
	}
	return p.disk.Changes()
}

// TestRestore_brokenOffAtAnyMomentIsOneOrTheOther: killed, or by a power cut, after any of its changes to the disk. The
// next start serves what was there before or what was restored, whole, and the next restore comes to its end.
func TestRestore_brokenOffAtAnyMomentIsOneOrTheOther(t *testing.T) {
	t.Parallel()
	backup := filepath.Join(t.TempDir(), "autumn.tar.gz")
	autumn := newPlant(t, 1)
	if err := autumn.account(t.Context(), "autumn"); err != nil {
		t.Fatal(err)
	}
	if _, err := autumn.program.run(t.Context(), "", "backup", backup); err != nil {
		t.Fatal(err)
	}
	for name, how := range brokenOff {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlant(t, 2)
			if err := p.account(t.Context(), "winter"); err != nil {
				t.Fatal(err)
			}
			base := p.disk.Intact()
			total := p.changesOf(base, "restore", backup)
			found := map[string]int{}
			breaks := breaks(6)
			for n := range breaks {
				change := 1 + (n*total+total/2)/breaks
				if n == breaks-1 {
					change = total // the last one is well behind the moment from which the new counts
				}
				what := fmt.Sprintf("%s at change %d of %d", name, change, total)
				p.on(base.Intact())
				err := p.brokenAt(change, how, "restore", backup)
				p.start(what)
				serves := p.serves(what)
				found[serves]++
				if err == nil && serves != "autumn" {
					t.Errorf("%s: the restore said that all is done, and %s is served", what, serves)
				}
				p.doctor(what)
				p.program.kill()
				if _, err := p.program.run(t.Context(), "", "restore", backup); err != nil {
					t.Errorf("%s, and restored again: %v", what, err)
				}
				p.start(what + ", and restored again")
				if serves := p.serves(what); serves != "autumn" {
					t.Errorf("%s, and restored again: %s is served", what, serves)
				}
				p.program.kill()
			}
			t.Logf("%d changes; served afterwards: %v", total, found)
			if found["autumn"] == 0 || found["winter"] == 0 {
				t.Errorf("served were %v: the moments were not on both sides", found)
			}
		})
	}
}

// serves tells whose school is served: the one account that can sign in.
func (p *plant) serves(what string) string {
	p.t.Helper()
	var in []string
	for _, login := range []string{"autumn", "winter"} {
		if _, err := p.signIn(login); err == nil {
			in = append(in, login)
		}
	}
	if len(in) != 1 {
		p.t.Errorf("%s: the schools of %q are served", what, in)
	}
	return strings.Join(in, "+")
}

// The person who is erased, and the one who stays.
const (
	erasedName, erasedNumber = "Кузнецова Мария Сергеевна", "79991234567"
	stayingName              = "Седов Иван Петрович"
)

// TestErase_brokenOffAtAnyMomentGoesOn: killed, or by a power cut, after any of its changes; the same command again
// leaves nothing of the person in any file, and all of the others.
func TestErase_brokenOffAtAnyMomentGoesOn(t *testing.T) {
	t.Parallel()
	for name, how := range brokenOff {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlant(t, 3)
			erased, stays := p.fillForErasure()
			base := p.disk.Intact()
			if p.remains() == "" {
				t.Fatal("the person is in no file before: the test shows nothing")
			}
			total := p.changesOf(base, "erase", "client:"+erased)
			if found := p.remains(); found != "" {
				t.Fatalf("not broken off, it leaves the person in %s", found)
			}
			// Each takes as long as the lease of the killed command.
			breaks := breaks(2)
			for n := range breaks {
				change := 1 + (n*total+total/2)/breaks
				what := fmt.Sprintf("%s at change %d of %d", name, change, total)
				p.on(base.Intact())
				p.brokenAt(change, how, "erase", "client:"+erased)
				if _, err := p.program.run(t.Context(), "", "erase", "client:"+erased); err != nil {
					t.Errorf("%s: the same command again: %v", what, err)
				}
				p.on(p.disk.Survive()) // the receipt is given: that is durable
				if found := p.remains(); found != "" {
					t.Errorf("%s, and erased again: the person is in %s", what, found)
				}
				p.start(what)
				api, err := p.signIn(login)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if c, err := api.Client(t.Context(), stays); err != nil || c.Name != stayingName {
					t.Errorf("%s: who stays is %q, %v", what, c.Name, err)
				}
				if c, err := api.Client(t.Context(), erased); err == nil {
					t.Errorf("%s: who was erased is %q", what, c.Name)
				}
				p.doctor(what)
				p.program.kill()
			}
		})
	}
}

// fillForErasure makes a school that knows two clients with their calls, and stops its server.
func (p *plant) fillForErasure() (erased, stays string) {
	p.t.Helper()
	ctx := p.t.Context()
	if err := p.account(ctx, login); err != nil {
		p.t.Fatal(err)
	}
	p.start("the first time")
	api, err := p.signIn(login)
	if err != nil {
		p.t.Fatal(err)
	}
	pbx := connectQuiet(p.t, api)
	for n, name := range []string{erasedName, stayingName} {
		number := []string{erasedNumber, "79991234568"}[n]
		made, err := api.CreateClient(ctx, client.ClientInput{Name: &name, Phones: &[]string{"+" + number}})
		if err != nil {
			p.t.Fatal(err)
		}
		if _, err := api.AddNote(ctx, client.NewNote{Subject: client.SubjectRef{Kind: client.KindClient, ID: made.ID}, Text: name + " просит утро"}); err != nil {
			p.t.Fatal(err)
		}
		for call := range 3 {
			if !p.ringFrom(ctx, fmt.Sprintf("cut-%d%05d", n, call), number) {
				p.t.Fatal("a call was not taken")
			}
		}
		p.record(pbx.ID, fmt.Sprintf("cut-%d00000", n), fmt.Sprintf("recording-%d", n), name)
		if n == 0 {
			erased = made.ID
		} else {
			stays = made.ID
		}
	}
	p.program.stop()
	return erased, stays
}

// record tells the server of a call's recording, which lies on the disk already.
func (p *plant) record(integration, call, id, sound string) {
	p.t.Helper()
	if !p.deliver(p.t.Context(), mango.PathRecording, fmt.Sprintf(`{"recording_id":%q,"recording_state":"Completed","seq":2,"entry_id":%q,"call_id":"leg-%s","extension":"101","timestamp":%d,"completion_code":1000,"recipient":"Cloud"}`, id, call, call, time.Now().Unix())) {
		p.t.Fatal("a recording was not taken")
	}
	dir := filepath.Join(p.program.data, "recordings")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		p.t.Fatal(err)
	}
	path := filepath.Join(dir, recordings.Folder{Dir: dir}.Name(integration, id)+".mp3")
	if err := os.WriteFile(path, []byte(sound), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// remains names a file that holds something of the erased person; "": none does.
func (p *plant) remains() string {
	p.t.Helper()
	dir := p.t.TempDir()
	if err := p.disk.Extract(dir); err != nil {
		p.t.Fatal(err)
	}
	found := ""
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, trace := range []string{"Кузнецова", strings.ToLower("Кузнецова"), erasedNumber[1:]} {
			if bytes.Contains(raw, []byte(trace)) {
				found = fmt.Sprintf("%s (%s)", filepath.Base(path), trace)
			}
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}

// TestBackup_ontoAFullDiskLeavesNothing: whatever room there is, a backup that does not fit is refused in words, and
// nothing lies there afterwards that could be taken for one.
func TestBackup_ontoAFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPlant(t, 4)
	if err := p.account(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	const sound = 5 << 20
	if err := os.MkdirAll(filepath.Join(p.program.data, "recordings"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.program.data, "recordings", "aa11.mp3"), make([]byte, sound), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start("with a recording")
	for _, room := range []int{16 << 10, 256 << 10, 1 << 20, 3 << 20, 5 << 20} {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", room)); err != nil {
			t.Skip("only root can mount a small disk: ", err)
		}
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
		out, err := p.program.run(t.Context(), "", "backup", filepath.Join(dir, "school.tar.gz"))
		if err == nil || !strings.Contains(err.Error(), "make room on the disk") {
			t.Errorf("with room for %d: %v, %s", room, err, out)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("with room for %d there is left: %v, %v", room, left, err)
		}
	}
	p.doctor("after the backups that had no room")
}
