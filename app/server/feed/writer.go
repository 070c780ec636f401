package feed

import (
	"dozvon/app/server/entry"

	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/wire"
	"dozvon/client"
)

// Save writes an entry and publishes it. What it says of whose it is, is added on the way out: that
// may change without the entry being written again.
func Save(tx *store.Tx, e entry.Entry) error {
	if err := tx.SaveEntry(e); err != nil {
		return err
	}
	if e.Subject == nil || e.Subject.Name != "" {
		explain(&e)
		return publish(tx, []entry.Entry{e})
	}
	return Publish(tx, []entry.Entry{e})
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
func Publish(tx *store.Tx, entries []entry.Entry) error {
	if err := AttachSubjects(tx.Cards, entries); err != nil {
		return err
	}
	return publish(tx, entries)
}

func publish(tx *store.Tx, entries []entry.Entry) error {
	if err := AttachFlags(tx.Flags, entries); err != nil {
		return err
	}
	participants, err := tx.CallParticipants(recordedCalls(entries))
	if err != nil {
		return err
	}
	for _, e := range entries {
		audience := stream.All
		if e.Recording != nil {
			audience = stream.Heard(audience, participants[e.CallID])
		}
		if err := tx.Journal("feed", audience, wire.Entry(e)); err != nil {
			return err
		}
	}
	return nil
}

func recordedCalls(entries []entry.Entry) []string {
	var ids []string
	for _, e := range entries {
		if e.Recording != nil && e.CallID != "" {
			ids = append(ids, e.CallID)
		}
	}
	return ids
}

// AttachSubjects fills in whose the entries are, as the cards stand today, and why.
func AttachSubjects(read subject.ReadCards, entries []entry.Entry) error {
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

// AttachFlags fills in what people marked in the recordings; read reads the flags of calls, by call.
func AttachFlags(read func(calls []string) (map[string][]entry.Flag, error), entries []entry.Entry) error {
	recorded := recordedCalls(entries)
	if len(recorded) == 0 {
		return nil
	}
	flags, err := read(recorded)
	if err != nil {
		return err
	}
	for i, e := range entries {
		entries[i].Flags = nil
		if e.Recording == nil {
			continue
		}
		for _, f := range flags[e.CallID] {
			if f.Part <= max(1, len(e.Recordings)) {
				entries[i].Flags = append(entries[i].Flags, f)
			}
		}
	}
	return nil
}

// explain puts whose name it is before the rest of why.
func explain(e *entry.Entry) {
	if !e.Type.OfCall() {
		return
	}
	w := subject.Why(e.ByHand, client.Call{Phone: e.Phone, Subject: e.Subject})
	e.Why, e.WhyEN = subject.ReplaceWhy(w.RU, e.Why), subject.ReplaceWhy(w.EN, e.WhyEN)
}
