package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/client"
)

// shownCheck is the check of the integration in front; nil if none is.
func (v *View) shownCheck() *check {
	if v.open == nil || v.open.isNew() {
		return nil
	}
	return v.open.check
}

// Found is what the check and the connectivity test of the integration in front have told so far.
func (v *View) Found() (checks, stages []client.Check) {
	c := v.shownCheck()
	if c == nil {
		return nil, nil
	}
	return c.checks, c.test.stages()
}

// Check is a click on «Проверить»; false means that no integration is in front.
func (v *View) Check() bool {
	c := v.shownCheck()
	if c != nil {
		c.button.Tapped(nil)
	}
	return c != nil
}

// TestConnectivity is a click on «Позвонить мне»; false means that no integration is in front.
func (v *View) TestConnectivity() bool {
	c := v.shownCheck()
	if c != nil {
		c.test.button.Tapped(nil)
	}
	return c != nil
}

// Checks is the panel of the check of the integration in front; nil if none is.
func (v *View) Checks() fyne.CanvasObject {
	if c := v.shownCheck(); c != nil {
		return c.Box
	}
	return nil
}
