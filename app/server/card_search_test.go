package server_test

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server/store"
	"dozvon/client"
)

// TestFeed_ofACardIsSearchedAtOnce: what is looked for in one card's feed need not wait for the
// index, and comes page by page like the rest.
func TestFeed_ofACardIsSearchedAtOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		contract := s.student("Ёлкина Мария", "+79165550167", "101")
		api := s.api("101")
		ref := client.SubjectRef{Kind: client.KindContract, ID: contract.ID}
		for n := range 5 {
			if _, err := api.AddNote(t.Context(), client.NewNote{Subject: ref, Text: fmt.Sprintf("Перенести вождение, раз %d", n)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := api.AddNote(t.Context(), client.NewNote{Subject: ref, Text: "Оплатила"}); err != nil {
			t.Fatal(err)
		}
		search := func(typed string) (texts []string) {
			q := client.FeedQuery{Subject: "contract:" + contract.ID, Q: typed, Limit: 2}
			for range 5 {
				page, err := api.Feed(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Items {
					texts = append(texts, e.Description)
				}
				if q.Cursor = page.NextCursor; q.Cursor == "" {
					break
				}
			}
			return texts
		}
		for typed, want := range map[string]int{"вожд": 5, "вождние перенести": 5, "раз 3": 1, "оплатила": 1, "елкина оплат": 1, "экзамен": 0} {
			if got := search(typed); len(got) != want {
				t.Errorf("%q finds %q, want %d", typed, got, want)
			}
		}
	})
}

// TestFeed_ofAPartnerIsSearchedToItsEnd: a card with more entries than one page looks through has
// pages with nothing, of which only the last is the end.
func TestFeed_ofAPartnerIsSearchedToItsEnd(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		contract := s.student("Партнёр", "+79165550168", "101")
		api := s.api("105")
		began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
			for n := range 1700 {
				text := "Перенести вождение"
				if n == 0 {
					text = "Сдал экзамен"
				}
				err := tx.SaveEntry(entry.Entry{
					ID: fmt.Sprintf("partner-%04d", n), Type: entry.Note, At: began.Add(time.Duration(n) * time.Hour), Description: text,
					Subject: &client.Subject{Kind: client.KindContract, ID: contract.ID},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		q := client.FeedQuery{Subject: "contract:" + contract.ID, Q: "экзамен"}
		first, err := api.Feed(t.Context(), q)
		if err != nil || len(first.Items) != 0 || first.NextCursor == "" {
			t.Fatalf("the first page looks through a part: %d found, cursor %q, %v", len(first.Items), first.NextCursor, err)
		}
		if all := s.wholeFeed(api, q); len(all) != 1 || all[0].ID != "partner-0000" {
			t.Errorf("found %+v", all)
		}
	})
}
