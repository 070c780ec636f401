package platform

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"dozvon/app/desktop/i18n"
)

// Language is the language of the system, as the toolkit reads it; anything but Russian is English.
func Language() i18n.Lang {
	if strings.HasPrefix(lang.SystemLocale().LanguageString(), string(i18n.Russian)) {
		return i18n.Russian
	}
	return i18n.English
}
