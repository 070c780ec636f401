package reports_test

import (
	"fmt"
	"image"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// pointed is something that follows the pointer and can be clicked.
type pointed interface {
	fyne.Widget
	fyne.Tappable
	desktop.Hoverable
	fyne.Focusable
}

// picture finds the charts of a page in their order: they are the only ones that take the pointer,
// the keyboard and clicks, and are no controls of widgets.
func pictures(object fyne.CanvasObject) []pointed {
	var out []pointed
	for _, p := range uitest.All[pointed](object) {
		if strings.HasSuffix(fmt.Sprintf("%T", p), "reports.chart") {
			out = append(out, p)
		}
	}
	return out
}

// words are all the words that are shown under an object.
func shownWords(object fyne.CanvasObject) string {
	var out []string
	for _, l := range uitest.All[*widgets.Label](object) {
		if l.Visible() {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "\n")
}

func TestReports_everyColouredPointLeadsToItsCalls(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = uitest.Reported
	heard := &uitest.Opened{}
	object, view := uitest.ReportsWindow(h, heard)
	test.Tap(uitest.Chips(view)["Вчера"])
	canvas := uitest.Shown(t, object)
	drawn := canvas.Capture()
	chart := pictures(view)[0]
	types := map[[3]uint32]string{rgbOf(theme.Light.Ring): "call_in", rgbOf(theme.Light.Accent): "call_out", rgbOf(theme.Light.Miss): "call_missed"}
	area := fyne.CurrentApp().Driver().AbsolutePositionForObject(chart)
	hit := map[string]int{}
	for row := 20; row < int(chart.Size().Height); row += 2 { // below the legend
		for column := 0; column < int(chart.Size().Width); column += 2 {
			at := area.AddXY(float32(column)+0.5, float32(row)+0.5)
			want, coloured := types[pixel(drawn, int(at.X), int(at.Y))]
			if !coloured {
				continue
			}
			heard.Queries = nil
			test.TapCanvas(canvas, at)
			if len(heard.Queries) != 1 || heard.Queries[0].Type != want {
				t.Fatalf("a click on %v, drawn as %s, opened %+v", at, want, heard.Queries)
			}
			from, err := time.Parse(time.RFC3339, heard.Queries[0].From)
			if err != nil {
				t.Fatal(err)
			}
			hit[want]++
			test.MoveMouse(canvas, at)
			if clock := fmt.Sprintf("%02d:00–%02d:00", from.Hour(), from.Hour()+1); !strings.Contains(shownWords(chart), clock) {
				t.Fatalf("the pointer at %v is told %q, want %s", at, shownWords(chart), clock)
			}
		}
	}
	for _, one := range []string{"call_in", "call_out", "call_missed"} {
		if hit[one] < 20 {
			t.Errorf("%d points of %s were found on the chart", hit[one], one)
		}
	}
}

func rgbOf(c interface{ RGBA() (r, g, b, a uint32) }) [3]uint32 {
	r, g, b, _ := c.RGBA()
	return [3]uint32{r >> 8, g >> 8, b >> 8}
}

func pixel(img image.Image, x, y int) [3]uint32 { return rgbOf(img.At(x, y)) }

// weekReported is a page of reports about seven days.
func weekReported(t *testing.T) (fyne.CanvasObject, *uitest.Opened) {
	t.Helper()
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = uitest.Reported
	heard := &uitest.Opened{}
	object, view := uitest.ReportsWindow(h, heard)
	test.Tap(uitest.Chips(view)["7 дней"])
	uitest.Shown(t, object)
	return object, heard
}

func TestReports_barsLeadToTheirCalls(t *testing.T) {
	object, heard := weekReported(t)
	charts := pictures(object)
	if len(charts) != 8 {
		t.Fatalf("%d charts, want 8", len(charts))
	}
	week := "2026-11-18T00:00:00Z…2026-11-25T00:00:00Z"
	for n, want := range []string{
		"call_in,call_missed,call_out 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in,call_missed 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in,call_out 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_missed " + week,
		"call_in,call_missed,call_out e1 " + week,
		"call_in,call_missed,call_out +74951234567 " + week,
	} {
		heard.Queries = nil
		charts[n].FocusGained()
		charts[n].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if got := strings.Join(said2(heard), "; "); got != want {
			t.Errorf("Enter on chart %d opened %q, want %q", n, got, want)
		}
	}
	// Monday, 10 o'clock, of the map: ten to the right.
	heard.Queries = nil
	charts[7].FocusGained()
	for range 10 {
		charts[7].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	charts[7].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got, want := strings.Join(said2(heard), "; "), "call_in,call_missed,call_out 2026-11-23T10:00:00Z…2026-11-23T11:00:00Z"; got != want {
		t.Errorf("the cell opened %q, want %q", got, want)
	}
}

func said2(o *uitest.Opened) []string {
	var out []string
	for _, q := range o.Queries {
		out = append(out, strings.Join(strings.Fields(q.Type+" "+q.Employee+q.Line+" "+q.From+"…"+q.To), " "))
	}
	return out
}

func TestReports_aCellOfSeveralWeeksAsksWhichDay(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = uitest.Reported
	heard := &uitest.Opened{}
	object, view := uitest.ReportsWindow(h, heard)
	test.Tap(uitest.Chips(view)["30 дней"])
	canvas := uitest.Shown(t, object)
	chart := pictures(object)[7]
	chart.FocusGained()
	for range 10 {
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if canvas.Overlays().Top() == nil || len(heard.Queries) > 0 {
		t.Fatalf("no menu; opened %v", said2(heard))
	}
}

func TestReports_askForTheOwnDays(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked []string
	h.School.Answers["/reports/calls"] = func(q url.Values) any {
		if q.Get("group") == "employee" {
			asked = append(asked, q.Get("from")+"…"+q.Get("to")+" "+q.Get("tz"))
		}
		return uitest.Reported(q)
	}
	object, view := uitest.ReportsWindow(h, &uitest.Opened{})
	test.Tap(uitest.Chips(view)["Период…"])
	uitest.Shown(t, object)
	asked = nil
	fields := uitest.All[*widgets.Entry](view)
	for _, tt := range []struct{ from, to, told, asked string }{
		{"1.11", "3.11.2026", "", "2026-11-01T00:00:00Z…2026-11-04T00:00:00Z UTC"},
		{"5.11", "3.11", "Начало позже конца", ""},
		{"позавчера", "3.11", "Не похоже на дату: позавчера", ""},
		{"1.1.2020", "3.11.2026", "Это больше года", ""},
		{"25.12", "25.12", "", "2025-12-25T00:00:00Z…2025-12-26T00:00:00Z UTC"}, // the last one, not the one to come
	} {
		asked = nil
		fields[0].SetText(tt.from)
		fields[1].SetText(tt.to)
		fields[1].OnSubmitted("")
		if got := strings.Join(asked, " "); got != tt.asked {
			t.Errorf("%s–%s asked for %q, want %q", tt.from, tt.to, got, tt.asked)
		}
		if tt.told != "" && !strings.Contains(shownWords(view), tt.told) {
			t.Errorf("%s–%s is not told %q", tt.from, tt.to, tt.told)
		}
	}
}

func TestReports_figuresAndTheirDoubtStandAsText(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = uitest.Reported
	object, view := uitest.ReportsWindow(h, &uitest.Opened{})
	test.Tap(uitest.Chips(view)["Вчера"])
	uitest.Shown(t, object)
	words := shownWords(view)
	for _, want := range []string{"Звонков", "Пропущено", "Время ответа", "90 % — до", "12 из 14", "5/15/60 мин: 5 / 8 / 12"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	var doubts []string
	for _, p := range uitest.All[*widgets.Paragraph](view) {
		doubts = append(doubts, p.Text)
	}
	want := "2 звонка восстановлены сверкой с АТС · с 11:32 до 12:32 событий от АТС не было · 1 пропущенный моложе часа: ещё могут перезвонить"
	if !slices.Contains(doubts, want) {
		t.Errorf("the doubts are %q, want %q", doubts, want)
	}
}

// hintOf is what a chart tells of the bar that one is at.
func hintOf(chart fyne.Widget) string {
	return shownWords(container.NewWithoutLayout(test.WidgetRenderer(chart).Objects()...))
}

// TestReports_barsAreReadByKeyboard: along the axis from bar to bar, across it through the parts of a bar, each
// with its figure; what is opened is what is told.
func TestReports_barsAreReadByKeyboard(t *testing.T) {
	object, heard := weekReported(t)
	for _, tt := range []struct {
		name   string
		chart  int
		keys   []fyne.KeyName
		told   string
		opened string
	}{
		{"the next day", 0, []fyne.KeyName{fyne.KeyRight}, "чт, 19 ноября", "call_in,call_missed,call_out 2026-11-19"},
		{"the last day", 0, []fyne.KeyName{fyne.KeyEnd}, "вт, 24 ноября", "call_in,call_missed,call_out 2026-11-24"},
		{"beyond the last one", 0, []fyne.KeyName{fyne.KeyEnd, fyne.KeyRight}, "вт, 24 ноября", "call_in,call_missed,call_out 2026-11-24"},
		{"back to the first", 0, []fyne.KeyName{fyne.KeyEnd, fyne.KeyHome}, "ср, 18 ноября", "call_in,call_missed,call_out 2026-11-18"},
		{"its answered ones", 0, []fyne.KeyName{fyne.KeyUp}, "принято: ", "call_in 2026-11-18"},
		{"its missed ones", 0, []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp}, "пропущено: ", "call_missed 2026-11-18"},
		{"no more parts", 0, []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp}, "пропущено: ", "call_missed 2026-11-18"},
		{"the whole day again", 0, []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown}, "звон", "call_in,call_missed,call_out 2026-11-18"},
		{"the second employee", 5, []fyne.KeyName{fyne.KeyDown}, "Орлов-Константинопольский", "call_in,call_missed,call_out e4"},
		{"what they called themselves", 5, []fyne.KeyName{fyne.KeyDown, fyne.KeyRight, fyne.KeyRight}, "исходящих: ", "call_out e4"},
		{"the second day of the map", 7, []fyne.KeyName{fyne.KeyDown, fyne.KeyRight}, "вт, 01:00–02:00", ""},
	} {
		chart := pictures(object)[tt.chart]
		heard.Queries = nil
		chart.FocusGained()
		for _, key := range tt.keys {
			chart.TypedKey(&fyne.KeyEvent{Name: key})
		}
		// The canvas of a window lays out once more when the words about a bar have come.
		test.WidgetRenderer(chart).Layout(chart.Size())
		if got := hintOf(chart); !strings.Contains(got, tt.told) {
			t.Errorf("%s: it tells %q, want %q", tt.name, got, tt.told)
		}
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if got := strings.Join(said2(heard), "; "); !strings.HasPrefix(got, tt.opened) {
			t.Errorf("%s: opened %q, want %q", tt.name, got, tt.opened)
		}
		chart.FocusLost()
		if got := hintOf(chart); got != "" {
			t.Errorf("%s: without the keyboard it tells %q still", tt.name, got)
		}
	}
}

// TestReports_theBarOneIsAtIsSeen: in a low window the page scrolls to the chart that has the keyboard.
func TestReports_theBarOneIsAtIsSeen(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/reports/calls"] = uitest.Reported
	object, _ := uitest.ReportsWindow(h, &uitest.Opened{})
	w := uitest.WindowOf(t, object, fyne.NewSize(1180, 520))
	for _, n := range []int{7, 5, 0} {
		chart := pictures(object)[n]
		chart.FocusGained()
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(chart)
		if at.Y < 0 || at.Y+chart.Size().Height > w.Canvas().Size().Height+40 {
			t.Errorf("chart %d stands at %v in a window of %v", n, at.Y, w.Canvas().Size().Height)
		}
		chart.FocusLost()
	}
}
