package xdg_test

import (
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/desktop/xdg"
)

func TestExec_isReadBackWhateverThePath(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]string{
		"/usr/bin/dozvon":         "/usr/bin/dozvon --background",
		"/opt/Мой Дозвон/dozvon":  `"/opt/Мой Дозвон/dozvon" --background`,
		"/home/o'neil/100%/d":     `"/home/o'neil/100%%/d" --background`,
		`/home/a "b"/$x/d`:        `"/home/a \\"b\\"/\\$x/d" --background`,
		"/home/per%cent/dozvon":   "/home/per%%cent/dozvon --background",
		`/home/back\slash/dozvon`: `"/home/back\\\\slash/dozvon" --background`,
	} {
		got := xdg.Exec(program, "--background")
		if got != want {
			t.Errorf("%s is written as %s, want %s", program, got, want)
		}
		if back := xdg.Program(got); back != program {
			t.Errorf("%s is read back as %s", program, back)
		}
	}
}

func TestValue_isOfTheFirstGroupAlone(t *testing.T) {
	t.Parallel()
	text := "# a comment\n[Desktop Entry]\nExec = /a %u\n[Desktop Action new]\nExec=/b\nHidden=true\n"
	if got := xdg.Value(text, "Exec"); got != "/a %u" {
		t.Errorf("Exec is %q", got)
	}
	if got := xdg.Value(text, "Hidden"); got != "" {
		t.Errorf("Hidden is %q", got)
	}
}

// A person's settings often lie elsewhere, with links to them.
func TestWrite_keepsALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "kept"), filepath.Join(dir, "link")
	for _, err := range []error{os.WriteFile(file, []byte("old"), 0o600), os.Symlink(file, link), xdg.Write(link, "new", 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if to, _ := os.Readlink(link); err != nil || string(raw) != "new" || to != file {
		t.Errorf("the file holds %q, %v; the link leads to %q", raw, err, to)
	}
}
