package recordings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dozvon/app/server/pbx"
)

// place is a PBX that sends the beginning of a recording and then nothing, until it is told to. Asked for another
// place, it sends that at once, if it can.
type place struct {
	body    []byte
	first   int  // bytes that come at once
	plain   bool // it sends only from the beginning
	unsized bool
	cut     bool // what it sends from a place breaks off after a byte, the first time
	hangs   bool // asked for a place it does not answer
	stalls  bool // what it sends from a place stops after a byte
	rest    chan struct{}

	mu    sync.Mutex // guards what follows
	asked []int64
}

func (p *place) Recording(ctx context.Context, _ string, from int64) (pbx.Sound, error) {
	p.mu.Lock()
	p.asked = append(p.asked, from)
	again := len(p.asked) > 2
	p.mu.Unlock()
	size := int64(len(p.body))
	if from > 0 && p.hangs {
		<-ctx.Done()
		return pbx.Sound{}, ctx.Err()
	}
	if from > 0 && p.stalls {
		r, w := io.Pipe()
		go w.Write(p.body[from : from+1])
		return pbx.Sound{Body: r, From: from, Size: int64(len(p.body))}, nil
	}
	if from > 0 && !p.plain {
		var body io.Reader = bytes.NewReader(p.body[from:])
		if p.cut && !again {
			body = io.MultiReader(io.LimitReader(body, 1), brokenReader{})
		}
		return pbx.Sound{Body: io.NopCloser(body), From: from, Size: size}, nil
	}
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { r.CloseWithError(ctx.Err()) })
	go func() {
		w.Write(p.body[:p.first])
		select {
		case <-p.rest:
			w.Write(p.body[p.first:])
			w.Close()
		case <-ctx.Done():
		}
	}()
	if p.unsized {
		size = -1
	}
	return pbx.Sound{Body: r, Size: size}, nil
}

func (p *place) requests() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int64(nil), p.asked...)
}

// slowly fills a PBX with a recording that comes slowly.
func slowly(p *place) *place {
	p.body, p.rest = bytes.Repeat(sound, 20), make(chan struct{})
	p.first = 2 * audibleFrom
	return p
}

// TestListener_farAheadIsServedAtOnce: whoever goes to a place of a recording that still comes had to wait for all
// that stands before it.
func TestListener_farAheadIsServedAtOnce(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]*place{"at once": slowly(&place{}), "though it breaks off": slowly(&place{cut: true})} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, path := &Keeper{}, filepath.Join(t.TempDir(), "a.mp3")
			l, err := k.fetchOnce(t.Context(), source, "r1", path, needPlace)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			at := int64(len(source.body)) * 9 / 10
			if _, err := l.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(l)
			if err != nil || !bytes.Equal(got, source.body[at:]) {
				t.Errorf("%d bytes of %d came, %v", len(got), len(source.body[at:]), err)
			}
			close(source.rest) // the whole is kept nevertheless
			if _, err := k.fetchOnce(t.Context(), source, "r1", path, needAll); err != nil {
				t.Error(err)
			}
			if whole, err := (Folder{}).whole(path); !whole || err != nil {
				t.Errorf("kept: %v, %v", whole, err)
			}
		})
	}
}

// TestListener_goesOnWhereTheWholeHasPassed: a PBX that hung with the place held up who could have had it from what
// came meanwhile.
func TestListener_goesOnWhereTheWholeHasPassed(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]*place{"it does not answer": slowly(&place{hangs: true}), "it stops": slowly(&place{stalls: true})} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, path := &Keeper{}, filepath.Join(t.TempDir(), "a.mp3")
			l, err := k.fetchOnce(t.Context(), source, "r1", path, needPlace)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			at := int64(len(source.body)) * 9 / 10
			if _, err := l.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			read := make(chan []byte, 1)
			go func() {
				got, _ := io.ReadAll(l)
				read <- got
			}()
			for len(source.requests()) < 2 { // it is asked for the place
				runtime.Gosched()
			}
			close(source.rest)
			select {
			case got := <-read:
				if !bytes.Equal(got, source.body[at:]) {
					t.Errorf("%d bytes of %d came", len(got), len(source.body[at:]))
				}
			case <-time.After(time.Minute):
				t.Error("the listener hangs")
			}
		})
	}
}

// TestListener_waitsWhereThePBXSendsOnlyAll, which it is asked once about, and not of what comes soon.
func TestListener_waitsWhereThePBXSendsOnlyAll(t *testing.T) {
	t.Parallel()
	source := slowly(&place{plain: true})
	k, path := &Keeper{}, filepath.Join(t.TempDir(), "a.mp3")
	for n, asked := range []int{2, 2} {
		l, err := k.fetchOnce(t.Context(), source, "r1", path, needPlace)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if _, err := l.Seek(-100, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			l.goAhead()
			if _, sent := <-l.ahead.chunks; sent {
				t.Fatal("it reads the beginning as the end")
			}
			l.leaveAhead()
		}
		if l.patience(0) != nil {
			t.Error("the PBX is asked again")
		}
		if got := source.requests(); len(got) != asked {
			t.Errorf("the PBX was asked for %v", got)
		}
		if n == 1 {
			close(source.rest)
			if got, err := io.ReadAll(l); err != nil || !bytes.Equal(got, source.body[len(source.body)-100:]) {
				t.Errorf("%d bytes came, %v", len(got), err)
			}
		}
	}
	near := &listener{t: &transfer{ask: source.ask}, at: 100 + aheadBy - 1, size: 1 << 20}
	if near.patience(100) != nil {
		t.Error("the PBX is asked for what comes soon")
	}
}

func (p *place) ask(ctx context.Context, from int64) (pbx.Sound, error) {
	return p.Recording(ctx, "r1", from)
}

// TestListener_withoutALengthIsHeardWhileItComes to its end, and to no other: it came after the whole.
func TestListener_withoutALengthIsHeardWhileItComes(t *testing.T) {
	t.Parallel()
	source := slowly(&place{unsized: true})
	k, path := &Keeper{}, filepath.Join(t.TempDir(), "a.mp3")
	l, err := k.fetchOnce(t.Context(), source, "r1", path, needBegin)
	if err != nil || l == nil || l.Sized() {
		t.Fatalf("it is not heard while it comes: %v, %v", l, err)
	}
	head := make([]byte, source.first)
	if _, err := io.ReadFull(l, head); err != nil || !bytes.Equal(head, source.body[:source.first]) {
		t.Fatalf("what has come: %v", err)
	}
	there := make(chan error)
	go func() {
		l, err := k.fetchOnce(t.Context(), source, "r1", path, needPlace)
		if l != nil {
			err = errors.Join(err, errors.New("it is read from a place, and nobody knows where its end is"))
		}
		there <- err
	}()
	close(source.rest)
	if rest, err := io.ReadAll(l); err != nil || !bytes.Equal(rest, source.body[source.first:]) {
		t.Errorf("the rest: %d bytes, %v", len(rest), err)
	}
	if err := <-there; err != nil {
		t.Error(err)
	}
}

// TestListener_withoutALengthThatComesAtOnceIsWhole: then the player knows how long it is.
func TestListener_withoutALengthThatComesAtOnceIsWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	synctest.Test(t, func(t *testing.T) { // no time passes while the file is written, however slow the disk is
		source := slowly(&place{unsized: true})
		close(source.rest)
		k := &Keeper{}
		if l, err := k.fetchOnce(t.Context(), source, "r1", path, needBegin); l != nil || err != nil {
			t.Errorf("%v, %v", l, err)
		}
	})
}

// TestListener_withoutALengthThatBreaksOffHasNoEnd.
func TestListener_withoutALengthThatBreaksOffHasNoEnd(t *testing.T) {
	t.Parallel()
	to := newTransfer(filepath.Join(t.TempDir(), "a.mp3"))
	to.end(pbx.ErrUnreachable)
	if _, err := io.ReadAll(&listener{ctx: t.Context(), t: to, size: -1}); !errors.Is(err, pbx.ErrUnreachable) {
		t.Errorf("it ends with %v", err)
	}
}
