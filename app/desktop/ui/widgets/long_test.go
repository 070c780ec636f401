package widgets_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// drawable is how wide a line may be on a screen of twice the size, where a texture has 8,192 pixels at most.
const drawable = 4096

// drawn are the lines that a field draws.
func drawn(t *testing.T, object fyne.CanvasObject) string {
	t.Helper()
	var out strings.Builder
	for _, line := range uitest.All[*canvas.Text](object) {
		if wide := line.MinSize().Width; wide > drawable {
			t.Errorf("a line is drawn %.0f wide: %.20q…", wide, line.Text)
		}
		out.WriteString(line.Text)
	}
	return out.String()
}

// TestEntry_drawsLongWords whole, however they came, and goes on being a field of one line.
func TestEntry_drawsLongWords(t *testing.T) {
	uitest.LightApp(t)
	long := strings.Repeat("Шаланды, полные кефали, ", 120)
	for name, fill := range map[string]func(e *widgets.Entry){
		"set":   func(e *widgets.Entry) { e.SetText(long) },
		"typed": func(e *widgets.Entry) { test.Type(e, string([]rune(long)[:700])) },
		"pasted": func(e *widgets.Entry) {
			clip := fyne.CurrentApp().Clipboard()
			clip.SetContent(strings.ReplaceAll(long, "полные ", "полные\n"))
			e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
		},
	} {
		t.Run(name, func(t *testing.T) {
			submitted := ""
			e := widgets.NewEntry("Заметка")
			e.OnSubmitted = func(words string) { submitted = words }
			field := widgets.SoftField(e)
			w := uitest.WindowOf(t, widgets.Column(0, field, widgets.NewButton("Дальше", widgets.Quiet, nil)), fyne.NewSize(400, 200))
			w.Canvas().Focus(e)
			high := field.MinSize().Height
			fill(e)
			whole := e.Text + "конец"
			e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
			test.Type(e, "конец")
			if e.Text != whole || utf8.RuneCountInString(whole) < 600 || strings.Contains(whole, "\n") {
				t.Fatalf("it holds %d signs, the end is %q", utf8.RuneCountInString(e.Text), e.Text[max(0, len(e.Text)-60):])
			}
			if got := drawn(t, field); got != whole {
				t.Errorf("it draws %d signs of %d", utf8.RuneCountInString(got), utf8.RuneCountInString(whole))
			}
			if at := e.CursorTextOffset(); at != utf8.RuneCountInString(e.Text) {
				t.Errorf("the cursor is behind sign %d", at)
			}
			if now := field.MinSize().Height; now != high {
				t.Errorf("the field is %v high, it was %v", now, high)
			}
			e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			if submitted != whole || e.Text != submitted {
				t.Errorf("Enter submitted %d signs, the field has %d", len(submitted), len(e.Text))
			}
			if e.AcceptsTab() {
				t.Error("Tab stays in the field")
			}
			e.SetText("Коротко")
			if got := drawn(t, field); !strings.Contains(got, "Коротко") {
				t.Errorf("then it draws %q", got)
			}
			test.Type(e, "!")
			if e.Text != "Коротко!" {
				t.Errorf("it holds %q", e.Text)
			}
		})
	}
}

// TestEntry_keepsTheCursorAsWordsGetLong in the middle of which one types.
func TestEntry_keepsTheCursorAsWordsGetLong(t *testing.T) {
	uitest.LightApp(t)
	e := widgets.NewEntry("")
	w := uitest.WindowOf(t, widgets.SoftField(e), fyne.NewSize(400, 200))
	w.Canvas().Focus(e)
	half := strings.Repeat("щ", 100)
	e.SetText(half)
	e.CursorColumn = 50
	e.Refresh()
	for range 5 { // the cursor goes on in the middle
		clip := fyne.CurrentApp().Clipboard()
		clip.SetContent(half)
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	}
	if at := e.CursorTextOffset(); at != 550 {
		t.Errorf("the cursor is behind sign %d, want 550", at)
	}
	test.Type(e, "!")
	if want := strings.Repeat("щ", 550) + "!" + strings.Repeat("щ", 50); e.Text != want {
		t.Errorf("the sign went elsewhere: %d", strings.Index(e.Text, "!"))
	}
	drawn(t, e)
}

// TestLabel_drawsNoMoreThanCanBe, though it keeps its full width, as does a button.
func TestLabel_drawsNoMoreThanCanBe(t *testing.T) {
	uitest.LightApp(t)
	long := strings.Repeat("Щ", 4000)
	for _, o := range []fyne.CanvasObject{
		widgets.NewLabel(long, theme.Body, widgets.InkNormal), widgets.NewBold(long, theme.Title, widgets.InkNormal).Fixed(),
		widgets.NewButton(long, widgets.Quiet, nil), widgets.NewChip(long, theme.ToneRing), widgets.NewParagraph(long, theme.Body, 400, 2, widgets.InkNormal),
	} {
		o.Resize(fyne.NewSize(60000, 40))
		if drawn(t, o) == "" {
			t.Errorf("%T draws nothing", o)
		}
	}
}
