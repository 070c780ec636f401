package telephony_test

import (
	"fmt"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// small is a window in which the page has to be scrolled, as wide as a main window leaves it.
func small(t *testing.T, width, height float32, all ...client.Integration) (*uitest.Desk, *container.Scroll) {
	t.Helper()
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: all}
	w := test.NewTempWindow(t, d.View)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	d.View.Shown()
	return d, uitest.All[*container.Scroll](d.View)[0]
}

// within tells whether the first line with these words is seen through the scroll.
func within(t *testing.T, scroll *container.Scroll, words string) bool {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(scroll).Y
	for _, p := range uitest.All[*widgets.Paragraph](scroll.Content) {
		if p.Text == words {
			y := driver.AbsolutePositionForObject(p).Y
			return y >= top && y+p.MinSize().Height <= top+scroll.Size().Height
		}
	}
	t.Fatalf("no line %q in\n%s", words, uitest.Readable(scroll.Content))
	return false
}

func topOf(t *testing.T, scroll *container.Scroll, words string) float32 {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	for _, l := range uitest.All[*widgets.Label](scroll.Content) {
		if l.Text == words {
			return driver.AbsolutePositionForObject(l).Y - driver.AbsolutePositionForObject(scroll).Y
		}
	}
	t.Fatalf("no label %q in\n%s", words, uitest.Readable(scroll.Content))
	return 0
}

// TestChooser_aChosenKindOpensAtItsTop although the list in which it was chosen was scrolled.
func TestChooser_aChosenKindOpensAtItsTop(t *testing.T) {
	many := func(n int) []client.Integration {
		var all []client.Integration
		for i := range n {
			it := uitest.Third()
			it.ID, it.Name = fmt.Sprint("m", i), fmt.Sprintf("Филиал %02d", i)
			all = append(all, it)
		}
		return all
	}
	for name, tt := range map[string]struct {
		width, height float32
		connected     int
	}{
		"beside the list":            {980, 420, 2},
		"beside a list of many":      {980, 420, 14},
		"under the list":             {692, 420, 2},
		"under a list of many":       {692, 420, 14},
		"in the least of the window": {692, 340, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, scroll := small(t, tt.width, tt.height, many(tt.connected)...)
			for _, kind := range []string{"Звезда-Коммуникации Северо-Восток", "Gravitel", "Mango Office"} {
				scroll.ScrollToBottom()
				d.Press("+ Добавить")
				scroll.ScrollToBottom()
				d.Pick(kind)
				if y := topOf(t, scroll, "1. Данные из личного кабинета"); y < 0 || y > scroll.Size().Height-60 {
					t.Errorf("the form of %s begins at %v of %v", kind, y, scroll.Size().Height)
				}
				if !within(t, scroll, kind) {
					t.Errorf("%s is not seen in the list", kind)
				}
				d.Press("Отменить")
			}
		})
	}
}

// TestChooser_opensWhereItIsSeen: the list of kinds does not come up under the window's edge.
func TestChooser_opensWhereItIsSeen(t *testing.T) {
	d, scroll := small(t, 980, 560, uitest.Integration(), uitest.Second(), uitest.Third())
	d.Press("+ Добавить")
	if !within(t, scroll, "Mango Office") || scroll.Offset.Y == 0 && !within(t, scroll, "Билайн") {
		t.Errorf("scrolled to %v the kinds are not seen", scroll.Offset.Y)
	}
	scroll.ScrollToBottom()
	d.View.Open("i2")
	if scroll.Offset.Y != 0 {
		t.Errorf("the page of another integration opens scrolled by %v", scroll.Offset.Y)
	}
}

// TestChooser_nothingOfItsWordsIsCut in either language.
func TestChooser_nothingOfItsWordsIsCut(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		for _, width := range []float32{692, 980, 1400} {
			uitest.LightApp(t)
			h := uitest.NewHostFor(t, lang, uitest.Kireeva)
			long := uitest.Integration()
			long.Name = "Южно-Сахалинский филиал автошколы"
			h.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{long}}
			v := settings.New(uitest.Settings(h), &settings.State{})
			w := test.NewTempWindow(t, v)
			w.Resize(fyne.NewSize(width, 900))
			v.Shown()
			test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["+ "+h.Words.T("act.add")])
			for _, p := range uitest.All[*widgets.Paragraph](v) {
				if p.Lines > 0 && len(fit.Lines(p.Text, p.Width, p.Em, 0, fyne.TextStyle{Bold: p.Bold})) > p.Lines {
					t.Errorf("%s, %v: %q is cut", lang, width, p.Text)
				}
				if p.Size().Height < p.MinSize().Height || p.Size().Width < p.MinSize().Width {
					t.Errorf("%s, %v: %q has %v of %v", lang, width, p.Text, p.Size(), p.MinSize())
				}
			}
		}
	}
}

// TestChooser_withNothingToChooseSaysSo instead of an empty box.
func TestChooser_withNothingToChooseSaysSo(t *testing.T) {
	for name, tt := range map[string]struct {
		kinds any
		want  string
	}{
		"none":    {[]client.PBXKind{}, "Сервер не назвал ни одной АТС"},
		"refused": {&client.Problem{Status: 503, Code: "busy", Detail: "Сервер занят."}, "Список АТС не загрузился"},
	} {
		for _, connected := range []int{0, 1} {
			t.Run(fmt.Sprint(name, " with ", connected), func(t *testing.T) {
				d := uitest.NewDesk(t, uitest.Kireeva)
				d.School.Answers["GET /integrations/kinds"] = tt.kinds
				d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{uitest.Integration()}[:connected]}
				d.View.Shown()
				if connected > 0 {
					d.Press("+ Добавить")
				}
				d.Wants(tt.want)
			})
		}
	}
}

// TestKinds_withoutFieldsOrWordsLeaveNoEmptyBox: whatever a kind does not tell takes no room.
func TestKinds_withoutFieldsOrWordsLeaveNoEmptyBox(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	bare := client.PBXKind{Kind: "bare", Title: "Пустая", DefaultURL: "https://pbx.example/"}
	noted := client.PBXKind{Kind: "noted", Title: "С пустым полем", DefaultURL: "https://pbx.example/", Credentials: []client.CredentialField{{Name: "a", Label: "Ключ"}, {Name: "b", Label: "Код"}}}
	d.School.Answers["GET /integrations/kinds"] = []client.PBXKind{bare, noted}
	it := client.Integration{ID: "i1", Kind: "bare", Active: true, APIURL: bare.DefaultURL}
	it2 := client.Integration{ID: "i2", Kind: "noted", Active: true, APIURL: bare.DefaultURL}
	gone := client.Integration{ID: "i3", Kind: "gone", Name: "Прежняя", Active: true}
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{it, it2, gone}}
	d.View.Shown()
	d.Press("+ Добавить")
	for _, id := range []string{"i1", "i2", "i3"} {
		d.View.Open(id)
		for _, box := range uitest.All[*widgets.Box](d.View) {
			if size := box.Size(); box.Line != nil && (size.Height < 30 || size.Width < 30) && size.Height > 1 {
				t.Errorf("%s: an outlined box of %v holds nothing", id, size)
			}
		}
		for _, p := range uitest.All[*widgets.Paragraph](d.View) {
			if strings.TrimSpace(p.Text) == "" {
				t.Errorf("%s: an empty paragraph takes a row", id)
			}
		}
	}
}

// TestKinds_thatCannotDialOfferNoCall: neither the call to oneself nor a promise of one.
func TestKinds_thatCannotDialOfferNoCall(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations/kinds"] = []client.PBXKind{{Kind: "bare", Title: "Пустая", DefaultURL: "https://pbx.example/", Capabilities: []client.Capability{client.CapRecordings}}}
	d.School.Answers["GET /integrations"] = client.Page[client.Integration]{Items: []client.Integration{{ID: "i1", Kind: "bare", Active: true, APIURL: "https://pbx.example/"}}}
	d.View.Shown()
	d.Wants("звонок одним нажатием", "Проверить")
	if uitest.Buttons(d.View, map[string]*widgets.Button{})["Позвонить мне"] != nil {
		t.Error("a call to oneself is offered")
	}
	if strings.Contains(d.Says(), "Звонок одним нажатием есть") {
		t.Error("a call by one click is promised")
	}
}
