package subscription_test

import (
	"cmp"
	"testing"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subscription"
	"dozvon/client"
)

func TestShow_tellsHowASubscriptionStands(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	row := func(state store.SubscriptionState, life time.Duration) store.Subscription {
		s := store.Subscription{ID: "s", Began: began, State: state, Account: "a"}
		if life > 0 {
			s.Until = began.Add(life)
		}
		return s
	}
	for _, tt := range []struct {
		name    string
		sub     store.Subscription
		off     bool
		hookURL string
		after   time.Duration
		want    client.SubscriptionState
		check   client.CheckState
	}{
		{"fresh", row(store.SubscriptionCurrent, time.Hour), false, "", 0, client.SubscriptionOK, client.CheckOK},
		{"at half-life", row(store.SubscriptionCurrent, time.Hour), false, "", 31 * time.Minute, client.SubscriptionOK, client.CheckOK},
		{"not renewed", row(store.SubscriptionCurrent, time.Hour), false, "", 36 * time.Minute, client.SubscriptionOverdue, client.CheckWarning},
		{"past its end", row(store.SubscriptionCurrent, time.Hour), false, "", time.Hour, client.SubscriptionEnded, client.CheckFailed},
		{"without an end", row(store.SubscriptionCurrent, 0), false, "", 1000 * time.Hour, client.SubscriptionOK, client.CheckOK},
		{"lost", row(store.SubscriptionOver, time.Hour), false, "", 0, client.SubscriptionEnded, client.CheckFailed},
		{"of another account", store.Subscription{Began: began, Until: began.Add(time.Hour), State: store.SubscriptionCurrent, Account: "b"}, false, "", 0, client.SubscriptionEnded, client.CheckFailed},
		{"switched off", row(store.SubscriptionCurrent, time.Hour), true, "", 0, client.SubscriptionOff, client.CheckUnknown},
		{"no address", row(store.SubscriptionCurrent, time.Hour), false, "http://:8420/hook/w", 0, client.SubscriptionOff, client.CheckFailed},
		{"no address of any host", row(store.SubscriptionCurrent, time.Hour), false, "http://[::]:8420/hook/w", 0, client.SubscriptionOff, client.CheckFailed},
	} {
		var i store.Integration
		i.Active, i.Subscriptions = !tt.off, []store.Subscription{tt.sub}
		got := subscription.Show(i, pbx.Kind{Capabilities: []pbx.Capability{pbx.CanBeSubscribed}}, "a", cmp.Or(tt.hookURL, "https://pbx.example/hook/w"), began.Add(tt.after))
		if got.State != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.State, tt.want)
		}
		if line, ok := subscription.Check(got); !ok || line.State != tt.check || line.Text == "" || line.TextEN == "" {
			t.Errorf("%s: checked as %+v, want %s", tt.name, line, tt.check)
		}
	}
	if got := subscription.Show(store.Integration{}, pbx.Kind{}, "", "", began); got != nil {
		t.Errorf("a kind without subscriptions is told to have %+v", got)
	}
}

func TestReachable_isWhatThePBXCanReach(t *testing.T) {
	t.Parallel()
	const far, here = "https://cloud.example/api/", "http://127.0.0.1:8421/api/"
	for _, tt := range []struct {
		hook, api string
		want      bool
	}{
		{"https://dozvon.school.example/hook/w", far, true},
		{"https://dozvon.school.example/hook/w", here, true},
		{"http://127.0.0.1:8420/hook/w", here, true},
		{"http://localhost:8420/hook/w", here, true},
		{"http://127.0.0.1:8420/hook/w", far, false},
		{"http://localhost:8420/hook/w", far, false},
		{"http://[::1]:8420/hook/w", far, false},
		{"http://:8420/hook/w", here, false},
		{"http://0.0.0.0:8420/hook/w", here, false},
		{"http://[::]:8420/hook/w", here, false},
		{"", here, false},
		{"://", here, false},
	} {
		if got := subscription.Reachable(tt.hook, tt.api); got != tt.want {
			t.Errorf("%q of a PBX at %s: %v, want %v", tt.hook, tt.api, got, tt.want)
		}
	}
}
