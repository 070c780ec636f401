package winloop

import (
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// wmQuit is WM_QUIT.
const wmQuit = 0x12

var (
	user        = windows.NewLazySystemDLL("user32.dll")
	getMessage  = user.NewProc("GetMessageW")
	dispatch    = user.NewProc("DispatchMessageW")
	postMessage = user.NewProc("PostThreadMessageW")
)

// Message is MSG.
type Message struct {
	Window  uintptr
	Number  uint32
	W, L    uintptr
	time    uint32
	x, y    int32
	private uint32
}

// Loop runs until it is closed.
type Loop struct {
	thread uint32
	ended  chan struct{}
	once   sync.Once
}

// Start runs begin on the loop's thread, and answers its error: then there is no loop. Afterwards it hands
// every message to heard, which may be nil, and to the window that it is for. end runs last, on the same thread.
func Start(begin func() error, heard func(Message), end func()) (*Loop, error) {
	l, began := &Loop{ended: make(chan struct{})}, make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, and its queue with it
		defer close(l.ended)
		l.thread = windows.GetCurrentThreadId()
		err := begin()
		if began <- err; err != nil {
			return
		}
		defer end()
		var m Message
		for {
			more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
			if int32(more) <= 0 {
				return
			}
			if heard != nil {
				heard(m)
			}
			dispatch.Call(uintptr(unsafe.Pointer(&m)))
		}
	}()
	if err := <-began; err != nil {
		return nil, err
	}
	return l, nil
}

// Close ends the loop, and waits for its end. It must not be called from the loop's own thread.
func (l *Loop) Close() {
	l.once.Do(func() {
		_, _, _ = postMessage.Call(uintptr(l.thread), wmQuit, 0, 0)
		<-l.ended
	})
}
