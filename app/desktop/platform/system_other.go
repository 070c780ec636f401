//go:build !windows

package platform

import "fyne.io/fyne/v2/lang"

// systemLanguages is one, as the toolkit reads it: from the environment on Linux (gettext's order), and
// on macOS from the bundle's translations or AppleLocale, so that it is right when Finder starts the program.
func systemLanguages() []string { return []string{string(lang.SystemLocale())} }

// RestartAfterUpdates has nothing to ask for: these systems start again what starts at log-on.
func RestartAfterUpdates(string) {}

// knownDownloads: the home folder is searched for it.
func knownDownloads() string { return "" }
