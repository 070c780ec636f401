package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/search"
	"dozvon/client"
)

// A search that is narrowed by filters gives what reading everything and picking gives, also where the
// words and the filters never meet, and where they meet for the first time later.
func TestSearch_narrowedGivesWhatPickingGives(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		all := map[string]Document{}
		for i := range 300 {
			d := planDocument(planEntry(i), "Входящий вызов Иванов")
			all[d.ID] = d
		}
		add := func(d Document) {
			t.Helper()
			all[d.ID] = d
			err := s.Write(t.Context(), func(tx *Tx) error {
				if err := tx.SaveEntry(*d.Entry); err != nil {
					return err
				}
				return tx.Index([]Document{d})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			e := client.FeedEntry{ID: fmt.Sprintf("n%04d", i), Type: client.EntryNote, At: time.UnixMilli(int64(i)*15_000 + 7)}
			add(planDocument(e, "Иванов просил перезвонить"))
		}
		wantPicked(t, s, all)
		late := planEntry(7)
		late.ID, late.At = "late", time.UnixMilli(400_000)
		add(planDocument(late, "Входящий вызов: просил"))
		late.ID, late.Type, late.Phone = "later", client.EntryContractCreated, ""
		add(planDocument(late, "Создана карточка: вызов"))
		wantPicked(t, s, all)
	})
}

func planDocument(e client.FeedEntry, text string) Document {
	d := Document{Kind: "feed", ID: e.ID, At: e.At, Words: search.Words(text), Entry: &e}
	if e.Phone != "" {
		d.Words, d.Numbers = append(d.Words, search.NumberWords(e.Phone)...), []string{e.Phone}
	}
	return d
}

func wantPicked(t *testing.T, s *Store, all map[string]Document) {
	t.Helper()
	for _, typed := range []string{"иванов", "вызов", "просил", "просил вызов", "просила", "перезвонить иванов", "входящий перезвонить", "964", "0142", "вызво"} {
		for name, f := range filters() {
			if f.filters() > 1 || f.Subject.ID != "" || f.Phone != "" {
				continue
			}
			f.Query = search.Parse(typed)
			var want, got []string
			for _, d := range all {
				if fits(f, *d.Entry) && f.Query.Fits(d.Words, d.Entry.Phone) {
					want = append(want, d.ID)
				}
			}
			for c := &Start; c != nil; {
				page, next, err := s.Feed(t.Context(), f, *c, 97)
				if err != nil {
					t.Fatalf("%q %s: %v", typed, name, err)
				}
				for _, e := range page {
					got = append(got, e.ID)
				}
				c = next
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%q %s: got %d %v, want %d %v", typed, name, len(got), got, len(want), want)
			}
		}
	}
}

// A word that is known is counted later, but counted: what is common must be told from what is rare.
func TestVocabulary_countsKnownWordsLater(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		const times = 3 * learntLater
		for i := range times {
			e := client.FeedEntry{ID: fmt.Sprintf("v%04d", i), Type: client.EntryNote, At: time.UnixMilli(int64(i)*1000 + 500_000)}
			err := s.Write(t.Context(), func(tx *Tx) error {
				if err := tx.SaveEntry(e); err != nil {
					return err
				}
				return tx.Index([]Document{planDocument(e, "рассрочка")})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		terms, err := termsOf(s.reads(t.Context()), "рассрочка", allKinds)
		if err != nil || len(terms) != 1 {
			t.Fatalf("got %+v, %v", terms, err)
		}
		if n := terms[0].times; n <= times-learntLater || n > times {
			t.Errorf("counted %d of %d", n, times)
		}
	})
}
