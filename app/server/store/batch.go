package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"dozvon/app/server/store/textindex"
)

// batch is one transaction of the writer with the jobs that share it.
type batch struct {
	store *Store
	ctx   context.Context
	tx    *sql.Tx
	id    int64 // PostgreSQL's number of the transaction
	// timeline is where it was begun, or an older one.
	timeline *string
	rows     []Row
	facets   map[facet]int64
	words    textindex.Met
	step     func()
}

const (
	// writerLock is what the one writing transaction among all nodes holds (PostgreSQL, advisory).
	writerLock = 0x646f7a766f6e01
	// schemaLock is held by the node that brings the schema up to date.
	schemaLock = 0x646f7a766f6e02
	// frozenLimit is how long a transaction may stand still before PostgreSQL ends it: a node that
	// was stopped in its middle must not stop the others.
	frozenLimit = 5 * time.Second
)

// begin opens the transaction. On PostgreSQL it waits for its turn among all nodes first: what is
// read after that is what the last writer left.
func (s *Store) begin(ctx context.Context, step func()) (*batch, error) {
	timeline := s.links.timeline.Load() // before there is a connection, so that it is none of a later one
	tx, err := s.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	b := &batch{store: s, ctx: ctx, tx: tx, timeline: timeline, facets: map[facet]int64{}, words: textindex.Met{}, step: step}
	if !s.dialect.postgres {
		return b, nil
	}
	var frozen, longest, locking, locked string
	err = tx.QueryRowContext(ctx, `SELECT set_config('idle_in_transaction_session_timeout', $1, true), set_config('statement_timeout', $2, true),
  set_config('lock_timeout', $3, true), CAST(pg_advisory_xact_lock($4) AS TEXT), txid_current()`,
		millis(frozenLimit), millis(stepLimit), millis(lockLimit), s.lockOf(writerLock)).Scan(&frozen, &longest, &locking, &locked, &b.id)
	if err != nil {
		tx.Rollback()
		return nil, fmt.Errorf("waiting for the other nodes' writes: %w", err)
	}
	s.links.begun.Store(true)
	return b, nil
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func (b *batch) unit(asked context.Context) *Tx {
	return &Tx{tx: b.tx, ctx: b.ctx, store: b.store, step: b.step, asked: asked}
}

// commit numbers the journal's rows, makes everything durable and tells this process of it.
func (b *batch) commit() error {
	s := b.store
	b.step()
	if err := s.writeJournal(b.ctx, b.tx, b.rows); err != nil {
		return err
	}
	b.step()
	began := time.Now()
	if err := b.tx.Commit(); err != nil && !b.committed(err) {
		return fmt.Errorf("committing: %w", err)
	}
	if s.meter != nil {
		s.meter.Commit(time.Since(began))
	}
	s.facets.learn(b.facets)
	s.text.Committed(b.words)
	s.publish(b.rows)
	return nil
}

// askCommitted is how long it is asked whether a commit whose answer was lost took place.
const askCommitted = 3 * time.Second

// committed finds out, after a commit whose answer was lost, whether it took place: to do everything
// again would double what has no key, and to call it failed would be wrong.
func (b *batch) committed(lost error) bool {
	if b.id == 0 || !disconnected(lost) {
		return false
	}
	b.store.links.giveUp() // the others may hang as well, and there is little time
	ctx, cancel := context.WithTimeout(b.ctx, askCommitted)
	defer cancel()
	for {
		var status sql.NullString
		err := b.store.readDB.QueryRowContext(ctx, "SELECT txid_status($1)", b.id).Scan(&status)
		if err == nil && status.String != "in progress" {
			// On another timeline, after a failover, the number may by now be another write's.
			same := b.store.links.same(b.timeline)
			slog.Warn("the answer to a commit was lost", "status", status.String, "same_database", same, "err", lost)
			return same && status.String == "committed"
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// disconnected tells whether the connection was lost, rather than the statement refused.
func disconnected(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		// Class 57: the server is stopping, or has ended this session; 25P03: it stood still for too long.
		return refused.Code[:2] == "57" || refused.Code == "25P03"
	}
	return err != nil && !errors.Is(err, context.Canceled)
}

// disconnectedDriver tells of a connection that is gone without a word from the database.
func disconnectedDriver(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// again tells whether the same write may well succeed when it is tried anew: it lost to another
// one, its connection broke, or the transaction was aborted under it by something else.
func again(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case "40001", "40P01", "25P03", "57P01", "57P02", "55P03", readOnly:
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return false // the database is away: whoever asked had better know soon
	}
	if errors.Is(err, errStep) {
		return false // it stands still, and each try would take as long
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrTxDone) || pgconn.SafeToRetry(err)
}
