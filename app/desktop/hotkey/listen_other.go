//go:build !windows && !linux

package hotkey

// Listener hears of nothing here.
type Listener struct{}

// Listen is not possible: on macOS it takes Carbon, or a permission that the person gives in the settings.
func Listen(Combination, func()) (*Listener, error) { return nil, ErrUnsupported }

// Close has nothing to give back.
func (l *Listener) Close() {}
