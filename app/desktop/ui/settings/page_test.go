package settings_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestSettings_fitASmallWindow: nothing is cut at the right, and what was done has room for its words.
func TestSettings_fitASmallWindow(t *testing.T) {
	for _, tab := range []string{"Школа", "Сотрудники и роли", "Журнал действий", "Программа"} {
		d := uitest.NewDesk(t, uitest.Schetova)
		d.School.Answers["GET /audit"] = client.Page[client.AuditEntry]{Items: uitest.Audited()}
		d.View.Shown()
		d.View.Resize(fyne.NewSize(692, 600)) // what a window of 900 leaves
		d.Press(tab)
		if least := d.View.MinSize().Width; least > 692 {
			t.Errorf("%s asks for %v", tab, least)
		}
		for _, toggle := range uitest.All[*widgets.Toggle](d.View) {
			if toggle.MinSize().Width > toggle.Size().Width {
				t.Errorf("%s: the switch %q has %v of %v", tab, toggle.Label, toggle.Size().Width, toggle.MinSize().Width)
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(toggle)
			if right := at.X + toggle.MinSize().Width; right > 692 {
				t.Errorf("%s: the switch %q ends at %v", tab, toggle.Label, right)
			}
		}
		for _, words := range uitest.All[*widgets.Paragraph](d.View) {
			if words.Width < 130 {
				t.Errorf("%s: %q has a width of %v", tab, words.Text, words.Width)
			}
		}
	}
}

// TestSettings_aPageMadeAnewGoesOnWhereTheFormerWas: another language or other colours turn no page over
// and drop nothing that is being typed.
func TestSettings_aPageMadeAnewGoesOnWhereTheFormerWas(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Schetova)
	again := func() {
		d.View = d.Made()
		test.NewTempWindow(t, d.View).Resize(uitest.Tall)
		d.View.Shown()
	}
	d.View.Shown()
	d.Press("Школа")
	d.Entry(0).SetText("77")
	d.Press("+ Шаблон")
	d.Entry(3).SetText("Напоминание")
	again()
	if got := d.Entry(0).Text; got != "77" {
		t.Errorf("the minutes that were being typed are %q", got)
	}
	if got := d.Entry(3).Text; got != "Напоминание" {
		t.Errorf("the template that was being written is called %q", got)
	}
	d.Press("Сотрудники и роли")
	d.Press("Новый сотрудник")
	d.Entry(0).SetText("Смирнова Вера")
	again()
	if got := d.Entry(0).Text; got != "Смирнова Вера" {
		t.Errorf("the new employee's name is %q", got)
	}
	d.Press("Программа")
	d.Press("Сменить пароль")
	d.Entry(1).SetText("синий трамвай едет")
	again()
	d.Wants("Сменить пароль")
	if got := d.Entry(1).Text; got != "синий трамвай едет" {
		t.Errorf("the new password is %q", got)
	}
}
