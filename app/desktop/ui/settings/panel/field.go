package panel

import (
	"strings"

	"dozvon/app/desktop/ui/widgets"
)

// Draft is what is being typed into a field, and what the server holds of it. It lives in the state
// of a page, so that it outlasts the page's widgets.
type Draft struct {
	Text string
	Kept string
}

// Changed tells that what is typed differs from what the server holds.
func (d *Draft) Changed() bool { return d.Value() != d.Kept }

// Value is what was typed, without spaces around it.
func (d *Draft) Value() string { return strings.TrimSpace(d.Text) }

// Field is an entry for a draft: a newer value of the server's replaces the text only where nobody
// has typed.
type Field struct {
	*widgets.Entry
	// OnEdit hears of every change of the text; the entry's own OnChanged keeps the draft.
	OnEdit func()
	draft  *Draft
}

// NewField shows a draft in an entry.
func NewField(entry *widgets.Entry, draft *Draft) *Field {
	f := &Field{Entry: entry, draft: draft}
	entry.SetText(draft.Text)
	entry.OnChanged = func(text string) {
		draft.Text = text
		if f.OnEdit != nil {
			f.OnEdit()
		}
	}
	return f
}

// Update shows a value that came from the server, unless something else is being typed.
func (f *Field) Update(value string) {
	untouched := !f.draft.Changed()
	f.draft.Kept = value
	if untouched {
		f.SetText(value)
	}
}

// Reset gives the server's value back.
func (f *Field) Reset() { f.SetText(f.draft.Kept) }

// Value is what was typed, without spaces around it.
func (f *Field) Value() string { return f.draft.Value() }

// Changed tells that what is typed differs from what the server holds.
func (f *Field) Changed() bool { return f.draft.Changed() }
