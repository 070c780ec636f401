package feed

import (
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// Save writes an entry and publishes it. What it says of whose it is, is added on the way out: that
// may change without the entry being written again.
func Save(tx *store.Tx, e client.FeedEntry) error {
	if err := tx.SaveEntry(e); err != nil {
		return err
	}
	if e.Subject == nil || e.Subject.Name != "" {
		explain(&e)
		return publish(tx, []client.FeedEntry{e})
	}
	return Publish(tx, []client.FeedEntry{e})
}

// Drop takes an entry out of the feed and tells the screens: what it told of was another one's.
func Drop(tx *store.Tx, id string) error {
	if dropped, err := tx.DropEntry(id); err != nil || !dropped {
		return err
	}
	return tx.Journal("feed", stream.All, client.Deleted{ID: id, Deleted: true})
}

// Publish journals entries under whom they are today, for everybody; their recordings for those who
// may hear them.
func Publish(tx *store.Tx, entries []client.FeedEntry) error {
	if err := AttachSubjects(tx.Cards, entries); err != nil {
		return err
	}
	return publish(tx, entries)
}

func publish(tx *store.Tx, entries []client.FeedEntry) error {
	participants, err := tx.CallParticipants(recordedCalls(entries))
	if err != nil {
		return err
	}
	for _, e := range entries {
		audience := stream.All
		if e.Recording != nil {
			audience = stream.Heard(audience, participants[e.CallID])
		}
		if err := tx.Journal("feed", audience, e); err != nil {
			return err
		}
	}
	return nil
}

func recordedCalls(entries []client.FeedEntry) []string {
	var ids []string
	for _, e := range entries {
		if e.Recording != nil && e.CallID != "" {
			ids = append(ids, e.CallID)
		}
	}
	return ids
}

// AttachSubjects fills in whose the entries are, as the cards stand today, and why.
func AttachSubjects(read subject.ReadCards, entries []client.FeedEntry) error {
	refs := make([]client.SubjectRef, 0, len(entries))
	for _, e := range entries {
		refs = append(refs, subject.RefOf(e.Subject))
	}
	known, err := subject.Resolve(read, refs)
	if err != nil {
		return err
	}
	for i := range entries {
		who, ok := known[subject.RefOf(entries[i].Subject)]
		entries[i].Subject = nil
		if ok {
			entries[i].Subject = &who
		}
		explain(&entries[i])
	}
	return nil
}

// explain puts whose name it is before the rest of why.
func explain(e *client.FeedEntry) {
	switch e.Type {
	case client.EntryNote:
		e.ETag = NoteTag(*e)
		return
	case client.EntryCallIn, client.EntryCallMissed, client.EntryCallOut:
	default:
		return
	}
	w := subject.Why(e.ByHand, client.Call{Phone: e.Phone, Subject: e.Subject})
	e.Why, e.WhyEN = subject.ReplaceWhy(w.RU, e.Why), subject.ReplaceWhy(w.EN, e.WhyEN)
}

// NoteTag is the ETag of a note: of its text, for whose it is may change with its card.
func NoteTag(e client.FeedEntry) string { return revision.Of([]any{e.Description, e.EditedAt}) }
