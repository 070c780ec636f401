package links_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/links"
	"dozvon/app/desktop/winreg/winregtest"
)

func set(t *testing.T, h links.Handler, on bool) {
	t.Helper()
	if err := h.Set(on); err != nil {
		t.Fatal(err)
	}
}

func wantState(t *testing.T, h links.Handler, registered bool, others ...string) {
	t.Helper()
	if got, err := h.State(); got.Registered != registered || !slices.Equal(got.Others, others) || err != nil {
		t.Errorf("registered %t, others %q (%v), want %t, %q", got.Registered, got.Others, err, registered, others)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestDesktop_undoesAllThatItDid, whatever stood in the list, and however often it is asked.
func TestDesktop_undoesAllThatItDid(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "")
	for name, before := range map[string]string{
		"a list of others":  "# mine\n[Added Associations]\nx-scheme-handler/tel=phone.desktop;\n\n[Default Applications]\ntext/html=browser.desktop\nx-scheme-handler/tel=phone.desktop;other.desktop\n\n[Removed Associations]\nx-scheme-handler/sip=x.desktop\n",
		"without the group": "[Added Associations]\ntext/plain=editor.desktop\n",
		"no end of line":    "[Default Applications]\ntext/html=browser.desktop",
	} {
		config, data := t.TempDir(), t.TempDir()
		list := filepath.Join(config, "mimeapps.list")
		if err := os.WriteFile(list, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		h := links.NewDesktop(config, data, "/usr/bin/dozvon")
		wantState(t, h, false, links.Schemes...)
		set(t, h, true)
		set(t, h, true)
		wantState(t, h, true)
		now := text(t, list)
		for line := range strings.Lines(before) {
			if !strings.Contains(line, "scheme") && !strings.Contains(now, strings.TrimSpace(line)) {
				t.Errorf("%s: %q is lost in\n%s", name, line, now)
			}
		}
		set(t, h, false)
		set(t, h, false)
		wantState(t, h, false, links.Schemes...)
		if got := strings.TrimSuffix(strings.TrimSpace(text(t, list)), "[Default Applications]"); strings.TrimSpace(got) != strings.TrimSpace(before) {
			t.Errorf("%s: undone it is\n%s", name, got)
		}
		if left, _ := filepath.Glob(filepath.Join(data, "applications", "*.desktop")); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// TestDesktop_keepsWhoWasTheDefaultAsTheNextOne, and tells when another program took a scheme afterwards.
func TestDesktop_keepsWhoWasTheDefaultAsTheNextOne(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
	config, data := t.TempDir(), t.TempDir()
	list, own := filepath.Join(config, "mimeapps.list"), filepath.Join(config, "gnome-mimeapps.list")
	for path, before := range map[string]string{
		list: "[Default Applications]\nx-scheme-handler/tel=phone.desktop\n",
		own:  "[Default Applications]\nx-scheme-handler/sip=voip.desktop\n",
	} {
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := links.NewDesktop(config, data, "/usr/bin/dozvon")
	set(t, h, true)
	wantState(t, h, true)
	if now := text(t, list); !strings.Contains(now, "x-scheme-handler/tel=dozvon-links.desktop;phone.desktop\n") {
		t.Errorf("the list is\n%s", now)
	}
	if now := text(t, own); now != "[Default Applications]\nx-scheme-handler/sip=dozvon-links.desktop;voip.desktop\n" {
		t.Errorf("the desktop's own list is\n%s", now)
	}
	taken := strings.Replace(text(t, list), "tel=dozvon-links.desktop;", "tel=", 1)
	if err := os.WriteFile(list, []byte(taken), 0o600); err != nil {
		t.Fatal(err)
	}
	wantState(t, h, true, "tel")
	set(t, h, false)
	if now := text(t, own); now != "[Default Applications]\nx-scheme-handler/sip=voip.desktop\n" {
		t.Errorf("undone the desktop's own list is\n%s", now)
	}
}

// TestCapabilities_makeDozvonChoosable and take nothing that another program has.
func TestCapabilities_makeDozvonChoosable(t *testing.T) {
	t.Parallel()
	reg := &winregtest.Memory{}
	reg.Set(`Software\Classes\callto`, "", "URL:Skype")
	reg.Set(`Software\RegisteredApplications`, "Skype", "Software\\Skype\\Capabilities")
	reg.Set(`Software\Dozvon`, "Language", "ru") // the installer's own
	before := reg.Len()
	told := 0
	h := links.NewCapabilities(reg, `C:\Program Files\Dozvon\dozvon.exe`, func() { told++ })
	wantState(t, h, false, links.Schemes...)
	set(t, h, true)
	set(t, h, true)
	wantState(t, h, true, links.Schemes...) // the person has not chosen yet
	for key, want := range map[[2]string]string{
		{`Software\Classes\Dozvon.tel`, "URL Protocol"}:            "",
		{`Software\Classes\Dozvon.tel\shell\open\command`, ""}:     `"C:\Program Files\Dozvon\dozvon.exe" "%1"`,
		{`Software\Dozvon\Capabilities\URLAssociations`, "tel"}:    "Dozvon.tel",
		{`Software\Dozvon\Capabilities\URLAssociations`, "callto"}: "Dozvon.tel",
		{`Software\Dozvon\Capabilities\URLAssociations`, "sip"}:    "Dozvon.tel",
		{`Software\RegisteredApplications`, "Dozvon"}:              `Software\Dozvon\Capabilities`,
		{`Software\Classes\callto`, ""}:                            "URL:Skype",
	} {
		if got, found, _ := reg.String(key[0], key[1]); got != want || !found {
			t.Errorf("%q holds %q, %t", key, got, found)
		}
	}
	reg.Set(`Software\Microsoft\Windows\Shell\Associations\UrlAssociations\tel\UserChoice`, "ProgId", "dozvon.TEL")
	wantState(t, h, true, "callto", "sip")
	reg.Set(`Software\Microsoft\Windows\Shell\Associations\UrlAssociations\tel\UserChoice`, "ProgId", "Skype.tel")
	wantState(t, h, true, links.Schemes...)
	set(t, h, false)
	set(t, h, false)
	wantState(t, h, false, links.Schemes...)
	if now := reg.Len(); now != before+1 || told != 4 { // what Windows keeps of the choice is not ours
		t.Errorf("%d values are left of %d; Windows was told %d times", now, before, told)
	}
}

func TestRepair_followsAProgramThatWasMoved(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "")
	other, gone := filepath.Join(t.TempDir(), "dozvon"), filepath.Join(t.TempDir(), "gone")
	if err := os.WriteFile(other, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	config, data, reg := t.TempDir(), t.TempDir(), &winregtest.Memory{}
	of := func(program string) map[string]links.Handler {
		return map[string]links.Handler{
			"Linux": links.NewDesktop(config, data, program), "Windows": links.NewCapabilities(reg, program, func() {}),
		}
	}
	for name, now := range of("/new/dozvon") {
		if err := links.Repair(now); err != nil {
			t.Fatal(err)
		}
		wantState(t, now, false, links.Schemes...) // what was never registered is not
		for registered, want := range map[string]string{other: other, gone: "/new/dozvon"} {
			set(t, of(registered)[name], true)
			if err := links.Repair(now); err != nil {
				t.Fatal(err)
			}
			if got, err := now.Program(); got != want || err != nil {
				t.Errorf("%s: after %s a link starts %s (%v), want %s", name, registered, got, err, want)
			}
		}
	}
}

// TestDesktop_takesThePackagesEntry where there is one, and leaves it to the package.
func TestDesktop_takesThePackagesEntry(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "")
	config, data, installed := t.TempDir(), t.TempDir(), t.TempDir()
	own := filepath.Join(data, "applications", "dozvon-links.desktop")
	h := links.NewDesktop(config, data, filepath.Join(t.TempDir(), "dozvon")).Beside([]string{installed})
	set(t, h, true) // before the package came
	text(t, own)

	packaged := filepath.Join(installed, "applications", "ru.dozvon.app.desktop")
	if err := os.MkdirAll(filepath.Dir(packaged), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(packaged, []byte("[Desktop Entry]\nExec=dozvon %u\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantState(t, h, true)
	set(t, h, true)
	wantState(t, h, true)
	if _, err := os.Stat(own); err == nil {
		t.Error("there are two entries")
	}
	list := filepath.Join(config, "mimeapps.list")
	if now := text(t, list); !strings.Contains(now, "x-scheme-handler/tel=ru.dozvon.app.desktop\n") || strings.Contains(now, "dozvon-links") {
		t.Errorf("the list says\n%s", now)
	}
	if err := links.Repair(h); err != nil {
		t.Error(err)
	}
	set(t, h, false)
	wantState(t, h, false, links.Schemes...)
	text(t, packaged)
	set(t, h, true)
	if err := os.Remove(packaged); err != nil { // the package is gone
		t.Fatal(err)
	}
	wantState(t, h, false, links.Schemes...)
}
