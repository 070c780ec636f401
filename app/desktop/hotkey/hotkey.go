// Package hotkey hears of one combination of keys while another program has the keyboard. Which key it is
// goes by its place on the keyboard, so that a Russian layout changes nothing. It knows nothing of what the
// combination is for.
package hotkey

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrTaken says that another program has the combination.
var ErrTaken = errors.New("another program has this combination")

// ErrUnsupported says that a program cannot have a combination in this system, or in this session of it.
var ErrUnsupported = errors.New("this system lets no program have a combination")

// ErrBad says that a text is no combination.
var ErrBad = errors.New("no combination of keys")

// Combination is one key with the keys held down beside it.
type Combination struct {
	Ctrl, Alt, Shift, Super bool
	// Key is a capital Latin letter, a digit, or F1 to F11; Windows keeps F12 for debuggers.
	Key string
}

// Parse reads "Ctrl+Alt+D", whatever its case and the order before the key. Without Ctrl, Alt or Super a
// combination would take a key away from whoever types.
func Parse(text string) (Combination, error) {
	parts := strings.Split(text, "+")
	var c Combination
	held := map[string]*bool{"ctrl": &c.Ctrl, "alt": &c.Alt, "shift": &c.Shift, "super": &c.Super, "win": &c.Super}
	for _, part := range parts[:len(parts)-1] {
		flag := held[strings.ToLower(strings.TrimSpace(part))]
		if flag == nil {
			return Combination{}, fmt.Errorf("%w: %q in %q is not Ctrl, Alt, Shift or Super", ErrBad, part, text)
		}
		*flag = true
	}
	c.Key = strings.ToUpper(strings.TrimSpace(parts[len(parts)-1]))
	if !isKey(c.Key) {
		return Combination{}, fmt.Errorf("%w: the key of %q is not a Latin letter, a digit, or F1 to F11", ErrBad, text)
	}
	if !c.Ctrl && !c.Alt && !c.Super {
		return Combination{}, fmt.Errorf("%w: %q has no Ctrl, Alt or Super", ErrBad, text)
	}
	return c, nil
}

func isKey(key string) bool {
	if len(key) == 1 {
		return key[0] >= 'A' && key[0] <= 'Z' || key[0] >= '0' && key[0] <= '9'
	}
	return function(key) > 0
}

// function is the number of a function key, 0 for another key.
func function(key string) int {
	rest, isF := strings.CutPrefix(key, "F")
	n, err := strconv.Atoi(rest)
	if !isF || err != nil || n < 1 || n > 11 || rest != strconv.Itoa(n) {
		return 0
	}
	return n
}

// String is the combination as people write it.
func (c Combination) String() string {
	var out []string
	for _, part := range []struct {
		on   bool
		name string
	}{{c.Ctrl, "Ctrl"}, {c.Alt, "Alt"}, {c.Shift, "Shift"}, {c.Super, "Super"}} {
		if part.on {
			out = append(out, part.name)
		}
	}
	return strings.Join(slices.Concat(out, []string{c.Key}), "+")
}
