//go:build linux

package baresip_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"dozvon/app/practice/telephones/baresip"
)

// TestPhone_thatHasEndedSaysSo: a test that waits for a telephone that is gone ends at once, with the telephone's words.
func TestPhone_thatHasEndedSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p, err := baresip.Start(ctx, baresip.Config{Dir: t.TempDir(), Registrar: "127.0.0.1:9", Extension: "101", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Do("reginfo"); err != nil {
		t.Error(err)
	}
	p.Close()
	_, err = p.Wait(ctx, "CALL_INCOMING")
	if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "baresip v") {
		t.Errorf("waiting for a telephone that has ended: %v", err)
	}
	if files, err := p.Heard(); err != nil || len(files) != 0 {
		t.Errorf("it has heard %q, %v", files, err)
	}
}
