package winloop_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sys/windows"

	"dozvon/app/desktop/winloop"
)

// told is WM_APP.
const told = 0x8000

func TestLoop_hearsOnOneThreadUntilItIsClosed(t *testing.T) {
	t.Parallel()
	var threads []uint32
	here := func() { threads = append(threads, windows.GetCurrentThreadId()) }
	heard := make(chan uintptr, 1)
	loop, err := winloop.Start(func() error { here(); return nil }, func(m winloop.Message) {
		if m.Number == told {
			here()
			heard <- m.W
		}
	}, here)
	if err != nil {
		t.Fatal(err)
	}
	post := windows.NewLazySystemDLL("user32.dll").NewProc("PostThreadMessageW")
	if ok, _, err := post.Call(uintptr(threads[0]), told, 7, 0); ok == 0 {
		t.Fatal(err)
	}
	if got := <-heard; got != 7 {
		t.Errorf("heard %d", got)
	}
	var closed sync.WaitGroup
	for range 4 { // whoever ends the program does not ask who has already
		closed.Go(loop.Close)
	}
	closed.Wait()
	if len(threads) != 3 || len(slices.Compact(threads)) != 1 {
		t.Errorf("it ran on threads %v", threads)
	}
}

func TestLoop_isNoneWhereItCannotBegin(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	if loop, err := winloop.Start(func() error { return refused }, nil, func() { t.Error("the end of what had not begun") }); loop != nil || !errors.Is(err, refused) {
		t.Errorf("%v, %v", loop, err)
	}
}
