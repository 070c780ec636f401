package server_test

import (
	"fmt"
	"testing"

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
