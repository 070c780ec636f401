package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// of makes a call another one: of a number, that began some minutes after noon.
func of(id, phone string, minute int) func(*client.Call) {
	return func(c *client.Call) {
		c.ID, c.Phone = id, phone
		by := time.Duration(minute) * time.Minute
		c.StartedAt = c.StartedAt.Add(by)
		if c.AnsweredAt != nil {
			at := c.AnsweredAt.Add(by)
			c.AnsweredAt = &at
		}
		if c.EndedAt != nil {
			at := c.EndedAt.Add(by)
			c.EndedAt = &at
		}
	}
}

const (
	egorov = "+79160001001"
	petrov = "+79160001002"
)

// missing is a call of a number that rings me and is missed.
func missing(id, phone string, minute int) []client.Call {
	return []client.Call{call(rings(me), of(id, phone, minute)), call(rings(me), ends(client.Missed), of(id, phone, minute))}
}

func TestMissedCard_goesWhenSomebodyHasTalkedWithTheCaller(t *testing.T) {
	t.Parallel()
	talk := func(who, phone string, minute int, more ...func(*client.Call)) client.Call {
		c := call(talks(who), of("talk", phone, minute))
		for _, change := range more {
			change(&c)
		}
		return c
	}
	outward := func(c *client.Call) { c.Direction = client.Out }
	closed := func(minute int, state client.MissedState) func(*desk) {
		return func(d *desk) {
			at := noon.Add(time.Duration(minute) * time.Minute)
			d.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: egorov, State: state, ClosedAt: &at}})
		}
	}
	hears := func(c client.Call) func(*desk) { return func(d *desk) { d.hears(c) } }
	for _, tt := range []struct {
		name string
		then func(*desk)
		want string
	}{
		{"nobody has", func(*desk) {}, "missed missed"},
		{"I called back", hears(talk(me, egorov, 5, outward)), "missed talking"},
		{"a colleague called back", hears(talk(other, egorov, 5, outward)), "missed"},
		{"the caller called again and was answered", hears(talk(other, egorov, 5)), "missed"},
		{"with somebody else", hears(talk(other, "+79160009999", 5)), "missed missed"},
		{"before the call that was missed", hears(talk(other, egorov, -5)), "missed missed"},
		{"nobody took the second call either", hears(call(rings(other), of("again", egorov, 5))), "missed missed"},
		{"an inside call is no talk with a caller", hears(talk(other, egorov, 5, func(c *client.Call) { c.Direction = client.Internal })), "missed missed"},
		{"the callback list says so", closed(5, client.MissedSettled), "missed"},
		{"nobody need", closed(5, client.MissedDismissed), "missed"},
		{"somebody has promised to", func(d *desk) {
			d.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: egorov, State: client.MissedTaken}})
		}, "missed missed"},
		{"the feed says so of another call of theirs", func(d *desk) {
			d.Apply(client.StreamEvent{Type: "feed", Data: &client.FeedEntry{
				Type: client.EntryCallMissed, CallID: "long ago", Phone: egorov, Settled: &client.Settled{At: noon.Add(5 * time.Minute)},
			}})
		}, "missed"},
		{"I closed it", func(d *desk) { d.Dismiss("a") }, "missed"},
	} {
		d := newDesk()
		d.hears(missing("a", egorov, 0)...)
		d.hears(missing("b", petrov, 1)...)
		d.at = noon.Add(6 * time.Minute)
		tt.then(d)
		if got := d.faces(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		d.hears(missing("a", egorov, 0)...) // told twice, it does not come back
		if got := d.faces(); got != tt.want {
			t.Errorf("%s, told of the call again: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestMissedCards_areTheSameInAnyOrder mixes the events of many calls; those of one call keep their order,
// as the stream keeps it, and each is told twice.
func TestMissedCards_areTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	var stories [][]client.Call
	want := map[string]bool{}
	for n := range 12 {
		phone, id := fmt.Sprintf("+7916000%04d", n), fmt.Sprint("m", n)
		stories = append(stories, missing(id, phone, 10))
		switch n % 3 {
		case 0: // answered later
			stories = append(stories, []client.Call{call(rings(other), of("t"+id, phone, 20)), call(talks(other), of("t"+id, phone, 20)), call(talks(other), ends(client.Answered), of("t"+id, phone, 20))})
		case 1: // answered earlier
			stories = append(stories, []client.Call{call(talks(other), ends(client.Answered), of("t"+id, phone, 0))})
			want[id] = true
		default:
			want[id] = true
		}
	}
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		d, left := newDesk(), 0
		at := make([]int, len(stories))
		for _, s := range stories {
			left += len(s)
		}
		for left > 0 {
			n := random.IntN(len(stories))
			if at[n] < len(stories[n]) {
				d.hears(stories[n][at[n]], stories[n][at[n]])
				at[n]++
				left--
			}
		}
		got := map[string]bool{}
		for _, card := range d.Cards() {
			got[card.ID] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("order %d: cards of %v, want %v", seed, got, want)
		}
	}
}

// callbackList answers with a list of missed callers.
type callbackList struct {
	Source
	items []client.MissedCaller
	more  string
}

func (l callbackList) Employees(context.Context) ([]client.Employee, error) { return nil, nil }

func (l callbackList) Missed(context.Context, string, ...client.MissedState) (client.Page[client.MissedCaller], error) {
	return client.Page[client.MissedCaller]{Items: l.items, NextCursor: l.more}, nil
}

func TestMissedCard_goesWithItsCallerFromTheListReadAgain(t *testing.T) {
	t.Parallel()
	waits := client.MissedCaller{Phone: petrov, State: client.MissedWaiting}
	for _, tt := range []struct {
		name string
		list callbackList
		want string
	}{
		{"talked with while the stream was away", callbackList{items: []client.MissedCaller{waits}}, "b"},
		{"the list goes on", callbackList{items: []client.MissedCaller{waits}, more: "next"}, "a b"},
	} {
		d := newDesk()
		d.hears(missing("a", egorov, 0)...)
		d.hears(missing("b", petrov, 1)...)
		if err := d.ReloadLists(t.Context(), tt.list); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, card := range d.Cards() {
			ids = append(ids, card.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%s: cards of %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTalks_areBounded(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for n := range 2 * talksMost {
		d.hears(call(talks(other), of(fmt.Sprint(n), fmt.Sprintf("+7916%07d", n), n)))
	}
	if n := len(d.talks); n != talksMost {
		t.Errorf("%d talks are remembered, want %d", n, talksMost)
	}
}
