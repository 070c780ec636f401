package calls

import (
	"errors"
	"slices"

	"dozvon/app/server/entry"

	"dozvon/app/server/directory"
	"dozvon/app/server/feed"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
)

// saveCallEntry writes the call's one feed entry.
func (s *Service) saveCallEntry(tx *store.Tx, integration *directory.Integration, rec store.CallRecord) error {
	source, err := s.sourceName(tx, integration, rec)
	if err != nil {
		return err
	}
	e, ok := feed.OfCall(rec.View, source)
	if !ok {
		return nil
	}
	if err := numberFlags(tx, rec); err != nil {
		return err
	}
	// Whose name it is, is said when somebody looks.
	e.Why, e.WhyEN, e.ByHand = subject.RestOfWhy(rec.View.Why), subject.RestOfWhy(rec.View.WhyEN), rec.ByHand
	if e.Type != entry.CallMissed {
		return feed.Save(tx, e)
	}
	entries, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	for _, old := range entries {
		if old.ID == e.ID {
			e.Settled = old.Settled // a late event must not reopen what a talk has closed
		}
	}
	return feed.Save(tx, e)
}

// numberFlags keeps the flags of a call with their recordings when another recording turns up before them.
func numberFlags(tx *store.Tx, rec store.CallRecord) error {
	if len(rec.View.Recordings) < 2 {
		return nil
	}
	flags, err := tx.Flags([]string{rec.ID})
	if err != nil || len(flags) == 0 {
		return err
	}
	var ids []string
	for _, r := range rec.Facts.View().Recordings {
		ids = append(ids, r.ID)
	}
	return tx.NumberFlags(rec.ID, ids)
}

// sourceName is how the feed names the PBX of a call: one that is no more as its entry named it.
func (s *Service) sourceName(tx *store.Tx, integration *directory.Integration, rec store.CallRecord) (string, error) {
	if integration != nil && integration.Provider != nil {
		return s.sourceOf(integration.Kind), nil
	}
	old, err := tx.Entry(rec.ID)
	if err == nil && old.SourceName != "" {
		return old.SourceName, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	return s.sourceOf(rec.View.Source), nil
}

// sourceOf is how the feed names a kind of PBX; empty for one that this program does not know.
func (s *Service) sourceOf(kind string) string {
	at := slices.IndexFunc(s.Directory.Kinds(), func(k pbx.Kind) bool { return k.Name == kind })
	if at < 0 {
		return ""
	}
	return s.Directory.Kinds()[at].Source.RU
}
