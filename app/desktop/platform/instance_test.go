package platform

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstance_secondStartHandsItsArgumentToTheFirst(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dozvon")
	if _, err := Ask(dir, "status"); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("asking nobody: %v, want ErrNotRunning", err)
	}
	first, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	go first.Serve(func(args []string) (string, error) {
		if args[0] == "bad" {
			return "", errors.New("не получилось")
		}
		return strings.Join(args, "|"), nil
	})
	if _, err := Acquire(dir); !errors.Is(err, ErrRunning) {
		t.Errorf("a second start got %v, want ErrRunning", err)
	}
	if got, err := Ask(dir, "start", "имя с пробелом", "две\nстроки"); err != nil || got != "start|имя с пробелом|две строки" {
		t.Errorf("answer %q, %v", got, err)
	}
	if _, err := Ask(dir, "bad"); err == nil || err.Error() != "не получилось" {
		t.Errorf("refusal %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Acquire(dir)
	if err != nil {
		t.Fatalf("after the first ended: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
}
