package keys_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/keys"
)

// TestOf_goesByTheKeysPlace: the scan codes are those that xev shows; in a Russian layout Fyne knows no name for
// a letter, and calls the key of the slash a full stop.
func TestOf_goesByTheKeysPlace(t *testing.T) {
	test.NewTempApp(t)
	for _, one := range []struct {
		scan int
		name fyne.KeyName // as Fyne tells it
		want fyne.KeyName
	}{
		{61, fyne.KeySlash, fyne.KeySlash},
		{61, fyne.KeyPeriod, fyne.KeySlash},
		{41, fyne.KeyF, fyne.KeyF},
		{41, fyne.KeyUnknown, fyne.KeyF},
		{28, fyne.KeyUnknown, fyne.KeyT},
		{45, fyne.KeyUnknown, fyne.KeyK},
		{20, fyne.KeyMinus, fyne.KeyMinus},
		{21, fyne.KeyEqual, fyne.KeyEqual},
		{111, fyne.KeyUp, fyne.KeyUp},
		{36, fyne.KeyReturn, fyne.KeyReturn},
		{0, fyne.KeyF6, fyne.KeyF6},
	} {
		if got := keys.Of(&fyne.KeyEvent{Name: one.name, Physical: fyne.HardwareKey{ScanCode: one.scan}}); got != keys.On(one.want) {
			t.Errorf("the key %d, called %q, is %v, want %v", one.scan, one.name, got, one.want)
		}
	}
}
