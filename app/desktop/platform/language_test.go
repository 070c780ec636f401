//go:build linux

package platform

import (
	"testing"

	"dozvon/app/desktop/i18n"
)

func TestLanguage_isTheSystems(t *testing.T) {
	for _, tt := range []struct {
		all, lang, languages string
		want                 i18n.Lang
	}{
		{"", "ru_RU.UTF-8", "", i18n.Russian},
		{"ru_RU.UTF-8", "en_US.UTF-8", "", i18n.Russian},
		{"", "en_US.UTF-8", "ru:en", i18n.Russian}, // gettext's own order
		{"", "de_DE.UTF-8", "", i18n.English},
		{"", "C", "", i18n.English},
		{"", "", "", i18n.English},
	} {
		t.Setenv("LC_ALL", tt.all)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", tt.lang)
		t.Setenv("LANGUAGE", tt.languages)
		if got := Language(); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}
