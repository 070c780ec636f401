package limits_test

import (
	"testing"

	"dozvon/app/desktop/limits"
	"dozvon/client"
)

func TestOf_isWhatTheServerTakes(t *testing.T) {
	t.Parallel()
	for field, got := range map[string]int{
		"a note on a call": limits.Of[client.CallNote]("text"), "a note": limits.Of[client.NewNote]("text"),
	} {
		if got != 4000 {
			t.Errorf("%s may have %d signs, the API says 4000", field, got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a field without a bound has one")
		}
	}()
	limits.Of[client.CallNote]("call_back_at")
}
