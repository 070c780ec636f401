package winregtest_test

import (
	"testing"

	"dozvon/app/desktop/winreg"
	"dozvon/app/desktop/winreg/winregtest"
)

var _ winreg.Registry = &winregtest.Memory{}

func TestMemory_forgetsAKeyWithAllBelowIt(t *testing.T) {
	t.Parallel()
	var reg winregtest.Memory
	for _, key := range []string{`Software\A`, `Software\A\b`, `Software\Ab`} {
		if err := reg.SetString(key, "Name", key); err != nil {
			t.Fatal(err)
		}
	}
	if err := reg.DeleteTree(`software\a`); err != nil {
		t.Fatal(err)
	}
	if got, found, _ := reg.String(`SOFTWARE\AB`, "name"); got != `Software\Ab` || !found || reg.Len() != 1 {
		t.Errorf("left: %q, %d values", got, reg.Len())
	}
}
