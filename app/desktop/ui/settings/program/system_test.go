package program_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/release"
	"dozvon/app/desktop/ui/uitest"
)

// own is an operator's page, where the program is all there is.
func own(t *testing.T, living uitest.Living) *uitest.Desk {
	t.Helper()
	d := uitest.NewDesk(t, uitest.Borisov)
	d.Living = living
	d.View.Shown()
	return d
}

// The switches of the page from the top: quiet, notifications, autostart, links.
const autostartSwitch, linksSwitch = 2, 3

func wantTold(t *testing.T, d *uitest.Desk, want ...string) {
	t.Helper()
	if !slices.Equal(d.Living.Told, want) {
		t.Errorf("the system was told %q, want %q", d.Living.Told, want)
	}
}

func TestSystem_startAndLinksAreSwitchedHere(t *testing.T) {
	d := own(t, uitest.Living{Opens: links.State{Others: []string{"callto"}}})
	if strings.Contains(d.Says(), "Перед звонком по ссылке") || strings.Contains(d.Says(), "открывает не Дозвон") {
		t.Errorf("while links are not ours the page says\n%s", d.Says())
	}
	test.Tap(d.Toggle(autostartSwitch))
	test.Tap(d.Toggle(linksSwitch))
	wantTold(t, d, "autostart true", "links true")
	d.Wants("Сейчас открывает не Дозвон: callto:", "Перед звонком по ссылке")
	d.Press("Открывать Дозвоном")
	wantTold(t, d, "autostart true", "links true", "choose")
	if strings.Contains(d.Says(), "открывает не Дозвон") {
		t.Errorf("the page says\n%s", d.Says())
	}
	d.Press("Звонить сразу")
	if d.Living.Choices.Links != config.LinksAlways {
		t.Errorf("links are %q", d.Living.Choices.Links)
	}
	d.Wants("Страница сможет позвонить без вас")
	test.Tap(d.Toggle(autostartSwitch))
	test.Tap(d.Toggle(linksSwitch))
	wantTold(t, d, "autostart true", "links true", "choose", "autostart false", "links false")
}

// TestSystem_aRefusalLeavesTheSwitchAsTheSystemIs.
func TestSystem_aRefusalLeavesTheSwitchAsTheSystemIs(t *testing.T) {
	d := own(t, uitest.Living{Fault: errors.New("read-only file system")})
	test.Tap(d.Toggle(autostartSwitch))
	d.Wants("Не получилось, всё осталось как было: read-only file system")
	if d.Toggle(autostartSwitch).On {
		t.Error("the switch says that it worked")
	}
	d.Living.Fault = nil
	test.Tap(d.Toggle(autostartSwitch))
	if !d.Toggle(autostartSwitch).On || strings.Contains(d.Says(), "Не получилось") {
		t.Errorf("after it worked the page says\n%s", d.Says())
	}
}

func TestSystem_aCombinationThatIsTakenIsShown(t *testing.T) {
	d := own(t, uitest.Living{Choices: config.Config{Language: "ru", Hotkey: "Super+F2"}, Refused: hotkey.ErrTaken})
	d.Wants("Super+F2", "Super+F2 занято другой программой. Выберите другое сочетание.")
	d.Living.Refused = nil
	d.Press("Ctrl+Alt+D")
	if d.Living.Choices.Hotkey != "Ctrl+Alt+D" || strings.Contains(d.Says(), "занято") {
		t.Errorf("chosen is %q; the page says\n%s", d.Living.Choices.Hotkey, d.Says())
	}
	d.Living.Refused = hotkey.ErrUnsupported
	d.Press("Ctrl+Alt+Z")
	d.Wants("«dozvon clipboard»")
	d.Living.Refused = nil
	d.Press("Нет")
	if d.Living.Choices.Hotkey != config.HotkeyNone {
		t.Errorf("chosen is %q", d.Living.Choices.Hotkey)
	}
}

func TestSystem_aNewerVersionIsOneClickAway(t *testing.T) {
	d := own(t, uitest.Living{Out: release.Release{Own: "0.6.0", Server: "0.7.0", URL: "https://phone.example.ru/app"}})
	d.Wants("0.6.0, вышла 0.7.0")
	d.Press("Скачать")
	wantTold(t, d, "open https://phone.example.ru/app")

	d = own(t, uitest.Living{Out: release.Release{Own: "0.6.0", Server: "0.7.0"}})
	d.Wants("Вышел Дозвон 0.7.0. Где его взять, знает администратор.")
	d = own(t, uitest.Living{Out: release.Release{Own: "0.7.0", Server: "0.7.0", URL: "https://phone.example.ru/app"}})
	if strings.Contains(d.Says(), "Скачать") {
		t.Errorf("the newest offers another\n%s", d.Says())
	}
}

// TestChoices_sayWhatWaylandDoesNotTell: a full screen that is not seen must surprise nobody.
func TestChoices_sayWhatWaylandDoesNotTell(t *testing.T) {
	for session, want := range map[string]bool{"wayland": true, "x11": false} {
		t.Setenv("WAYLAND_DISPLAY", "")
		t.Setenv("XDG_SESSION_TYPE", session)
		d := own(t, uitest.Living{})
		d.Wants("Звонки при полном экране", "Полоска", "Карточка", "Только значок")
		if got := strings.Contains(d.Says(), "В сеансе Wayland"); got != want {
			t.Errorf("in a session of %s it is told: %t", session, got)
		}
	}
}
