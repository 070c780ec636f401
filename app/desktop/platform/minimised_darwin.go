package platform

import "fyne.io/fyne/v2"

// Minimised is not known on macOS: then the program goes on as if its window were seen.
func (d *Desktop) Minimised(fyne.Window) bool { return false }
