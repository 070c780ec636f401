package uitest

import (
	"image"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/sms"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Chosen is what the made-up school has chosen.
func Chosen() client.School {
	return client.School{
		Name: "Автошкола «Старт»", MissedLimitMinutes: 15, WhatsApp: true,
		SMSTemplates: []client.SMSTemplate{
			{Name: "Ждём на занятие", Text: "{имя}, ждём вас на занятие {дата} в {время}. Если не получается, перезвоните нам."},
			{Name: "Не дозвонились", Text: "{имя}, мы не смогли до вас дозвониться. Перезвоните, пожалуйста, когда будет удобно."},
			{Name: "Экзамен в ГИБДД и документы к нему", Text: "{имя}, экзамен {дата} в {время}. Возьмите паспорт, медицинскую справку и квитанцию об оплате пошлины, а если вы сдаёте повторно, то ещё и прошлый экзаменационный лист."},
		},
		CRMLink:         client.CRMLink{Contract: "https://crm.school.ru/deal/{external_id}"},
		SessionIdleDays: 30, SessionMaxDays: 90, RecordingsFor: client.ForAll, SMSPerMinute: 10, SMSPerDay: 200, AbroadPerDay: 20, CityCode: "423",
	}
}

// Choose makes the school of a desk known to it.
func Choose(h *Host, s client.School) {
	h.School.Answers["/settings"] = s
	h.Facts.Apply(client.StreamEvent{Type: "school", Data: &s})
}

func WindowOf(t *testing.T, object fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	w := test.NewWindow(object)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	Forget(t, object)
	return w
}

// Forget frees what a test has drawn when it ends: Fyne keeps how every widget is drawn for a minute,
// and the widget with it, also of a window that is closed.
func Forget(t *testing.T, object fyne.CanvasObject) {
	t.Helper()
	t.Cleanup(func() {
		for _, w := range All[fyne.Widget](object) {
			test.TempWidgetRenderer(t, w)
		}
	})
}

// Snap keeps a picture of a window as it stands, with what lies over it.
func Snap(t *testing.T, name string, w fyne.Window) {
	t.Helper()
	Keep(t, name+"-1x", 1, func(scale float32) image.Image {
		over := w.Canvas().(test.WindowlessCanvas)
		over.SetScale(scale)
		defer over.SetScale(1)
		return over.Capture()
	})
}

// Collect gets every surface that is drawn instead of a file being written; nil: files are.
var Collect func(name string, draw func(scale float32) image.Image)

// Keep writes what is drawn at a scale to a file in Where.
func Keep(t *testing.T, name string, scale float32, draw func(scale float32) image.Image) {
	t.Helper()
	if Collect != nil {
		Collect(name, draw)
		return
	}
	writePicture(t, filepath.Join(Where, name+".png"), draw(scale))
}

// Written is the sheet of a message after some presses.
func Written(t *testing.T, h *Host, subject *client.Subject) (*sms.Sheet, fyne.Window) {
	t.Helper()
	w := WindowOf(t, Window(h, "missed"), fyne.NewSize(900, 620))
	return sms.Open(h, w.Canvas(), "+79645550190", subject), w
}

// Over is what lies over a window.
func Over(w fyne.Window) fyne.CanvasObject { return w.Canvas().Overlays().Top() }

// MenuOf opens the menu of a sign and gives its words; pick chooses one.
func MenuOf(t *testing.T, w fyne.Window, sign *widgets.Button) *widget.PopUpMenu {
	t.Helper()
	sign.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	for _, menu := range All[*widget.PopUpMenu](Over(w)) {
		return menu
	}
	t.Fatal("no menu opened")
	return nil
}

// SchoolTab is the page of settings with the tab of the school in front.
func SchoolTab(t *testing.T, h *Host) *settings.View {
	t.Helper()
	v := settings.New(SettingsHost{h, Program{}}, &settings.State{})
	v.Resize(Tall)
	v.Shown()
	test.Tap(Buttons(v, map[string]*widgets.Button{})[h.Words.T("set.tab_school")])
	return v
}
