package platform

import (
	"path/filepath"
	"testing"
)

// The environment is the process's, so this test is not parallel.
func TestTray_needsASessionBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nowhere"))
	if CanTray() {
		t.Error("without a bus there is a tray")
	}
	if err := FollowTray(t.Context(), func(has bool) {
		if has {
			t.Error("without a bus somebody shows icons")
		}
	}); err == nil {
		t.Error("without a bus it follows")
	}
}
