package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/widgets"
)

// Uncover closes what lies over a window: sheets as Esc would, which keeps what they keep, and menus.
func Uncover(over fyne.Canvas) {
	for top := over.Overlays().Top(); top != nil; top = over.Overlays().Top() {
		if widgets.Escape(over); over.Overlays().Top() == top {
			over.Overlays().Remove(top)
		}
	}
}
