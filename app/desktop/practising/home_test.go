package practising_test

import (
	"testing"

	"dozvon/app/desktop/practising"
)

func TestHome_standsAsItWasLeft(t *testing.T) {
	t.Parallel()
	var home practising.Home[string]
	if _, ok := home.Back("anna"); ok {
		t.Error("nobody practised, and something was kept")
	}
	home.Leave("anna", "her feed")
	if got, ok := home.Back("anna"); !ok || got != "her feed" {
		t.Errorf("she finds %q, %v", got, ok)
	}
	if _, ok := home.Back("anna"); ok {
		t.Error("it is given twice")
	}
	home.Leave("anna", "her feed")
	if got, ok := home.Back("boris"); ok {
		t.Errorf("somebody else finds %q", got)
	}
	if _, ok := home.Back("anna"); ok {
		t.Error("it is kept after somebody else came")
	}
}
