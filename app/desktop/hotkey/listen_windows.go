package hotkey

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"

	"dozvon/app/desktop/winloop"
)

// Words of the Windows API.
const (
	modAlt      = 0x1
	modControl  = 0x2
	modShift    = 0x4
	modWin      = 0x8
	modNoRepeat = 0x4000
	wmHotkey    = 0x312
	firstF      = 0x70 // VK_F1
	onlyHotkey  = 1    // its number in our thread

	errRegistered = windows.Errno(1409) // ERROR_HOTKEY_ALREADY_REGISTERED
)

var (
	user32     = windows.NewLazySystemDLL("user32.dll")
	register   = user32.NewProc("RegisterHotKey")
	unregister = user32.NewProc("UnregisterHotKey")
)

// Listener hears of a combination until it is closed.
type Listener struct{ loop *winloop.Loop }

// Listen calls pressed, on a goroutine of its own, each time the combination is pressed. Windows tells the
// thread that asked for it.
func Listen(c Combination, pressed func()) (*Listener, error) {
	ask := func() error {
		if ok, _, err := register.Call(0, onlyHotkey, held(c), virtualKey(c.Key)); ok == 0 {
			if errors.Is(err, errRegistered) {
				err = ErrTaken
			}
			return fmt.Errorf("asking for %s: %w", c, err)
		}
		return nil
	}
	hear := func(m winloop.Message) {
		if m.Number == wmHotkey {
			pressed()
		}
	}
	loop, err := winloop.Start(ask, hear, func() { unregister.Call(0, onlyHotkey) })
	if err != nil {
		return nil, err
	}
	return &Listener{loop}, nil
}

// Close gives the combination back, and waits until it is free.
func (l *Listener) Close() { l.loop.Close() }

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
