package hotkey_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/hotkey"
)

// display starts a virtual one for this test.
func display(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "setxkbmap"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not installed: make deps does it", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(line))
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "x11")
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// keyD is where a keyboard has the Latin D and the Russian В.
const keyD = "40"

// TestListen_hearsTheKeyWhateverTheLayout, with CapsLock and NumLock on or off.
func TestListen_hearsTheKeyWhateverTheLayout(t *testing.T) {
	display(t)
	for _, layout := range []string{"us", "us,ru", "ru,us", "ru"} {
		run(t, "setxkbmap", layout)
		pressed := make(chan struct{}, 9)
		l, err := hotkey.Listen(hotkey.Combination{Ctrl: true, Alt: true, Key: "D"}, func() { pressed <- struct{}{} })
		if err != nil {
			t.Fatalf("%s: %v", layout, err)
		}
		for _, before := range []string{"", "Caps_Lock", "Num_Lock", "ISO_Next_Group"} {
			if before == "ISO_Next_Group" && !strings.Contains(layout, ",") {
				continue
			}
			if before != "" {
				run(t, "xdotool", "key", before)
			}
			run(t, "xdotool", "keydown", "37", "keydown", "64", "key", keyD, "keyup", "64", "keyup", "37")
			select {
			case <-pressed:
			case <-time.After(time.Minute):
				t.Errorf("%s: after %q the key is not heard", layout, before)
			}
		}
		for _, other := range []string{keyD, "41"} { // alone, and its neighbour
			run(t, "xdotool", "key", other)
		}
		run(t, "xdotool", "keydown", "37", "keydown", "64", "key", keyD, "keyup", "64", "keyup", "37")
		<-pressed
		if len(pressed) > 0 {
			t.Errorf("%s: other keys are heard, too", layout)
		}
		l.Close()
	}
}

// TestListen_tellsThatACombinationIsTaken and frees it when it is closed.
func TestListen_tellsThatACombinationIsTaken(t *testing.T) {
	display(t)
	c := hotkey.Combination{Ctrl: true, Alt: true, Key: "F7"}
	first, err := hotkey.Listen(c, func() {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hotkey.Listen(c, func() {}); !errors.Is(err, hotkey.ErrTaken) {
		t.Errorf("a second one: %v", err)
	}
	other, err := hotkey.Listen(hotkey.Combination{Ctrl: true, Alt: true, Key: "F8"}, func() {})
	if err != nil {
		t.Errorf("another combination: %v", err)
	} else {
		other.Close()
	}
	first.Close()
	first.Close()
	// The server takes what a connection had only when it hears of its end.
	if !within(func() bool {
		again, err := hotkey.Listen(c, func() {})
		if err == nil {
			again.Close()
		}
		return err == nil
	}) {
		t.Error("closed, it is not free")
	}
	t.Setenv("XDG_SESSION_TYPE", "wayland")
	if _, err := hotkey.Listen(c, func() {}); !errors.Is(err, hotkey.ErrUnsupported) {
		t.Errorf("in a Wayland session: %v", err)
	}
}

// within tells whether something becomes true in a minute.
func within(ok func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for !ok() {
		select {
		case <-end:
			return false
		case <-tick.C:
		}
	}
	return true
}
