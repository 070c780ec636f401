// Package textindex keeps the full-text index up to date: what was written waits in a list, and is
// taken into the index in batches, so that nobody who writes waits for it. How a text becomes words is
// search's, how they are stored and found is the store'x.
package textindex

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/chores"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// indexEvery is how often it is looked whether something waits for the full-text index.
	indexEvery = 300 * time.Millisecond
	// indexBatch is how much is indexed in one transaction: webhooks come between two.
	indexBatch = 200
)

// Indexer takes what waits into the index. The exported fields are required.
type Indexer struct {
	Store  *store.Store
	Missed Missed
	Now    func() time.Time
}

// Missed keeps the callback list.
type Missed interface {
	UpdateMissed(tx *store.Tx, number phone.Number) error
}

// Run indexes what waits, until ctx ends.
func (x *Indexer) Run(ctx context.Context) {
	chores.Repeat(ctx, indexEvery, func() {
		if err := x.Index(ctx); err != nil && ctx.Err() == nil {
			slog.Error("full-text index not brought up to date", "err", err)
		}
	})
}

// Index takes everything that waits into the full-text index.
func (x *Indexer) Index(ctx context.Context) error {
	for ctx.Err() == nil {
		waiting, err := x.Store.Indexed(ctx)
		if err != nil || waiting {
			return err
		}
		if err := x.Store.Write(ctx, x.indexSome); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
	}
	return nil
}

func (x *Indexer) indexSome(tx *store.Tx) error {
	refs, err := tx.DequeueStale(indexBatch)
	if err != nil {
		return err
	}
	docs, err := x.documents(tx, refs)
	if err != nil {
		return err
	}
	return tx.Index(docs)
}

func (x *Indexer) documents(tx *store.Tx, refs []store.StaleRef) ([]store.Document, error) {
	var docs []store.Document
	var entries []client.FeedEntry
	for _, ref := range refs {
		if kind := client.SubjectKind(ref.Kind); kind == client.KindClient || kind == client.KindContract {
			card, err := tx.Card(client.SubjectRef{Kind: kind, ID: ref.ID})
			if err == nil {
				docs = append(docs, cardDocument(card))
			} else if !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			continue
		}
		if ref.Kind == oldColumns {
			if err := x.fillColumns(tx, ref.ID); err != nil {
				return nil, err
			}
			continue
		}
		e, err := tx.Entry(ref.ID)
		if err == nil {
			entries = append(entries, e)
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	if err := feed.AttachSubjects(tx.Cards, entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		docs = append(docs, feed.IndexDocument(e))
	}
	return docs, nil
}

const (
	// oldColumns marks an entry of a former version, whose columns for filters and reports are empty.
	oldColumns = "columns"
	// oldMissed is how far back missed calls of a former version enter the callback list.
	oldMissed = 7 * 24 * time.Hour
)

// fillColumns writes an old call's entry with all its columns. No screen need hear of that.
func (x *Indexer) fillColumns(tx *store.Tx, id string) error {
	old, err := tx.Entry(id)
	if err == nil {
		var rec store.CallRecord
		if rec, err = tx.Call(old.CallID); err == nil {
			e, _ := feed.OfCall(rec.View, old.SourceName)
			old.Line, old.AnswerSeconds, old.Result = e.Line, e.AnswerSeconds, e.Result
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.SaveEntry(old); err != nil {
		return err
	}
	if x.Now().Sub(old.At) > oldMissed {
		return nil
	}
	return x.Missed.UpdateMissed(tx, phone.Number(old.Phone))
}

func cardDocument(c crm.Card) store.Document {
	ref := c.Ref()
	d := store.Document{Kind: string(ref.Kind), ID: ref.ID, At: c.CreatedAt(), Words: search.Words(c.Text()), Numbers: c.Phones()}
	for _, n := range d.Numbers {
		d.Words = append(d.Words, search.NumberWords(n)...)
	}
	return d
}
