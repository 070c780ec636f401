package platform

import (
	"fyne.io/fyne/v2"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// iconicState is WM_STATE's word for a minimised window (ICCCM, section 4.1.3.1).
const iconicState = 3

// Minimised tells whether the window is minimised. Fyne's goroutine only.
func (d *Desktop) Minimised(w fyne.Window) bool {
	atom, err := xproto.InternAtom(d.x, true, uint16(len("WM_STATE")), "WM_STATE").Reply()
	if err != nil || atom.Atom == xproto.AtomNone {
		return false
	}
	state, err := xproto.GetProperty(d.x, false, windowID(w), atom.Atom, atom.Atom, 0, 1).Reply()
	return err == nil && len(state.Value) >= 4 && xgb.Get32(state.Value) == iconicState
}
