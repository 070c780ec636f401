package notice

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/platform"
)

// OfSystem says once what the program cannot do on this system, or what nobody has tried there; nil when that was
// said, or there is nothing to say.
func OfSystem(canvas fyne.Canvas, text *i18n.Text, hasCards bool) *Sheet {
	var keys []string
	if platform.Unproved {
		keys = append(keys, "system.unproved")
	}
	if !hasCards {
		keys = append(keys, "system.cardless")
	}
	fresh, err := Untold(filepath.Join(platform.StateDir(), "told"), keys)
	if err != nil {
		slog.Warn("what was told is not remembered", "error", err)
	}
	if len(fresh) == 0 {
		return nil
	}
	sentences := make([]string, len(fresh))
	for n, key := range fresh {
		sentences[n] = text.T(key)
	}
	return Open(canvas, text.T("system.title"), sentences, text.T("system.seen"))
}

// Untold are those of the keys that a file does not have, and adds them to it. Where it cannot be written,
// they are told all the same, and will be again.
func Untold(path string, keys []string) ([]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return keys, fmt.Errorf("reading what was told: %w", err)
	}
	told := strings.Fields(string(raw))
	fresh := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return slices.Contains(told, key) })
	if len(fresh) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fresh, fmt.Errorf("making the folder of what was told: %w", err)
	}
	if err := os.WriteFile(path, []byte(strings.Join(append(told, fresh...), "\n")+"\n"), 0o600); err != nil {
		return fresh, fmt.Errorf("keeping what was told: %w", err)
	}
	return fresh, nil
}
