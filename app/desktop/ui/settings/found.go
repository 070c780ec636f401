package settings

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/telephony"
	"dozvon/client"
)

// inFront is the telephony while it is the part in front; nil otherwise.
func (v *View) inFront() *telephony.View {
	if v.state.Tab != TabTelephony {
		return nil
	}
	return v.telephony
}

// Found is what the check and the connectivity test of the integration in front have told so far.
func (v *View) Found() (checks, stages []client.Check) {
	if t := v.inFront(); t != nil {
		return t.Found()
	}
	return nil, nil
}

// Check is a click on «Проверить»; false means that no integration is in front.
func (v *View) Check() bool {
	t := v.inFront()
	return t != nil && t.Check()
}

// TestConnectivity is a click on «Позвонить мне»; false means that no integration is in front.
func (v *View) TestConnectivity() bool {
	t := v.inFront()
	return t != nil && t.TestConnectivity()
}

// ShowChecks turns the page to the check and what it found.
func (v *View) ShowChecks() bool {
	t := v.inFront()
	if t == nil || t.Checks() == nil {
		return false
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(t.Checks()).Y - driver.AbsolutePositionForObject(v.scroll.Content).Y
	v.scroll.ScrollToOffset(fyne.NewPos(0, top))
	return true
}
