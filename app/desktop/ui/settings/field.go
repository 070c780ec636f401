package settings

import (
	"strings"

	"dozvon/app/desktop/ui/widgets"
)

// field is an entry that knows what the server holds: a newer value from there replaces the
// text only where nobody has typed.
type field struct {
	*widgets.Entry
	kept string
}

func (f *field) take(value string) {
	untouched := !f.changed()
	f.kept = value
	if untouched {
		f.SetText(value)
	}
}

// reset gives the server's value back.
func (f *field) reset() { f.SetText(f.kept) }

func (f *field) value() string { return strings.TrimSpace(f.Text) }

func (f *field) changed() bool { return f.value() != f.kept }
