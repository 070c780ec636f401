package platform

import (
	"strings"

	"dozvon/app/desktop/i18n"
)

// Language is the language of the system; anything but Russian is English.
func Language() i18n.Lang { return firstKnown(systemLanguages()) }

// firstKnown is the first of the person's languages that the program is complete in.
func firstKnown(languages []string) i18n.Lang {
	for _, tag := range languages {
		name, _, _ := strings.Cut(strings.ToLower(tag), "-")
		switch lang := i18n.Lang(name); lang {
		case i18n.Russian, i18n.English:
			return lang
		}
	}
	return i18n.English
}
