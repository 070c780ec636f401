package recordings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/server/pbx"
)

// slowPBX sends a recording as the test writes it.
type slowPBX struct {
	body io.Reader
	size int64
}

func (p slowPBX) Recording(_ context.Context, _ string, _ int64) (pbx.Sound, error) {
	return pbx.Sound{Body: io.NopCloser(p.body), Size: p.size}, nil
}

// TestTransfer_isHeardWhileItComes: nobody waits for the whole; whoever reads gets what has come, from
// wherever they ask, and in the end the file, which meanwhile has got its final name.
func TestTransfer_isHeardWhileItComes(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat(sound, 10)
	body, pbxSends := io.Pipe()
	path := filepath.Join(t.TempDir(), "rec", "a.mp3")
	k := &Keeper{}
	go pbxSends.Write(long[:len(long)/2])
	first, err := k.fetchOnce(t.Context(), slowPBX{body, int64(len(long))}, "r1", path, needBegin)
	if err != nil || first == nil {
		t.Fatalf("it is not heard while it comes: %v", err)
	}
	second, err := k.fetchOnce(t.Context(), nil, "r1", path, needBegin) // asks nobody: it is on its way
	if err != nil || second == nil {
		t.Fatalf("the second does not hear it: %v", err)
	}
	head := make([]byte, len(long)/2)
	if _, err := io.ReadFull(first, head); err != nil || !bytes.Equal(head, long[:len(head)]) {
		t.Fatalf("what has come: %v", err)
	}
	if n, err := second.Seek(-100, io.SeekEnd); err != nil || n != int64(len(long))-100 {
		t.Fatalf("to the end: %d, %v", n, err)
	}
	go func() {
		pbxSends.Write(long[len(long)/2:])
		pbxSends.Close()
	}()
	if rest, err := io.ReadAll(first); err != nil || !bytes.Equal(rest, long[len(head):]) {
		t.Errorf("the rest: %d bytes, %v", len(rest), err)
	}
	if tail, err := io.ReadAll(second); err != nil || !bytes.Equal(tail, long[len(long)-100:]) {
		t.Errorf("the end: %d bytes, %v", len(tail), err)
	}
	if kept, err := k.fetchOnce(t.Context(), slowPBX{bytes.NewReader(long), int64(len(long))}, "r1", path, needAll); err != nil || kept != nil {
		t.Errorf("whoever wants it whole gets %v, %v", kept, err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, long) {
		t.Errorf("kept: %d bytes, %v", len(got), err)
	}
}

// TestTransfer_thatFailsEndsItsListeners, and what is no recording is heard by nobody.
func TestTransfer_thatFailsEndsItsListeners(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat(sound, 10)
	body, pbxSends := io.Pipe()
	k := &Keeper{}
	go pbxSends.Write(long[:len(long)/2])
	source := slowPBX{body, int64(len(long))}
	l, err := k.fetchOnce(t.Context(), source, "r1", filepath.Join(t.TempDir(), "a.mp3"), needBegin)
	if err != nil || l == nil {
		t.Fatalf("it is not heard while it comes: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	left := &listener{ctx: gone, t: l.t, size: l.size, at: l.size - 1}
	cancel()
	if _, err := left.Read(make([]byte, 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever has gone reads on: %v", err)
	}
	pbxSends.CloseWithError(io.ErrUnexpectedEOF)
	if _, err := io.ReadAll(l); !errors.Is(err, pbx.ErrUnreachable) {
		t.Errorf("it ends with %v", err)
	}
	page := append([]byte("<html>"), bytes.Repeat([]byte(" "), 10*audibleFrom)...)
	l, err = k.fetchOnce(t.Context(), slowPBX{bytes.NewReader(page), int64(len(page))}, "r2", filepath.Join(t.TempDir(), "b.mp3"), needBegin)
	if l != nil || !errors.Is(err, pbx.ErrUnclear) {
		t.Errorf("an error page: %v, %v", l, err)
	}
}

// TestTransfer_thatBeginsAgain: the file was cut, and how much has come is not noted yet. That is no end.
func TestTransfer_thatBeginsAgain(t *testing.T) {
	t.Parallel()
	to := newTransfer(filepath.Join(t.TempDir(), "a.mp3"))
	part, err := os.Create(to.path + partEnd)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	a := &arrival{part: part, size: int64(len(sound)), t: to}
	if _, err := a.Write(sound[:len(sound)/2]); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(part.Truncate(0), seekStart(part)); err != nil {
		t.Fatal(err)
	}
	l := &listener{ctx: t.Context(), t: to, size: int64(len(sound))}
	read := make(chan []byte)
	go func() {
		all, err := io.ReadAll(l)
		if err != nil {
			t.Error(err)
		}
		read <- all
	}()
	a.at = 0
	if _, err := a.Write(sound); err != nil {
		t.Fatal(err)
	}
	part.Close()
	to.end(to.keep())
	if all := <-read; !bytes.Equal(all, sound) {
		t.Errorf("%d bytes are heard of %d", len(all), len(sound))
	}
	if err := os.Truncate(to.path, 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(&listener{ctx: t.Context(), t: to, size: int64(len(sound))}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("of a file that was cut later: %v", err)
	}
}

func seekStart(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}
