package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server/search"
	"dozvon/app/server/store/textindex"
)

// A search that is narrowed by filters gives what reading everything and picking gives, also where the
// words and the filters never meet, and where they meet for the first time later.
func TestSearch_narrowedGivesWhatPickingGives(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		all := map[string]textEntry{}
		for i := range 300 {
			e := planEntry(i)
			all[e.ID] = textEntry{e, planDocument(e, "Входящий вызов Иванов")}
		}
		add := func(e entry.Entry, text string) {
			t.Helper()
			d := planDocument(e, text)
			all[e.ID] = textEntry{e, d}
			err := s.Write(t.Context(), func(tx *Tx) error {
				if err := tx.SaveEntry(e); err != nil {
					return err
				}
				return tx.Index([]textindex.Document{d})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			e := entry.Entry{ID: fmt.Sprintf("n%04d", i), Type: entry.Note, At: time.UnixMilli(int64(i)*15_000 + 7)}
			add(e, "Иванов просил перезвонить")
		}
		wantPicked(t, s, all)
		late := planEntry(7)
		late.ID, late.At = "late", time.UnixMilli(400_000)
		add(late, "Входящий вызов: просил")
		late.ID, late.Type, late.Phone = "later", entry.ContractCreated, ""
		add(late, "Создана карточка: вызов")
		wantPicked(t, s, all)
	})
}

// textEntry is an entry with what the index has of it.
type textEntry struct {
	entry entry.Entry
	doc   textindex.Document
}

// counted is how often the database knows a word to stand somewhere.
func counted(t *testing.T, s *Store, word string) (n int) {
	t.Helper()
	if err := s.reads(t.Context()).row("SELECT n FROM words WHERE word = ?", word).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func planDocument(e entry.Entry, text string) textindex.Document {
	d := textindex.Document{Kind: "feed", ID: e.ID, At: e.At, Words: search.Words(text), Entry: IndexEntry(e)}
	if e.Phone != "" {
		d.Words, d.Numbers = append(d.Words, search.NumberWords(e.Phone)...), []string{e.Phone}
	}
	return d
}

func wantPicked(t *testing.T, s *Store, all map[string]textEntry) {
	t.Helper()
	for _, typed := range []string{"иванов", "вызов", "просил", "просил вызов", "просила", "перезвонить иванов", "входящий перезвонить", "964", "0142", "вызво"} {
		for name, f := range filters() {
			if f.filters() > 1 || f.Subject.ID != "" || f.Phone != "" {
				continue
			}
			f.Query = search.Parse(typed)
			var want, got []string
			for id, e := range all {
				if fits(f, e.entry) && f.Query.Fits(e.doc.Words, e.entry.Phone) {
					want = append(want, id)
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
		const times = 3 * textindex.CountedAfter
		for i := range times {
			e := entry.Entry{ID: fmt.Sprintf("v%04d", i), Type: entry.Note, At: time.UnixMilli(int64(i)*1000 + 500_000)}
			err := s.Write(t.Context(), func(tx *Tx) error {
				if err := tx.SaveEntry(e); err != nil {
					return err
				}
				return tx.Index([]textindex.Document{planDocument(e, "рассрочка")})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := counted(t, s, "рассрочка"); n <= times-textindex.CountedAfter || n > times {
			t.Errorf("counted %d of %d", n, times)
		}
	})
}
