package links

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"dozvon/app/desktop/xdg"
)

// desktopID is our file in the folder applications. A package's own ru.dozvon.app.desktop is another one, so that
// undoing takes nothing of a package away.
const desktopID = "dozvon-links.desktop"

// packagedID is the package's file. Where it is installed, it is what opens the links, and none of ours is made.
const packagedID = "ru.dozvon.app.desktop"

// Desktop registers by a desktop file, and by the person's mimeapps.list (Association between MIME types
// and applications, 1.0.1), as xdg-mime does; other than xdg-mime it keeps whoever was the default as the
// next one.
type Desktop struct {
	config, data, program string
	dirs                  []string
}

// NewDesktop is program in a person's folders of settings and data.
func NewDesktop(configHome, dataHome, program string) Desktop {
	return Desktop{config: configHome, data: dataHome, program: program}
}

// Beside is program where packages put their files into dirs ($XDG_DATA_DIRS).
func (d Desktop) Beside(dirs []string) Desktop {
	d.dirs = dirs
	return d
}

// packaged tells whether a package has made the program known to desktops.
func (d Desktop) packaged() bool {
	return slices.ContainsFunc(append([]string{d.data}, d.dirs...), func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "applications", packagedID))
		return err == nil
	})
}

func isOurs(app string) bool { return app == desktopID || app == packagedID }

func (d Desktop) file() string { return filepath.Join(d.data, "applications", desktopID) }

// lists are the person's lists of defaults, the one that counts first: a desktop may have its own.
func (d Desktop) lists() []string {
	var out []string
	for _, desktop := range strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":") {
		if name := strings.ToLower(desktop); name != "" && !strings.ContainsAny(name, `/\`) {
			out = append(out, filepath.Join(d.config, name+"-mimeapps.list"))
		}
	}
	return append(out, d.list())
}

func (d Desktop) list() string { return filepath.Join(d.config, "mimeapps.list") }

// State is Handler's.
func (d Desktop) State() (State, error) {
	text, err := xdg.Read(d.file())
	packaged := d.packaged()
	if err != nil || text == "" && !packaged {
		return State{Others: Schemes}, err
	}
	left, err := others(func(scheme string) (bool, error) {
		for _, path := range d.lists() {
			list, err := xdg.Read(path)
			if err != nil {
				return false, err
			}
			if now := defaults(list, scheme); len(now) > 0 {
				return now[0] == desktopID && text != "" || now[0] == packagedID && packaged, nil
			}
		}
		return false, nil
	})
	return State{Registered: text != "" || len(left) < len(Schemes), Others: left}, err
}

// Program is Handler's.
func (d Desktop) Program() (string, error) {
	text, err := xdg.Read(d.file())
	return xdg.Program(xdg.Value(text, "Exec")), err
}

// Set is Handler's. The file comes before the list that names it, and goes after.
func (d Desktop) Set(on bool) error {
	id := ""
	switch {
	case on && d.packaged():
		id = packagedID
	case on:
		id = desktopID
		if err := xdg.Write(d.file(), d.entry().Text(), 0o644); err != nil {
			return err
		}
	}
	for _, path := range d.lists() {
		if err := d.change(path, id); err != nil {
			return err
		}
	}
	if id != desktopID {
		if err := xdg.Remove(d.file()); err != nil {
			return err
		}
	}
	// Its cache is what some desktops list programs by; without the tool they read the file itself.
	_ = exec.Command("update-desktop-database", filepath.Dir(d.file())).Run()
	return nil
}

// entry is our file.
func (d Desktop) entry() xdg.Entry {
	mime := ""
	for _, scheme := range Schemes {
		mime += handler(scheme) + ";"
	}
	return xdg.Entry{
		{"Type", "Application"},
		{"Name", "Dozvon"},
		{"Name[ru]", "Дозвон"},
		{"TryExec", d.program},
		{"Exec", xdg.Exec(d.program, "%u")},
		{"Icon", "ru.dozvon.app"},
		{"Terminal", "false"},
		{"NoDisplay", "true"},
		{"MimeType", mime},
	}
}

// change puts our file first in a list of defaults, or takes us out where there is none. A desktop's own list
// is changed only where there is one.
func (d Desktop) change(path, id string) error {
	before, err := xdg.Read(path)
	if err != nil {
		return err
	}
	if path != d.list() && before == "" {
		return nil
	}
	after := before
	for _, scheme := range Schemes {
		apps := []string{}
		if id != "" {
			apps = append(apps, id)
		}
		for _, app := range defaults(after, scheme) {
			if !isOurs(app) {
				apps = append(apps, app)
			}
		}
		if path == d.list() || len(defaults(after, scheme)) > 0 {
			after = withDefaults(after, scheme, apps)
		}
	}
	if after == before {
		return nil
	}
	return xdg.Write(path, after, 0o644)
}

func handler(scheme string) string { return "x-scheme-handler/" + scheme }

// group is the part of a list that says who opens what.
const group = "[Default Applications]"

// defaults are the programs that open a scheme, the first that is installed does.
func defaults(list, scheme string) []string {
	inside := false
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == group
		}
		if name, value, found := strings.Cut(line, "="); inside && found && strings.TrimSpace(name) == handler(scheme) {
			return strings.FieldsFunc(value, func(r rune) bool { return r == ';' || r == ' ' })
		}
	}
	return nil
}

// withDefaults is a list with the programs of a scheme; no programs take its line away. All else stays as
// it was written.
func withDefaults(list, scheme string, apps []string) string {
	line := ""
	if len(apps) > 0 {
		line = handler(scheme) + "=" + strings.Join(apps, ";") + "\n"
	}
	var out strings.Builder
	inside, done := false, false
	for old := range strings.Lines(list) {
		trimmed := strings.TrimSpace(old)
		if strings.HasPrefix(trimmed, "[") {
			inside = trimmed == group
		}
		name, _, found := strings.Cut(trimmed, "=")
		switch {
		case inside && found && strings.TrimSpace(name) == handler(scheme):
			if !done {
				out.WriteString(line)
			}
			done = true
		case trimmed == group && !done && defaults(list, scheme) == nil:
			out.WriteString(strings.TrimRight(old, "\n") + "\n" + line)
			done = true
		default:
			out.WriteString(old)
		}
	}
	if !done && line != "" {
		if text := out.String(); text != "" && !strings.HasSuffix(text, "\n") {
			out.WriteString("\n")
		}
		out.WriteString(group + "\n" + line)
	}
	return out.String()
}
