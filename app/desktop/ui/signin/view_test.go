package signin_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/widgets"
)

// TestSignIn_warnsOfPlainHTTP while the address is typed, before the password goes out.
func TestSignIn_warnsOfPlainHTTP(t *testing.T) {
	uitest.LightApp(t)
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		view := signin.New(text, "http://phone.school.ru", "kireeva", nil)
		uitest.WindowOf(t, view, fyne.NewSize(900, 700))
		if words := uitest.Readable(view); !strings.Contains(words, text.T("sign.exposed")) {
			t.Errorf("no warning in\n%s", words)
		}
		uitest.All[*widgets.Entry](view)[0].SetText("https://phone.school.ru")
		if words := uitest.Readable(view); strings.Contains(words, text.T("sign.exposed")) {
			t.Errorf("a warning without need in\n%s", words)
		}
	}
}
