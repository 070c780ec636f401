package theme

import "fyne.io/fyne/v2"

// Still is app without Fyne's animations. A field that has the keyboard redraws its whole window sixty
// times a second while its cursor fades, also when it has long gone from the screen or the window
// is put away (fyne-io/fyne#1946); without animations the cursor stands still, and nothing of ours moves by
// itself. Fyne asks the current app, so Still makes that this one.
func Still(app fyne.App) {
	fyne.SetCurrentApp(stillApp{app})
}

type stillApp struct{ fyne.App }

// Settings is Fyne's.
func (a stillApp) Settings() fyne.Settings { return stillSettings{a.App.Settings()} }

type stillSettings struct{ fyne.Settings }

// ShowAnimations is always false.
func (stillSettings) ShowAnimations() bool { return false }
