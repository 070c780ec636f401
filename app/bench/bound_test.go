//go:build linux

package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/app/server/wire"
	"dozvon/client"
)

const boundCalls = 10_000

// bound makes a card whose number has ten thousand calls: all of them bind to it in one transaction.
func bound(t *testing.T, b *bench) {
	s := openSchool(t, b, "bound")
	const number = "+79645550190"
	began := time.Now().Add(-boundCalls * time.Minute)
	for from := 0; from < boundCalls; from += 500 {
		err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
			for i := from; i < from+500; i++ {
				if err := oldCall(tx, number, began.Add(time.Duration(i)*time.Minute)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.parts.Indexer.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range boundCalls {
			if err := tx.Journal("floor", "", map[string]string{"phone": number, "n": fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	floor := time.Since(start)
	ctx, stop := context.WithCancel(t.Context())
	waits, pbx := make(chan times), dial(t, s.addr)
	go func() { waits <- knocking(ctx, t, pbx) }()
	start = time.Now()
	c, err := s.parts.Cards.Save(t.Context(), s.me, client.SubjectRef{Kind: client.KindClient}, wire.ClientInput(client.ClientInput{Name: new("Смирнова Вера"), Phones: &[]string{number}}))
	taken := time.Since(start)
	stop()
	waited := <-waits
	if err != nil {
		t.Fatal(err)
	}
	page, _, err := s.parts.Feed.Page(t.Context(), client.Employee{Role: client.RoleAdmin}, store.FeedFilter{Subject: client.SubjectRef{Kind: client.KindClient, ID: c.ID}}, store.Start, boundCalls+10)
	if err != nil || len(page) != boundCalls+1 { // and that the card was made
		t.Fatalf("%d entries are bound, %v", len(page), err)
	}
	b.add(t, row{
		fmt.Sprintf("%d calls of one number bound to a new card", boundCalls), taken.Round(time.Millisecond).String(),
		"as many bare journal rows: " + floor.Round(time.Millisecond).String(), factor(over(taken, floor)), "≤ 1 s", taken <= time.Second,
	})
	b.add(t, row{
		"a webhook acknowledged during that binding", waited.String() + ", longest " + ms(waited.at(1)),
		"as many bare journal rows, which let nobody through: " + ms(floor), factor(over(waited.at(1), floor)), "longest ≤ 1 s", waited.at(1) <= time.Second,
	})
}

func oldCall(tx *store.Tx, number string, at time.Time) error {
	id, talk := server.NewID(), 60
	end := at.Add(time.Minute)
	rec := store.CallRecord{ID: id, Key: "k" + id, View: client.Call{
		ID: id, Direction: client.In, State: client.StateEnded, Phone: number, StartedAt: at, AnsweredAt: &at, EndedAt: &end, TalkSeconds: &talk, Result: client.Answered,
	}}
	if err := tx.SaveCall(rec); err != nil {
		return err
	}
	return tx.SaveEntry(entry.Entry{
		ID: id, CallID: id, Type: entry.CallIn, At: at, Phone: number, Description: "Входящий вызов: " + number, TalkSeconds: &talk,
	})
}
