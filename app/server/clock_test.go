package server_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	practisedbeeline "dozvon/app/practice/beeline"
	practiseditoolabs "dozvon/app/practice/itoolabs"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// wrongClocks are by how much the server's clock is ahead of the PBX's.
var wrongClocks = []time.Duration{10 * time.Minute, -10 * time.Minute, 3 * time.Hour, -3 * time.Hour}

// TestClock_aWrongOneOfTheServerChangesNoCall: the card rings, and the call is what the PBX says, by its
// clock, which its answers tell.
func TestClock_aWrongOneOfTheServerChangesNoCall(t *testing.T) {
	t.Parallel()
	for _, ahead := range wrongClocks {
		t.Run("itoolabs "+ahead.String(), func(t *testing.T) {
			t.Parallel()
			s := startSchool(t, server.Config{
				Data: t.TempDir(), Kinds: []pbx.Kind{quickITooLabs()}, AllowLocalPBX: true, Now: func() time.Time { return time.Now().Add(ahead) },
			})
			s.hire("u105", client.RoleAdmin)
			family := connectPractisedITooLabs(t, s, practiseditoolabs.Config{})
			told := readStreamAfter(t, s, s.token("701"), "")
			family.play("answered", "79000000401")
			wantRinging(t, told)
			family.settle()
			if wrong := family.differences(); len(wrong) > 0 {
				t.Errorf("%s", strings.Join(wrong, "; "))
			}
			wantNow(t, s.calls())
			clockIsWarnedOf(t, s.api("105"), family.school.pbx.ID)
		})
		t.Run("beeline "+ahead.String(), func(t *testing.T) {
			t.Parallel()
			b := openPractisedBeelineAt(t, ahead, practisedbeeline.Config{})
			told := readStreamAfter(t, b.school, b.token("201"), "")
			b.play("answered", "79000000301")
			wantRinging(t, told)
			b.settle()
			if wrong := b.differences(); len(wrong) > 0 {
				t.Errorf("%s", strings.Join(wrong, "; "))
			}
			wantNow(t, b.calls())
			clockIsWarnedOf(t, b.api("105"), b.school.pbx.ID)
		})
	}
}

var ringingSince = regexp.MustCompile(`"state":"ringing".*?"started_at":"([^"]+)"`)

// wantRinging waits for a card that rings, since a moment ago.
func wantRinging(t *testing.T, told func() string) {
	t.Helper()
	var found []string
	eventually(t, "the ringing card", func() bool { found = ringingSince.FindStringSubmatch(told()); return found != nil })
	at, err := time.Parse(time.RFC3339, found[1])
	if err != nil || time.Since(at).Abs() > patience {
		t.Errorf("it rings since %s, %v", found[1], err)
	}
}

// wantNow fails unless each call began, was answered and ended a moment ago, in this order.
func wantNow(t *testing.T, all []client.Call) {
	t.Helper()
	for _, c := range all {
		if c.AnsweredAt == nil || c.EndedAt == nil || c.AnsweredAt.Before(c.StartedAt) || c.EndedAt.Before(*c.AnsweredAt) ||
			time.Since(c.StartedAt).Abs() > patience || time.Since(*c.EndedAt).Abs() > patience {
			t.Errorf("from %s, answered at %v, to %v", c.StartedAt, c.AnsweredAt, c.EndedAt)
		}
	}
}

// clockIsWarnedOf fails unless the check says that the clocks differ.
func clockIsWarnedOf(t *testing.T, api *client.API, id string) {
	t.Helper()
	checks, err := api.CheckIntegration(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.ID == "clock" && c.State == client.CheckWarning && strings.Contains(c.Text, "NTP") && strings.Contains(c.TextEN, "NTP") {
			return
		}
	}
	t.Errorf("checked: %+v", checks)
}

// TestClock_aSlowOneOfThePBXIsToldOf: its events cannot be told from ones that are held up, so that no
// card rings; the calls are kept, and the check says why.
func TestClock_aSlowOneOfThePBXIsToldOf(t *testing.T) {
	t.Parallel()
	b := openPractisedBeeline(t, practisedbeeline.Config{})
	if err := b.pbx.SetFaults(practisedbeeline.Faults{SkewS: -600}); err != nil {
		t.Fatal(err)
	}
	b.play("answered", "79000000301")
	b.settle()
	if all := b.calls(); len(all) != 1 || all[0].AnsweredAt == nil || all[0].State != client.StateEnded {
		t.Errorf("the call is %+v", all)
	}
	checks, err := b.api("105").CheckIntegration(t.Context(), b.school.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.ID == "webhook" && (c.State != client.CheckWarning || !strings.Contains(c.Text, "отстают часы АТС") || !strings.Contains(c.TextEN, "clock is slow")) {
			t.Errorf("checked: %+v", c)
		}
	}
}
