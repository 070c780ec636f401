// Package indexer keeps the full-text index (store/textindex) up to date: what was written marks
// itself as stale, and the indexer reads it again within a second, so that nobody who writes waits for
// the index. It says what a document is made of; how the index keeps it is the index's affair.
package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/chores"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

const (
	// every is how often it is looked whether something waits for the index.
	every = 300 * time.Millisecond
	// atOnce is how much is indexed in one transaction: webhooks come between two.
	atOnce = 200
)

// Indexer follows what changes. All fields are required.
type Indexer struct {
	Store  *store.Store
	Missed Missed
	Now    func() time.Time
}

// Missed keeps the callback list.
type Missed interface {
	UpdateMissed(tx *store.Tx, number phone.Number) error
}

// Run keeps the index up to date until ctx ends.
func (x *Indexer) Run(ctx context.Context) {
	chores.RepeatLong(ctx, "index", every, func() error {
		err := x.Index(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Error("full-text index not brought up to date", "err", err)
		}
		return err
	})
}

// Index takes everything that waits into the index.
func (x *Indexer) Index(ctx context.Context) error {
	for ctx.Err() == nil {
		done, err := x.Store.Indexed(ctx)
		if err != nil || done {
			return err
		}
		if err := x.Store.Write(ctx, x.indexSome); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
	}
	return nil
}

func (x *Indexer) indexSome(tx *store.Tx) error {
	refs, err := tx.DequeueStale(atOnce)
	if err != nil {
		return err
	}
	docs, err := x.documents(tx, refs)
	if err != nil {
		return err
	}
	return tx.Index(docs)
}

const (
	// oldColumns marks an entry of a former version, whose columns for filters and reports are empty;
	// migration 3 does.
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

func (x *Indexer) documents(tx *store.Tx, refs []store.StaleRef) ([]textindex.Document, error) {
	var docs []textindex.Document
	var entries []entry.Entry
	for _, ref := range refs {
		var err error
		switch kind := client.SubjectKind(ref.Kind); {
		case kind == client.KindClient || kind == client.KindContract:
			var card crm.Card
			if card, err = tx.Card(client.SubjectRef{Kind: kind, ID: ref.ID}); err == nil {
				docs = append(docs, Card(card))
			}
		case ref.Kind == oldColumns:
			if err := x.fillColumns(tx, ref.ID); err != nil {
				return nil, err
			}
		default:
			var e entry.Entry
			if e, err = tx.Entry(ref.ID); err == nil {
				entries = append(entries, e)
			}
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	if err := feed.AttachSubjects(tx.Cards, entries); err != nil {
		return nil, err
	}
	if err := feed.AttachFlags(tx.Flags, entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		docs = append(docs, Entry(e))
	}
	return docs, nil
}

// Card is a card as the index takes it.
func Card(c crm.Card) textindex.Document {
	ref := c.Ref()
	d := textindex.Document{Kind: string(ref.Kind), ID: ref.ID, At: c.CreatedAt, Words: search.Words(c.Text()), Numbers: c.Numbers()}
	for _, n := range d.Numbers {
		d.Words = append(d.Words, search.NumberWords(n)...)
	}
	return d
}

// Entry is an entry of the feed as the index takes it.
func Entry(e entry.Entry) textindex.Document {
	d := textindex.Document{Kind: textindex.Feed, ID: e.ID, At: e.At, Words: feed.Words(e), Entry: store.IndexEntry(e)}
	if e.Phone != "" {
		d.Numbers = []string{e.Phone}
	}
	return d
}
