package register

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/client"
)

// listen says what the keyboard does with a row.
func (v *View) listen() {
	v.hover.In(v.list)
	v.list.Key = func(n int) string { return v.lines[n].id }
	v.list.OnEnter = func(n int) { v.tapped(v.lines[n]) }
	v.list.OnOpen = v.list.OnEnter
	v.list.OnMenu = func(n int) { numbermenu.Show(v.list, v.list.Under(), v.items(v.lines[n])) }
	v.list.OnCopy = func(n int) { v.host.Copy(v.lines[n].phone) }
}

// items are what can be done with the number of a record; with that of a deleted one, nothing.
func (v *View) items(l line) []numbermenu.Item {
	if l.deleted {
		return []numbermenu.Item{{Words: v.host.Text().T("crd.restore"), Do: func() { v.Restore(l.id) }}}
	}
	return numbermenu.Items(v.host, l.phone, &client.Subject{Kind: v.kind, ID: l.id, Name: l.name, Detail: l.about})
}

// pressed is a click on a row.
func (v *View) pressed(l line) {
	v.tapped(l)
	v.list.Point(l.id)
}

// Search is the field that the page is searched by.
func (v *View) Search() fyne.Focusable { return v.search }

// List is what the arrow keys go through.
func (v *View) List() fyne.Focusable {
	if len(v.lines) == 0 {
		return nil
	}
	return v.list
}
