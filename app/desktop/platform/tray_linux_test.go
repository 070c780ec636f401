package platform

import (
	"path/filepath"
	"testing"
)

// The environment is the process's, so this test is not parallel.
func TestTray_needsASessionBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nowhere"))
	if CanTray() || HasTray() {
		t.Error("without a bus there is a tray")
	}
}
