package settings

import (
	"fyne.io/fyne/v2"

	"dozvon/client"
)

// shownCheck is the check of the integration in front; nil if none is.
func (v *View) shownCheck() *check {
	if v.telephony == nil || v.tab != tabTelephony || v.telephony.open == nil || v.telephony.open.isNew() {
		return nil
	}
	return v.telephony.open.check
}

// Found is what the check and the bell test of the integration in front have told so far.
func (v *View) Found() (checks, hops []client.Check) {
	c := v.shownCheck()
	if c == nil {
		return nil, nil
	}
	return c.checks, c.bell.hops()
}

// Check is a click on «Проверить»; false means that no integration is in front.
func (v *View) Check() bool {
	c := v.shownCheck()
	if c != nil {
		c.button.Tapped(nil)
	}
	return c != nil
}

// Bell is a click on «Позвонить мне»; false means that no integration is in front.
func (v *View) Bell() bool {
	c := v.shownCheck()
	if c != nil {
		c.bell.button.Tapped(nil)
	}
	return c != nil
}

// ShowChecks turns the page to the check and what it found.
func (v *View) ShowChecks() bool {
	c := v.shownCheck()
	if c == nil {
		return false
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(c.box).Y - driver.AbsolutePositionForObject(v.scroll.Content).Y
	v.scroll.ScrollToOffset(fyne.NewPos(0, top))
	return true
}
