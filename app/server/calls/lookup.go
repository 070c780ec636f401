package calls

import (
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// bind looks the number up, contract first, unless a person has chosen already.
func (s *Service) bind(tx *store.Tx, rec *store.CallRecord, shown call.View) error {
	if shown.Direction == call.Internal {
		rec.View.Subject, rec.View.Matches, rec.Subject = nil, nil, client.SubjectRef{}
		return nil
	}
	if rec.View.ID != "" && rec.View.Phone == string(shown.Phone) {
		return nil
	}
	matches, err := subject.Lookup(tx, shown.Phone)
	if err != nil {
		return err
	}
	rec.View.Matches = matches
	if rec.ByHand {
		return nil
	}
	rec.View.Subject, rec.Subject = subject.First(matches)
	return nil
}

func (s *Service) markIdle(rec *store.CallRecord, shown call.View) {
	switch {
	case !shown.Idle:
		rec.IdleSince = time.Time{}
	case rec.IdleSince.IsZero():
		rec.IdleSince = s.Now()
	}
}

// tellingTypes are the entries that tell an operator something of a caller; that a card was made
// tells nothing.
var tellingTypes = []string{
	string(entry.CallIn), string(entry.CallMissed), string(entry.CallOut),
	string(entry.Note), string(entry.SMS),
}

// recall finds what the call card tells of the past: how often this number called before, and
// the newest thing known of it.
func (s *Service) recall(tx *store.Tx, c *client.Call) error {
	n, err := tx.CountCallsBefore(phone.Number(c.Phone), c.StartedAt)
	if err != nil {
		return err
	}
	c.Before = n
	filter := store.FeedFilter{Phone: phone.Number(c.Phone), To: c.StartedAt}
	if c.Subject != nil {
		filter = store.FeedFilter{Subject: client.SubjectRef{Kind: c.Subject.Kind, ID: c.Subject.ID}, To: c.StartedAt}
	}
	filter.Types = tellingTypes
	entries, err := tx.Feed(filter, store.Start, 1)
	if err != nil || len(entries) == 0 {
		return err
	}
	c.LastNote = &client.LastNote{At: entries[0].At, Type: string(entries[0].Type), Text: entries[0].Description, TextEN: entries[0].DescriptionEN}
	return nil
}
