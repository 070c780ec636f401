//go:build linux

package stage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"

	"dozvon/app/desktop/autostart"
	"dozvon/app/desktop/links"
	"dozvon/app/server/demo"
)

// TestApp_livesInTheSystem starts the program as a person and as the system does, and reaches it by a link
// and by a combination of keys while another program has the keyboard.
func TestApp_livesInTheSystem(t *testing.T) {
	ctx, c := begin(t, quiet)
	settings := filepath.Join(c.Env("XDG_CONFIG_HOME"), "dozvon")
	must(t, os.MkdirAll(settings, 0o700))
	must(t, os.WriteFile(filepath.Join(settings, "desktop.yaml"), []byte("hotkey: Ctrl+Alt+D\nlinks: always\n"), 0o600))
	must(t, c.SignIn(ctx, demo.Login))

	// What the settings of an older place wrote is mended as the program starts.
	gone := filepath.Join(c.Dir(), "gone", "dozvon")
	entry := autostart.NewDesktopFile(c.Env("XDG_CONFIG_HOME"), gone)
	handler := links.NewDesktop(c.Env("XDG_CONFIG_HOME"), c.Env("XDG_DATA_HOME"), gone)
	must(t, entry.Set(true))
	must(t, handler.Set(true))
	must(t, c.startAppBy(ctx, "live", "--background"))
	for name, program := range map[string]func() (string, error){"autostart": entry.Program, "links": handler.Program} {
		must(t, Until(ctx, name+" to lead to the program", func() bool { at, _ := program(); return at == c.bin("dozvon") }))
	}
	_, err := c.Output(ctx, c.bin("dozvon"), "--background") // at log-on, with the program running
	must(t, err)
	if s, err := c.Status(ctx); err != nil || windowShown(s) {
		t.Errorf("started by the system it shows a window: %+v, %v", s.Windows, err)
	}

	t.Run("a combination of keys", func(t *testing.T) { hearsTheKeys(ctx, t, c) })
	t.Run("a link", func(t *testing.T) { callsByALink(ctx, t, c) })

	_, err = c.Output(ctx, c.bin("dozvon"), "quit")
	must(t, err)
	must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
	must(t, c.startAppBy(ctx, "live"))
	must(t, c.UntilStatus(ctx, "the window of a program that a person started", windowShown))
}

func hearsTheKeys(ctx context.Context, t *testing.T, c *School) {
	t.Helper()
	editor, err := c.OpenEditor(ctx)
	must(t, err)
	board := own(t, c)
	press := func() {
		t.Helper()
		must(t, editor.Focus(ctx))
		_, err := c.Output(ctx, "xdotool", "key", "ctrl+alt+d")
		must(t, err)
	}
	board.set("secret words without any digits")
	press()
	must(t, c.UntilStatus(ctx, "a word about the clipboard", func(s Status) bool {
		return strings.Contains(s.LastError, "буфере обмена нет номера")
	}))
	if s, err := c.Status(ctx); err != nil || s.Asking != "" || strings.Contains(s.LastError, "secret") {
		t.Errorf("of words it asks %q and says %q (%v)", s.Asking, s.LastError, err)
	}
	board.set("8 (914) 555-01-48, 8 (916) 000-10-31")
	press()
	must(t, c.UntilStatus(ctx, "a word about several numbers", func(s Status) bool { return strings.Contains(s.LastError, "несколько номеров") }))
	board.set(strings.Repeat("8 (914) 555-01-48 ", 12000))
	press()
	must(t, c.UntilStatus(ctx, "a word about a text that is no number", func(s Status) bool {
		return strings.Contains(s.LastError, "буфере обмена нет номера") && s.Asking == ""
	}))
	board.set(" 8 (914) 555-01-48\n")
	press()
	must(t, c.UntilStatus(ctx, "a question about the number", func(s Status) bool { return s.Asking == "+79145550148" && windowShown(s) }))
	if _, err := c.Shot(ctx, "living-asked"); err != nil {
		t.Error(err)
	}
	if s, err := c.Status(ctx); err != nil || len(s.Cards) > 0 {
		t.Errorf("it calls without an answer: %+v, %v", s.Cards, err)
	}
	_, err = c.Output(ctx, "xdotool", "key", "Escape")
	must(t, err)
	must(t, c.UntilStatus(ctx, "the question to go", func(s Status) bool { return s.Asking == "" }))
	board.set("+7 916 000-10-31")
	_, err = c.Output(ctx, c.bin("dozvon"), "clipboard") // what a desktop's own settings bind
	must(t, err)
	must(t, c.UntilStatus(ctx, "a question about the other number", func(s Status) bool { return s.Asking == "+79160001031" }))
	_, err = c.Output(ctx, "xdotool", "key", "Escape")
	must(t, err)
}

// callsByALink has chosen not to be asked; a second link at once is asked about all the same.
func callsByALink(ctx context.Context, t *testing.T, c *School) {
	t.Helper()
	must(t, c.Phone(ctx, "101", "--no-answer"))
	_, err := c.Output(ctx, "xdg-open", "tel:+79145550148")
	must(t, err)
	must(t, c.UntilStatus(ctx, "a call by the link", func(s Status) bool { return len(s.Cards) == 1 && s.Asking == "" }))
	_, err = c.Output(ctx, "xdg-open", "callto:+79160001031")
	must(t, err)
	must(t, c.UntilStatus(ctx, "a question about the next", func(s Status) bool { return s.Asking == "+79160001031" }))
}

// TestApp_keepsItsWindowWhereItWas over a restart and log-off, and on the screen when a monitor is gone.
func TestApp_keepsItsWindowWhereItWas(t *testing.T) {
	ctx, c := begin(t, quiet)
	const left = 1000 // pixels; what is right of it goes in the end
	monitorsParted(t, c, left)
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.startAppBy(ctx, "live"))
	window := func() Rect {
		t.Helper()
		var at Rect
		must(t, c.UntilStatus(ctx, "the window", func(s Status) bool { at = s.Windows[0].Rect; return windowShown(s) && at.Width > 0 }))
		return at
	}
	window()
	out, err := c.Output(ctx, "xdotool", "search", "--onlyvisible", "--name", "^Dozvon$")
	must(t, err)
	id := strings.Split(strings.TrimSpace(out), "\n")[0]
	_, err = c.Output(ctx, "xdotool", "windowsize", id, "950", "740")
	must(t, err)
	_, err = c.Output(ctx, "xdotool", "windowmove", id, "500", "100")
	must(t, err)
	var put Rect
	must(t, Until(ctx, "the window to stand across both monitors", func() bool { put = window(); return put.X >= 490 && put.Y >= 90 && put.Height == 740 }))
	wantAt := func(when string, want Rect) {
		t.Helper()
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		got := Rect{}
		if err := Until(limited, "the window's place", func() bool { got = window(); return got == want }); err != nil {
			t.Errorf("%s the window is at %+v, want %+v", when, got, want)
		}
	}
	must(t, c.Do(ctx, "hide"))
	must(t, c.Do(ctx, "show"))
	wantAt("hidden and shown", put)

	for when, end := range map[string]func(){
		"after quitting": func() { _, err := c.Output(ctx, c.bin("dozvon"), "quit"); must(t, err) },
		"after log-off":  func() { must(t, syscall.Kill(c.AppPID(), syscall.SIGTERM)) },
	} {
		end()
		must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
		must(t, c.startAppBy(ctx, "live"))
		wantAt(when, put)
	}

	must(t, c.Do(ctx, "hide"))
	oneMonitor(t, c)
	must(t, c.Do(ctx, "show"))
	var now Rect
	must(t, Until(ctx, "the window on the monitor that is left", func() bool {
		now = window()
		return now.X >= 0 && now.Y >= 0 && now.X+now.Width <= left && now.Y+now.Height <= screenHeight
	}))
}

// oneMonitor takes the right one of two monitors away.
func oneMonitor(t *testing.T, c *School) {
	t.Helper()
	x := connect(t, c)
	must(t, randr.Init(x.Conn))
	must(t, randr.DeleteMonitorChecked(x.Conn, x.root, x.atom("right")).Check())
}

// clipboard is a program that has copied something.
type clipboard struct {
	t    *testing.T
	x    display
	id   xproto.Window
	name xproto.Atom
	text chan string
}

// own takes the clipboard of the stage.
func own(t *testing.T, c *School) *clipboard {
	t.Helper()
	x := connect(t, c)
	b := &clipboard{t: t, x: x, id: x.window(Rect{Width: 1, Height: 1}, xproto.WindowClassInputOnly, 0), name: x.atom("CLIPBOARD"), text: make(chan string, 1)}
	utf8 := x.atom("UTF8_STRING")
	go func() {
		text := ""
		for {
			event, err := x.WaitForEvent()
			if event == nil && err == nil {
				return
			}
			asked, ok := event.(xproto.SelectionRequestEvent)
			if !ok {
				continue
			}
			select {
			case text = <-b.text:
			default:
			}
			answer := xproto.SelectionNotifyEvent{Time: asked.Time, Requestor: asked.Requestor, Selection: asked.Selection, Target: asked.Target}
			if asked.Target == utf8 {
				xproto.ChangeProperty(x.Conn, xproto.PropModeReplace, asked.Requestor, asked.Property, utf8, 8, uint32(len(text)), []byte(text))
				answer.Property = asked.Property
			}
			xproto.SendEvent(x.Conn, false, asked.Requestor, 0, string(answer.Bytes()))
		}
	}()
	return b
}

// set copies a text.
func (b *clipboard) set(text string) {
	b.t.Helper()
	select {
	case <-b.text: // nobody asked for the one before
	default:
	}
	b.text <- text
	must(b.t, xproto.SetSelectionOwnerChecked(b.x.Conn, b.id, b.name, xproto.TimeCurrentTime).Check())
}

// TestApp_losesNothingAtLogOff: neither when it is told to end, nor when it is killed a moment after.
func TestApp_losesNothingAtLogOff(t *testing.T) {
	ctx, c := openSignedIn(t, quiet)
	must(t, c.Phone(ctx, "101", "--no-answer"))
	must(t, c.Call(ctx, "+79160001041", "missed", "--to", "101", "--ring", "2s"))
	call := ""
	must(t, c.UntilStatus(ctx, "the missed call", func(s Status) bool {
		if len(s.Cards) == 1 && s.Cards[0].State == "missed" {
			call = s.Cards[0].CallID
		}
		return call != ""
	}))
	kept := func() string {
		files, err := filepath.Glob(filepath.Join(c.Env("XDG_CONFIG_HOME"), "dozvon", "desktop-drafts-*.json"))
		must(t, err)
		if len(files) != 1 {
			return ""
		}
		raw, err := os.ReadFile(files[0])
		must(t, err)
		return string(raw)
	}
	must(t, c.Do(ctx, "new-lead", call)) // its form, with the keyboard in the name
	must(t, c.UntilStatus(ctx, "the form", func(s Status) bool { return s.Page == "clients" && s.Windows[0].Focused }))
	must(t, c.Type(ctx, "Zaitseva", 30))
	must(t, Until(ctx, "what is typed to be kept", func() bool { return strings.Contains(kept(), "Zaitseva") }))
	must(t, syscall.Kill(c.AppPID(), syscall.SIGKILL))
	for _, sign := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
		must(t, c.StartApp(ctx))
		must(t, c.UntilStatus(ctx, "a word about the new card", func(s Status) bool {
			return strings.Contains(s.LastError, "Новая карточка не сохранена")
		}))
		if !strings.Contains(kept(), "Zaitseva") {
			t.Errorf("after the start there is %q", kept())
		}
		must(t, syscall.Kill(c.AppPID(), sign))
	}
	must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
	must(t, c.SignIn(ctx, "schetova")) // a colleague at the same computer
	must(t, c.StartApp(ctx))
	if s, err := c.Status(ctx); err != nil || strings.Contains(s.LastError, "карточка") {
		t.Errorf("a colleague is told %q (%v)", s.LastError, err)
	}
	must(t, c.SignIn(ctx, demo.Login)) // and back, while it runs
	must(t, c.UntilStatus(ctx, "a word about the new card", func(s Status) bool {
		return strings.Contains(s.LastError, "Новая карточка не сохранена")
	}))
	if !strings.Contains(kept(), "Zaitseva") {
		t.Errorf("after a colleague there is %q", kept())
	}
}
