// Package arrival tells a window that a page has got its rows: they come from the server, perhaps long after the page
// was shown and the keyboard was sent to them.
package arrival

// Rows is embedded by a page with rows. All methods belong on Fyne's goroutine.
type Rows struct{ heard func() }

// OnRows is told as often as the page has drawn rows, or that there are none.
func (r *Rows) OnRows(do func()) { r.heard = do }

// Drawn is called by the page once its rows stand where the keyboard reaches them.
func (r *Rows) Drawn() {
	if r.heard != nil {
		r.heard()
	}
}
