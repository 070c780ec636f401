package feed

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// listen says what the keyboard does with a row.
func (v *View) listen() {
	v.hover.In(v.list)
	v.list.Key = func(n int) string { return v.rows[n].row.Entry.ID }
	v.list.Main = func(n int) (top, height float32) {
		if v.rows[n].heading != "" {
			top = theme.DayRow
		}
		return top, theme.Row + 1
	}
	v.list.OnEnter = func(n int) { v.Toggle(v.rows[n].row.Entry) }
	v.list.OnOpen = func(n int) { v.openRow(v.rows[n].row.Entry) }
	v.list.OnMenu = func(n int) { v.menu(v.rows[n].row.Entry) }
	v.list.OnCopy = func(n int) { v.host.Copy(v.rows[n].row.Entry.Phone) }
}

// openRow opens the card that an entry is bound to, or the form of a new one.
func (v *View) openRow(entry client.FeedEntry) {
	switch {
	case entry.Subject != nil:
		v.host.OpenSubject(entry.Subject.Kind, entry.Subject.ID)
	case entry.Phone != "":
		v.host.NewLead(entry.Phone)
	}
}

// menu is all that can be done with an entry, under its row.
func (v *View) menu(entry client.FeedEntry) {
	numbermenu.Show(v.list, v.list.Under(), numbermenu.Items(ofCall{v.host, entry.CallID}, entry.Phone, entry.Subject, v.extras(entry)...))
}

// pressed is a click on a row.
func (v *View) pressed(entry client.FeedEntry) {
	v.Toggle(entry)
	v.list.Point(entry.ID)
}

// Search is the field that the page is searched by.
func (v *View) Search() fyne.Focusable {
	v.ensureHead()
	return v.search
}

// List is what the arrow keys go through.
func (v *View) List() fyne.Focusable {
	if v.face != "list" {
		return nil
	}
	return v.list
}
