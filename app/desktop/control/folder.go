package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Dir is the folder of this person's instance: under the system's own folder for such things where that
// is ours alone, else in the temporary one. Nothing is said yet of whether it can be trusted; whoever
// uses it checks that.
func Dir() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" && ours(dir) == nil {
		return filepath.Join(dir, "dozvon")
	}
	return fallbackDir()
}

// makeOurs makes the folder, or checks the one that is there already. In a shared temporary folder
// anybody could have made it before us, to answer our commands or to get our passwords.
func makeOurs(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return fmt.Errorf("making the folder of %s: %w", dir, err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("making %s: %w", dir, err)
	}
	return ours(dir)
}

// untrusted is a refusal that says what to do.
func untrusted(dir, why string) error {
	return fmt.Errorf("%w: %s %s; remove it, or set XDG_RUNTIME_DIR to a folder of your own with mode 0700", ErrUnsafe, dir, why)
}
