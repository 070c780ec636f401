package winreg_test

import (
	"testing"

	"github.com/google/uuid"

	"dozvon/app/desktop/winreg"
)

// TestCurrentUser_keepsWhatIsWritten on the registry itself, below a key of the test's own.
func TestCurrentUser_keepsWhatIsWritten(t *testing.T) {
	t.Parallel()
	var reg winreg.CurrentUser
	top := `Software\DozvonTest-` + uuid.NewString()
	t.Cleanup(func() { _ = reg.DeleteTree(top) })
	if _, found, err := reg.String(top, "name"); found || err != nil {
		t.Fatalf("a key that is not there: %t, %v", found, err)
	}
	for key, value := range map[string]string{top: "Дозвон", top + `\deep\er`: `"C:\Program Files\dozvon.exe" "%1"`} {
		if err := reg.SetString(key, "", value); err != nil {
			t.Fatal(err)
		}
		if got, found, err := reg.String(key, ""); got != value || !found || err != nil {
			t.Errorf("%s holds %q, %t, %v", key, got, found, err)
		}
	}
	for range 2 {
		if err := reg.DeleteValue(top, ""); err != nil {
			t.Error(err)
		}
		if err := reg.DeleteTree(top); err != nil {
			t.Error(err)
		}
	}
	if _, found, err := reg.String(top+`\deep\er`, ""); found || err != nil {
		t.Errorf("after deleting: %t, %v", found, err)
	}
}
