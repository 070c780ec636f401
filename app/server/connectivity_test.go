package server_test

import (
	"log/slog"
	"strings"
	"testing"

	practisedbeeline "dozvon/app/practice/beeline"
	practiseditoolabs "dozvon/app/practice/itoolabs"
	"dozvon/client"
)

// TestConnectivity_aPBXThatCannotHangUpIsNotToldTo: nothing is left undone that could be warned of.
func TestConnectivity_aPBXThatCannotHangUpIsNotToldTo(t *testing.T) { //nolint:paralleltest // it listens to the program's log
	var log lockedText
	had := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(had)
	b := openPractisedBeeline(t, practisedbeeline.Config{}, quickITooLabs())
	family := connectPractisedITooLabs(t, b.school, practiseditoolabs.Config{})
	family.play("answered", "79000000302") // tells a line
	family.settle()
	for ext, s := range map[string]*school{"201": b.school, "701": family.school} {
		if _, err := s.parts.Staff.SaveEmployee(t.Context(), s.staff[ext].ID, client.EmployeeInput{Role: ptr(client.RoleAccountant)}); err != nil {
			t.Fatal(err)
		}
		test, err := s.api(ext).BellTest(t.Context(), s.pbx.ID)
		if err != nil || test.Hops[0].State != client.CheckOK || test.Hops[1].State != client.CheckOK {
			t.Errorf("%s: %+v, %v", ext, test, err)
		}
	}
	b.parts.Connectivity.Close() // what waited for its time happens now
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			t.Errorf("logged: %s", line)
		}
	}
}
