package notify

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// asProgram makes this test's binary be a program that shows a notification and ends.
const asProgram = "DOZVON_TEST_NOTIFY_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asProgram); dir != "" {
		s := newScreen(testApp(dir)).(*balloons)
		go func() { postMessage.Call(s.window, wmIcon, 1, ninBalloonTimeout) }()
		_ = s.show(Notification{Title: "Пропущенный звонок", Text: "Егоров"}, nil)
		s.close()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var postMessage = user.NewProc("PostMessageW")

func testApp(dir string) App {
	return App{ID: "ru.dozvon.test", Name: "Dozvon", Icon: []byte("\x89PNG of no picture"), Dir: dir}
}

// tell keeps telling the window what the system would, until done.
func tell(b *balloons, id uint32, event uintptr, done <-chan struct{}) {
	for {
		postMessage.Call(b.window, wmIcon, uintptr(id), event)
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestBalloons_aClickOpensWhatItIsAbout(t *testing.T) {
	b := newScreen(testApp(t.TempDir())).(*balloons)
	defer b.close()
	if b.loop == nil {
		t.Fatal(b.why)
	}
	for name, tt := range map[string]struct {
		event  uintptr
		clicks int
	}{"clicked": {ninBalloonClick, 1}, "gone by itself": {ninBalloonTimeout, 0}, "closed": {ninBalloonHide, 0}} {
		clicked := make(chan struct{}, 10)
		shown := make(chan struct{})
		id := b.id + 1
		go func() {
			defer close(shown)
			if err := b.show(Notification{Title: "t", Text: "w", Clicked: func() { clicked <- struct{}{} }}, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}()
		tell(b, id, tt.event, shown)
		if tt.clicks == 0 {
			if len(clicked) > 0 {
				t.Errorf("%s: it counted as a click", name)
			}
			continue
		}
		select {
		case <-clicked:
		case <-time.After(time.Minute):
			t.Errorf("%s: nothing was opened", name)
		}
	}
}

// The library's own notifications ended the process by a crash of the runtime.
func TestBalloons_theProgramEndsCalmlyAfterOne(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asProgram+"="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("it ended with %v\n%s", err, out)
	}
}

func TestIdentify_givesNameAndIcon(t *testing.T) {
	app := testApp(filepath.Join(t.TempDir(), "new"))
	if err := identify(app); err != nil {
		t.Fatal(err)
	}
	path := `Software\Classes\AppUserModelId\` + app.ID
	t.Cleanup(func() { _ = registry.DeleteKey(registry.CURRENT_USER, path) })
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	name, _, err := key.GetStringValue("DisplayName")
	if err != nil || name != "Dozvon" {
		t.Errorf("its name is %q, %v", name, err)
	}
	icon, _, err := key.GetStringValue("IconUri")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(icon); err != nil || string(text) != string(app.Icon) {
		t.Errorf("its icon is %q, %v", text, err)
	}
}

func TestPut_cutsBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		words string
		room  int
		want  string
	}{
		{"Егоров", 16, "Егоров"},
		{"Егоров", 7, "Егоров"},
		{"Егоров", 4, "Его"},
		{"", 4, ""},
		{"ab😀", 4, "ab"},
		{"a😀", 4, "a😀"},
		{"a\x00b", 8, "a"},
	} {
		to := make([]uint16, tt.room)
		for i := range to {
			to[i] = 'x'
		}
		put(to, tt.words)
		if got := windows.UTF16ToString(to); got != tt.want || len(utf16.Decode(to)) == 0 {
			t.Errorf("%q in %d: %q, want %q", tt.words, tt.room, got, tt.want)
		}
	}
}
