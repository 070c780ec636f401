package platform

import (
	"testing"

	"dozvon/app/desktop/i18n"
)

func TestLanguage_isThePersonsFirstThatTheProgramHas(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		languages []string
		want      i18n.Lang
	}{
		{[]string{"ru-RU"}, i18n.Russian},
		{[]string{"ru-RU-Cyrl"}, i18n.Russian},
		{[]string{"RU"}, i18n.Russian},
		{[]string{"en-US", "ru-RU"}, i18n.English},
		{[]string{"kk-KZ", "ru-RU", "en-US"}, i18n.Russian}, // a Windows in Kazakh, with Russian as its second
		{[]string{"de-DE"}, i18n.English},
		{[]string{"rue-UA", "en-US"}, i18n.English}, // another language that begins alike
		{[]string{""}, i18n.English},
		{nil, i18n.English},
	} {
		if got := firstKnown(tt.languages); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.languages, got, tt.want)
		}
	}
}
