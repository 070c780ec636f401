//go:build linux

package wine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/demo"
	"dozvon/app/stage"
	"dozvon/client"
)

const (
	password = "practice makes perfect"
	// secondCaller has a contract of the demo school.
	secondCaller = "+79160001003"
	// words are typed into another window, again and again while the telephone rings.
	words = "sixty keys go to the notepad while the telephone rings again "
	// keyEvery is the pause between two keys, in milliseconds.
	keyEvery = 100
	// rings is how long a caller waits, longer than what is done with the card takes.
	rings = "30m"
	// stepLimit only ends what hangs; the longest step takes a quarter of a minute.
	stepLimit = 5 * time.Minute
	// cardWidth and edge are a card's, in units: pixels at 96 DPI.
	cardWidth, edge = 380, 16
	screenWidth     = 1600
	screenHeight    = 900
)

// day is an operator's day at Windows: all three programs are .exe.
type day struct {
	*Desktop
	server, pbx string // addresses
	program     string // the app that is asked; empty: the one that was built
	app         stage.Program
	typed       string // what Notepad has got
}

// TestWindows_anOperatorsDay runs the Windows programs from the first start to the restart at another scale.
// Each step begins where the one before ended.
func TestWindows_anOperatorsDay(t *testing.T) {
	t.Parallel()
	d := &day{Desktop: withPrograms(t, cacheFolder(t))}
	d.goes(t, []step{
		{"Explorer starts it", d.explorerStarts},
		{"a script signs in", d.signsIn},
		{"two cards take none of sixty keys", d.takesNoKey},
		{"a note, and the keyboard is back", d.takesANote},
		{"a second start shows the first", d.secondStart},
		{"dial calls", d.dials},
		{"a link of Windows asks, and calls", d.linkAsks},
		{"a restart keeps the sign-in", d.restartKeepsTheSignIn},
		{"at 150 % the card is half as large again", d.atAnotherScale},
	})
}

// step is a part of a day.
type step struct {
	name string
	run  func(context.Context, *testing.T)
}

// goes takes one step after another, up to the first that fails.
func (d *day) goes(t *testing.T, steps []step) {
	t.Helper()
	for _, step := range steps {
		ok := t.Run(step.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), stepLimit)
			defer cancel()
			step.run(ctx, t)
		})
		if !ok {
			shot, _ := d.Shot(t.Context(), "windows-failed")
			t.Fatal("the screen is in " + shot)
		}
	}
}

// signInBy signs in as a script does.
func (d *day) signInBy(ctx context.Context, login, password string) error {
	_, err := d.RunWith(ctx, password+"\n", cmp.Or(d.program, "/programs/dozvon.exe"), "sign-in", "--server", "http://"+d.server, "--login", login, "--password-stdin")
	return err
}

// rings lets somebody call whom nobody answers, and waits for the card.
func (d *day) rings(ctx context.Context, t *testing.T, from string) stage.Status {
	t.Helper()
	d.phone(ctx, t, "--no-answer")
	d.call(ctx, t, from)
	return d.until(ctx, t, "a ringing card", func(s stage.Status) bool { return len(s.Cards) > 0 && s.Cards[0].State == "ringing" })
}

// startSchool starts the server and the practice PBX.
func (d *day) startSchool(ctx context.Context, t *testing.T) {
	t.Helper()
	_, err := d.Launch("server", "/programs/dozvon-server.exe", "serve", "--data", `C:\school`, "--listen", d.server)
	must(t, err)
	_, err = d.Launch("pbx", "/programs/dozvon-pbx.exe", "serve", "--listen", d.pbx, "--key", "demo-key", "--salt", "demo-salt",
		"--target", "http://"+d.server+"/mango", "--recording-delay", "1s")
	must(t, err)
	for _, url := range []string{"http://" + d.server + "/readyz", "http://" + d.pbx + "/control/healthz"} {
		must(t, stage.Until(ctx, url+" to answer", func() bool {
			answer, err := http.Get(url)
			if err != nil {
				return false
			}
			answer.Body.Close()
			return answer.StatusCode == http.StatusOK
		}))
	}
}

// startApp starts the app as a double click does.
func (d *day) startApp(t *testing.T) {
	t.Helper()
	var err error
	d.app, err = d.Launch("app", "/programs/explorer.exe", `Z:\programs\dozvon.exe`)
	must(t, err)
}

func (d *day) dozvon(ctx context.Context, args ...string) (string, error) {
	return d.Run(ctx, cmp.Or(d.program, "/programs/dozvon.exe"), args...)
}

func (d *day) status(ctx context.Context) (stage.Status, error) {
	out, err := d.dozvon(ctx, "status", "--json")
	if err != nil {
		return stage.Status{}, err
	}
	var s stage.Status
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		return stage.Status{}, fmt.Errorf("reading the status %q: %w", out, err)
	}
	return s, nil
}

// until waits until the app's status shows a fact.
func (d *day) until(ctx context.Context, t *testing.T, what string, ok func(stage.Status) bool) stage.Status {
	t.Helper()
	var last stage.Status
	var lastErr error
	err := stage.Until(ctx, what, func() bool {
		now, err := d.status(ctx)
		if ctx.Err() != nil {
			return false
		}
		last, lastErr = now, err
		return err == nil && ok(now)
	})
	if err != nil {
		t.Fatalf("%v; the last status was %+v, %v", err, last, lastErr)
	}
	return last
}

// untilFront waits until a window has the foreground.
func (d *day) untilFront(ctx context.Context, t *testing.T, what string, is func(Window) bool) Window {
	t.Helper()
	var all []Window
	var front Window
	err := stage.Until(ctx, what, func() bool {
		now, err := d.Windows(ctx)
		if err != nil {
			return false
		}
		all = now
		n := slices.IndexFunc(all, func(w Window) bool { return w.Front && is(w) })
		if n >= 0 {
			front = all[n]
		}
		return n >= 0
	})
	if err != nil {
		t.Fatalf("%v among %+v", err, all)
	}
	return front
}

func notepad(w Window) bool { return w.Class == "Notepad" }

// cards tells the window of the cards from the main one.
func cards(w Window) bool { return w.Class == "GLFW30" && w.Tool }

func mainWindow(w Window) bool { return w.Class == "GLFW30" && !w.Tool && w.Visible }

func (d *day) call(ctx context.Context, t *testing.T, from string) {
	t.Helper()
	_, err := d.Run(ctx, "/programs/dozvon-pbx.exe", "call", "--pbx", "http://"+d.pbx, "--from", from, "--scenario", "missed", "--to", "101", "--ring", rings)
	must(t, err)
}

func (d *day) phone(ctx context.Context, t *testing.T, rule ...string) {
	t.Helper()
	_, err := d.Run(ctx, "/programs/dozvon-pbx.exe", append([]string{"phone", "101", "--pbx", "http://" + d.pbx}, rule...)...)
	must(t, err)
}

func (d *day) shot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	if _, err := d.Shot(ctx, "windows-"+name); err != nil {
		t.Error(err)
	}
}

// press presses keys that write nothing.
func (d *day) press(ctx context.Context, t *testing.T, keys ...string) {
	t.Helper()
	_, err := d.Output(ctx, "xdotool", append([]string{"key", "--delay", "100"}, keys...)...)
	must(t, err)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

func (d *day) explorerStarts(ctx context.Context, t *testing.T) {
	d.server, d.pbx = freeAddress(t), freeAddress(t)
	_, err := d.Launch("notepad", "notepad")
	must(t, err)
	_, err = d.RunWith(ctx, password+"\n", "/programs/dozvon-server.exe", "demo", "--data", `C:\school`, "--password-stdin",
		"--pbx", "http://"+d.pbx+"/vpbx/", "--second-pbx", "")
	must(t, err)
	d.startSchool(ctx, t)
	d.startApp(t)
	d.until(ctx, t, "the app to be signed out", func(s stage.Status) bool { return s.Connection == "signed_out" })
	// 0.4.0 ended by itself after five seconds.
	short, cancel := context.WithTimeout(ctx, 7*time.Second)
	defer cancel()
	if err := d.app.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the app has ended: %v", err)
	}
	d.shot(ctx, t, "1-sign-in")
}

func (d *day) signsIn(ctx context.Context, t *testing.T) {
	if err := d.signInBy(ctx, demo.Login, "not the password"); err == nil || !strings.Contains(err.Error(), "пароль") {
		t.Errorf("a wrong password was told as %v", err)
	}
	must(t, d.signInBy(ctx, demo.Login, password))
	s := d.until(ctx, t, "the app to be live", live)
	if s.Employee.Login != demo.Login {
		t.Errorf("signed in as %q", s.Employee.Login)
	}
	_, err := d.dozvon(ctx, "do", "show")
	must(t, err)
	d.untilFront(ctx, t, "the main window in front", mainWindow)
	d.shot(ctx, t, "2-signed-in")
}

func live(s stage.Status) bool { return s.Connection == "live" }

// takesNoKey lets two callers ring while somebody types in Notepad.
func (d *day) takesNoKey(ctx context.Context, t *testing.T) {
	_, err := d.dozvon(ctx, "do", "hide")
	must(t, err)
	must(t, d.Click(ctx, 400, 300))
	d.untilFront(ctx, t, "Notepad to have the keyboard", notepad)
	d.phone(ctx, t, "--no-answer")

	seen, err := d.Watch(ctx)
	must(t, err)
	typist := d.startTyping(ctx)
	d.call(ctx, t, demo.KnownNumber)
	d.until(ctx, t, "a card", func(s stage.Status) bool { return len(s.Cards) == 1 })
	d.call(ctx, t, secondCaller)
	s := d.until(ctx, t, "two ringing cards", func(s stage.Status) bool {
		return len(s.Cards) == 2 && s.Cards[0].State == "ringing" && s.Cards[1].State == "ringing"
	})
	d.typed, err = typist()
	must(t, err)
	front, err := seen()
	must(t, err)
	for _, w := range front {
		if !notepad(w) {
			t.Errorf("the foreground was given to %+v", w)
		}
	}
	d.untilTyped(ctx, t, d.typed)
	if !strings.HasPrefix(s.Cards[0].Title, "Шангутов") {
		t.Errorf("the caller who waits longest is %q", s.Cards[0].Title)
	}
	d.inCorner(ctx, t, s, 1)
	d.shot(ctx, t, "3-two-ring")
}

// startTyping types words again and again. What it answers lets the typing go on to the end of the words, so
// that some keys come after all that happened before, and tells what was typed.
func (d *day) startTyping(ctx context.Context) (stop func() (string, error)) {
	enough, done := make(chan struct{}), make(chan error, 1)
	typed := ""
	go func() {
		for last := false; !last; {
			select {
			case <-enough:
				last = true
			default:
			}
			if err := d.Type(ctx, words, keyEvery); err != nil {
				done <- err
				return
			}
			typed += words
		}
		done <- nil
	}()
	return func() (string, error) {
		close(enough)
		err := <-done
		return typed, err
	}
}

func (d *day) untilTyped(ctx context.Context, t *testing.T, want string) {
	t.Helper()
	got := ""
	err := stage.Until(ctx, "the keys in Notepad", func() bool {
		now, err := d.Typed(ctx)
		got = now
		return err == nil && now == want
	})
	if err != nil {
		t.Fatalf("%v: it has %q, want %q", err, got, want)
	}
}

// inCorner checks where the lowest card and the window of all stand.
func (d *day) inCorner(ctx context.Context, t *testing.T, s stage.Status, scale float64) {
	t.Helper()
	all, err := d.Windows(ctx)
	must(t, err)
	n := slices.IndexFunc(all, cards)
	if n < 0 {
		t.Fatalf("no window of cards among %+v", all)
	}
	w, card := all[n], s.Cards[0]
	if !w.Topmost || !w.NoActivate || w.Front || w.Button {
		t.Errorf("the window of the cards is %+v", w)
	}
	const slack = 2
	width, gap := int(cardWidth*scale), int(edge*scale)
	for what, off := range map[string]int{
		"width of the card": card.Width - width, "gap right of it": screenWidth - card.X - card.Width - gap, "gap below it": screenHeight - card.Y - card.Height - gap,
		"right edge of the window": w.X + w.Width - card.X - card.Width, "lower edge of the window": w.Y + w.Height - card.Y - card.Height,
		"DPI": w.DPI - int(96*scale),
	} {
		if max(off, -off) > slack {
			t.Errorf("%s is off by %d: card %+v, window %+v", what, off, card.Rect, w)
		}
	}
}

func (d *day) takesANote(ctx context.Context, t *testing.T) {
	click := func(button string) {
		t.Helper()
		var at stage.Button
		d.until(ctx, t, button+" on the card", func(s stage.Status) bool {
			if len(s.Cards) == 0 {
				return false
			}
			n := slices.IndexFunc(s.Cards[0].Buttons, func(b stage.Button) bool { return b.Name == button })
			if n >= 0 {
				at = s.Cards[0].Buttons[n]
			}
			return n >= 0
		})
		must(t, d.Click(ctx, at.X, at.Y))
	}
	click("note")
	click("write")
	d.untilFront(ctx, t, "the card to have the keyboard", cards)
	const note = "will come on Saturday"
	must(t, d.Type(ctx, note, 40))
	d.shot(ctx, t, "4-note")
	d.press(ctx, t, "Return")
	d.untilFront(ctx, t, "Notepad to have the keyboard again", notepad)
	must(t, d.Type(ctx, "and back", 40))
	d.untilTyped(ctx, t, d.typed+"and back")

	in, err := client.New("http://"+d.server, "").SignIn(ctx, client.SignIn{Login: demo.Login, Password: password, Device: "test"})
	must(t, err)
	api := client.New("http://"+d.server, in.Token)
	must(t, stage.Until(ctx, "the note in the feed", func() bool {
		page, err := api.Feed(ctx, client.FeedQuery{Limit: 10})
		if err != nil {
			return false
		}
		raw, err := json.Marshal(page)
		return err == nil && strings.Contains(string(raw), note)
	}))
}

func (d *day) secondStart(ctx context.Context, t *testing.T) {
	_, err := d.dozvon(ctx)
	must(t, err)
	w := d.untilFront(ctx, t, "the main window in front", mainWindow)
	all, err := d.Windows(ctx)
	must(t, err)
	if slices.IndexFunc(all, cards) > slices.IndexFunc(all, mainWindow) {
		t.Errorf("the main window lies above the cards: %+v", all)
	}
	if !w.Button || slices.ContainsFunc(all, func(w Window) bool { return cards(w) && w.Button }) {
		t.Errorf("the task bar has buttons for %+v", all)
	}
	for _, other := range all {
		if other.Class == "GLFW30" && other.Process != w.Process {
			t.Errorf("there are windows of two processes: %+v and %+v", w, other)
		}
	}
	d.shot(ctx, t, "5-second-start")

	// Neither does it stay below another program's window.
	must(t, d.Click(ctx, 100, 400))
	d.untilFront(ctx, t, "Notepad in front", notepad)
	_, err = d.dozvon(ctx)
	must(t, err)
	d.untilFront(ctx, t, "the main window in front again", mainWindow)
}

func (d *day) dials(ctx context.Context, t *testing.T) {
	d.phone(ctx, t, "--answer", "1s")
	_, err := d.dozvon(ctx, "dial", "8 914 000-00-01")
	must(t, err)
	d.untilTalking(ctx, t, "914 000-00-01")
	d.shot(ctx, t, "6-dialled")
}

// untilTalking waits until the operator talks with whom they have called, or has: a talk lasts 12 seconds, and
// on a busy machine it may be over before anybody has asked.
func (d *day) untilTalking(ctx context.Context, t *testing.T, number string) {
	t.Helper()
	d.until(ctx, t, "a card of the talk with "+number, func(s stage.Status) bool {
		return slices.ContainsFunc(s.Cards, talkingWith(number))
	})
}

func talkingWith(number string) func(stage.CardStatus) bool {
	return func(c stage.CardStatus) bool {
		return (c.State == "talking" || c.State == "ended") && strings.Contains(c.Title+c.Subtitle, number)
	}
}

// linkAsks registers the app for tel: as an installer does, and opens such a link as a web page does.
// Wine reads only what is registered for all users of the computer.
func (d *day) linkAsks(ctx context.Context, t *testing.T) {
	_, err := d.Run(ctx, "reg", "add", `HKCR\tel`, "/v", "URL Protocol", "/d", "", "/f")
	must(t, err)
	_, err = d.Run(ctx, "reg", "add", `HKCR\tel\shell\open\command`, "/d", `"Z:\programs\dozvon.exe" "%1"`, "/f")
	must(t, err)
	_, err = d.dozvon(ctx, "do", "hide")
	must(t, err)
	_, err = d.Run(ctx, "start", "tel:+79140000002")
	must(t, err)
	d.untilFront(ctx, t, "the main window that asks", mainWindow)
	s := d.until(ctx, t, "the question", asking)
	d.shot(ctx, t, "7-link-asks")
	if slices.ContainsFunc(s.Cards, func(c stage.CardStatus) bool { return strings.Contains(c.Title+c.Subtitle, "914 000-00-02") }) {
		t.Errorf("the link has called by itself: %+v", s.Cards)
	}
	d.saysYes(ctx, t)
	d.shot(ctx, t, "8-link-calls")
}

func asking(s stage.Status) bool { return s.Asking == "+79140000002" }

// saysYes presses «Call». It cannot be pressed in the first moment, and nothing tells when that is over on a
// slow machine: then the link is opened once more.
func (d *day) saysYes(ctx context.Context, t *testing.T) {
	t.Helper()
	for {
		// From «Cancel», which has the keyboard, to «Call».
		d.press(ctx, t, "Tab", "space")
		patient, cancel := context.WithTimeout(ctx, 30*time.Second)
		err := stage.Until(patient, "the talk", func() bool {
			s, err := d.status(patient)
			return err == nil && slices.ContainsFunc(s.Cards, talkingWith("914 000-00-02"))
		})
		cancel()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			t.Fatal("nobody is called after «Call»: ", err)
		}
		_, err = d.Run(ctx, "start", "tel:+79140000002")
		must(t, err)
		d.until(ctx, t, "the question again", asking)
		d.shot(ctx, t, "7-link-asks")
	}
}

func (d *day) restartKeepsTheSignIn(ctx context.Context, t *testing.T) {
	d.quit(ctx, t)
	if _, err := d.dozvon(ctx, "status"); err == nil {
		t.Error("the app answers after its end")
	}
	d.startApp(t)
	if s := d.until(ctx, t, "the app to be live again", live); s.Employee.Login != demo.Login {
		t.Errorf("signed in as %q", s.Employee.Login)
	}
}

// quit ends the app, and wants no crash of it.
func (d *day) quit(ctx context.Context, t *testing.T) {
	t.Helper()
	_, err := d.dozvon(ctx, "quit")
	must(t, err)
	if err := d.app.Wait(ctx); err != nil {
		t.Errorf("the app ended with %v", err)
	}
	said, err := d.command(ctx, "/", commandLimit, "", "cat", "/root/.wine/drive_c/users/root/AppData/Local/dozvon/logs/crash.log")
	if err != nil || said != "" {
		t.Errorf("the app's crash.log: %q, %v", said, err)
	}
}

func (d *day) atAnotherScale(ctx context.Context, t *testing.T) {
	d.quit(ctx, t)
	_, err := d.Run(ctx, "reg", "add", `HKCU\Control Panel\Desktop`, "/v", "LogPixels", "/t", "REG_DWORD", "/d", "144", "/f")
	must(t, err)
	must(t, d.Restart(ctx))
	_, err = d.Launch("notepad", "notepad")
	must(t, err)
	d.startSchool(ctx, t)
	d.startApp(t)
	d.until(ctx, t, "the app to be live", live)
	_, err = d.dozvon(ctx, "do", "hide")
	must(t, err)
	d.inCorner(ctx, t, d.rings(ctx, t, demo.SharedNumber), 1.5)
	d.shot(ctx, t, "9-scale-150")
	d.quit(ctx, t)
}
