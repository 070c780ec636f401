package settings_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// filled are the words of the filled buttons.
func filled(object fyne.CanvasObject) []string {
	var out []string
	for _, b := range uitest.All[*widgets.Button](object) {
		if b.Kind == widgets.Primary || b.Kind == widgets.Call {
			out = append(out, b.Label)
		}
	}
	return out
}

// TestSettings_oneButtonIsFilled whatever is open and being typed, the window's head included.
func TestSettings_oneButtonIsFilled(t *testing.T) {
	ended := uitest.Third()
	ended.Subscription.State, ended.Subscription.RestoredAt = client.SubscriptionEnded, nil
	unheard := uitest.Integration()
	unheard.LastEvent = nil
	for name, tt := range map[string]struct {
		it   client.Integration
		do   func(d *uitest.Desk)
		want string
	}{
		"as it stands": {uitest.Integration(), func(*uitest.Desk) {}, "Проверить"},
		"no event yet": {unheard, func(*uitest.Desk) {}, "Копировать"},
		"ended":        {ended, func(*uitest.Desk) {}, "Обновить сейчас"},
		"renaming":     {uitest.Integration(), func(d *uitest.Desk) { d.Press("Переименовать") }, "Сохранить"},
		"everything at once": {unheard, func(d *uitest.Desk) {
			d.Press("+ Добавить")
			test.Tap(d.Toggle(3))
			d.Entry(0).SetText("code")
			d.Entry(1).SetText("1011")
			d.Press("Переименовать")
		}, "Сохранить"},
		"extensions": {uitest.Integration(), func(d *uitest.Desk) { d.Entry(1).SetText("1011") }, "Сохранить"},
		"put back": {uitest.Integration(), func(d *uitest.Desk) {
			d.Entry(1).SetText("1011")
			d.Press("Отменить")
		}, "Проверить"},
		"the book":       {uitest.Integration(), func(d *uitest.Desk) { test.Tap(d.Toggle(3)) }, "Включить"},
		"a new one":      {uitest.Integration(), func(d *uitest.Desk) { d.Press("+ Добавить"); d.Pick("Билайн") }, "Сохранить"},
		"the kinds lost": {uitest.Integration(), func(d *uitest.Desk) { d.Press("+ Добавить") }, "Проверить"},
		"the school": {uitest.Integration(), func(d *uitest.Desk) {
			d.Press("Школа")
			for n, entry := range uitest.All[*widgets.Entry](d.View) {
				if n != 1 {
					entry.SetText("7")
				}
			}
			d.Press("+ Шаблон")
		}, "Сохранить"},
		"employees": {uitest.Integration(), func(d *uitest.Desk) { d.Press("Сотрудники и роли") }, "Новый сотрудник"},
		"an employee": {uitest.Integration(), func(d *uitest.Desk) {
			d.Press("Сотрудники и роли")
			d.Press("Новый сотрудник")
		}, "Сохранить"},
		"a password": {uitest.Integration(), func(d *uitest.Desk) {
			d.Press("Программа")
			d.Press("Сменить пароль")
		}, "Сохранить"},
	} {
		t.Run(name, func(t *testing.T) {
			d := uitest.NewDesk(t, uitest.Schetova)
			d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{tt.it}}
			if name == "the kinds lost" {
				d.School.Answers["GET /integrations/kinds"] = &client.Problem{Status: 503, Code: "busy"}
			}
			d.View.Shown()
			tt.do(d)
			if got := filled(d.View); len(got) != 1 || got[0] != tt.want {
				t.Errorf("filled are %q, want %q", got, tt.want)
			}
		})
	}
	uitest.LightApp(t)
	frame := uitest.Window(uitest.NewHost(t, i18n.Russian), "settings")
	test.NewTempWindow(t, frame).Resize(fyne.NewSize(1180, 760))
	if got := filled(frame); len(got) != 1 || got[0] != "Проверить" {
		t.Errorf("with the window's head filled are %q", got)
	}
}
