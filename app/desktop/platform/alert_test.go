package platform

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestAlert_isOneHoweverOftenTheProgramIsStarted: a web page opens links by the dozen.
func TestAlert_isOneHoweverOftenTheProgramIsStarted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state", "dozvon")
	var shown atomic.Int32
	show := func() { shown.Add(1) }
	var starts sync.WaitGroup
	for range 40 {
		starts.Go(func() { alertOnce(dir, show) })
	}
	starts.Wait()
	if shown.Load() != 1 {
		t.Fatalf("%d alerts for 40 starts at once", shown.Load())
	}
	alertOnce(dir, show)
	if shown.Load() != 1 {
		t.Error("the next start alerts at once")
	}
	for at, when := range map[time.Time]string{time.Now().Add(-alertPause): "later", time.Now().Add(time.Hour): "after the clock was put back"} {
		if err := os.Chtimes(filepath.Join(dir, "alert-last"), at, at); err != nil {
			t.Fatal(err)
		}
		before := shown.Load()
		if alertOnce(dir, show); shown.Load() != before+1 {
			t.Errorf("%s nothing is said", when)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := shown.Load()
	if alertOnce(file, show); shown.Load() != before+1 {
		t.Error("without a folder nothing is said")
	}
}
