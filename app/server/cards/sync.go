package cards

import (
	"context"
	"errors"
	"slices"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// syncBatch is how many cards of another CRM are written in one transaction: some 20 ms.
const syncBatch = 50

// knownBy is the field by which another CRM names a card.
var knownBy = map[client.SubjectKind]string{client.KindContract: crm.FieldNumber, client.KindClient: crm.FieldExternalID}

// Put makes or changes the contract with the input's number, or the client with its external id. Fields
// that are absent stay; the same again writes nothing, so another CRM may send everything every night.
func (s *Service) Put(ctx context.Context, by client.Employee, kind client.SubjectKind, in crm.Input) (client.SyncResult, crm.Card, error) {
	var r client.SyncResult
	var c crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		r, c, err = s.putExternal(tx, by, kind, in)
		return err
	})
	return r, c, err
}

// Sync puts many. What the rules of cards refuse is told in its place and does not stop the others;
// sending a batch again after a failure in its middle is harmless.
func (s *Service) Sync(ctx context.Context, by client.Employee, kind client.SubjectKind, items []crm.Input) ([]client.SyncResult, error) {
	all := make([]client.SyncResult, 0, len(items))
	for batch := range slices.Chunk(items, syncBatch) {
		done := len(all)
		err := s.Store.Write(ctx, func(tx *store.Tx) error {
			all = all[:done]
			for _, in := range batch {
				r, _, err := s.putExternal(tx, by, kind, in)
				var invalid *crm.Invalid
				if errors.As(err, &invalid) {
					r, err = client.SyncResult{Outcome: client.SyncRefused, Fields: invalid.In("en")}, nil
				}
				if err != nil {
					return err
				}
				all = append(all, r)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) putExternal(tx *store.Tx, by client.Employee, kind client.SubjectKind, in crm.Input) (client.SyncResult, crm.Card, error) {
	before, err := known(tx, kind, knownBy[kind], in.Text(knownBy[kind]))
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	after, promoted, err := s.changed(tx, by, kind, before, in)
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	r := client.SyncResult{Outcome: client.SyncCreated, ID: after.ID}
	if before != nil {
		r.Outcome = client.SyncChanged
		if len(crm.Deltas(before, after)) == 0 {
			r.Outcome = client.SyncUnchanged
			return r, *before, nil
		}
	}
	after, _, err = s.put(tx, by, before, after, crm.ActionSynced)
	if err != nil {
		return r, after, err
	}
	return r, after, s.noteSynced(tx, by, before, after, promoted)
}

const (
	// syncGap is the longest silence within one go of another CRM: what comes later is another go.
	syncGap = 10 * time.Minute
	// syncMost bounds a go of a program that sends every change at once, all day long.
	syncMost = 2 * time.Hour
)

// noteSynced remembers what was before another CRM changed it, so that its whole go may be taken back.
func (s *Service) noteSynced(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card, promoted []cardState) error {
	run, err := tx.SyncRun(by, s.NewID(), s.Now(), syncGap, syncMost)
	if err != nil {
		return err
	}
	for _, state := range promoted {
		was := state.Before.Card()
		now, err := tx.Card(state.Ref.Ref())
		if err != nil {
			return err
		}
		if err := tx.NoteRunCard(run, &was, now); err != nil {
			return err
		}
	}
	return tx.NoteRunCard(run, before, after)
}

// known finds the card that another CRM means; nil when there is none. Of several the oldest.
func known(tx *store.Tx, kind client.SubjectKind, column string, value *string) (*crm.Card, error) {
	if value == nil || plaintext.Line(*value) == "" {
		return nil, crm.Wrong(column, texts.Of("fault.empty"))
	}
	cards, err := tx.CardBy(kind, column, plaintext.Line(*value))
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}
