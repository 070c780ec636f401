package hotkey

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Set before any connection, whose goroutines read it: it complains of a missing ~/.Xauthority.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// Listener hears of a combination until it is closed.
type Listener struct{ x *xgb.Conn }

// Listen calls pressed, on a goroutine of its own, each time the combination is pressed. In a Wayland session
// the X server hears only what is typed into its own windows, so that is ErrUnsupported.
func Listen(c Combination, pressed func()) (*Listener, error) {
	if os.Getenv("XDG_SESSION_TYPE") == "wayland" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil, fmt.Errorf("%w: the session is one of Wayland", ErrUnsupported)
	}
	x, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("%w: there is no X server: %w", ErrUnsupported, err)
	}
	if err := grab(x, c); err != nil {
		x.Close() // what was grabbed goes with the connection
		return nil, err
	}
	go func() {
		for {
			event, err := x.WaitForEvent()
			if event == nil && err == nil {
				return // the connection is closed
			}
			if _, isKey := event.(xproto.KeyPressEvent); isKey {
				pressed()
			}
		}
	}()
	return &Listener{x}, nil
}

// Close gives the combination back.
func (l *Listener) Close() { l.x.Close() }

// ignored are the modifiers that change nothing: CapsLock, NumLock (Mod2), and the second layout, which the
// server tells to programs like this one as Mod3 or Mod5.
var ignored = [...]uint16{xproto.ModMaskLock, xproto.ModMask2, xproto.ModMask3, xproto.ModMask5}

func grab(x *xgb.Conn, c Combination) error {
	code, err := keycode(x, c.Key)
	if err != nil {
		return err
	}
	root := xproto.Setup(x).DefaultScreen(x).Root
	for set := range 1 << len(ignored) {
		mask := held(c)
		for n, one := range ignored {
			if set&(1<<n) != 0 {
				mask |= one
			}
		}
		err := xproto.GrabKeyChecked(x, false, root, mask, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check()
		if taken := (xproto.AccessError{}); errors.As(err, &taken) {
			return ErrTaken
		}
		if err != nil {
			return fmt.Errorf("asking for %s: %w", c, err)
		}
	}
	return nil
}

func held(c Combination) uint16 {
	mask := uint16(0)
	for _, part := range []struct {
		on   bool
		mask uint16
	}{{c.Ctrl, xproto.ModMaskControl}, {c.Alt, xproto.ModMask1}, {c.Shift, xproto.ModMaskShift}, {c.Super, xproto.ModMask4}} {
		if part.on {
			mask |= part.mask
		}
	}
	return mask
}

// keycode is the key's place on the keyboard: where any of its layouts has the sign, else where the American
// one would.
func keycode(x *xgb.Conn, key string) (xproto.Keycode, error) {
	setup := xproto.Setup(x)
	least, count := setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)
	mapping, err := xproto.GetKeyboardMapping(x, least, count).Reply()
	if err != nil {
		return 0, fmt.Errorf("asking for the keyboard: %w", err)
	}
	sign := keysym(key)
	for i := range int(count) {
		for _, other := range mapping.Keysyms[i*int(mapping.KeysymsPerKeycode) : (i+1)*int(mapping.KeysymsPerKeycode)] {
			if other == sign {
				return least + xproto.Keycode(i), nil
			}
		}
	}
	return places[key], nil
}

// keysym is a key's sign as the X protocol numbers it: Latin letters small, function keys from XK_F1 on.
func keysym(key string) xproto.Keysym {
	const firstFunction = 0xffbe
	if n := function(key); n > 0 {
		return firstFunction + xproto.Keysym(n-1)
	}
	if letter := key[0]; letter >= 'A' {
		return xproto.Keysym(letter - 'A' + 'a')
	}
	return xproto.Keysym(key[0])
}

// places are the keys of an American keyboard as the kernel numbers them (linux/input-event-codes.h) and 8,
// as X servers on Linux do.
var places = func() map[string]xproto.Keycode {
	out := map[string]xproto.Keycode{"F11": 95}
	for first, row := range map[xproto.Keycode]string{10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"} {
		for i := range len(row) {
			out[row[i:i+1]] = first + xproto.Keycode(i)
		}
	}
	for n := range 10 {
		out[fmt.Sprintf("F%d", n+1)] = 67 + xproto.Keycode(n)
	}
	return out
}()
