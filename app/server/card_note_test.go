package server_test

import (
	"testing"

	"dozvon/client"
)

// TestNote_onACardIsWrittenOnceHoweverOftenItIsSent: who never saw the answer sends it again, also when the card is no
// more by then.
func TestNote_onACardIsWrittenOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("101")
		kind, name := "client", "Зайцева Ольга"
		made, err := api.CreateClient(t.Context(), client.ClientInput{Kind: &kind, Name: &name})
		if err != nil {
			t.Fatal(err)
		}
		ref := client.SubjectRef{Kind: client.KindClient, ID: made.ID}
		in := client.NewNote{Subject: ref, Text: "спросит мужа", NoteID: "n-1"}
		notes := make(chan client.FeedEntry, 4)
		for range cap(notes) {
			go func() {
				note, err := api.AddNote(t.Context(), in)
				if err != nil {
					t.Error(err)
				}
				notes <- note
			}()
		}
		first := <-notes
		for range cap(notes) - 1 {
			if note := <-notes; note.ID != first.ID || note.ID == "" || note.Subject == nil || note.Subject.Name != name || note.Description != in.Text {
				t.Errorf("one request made the notes %+v and %+v", first, note)
			}
		}
		for _, other := range []struct {
			extension string
			in        client.NewNote
		}{
			{"102", in}, // a colleague's is their own
			{"101", client.NewNote{Subject: ref, Text: in.Text, NoteID: "n-2"}},
			{"101", client.NewNote{Subject: ref, Text: in.Text}},
			{"101", client.NewNote{Subject: ref, Text: in.Text}},
		} {
			if note, err := s.api(other.extension).AddNote(t.Context(), other.in); err != nil || note.ID == first.ID {
				t.Errorf("%+v of %s: note %s, %v", other.in, other.extension, note.ID, err)
			}
		}
		// A call's note by the same id is another one.
		s.ring(1, "79145550148", "101", true)
		page, err := api.Feed(t.Context(), client.FeedQuery{Type: string(client.EntryCallIn), Limit: 1})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		if note, err := api.NoteCall(t.Context(), page.Items[0].CallID, client.CallNote{Text: in.Text, NoteID: "n-1"}); err != nil || note.ID == first.ID {
			t.Errorf("a call's note by the same id is %s, %v", note.ID, err)
		}
		all, err := api.Feed(t.Context(), client.FeedQuery{Type: string(client.EntryNote), Limit: 20})
		if err != nil || len(all.Items) != 6 {
			t.Errorf("%d notes, %v; want the one, and five that are others", len(all.Items), err)
		}
		if err := s.api("104").DeleteClient(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		if note, err := api.AddNote(t.Context(), in); err != nil || note.ID != first.ID {
			t.Errorf("of a deleted card it is %s, %v", note.ID, err)
		}
	})
}
