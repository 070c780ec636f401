package platform

import (
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// alertPause is how long after an alert no other one is shown: a web page can start the program by a link
// as often as it likes.
const alertPause = 10 * time.Second

// Alert shows a sentence where nobody would read it on standard error: in a box on Windows, as a notification
// elsewhere. One stands at a time, whichever process showed it; the others are left out.
func Alert(title, words string) {
	if !Heard() {
		alertOnce(StateDir(), func() { alert(title, words) })
	}
}

// alertOnce leaves its marks in dir. Where it cannot, what is to be said matters more.
func alertOnce(dir string, show func()) {
	last := filepath.Join(dir, "alert-last")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		show()
		return
	}
	lock := flock.New(filepath.Join(dir, "alert.lock"))
	held, err := lock.TryLock()
	if err != nil {
		show()
		return
	}
	if !held {
		return
	}
	defer lock.Close()
	// A clock that was put back leaves a mark of the future, which counts for nothing.
	if info, err := os.Stat(last); err == nil && time.Since(info.ModTime()).Abs() < alertPause {
		return
	}
	show()
	_ = os.WriteFile(last, nil, 0o600) // without it the next one is shown as well
}
