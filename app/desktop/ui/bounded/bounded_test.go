package bounded_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

func TestBind_holdsWhatTheServerTakes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		stood  string
		at     int // the cursor
		does   string
		want   string
		cursor int
		full   bool
	}{
		{"typed up to the bound", "утро", 4, "м", "утром", 5, false},
		{"typed beyond it", "утром", 5, "!", "утром", 5, true},
		{"typed in the middle of a full one", "утром", 2, "ы", "утром", 2, true},
		{"pasted, and a part fits", "ут", 2, "ром после пяти", "утром", 5, true},
		{"pasted into the middle", "ум", 1, "тро и вечеро", "утром", 4, true},
		{"longer from before, typed", "утром рано", 10, "!", "утром рано", 10, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			uitest.LightApp(t)
			field := widgets.NewEntry("")
			uitest.WindowOf(t, field, fyne.NewSize(300, 60))
			field.SetText(tt.stood)
			heard, told := tt.stood, ""
			field.OnChanged = func(words string) { heard = words }
			bounded.Bind(field, 5, bounded.Told(i18n.New(i18n.Russian), func(words string) { told = words }))
			field.CursorColumn = tt.at
			if len([]rune(tt.does)) == 1 {
				test.Type(field, tt.does)
			} else {
				board := test.NewClipboard()
				board.SetContent(tt.does)
				field.TypedShortcut(&fyne.ShortcutPaste{Clipboard: board})
			}
			if field.Text != tt.want || heard != tt.want || field.CursorColumn != tt.cursor {
				t.Errorf("the field has %q with the cursor at %d, its page heard %q; want %q, %d", field.Text, field.CursorColumn, heard, tt.want, tt.cursor)
			}
			if full := strings.Contains(told, "5 знаков"); full != tt.full {
				t.Errorf("told %q", told)
			}
		})
	}
}
