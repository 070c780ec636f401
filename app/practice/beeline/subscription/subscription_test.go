package subscription_test

import (
	"slices"
	"testing"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/subscription"
	"dozvon/app/practice/beeline/xsi"
)

func start(t *testing.T, one bool) (r *subscription.Registry, told func() []string) {
	t.Helper()
	life := practice.NewLife()
	t.Cleanup(life.Close)
	var list []string
	now := time.Unix(1760000000, 0)
	r = subscription.New(subscription.Config{
		Now: func() time.Time { return now }, Life: life, One: one,
		Send: func(s subscription.Subscription, sequence int64, e xsi.Event) {
			list = append(list, s.URL+" "+e.Type+" "+string(rune('0'+sequence)))
		},
	})
	return r, func() []string { return list }
}

func of(target, id, kind, url string) subscription.Subscription {
	return subscription.Subscription{TargetType: target, TargetID: id, Type: kind, Expires: 60, URL: url}
}

func TestPublish_bringsToEachWhatConcernsIt(t *testing.T) {
	t.Parallel()
	r, told := start(t, false)
	r.Create(of(subscription.Company, "400100", subscription.Advanced, "all"))
	r.Create(of(subscription.Company, "400100", subscription.Basic, "basic"))
	r.Create(of(subscription.Abonent, "ivan", subscription.Advanced, "ivan"))
	r.Create(of(subscription.Line, "line", subscription.Advanced, "line"))
	r.Publish(xsi.Event{Type: xsi.Received, Target: "ivan"}, "line")
	r.Publish(xsi.Event{Type: xsi.Held, Target: "ivan"}, "another")
	r.Publish(xsi.Event{Type: xsi.Released, Target: "boris"}, "line")
	want := []string{
		"all CallReceivedEvent 1", "basic CallReceivedEvent 1", "ivan CallReceivedEvent 1", "line CallReceivedEvent 1",
		"all CallHeldEvent 2", "ivan CallHeldEvent 2",
		"all CallReleasedEvent 3", "basic CallReleasedEvent 2", "line CallReleasedEvent 2",
	}
	if got := told(); !slices.Equal(got, want) {
		t.Errorf("told\n%q, want\n%q", got, want)
	}
}

func TestRegistry_endsAloudOrInSilence(t *testing.T) {
	t.Parallel()
	r, told := start(t, true)
	first := r.Create(of(subscription.Company, "c", subscription.Basic, "here"))
	second := r.Create(of(subscription.Company, "c", subscription.Basic, "here"))
	if _, ok := r.Get(first.ID); ok {
		t.Error("the older one of the same place lives on")
	}
	if got, ok := r.Get(second.ID); !ok || got.Expires != 60 {
		t.Errorf("the newer one is %+v", got)
	}
	if !r.Vanish(second.ID) || r.End(second.ID) || len(r.List()) != 0 {
		t.Error("a subscription is gone once")
	}
	if got := told(); !slices.Equal(got, []string{"here SubscriptionTerminatedEvent 1"}) {
		t.Errorf("told %q", got)
	}
}
