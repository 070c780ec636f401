// Package xdg is what the freedesktop.org specifications say of a person's folders and of the files that
// make a program known to a desktop: the XDG Base Directory Specification and the Desktop Entry
// Specification. It reads and writes files, and knows nothing of what Dozvon is.
package xdg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ConfigHome is the folder of a person's settings.
func ConfigHome() (string, error) { return folder("XDG_CONFIG_HOME", ".config") }

// DataHome is the folder of a person's data.
func DataHome() (string, error) { return folder("XDG_DATA_HOME", filepath.Join(".local", "share")) }

// DataDirs are the folders of what is installed for everybody.
func DataDirs() []string {
	dirs := filepath.SplitList(os.Getenv("XDG_DATA_DIRS"))
	if dirs = slices.DeleteFunc(dirs, func(dir string) bool { return !filepath.IsAbs(dir) }); len(dirs) > 0 {
		return dirs
	}
	return []string{"/usr/local/share", "/usr/share"}
}

// folder follows the specification: a path that is not absolute does not count.
func folder(variable, under string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding the home folder: %w", err)
	}
	return filepath.Join(home, under), nil
}

// Entry is a desktop file by the keys of its one group, in the order they are written.
type Entry [][2]string

// Text is the file's content.
func (e Entry) Text() string {
	var b strings.Builder
	b.WriteString("[Desktop Entry]\n")
	for _, pair := range e {
		b.WriteString(pair[0] + "=" + pair[1] + "\n")
	}
	return b.String()
}

// Value is a key of the first group of a desktop file; empty where it is not there.
func Value(text, key string) string {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == "[Desktop Entry]"
		}
		name, value, found := strings.Cut(line, "=")
		if inside && found && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// reserved are the characters that an argument of Exec is quoted for (section "The Exec key").
const reserved = " \t\n\"'\\><~|&;$*?#()`"

// Exec is a command line as the key Exec takes it. What needs no quotes gets none: xdg-open without a
// desktop does not know them.
func Exec(program string, args ...string) string {
	return strings.Join(append([]string{quoted(program)}, args...), " ")
}

func quoted(program string) string {
	program = strings.ReplaceAll(program, "%", "%%")
	if !strings.ContainsAny(program, reserved) {
		return program
	}
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`).Replace(program)
	return strings.ReplaceAll(`"`+inner+`"`, `\`, `\\`) // escaped once more, as every string of the file is
}

// Program is the program that a line of Exec begins with.
func Program(exec string) string {
	exec = strings.ReplaceAll(exec, `\\`, `\`)
	if !strings.HasPrefix(exec, `"`) {
		word, _, _ := strings.Cut(exec, " ")
		return strings.ReplaceAll(word, "%%", "%")
	}
	var out strings.Builder
	for i := 1; i < len(exec) && exec[i] != '"'; i++ {
		if exec[i] == '\\' && i+1 < len(exec) {
			i++
		}
		out.WriteByte(exec[i])
	}
	return strings.ReplaceAll(out.String(), "%%", "%")
}

// Write replaces a file as a whole, or makes it with its folder. Behind a link the file that it leads to
// is replaced, and the link stays. mode is for a new file and for one that was there. After a power cut the old
// text stands there or the new one.
func Write(path, text string, mode fs.FileMode) error {
	if to, err := filepath.EvalSymlinks(path); err == nil {
		path = to
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder of %s: %w", path, err)
	}
	if err := writeThrough(path+".new", text, mode); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("replacing %s: %w", path, err)
	}
	return nil
}

// Read is a file's text, empty where there is none.
func Read(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	return string(raw), nil
}

// Remove deletes a file; one that is not there is no error.
func Remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deleting %s: %w", path, err)
	}
	return nil
}

// writeThrough returns when the text is on the disk: a file system may carry a later renaming out first.
func writeThrough(path, text string, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
