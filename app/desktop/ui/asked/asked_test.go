package asked_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/asked"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestField_saysWhatIsWrongOrRightBelow, and takes it back.
func TestField_saysWhatIsWrongOrRightBelow(t *testing.T) {
	uitest.LightApp(t)
	f := asked.New("Адрес сервера", widgets.NewEntry("phone.example.ru"), 300)
	uitest.WindowOf(t, f.Object, fyne.NewSize(320, 200))
	plain := f.Object.MinSize().Height
	for _, one := range []struct {
		tone  theme.Tone
		words string
		tick  bool
	}{
		{theme.ToneMiss, "Сервер не отвечает. Проверьте адрес.", false},
		{theme.ToneRing, "Автошкола «Вираж»", true},
		{theme.ToneRing, "", false},
	} {
		f.Say(one.tone, one.words)
		says := uitest.Readable(f.Object)
		if f.Said() != one.words || !strings.Contains(says, one.words) || strings.Contains(says, "✓") != one.tick {
			t.Errorf("told %q, it says\n%s", one.words, says)
		}
		if grown := f.Object.MinSize().Height > plain; grown != (one.words != "") {
			t.Errorf("told %q, it is %v high, before %v", one.words, f.Object.MinSize().Height, plain)
		}
	}
}
