package hotkey

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Words of the Windows API.
const (
	modAlt      = 0x1
	modControl  = 0x2
	modShift    = 0x4
	modWin      = 0x8
	modNoRepeat = 0x4000
	wmHotkey    = 0x312
	wmQuit      = 0x12
	firstF      = 0x70 // VK_F1
	onlyHotkey  = 1    // its number in our thread

	errRegistered = windows.Errno(1409) // ERROR_HOTKEY_ALREADY_REGISTERED
)

var (
	user32      = windows.NewLazySystemDLL("user32.dll")
	register    = user32.NewProc("RegisterHotKey")
	unregister  = user32.NewProc("UnregisterHotKey")
	getMessage  = user32.NewProc("GetMessageW")
	postMessage = user32.NewProc("PostThreadMessageW")
)

// Listener hears of a combination until it is closed.
type Listener struct {
	thread uint32
	ended  chan struct{}
	once   sync.Once
}

// message is MSG.
type message struct {
	window  uintptr
	number  uint32
	w, l    uintptr
	time    uint32
	x, y    int32
	private uint32
}

// Listen calls pressed, on a goroutine of its own, each time the combination is pressed. Windows tells the
// thread that asked for it, so that is one of its own.
func Listen(c Combination, pressed func()) (*Listener, error) {
	l, began := &Listener{ended: make(chan struct{})}, make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, and its queue with it
		defer close(l.ended)
		l.thread = windows.GetCurrentThreadId()
		if ok, _, err := register.Call(0, onlyHotkey, held(c), virtualKey(c.Key)); ok == 0 {
			if errors.Is(err, errRegistered) {
				err = ErrTaken
			}
			began <- fmt.Errorf("asking for %s: %w", c, err)
			return
		}
		defer unregister.Call(0, onlyHotkey)
		began <- nil
		var m message
		for {
			more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
			if int32(more) <= 0 {
				return
			}
			if m.number == wmHotkey {
				pressed()
			}
		}
	}()
	if err := <-began; err != nil {
		return nil, err
	}
	return l, nil
}

// Close gives the combination back, and waits until it is free.
func (l *Listener) Close() {
	l.once.Do(func() {
		_, _, _ = postMessage.Call(uintptr(l.thread), wmQuit, 0, 0)
		<-l.ended
	})
}

func held(c Combination) uintptr {
	mask := uintptr(modNoRepeat)
	for _, part := range []struct {
		on   bool
		mask uintptr
	}{{c.Ctrl, modControl}, {c.Alt, modAlt}, {c.Shift, modShift}, {c.Super, modWin}} {
		if part.on {
			mask |= part.mask
		}
	}
	return mask
}

// virtualKey is a key as Windows numbers it: letters and digits by their signs on an American keyboard.
func virtualKey(key string) uintptr {
	if n := function(key); n > 0 {
		return firstF + uintptr(n-1)
	}
	return uintptr(key[0])
}
