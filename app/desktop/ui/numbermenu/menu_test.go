package numbermenu_test

import (
	"fmt"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestNumberMenu_doesWhatItSays(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	uitest.Choose(h, uitest.Chosen())
	extra := 0
	items := numbermenu.Items(h, "+79645550190", &uitest.Shangutov, numbermenu.Item{Words: "Привязать", Do: func() { extra++ }})
	var words []string
	for _, it := range items {
		words = append(words, it.Words)
		it.Do()
	}
	if want := "Позвонить|Отправить SMS…|Чат WhatsApp…|Напомнить или поручить…|Скопировать|Привязать"; strings.Join(words, "|") != want {
		t.Errorf("the menu holds %q, want %q", words, want)
	}
	got := fmt.Sprint(h.Dialed, h.Messages, h.URLs, h.Copied, extra)
	if want := fmt.Sprint([]string{"+79645550190"}, []string{"+79645550190 " + uitest.Shangutov.Name}, []string{"https://wa.me/79645550190"}, "+79645550190", 1); got != want {
		t.Errorf("it did %s, want %s", got, want)
	}
	away := uitest.Chosen()
	away.WhatsApp = false
	uitest.Choose(h, away)
	for _, it := range numbermenu.Items(h, "+79645550190", nil) {
		if strings.Contains(it.Words, "WhatsApp") {
			t.Error("the chat is offered although the school has taken it away")
		}
	}
	if left := numbermenu.Items(h, "", nil, numbermenu.Item{Words: "Привязать"}); len(left) != 1 {
		t.Errorf("a hidden number still offers %v", left)
	}
}

func TestNumberMenu_standsByEveryNumberAndIsReachedByKeys(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	uitest.Choose(h, uitest.Chosen())
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	list := register.New(h, client.KindContract, &register.State{}, func(id string) { h.Opened = append(h.Opened, id) })
	list.Shown()
	rows := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	rows.Reload()
	for name, tt := range map[string]struct {
		object fyne.CanvasObject
		signs  int
		number string
	}{
		"the card's two numbers": {panel, 2, "+79645550190"},
		"the register's rows":    {list, 4, "+79645550190"},
		"an open row of a feed":  {rows, 1, "+79145550148"},
	} {
		w := uitest.WindowOf(t, tt.object, fyne.NewSize(900, 600))
		if tt.object == fyne.CanvasObject(rows) {
			rows.Expand("c3")
		}
		var signs []*widgets.Button
		for _, b := range uitest.All[*widgets.Button](tt.object) {
			if b.Label == "⋯" {
				signs = append(signs, b)
			}
		}
		if len(signs) != tt.signs {
			t.Errorf("%s: %d signs, want %d", name, len(signs), tt.signs)
			continue
		}
		h.Dialed, h.Copied = nil, ""
		menu := uitest.MenuOf(t, w, signs[0])
		for range 5 {
			menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if h.Copied != tt.number {
			t.Errorf("%s: the keys copied %q, want %q", name, h.Copied, tt.number)
		}
		if len(h.Opened) > 0 {
			t.Errorf("%s: the record %q opened beneath the sign", name, h.Opened)
		}
	}
}
