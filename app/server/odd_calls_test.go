package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
	"dozvon/app/itoolabs"
	"dozvon/app/server"
	"dozvon/client"
)

// teller tells of a call that nobody answered in the words of one kind of PBX.
type teller struct {
	s    *school
	boss string // an admin's extension
	miss func(key, number string, at time.Time)
}

func tellers(t *testing.T) map[string]teller {
	mango := openSchool(t, "", "")
	portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
	bee := openBeeline(t, server.Config{}, portal.URL+"/apis/portal/")
	iToo, i := openITooLabs(t, "")
	return map[string]teller{
		"mango": {mango, "105", func(key, number string, at time.Time) {
			mango.mustDeliver("events/call", fmt.Sprintf(`{"entry_id":%q,"call_id":%q,"timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":%q},"to":{"extension":"101"}}`, key, key, at.Unix(), number))
			mango.mustDeliver("events/summary", fmt.Sprintf(`{"entry_id":%q,"call_direction":1,"from":{"number":%q},"to":{"extension":"101"},"create_time":%d,"talk_time":0,"end_time":%d,"entry_result":0,"disconnect_reason":1110}`, key, number, at.Unix(), at.Unix()+20))
		}},
		"beeline": {bee, "105", func(key, number string, at time.Time) {
			half := beeline.Call{
				ID: "callhalf-" + key, Tracking: key, Personality: beeline.Terminator, State: beeline.Released, Releasing: beeline.RemoteRelease,
				Start: at, Release: at.Add(20 * time.Second), Remote: beeline.Party{Address: "tel:+" + number, CallType: beeline.Network},
			}
			e := beeline.Event{ID: "e", SubscriptionID: beelineSub, Target: annas, Type: beeline.CallReleased, Calls: []beeline.Call{half}}
			if status := bee.postBeeline(spelling.Encode(e, spelling.XSI)); status != http.StatusOK {
				t.Fatalf("answered %d", status)
			}
		}},
		"itoolabs": {iToo, "105", func(key, number string, at time.Time) {
			iToo.tellITooLabs("history", i, itoolabsRequest{Form: itoolabs.Fields{
				"cmd": "history", "type": "in", "status": "Missed", "phone": number, "start": at.UTC().Format(itoolabs.Moment), "duration": "0", "wait": "20",
				"callid": key, "user": "anna", "ext": "701", "diversion": "74950000030", "crm_token": itoolabsToken,
			}}, true)
		}},
	}
}

// TestOddCalls_aNumberLongerThanAnyIsNone: the call is entered, as one of a caller who hides.
func TestOddCalls_aNumberLongerThanAnyIsNone(t *testing.T) {
	t.Parallel()
	for kind, told := range tellers(t) {
		told.miss("long", "7"+strings.Repeat("9", 30_000), time.Now().Add(-30*time.Second))
		all := told.s.calls()
		if len(all) != 1 || all[0].Phone != "" || all[0].Direction != client.In {
			t.Errorf("%s: %d calls: %.300s", kind, len(all), fmt.Sprintf("%+v", all))
		}
	}
}

// TestOddCalls_aCallOfTenYearsAgoIsPast: it is entered, never rings, and nobody has to call back.
func TestOddCalls_aCallOfTenYearsAgoIsPast(t *testing.T) {
	t.Parallel()
	for kind, told := range tellers(t) {
		const number, again = "79000000661", "79000000662"
		longAgo := time.Now().AddDate(-10, 0, 0).Truncate(time.Second)
		told.miss("one", number, longAgo)
		told.miss("two", again, time.Now().Add(-time.Minute).Truncate(time.Second))
		told.miss("three", again, longAgo)
		if err := told.s.parts.Calls.CloseForgotten(t.Context()); err != nil {
			t.Fatal(err)
		}
		all := told.s.calls()
		if len(all) != 3 {
			t.Errorf("%s: %d calls", kind, len(all))
		}
		for _, c := range all {
			if c.State == client.StateRinging && c.StartedAt.Before(time.Now().Add(-time.Hour)) {
				t.Errorf("%s: it rings: %+v", kind, c)
			}
		}
		report, err := told.s.api(told.boss).Missed(t.Context(), "", client.MissedWaiting, client.MissedTaken)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range report.Items {
			if m.Phone != "+"+again || m.FirstAt.Before(time.Now().Add(-time.Hour)) {
				t.Errorf("%s: %s waits since %s", kind, m.Phone, m.FirstAt)
			}
		}
		if kind != "beeline" && len(report.Items) != 1 { // a call of Beeline's ends by silence
			t.Errorf("%s: %d callers wait", kind, len(report.Items))
		}
	}
}
