package store

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// idleMost is how many connections to PostgreSQL stay open while nobody uses them, and idleFor for how long: a new one
	// is dear, most of all while the first of several hosts is gone.
	idleMost = 4
	idleFor  = time.Minute
	// unprovenAfter is how long a connection may be idle and still be used without asking whether it lives.
	unprovenAfter = 500 * time.Millisecond
	// closeLimit is how long saying goodbye may take.
	closeLimit = time.Second
)

// connections are those to PostgreSQL. When one of them stands still, or the database is another one since a failover,
// those made before are worth nothing, and each would be waited for in vain, one after another: all are given up at once.
type connections struct {
	era atomic.Int64 // how often all were given up
	// timeline is that of the database to which was connected last, eight hexadecimal digits; it grows with every
	// failover and restore to a moment (PostgreSQL documentation, section 26.3.6). Nil: not known.
	timeline atomic.Pointer[string]
	// writing ends what the writer is at; nil: it is at nothing. begun says that it has its transaction: until then it may
	// itself be about to reach the database.
	writing atomic.Pointer[context.CancelCauseFunc]
	begun   atomic.Bool
}

// eraOf is under what a connection keeps the era that it was made in.
const eraOf = "dozvon era"

func (c *connections) options() []stdlib.OptionOpenDB {
	return []stdlib.OptionOpenDB{stdlib.OptionAfterConnect(c.made), stdlib.OptionShouldPing(c.prove)}
}

// made notes in which era a connection was made, and to which database.
func (c *connections) made(ctx context.Context, conn *pgx.Conn) error {
	defer func() { conn.PgConn().CustomData()[eraOf] = c.era.Load() }() // a new timeline begins a new era
	results, err := conn.PgConn().Exec(ctx, "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)").ReadAll()
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused):
		slog.DebugContext(ctx, "the database does not tell its timeline", "err", err) // not every service that speaks PostgreSQL does
		return nil
	case err != nil:
		return err
	}
	c.reached(string(results[0].Rows[0][0]))
	return nil
}

// reached notes the timeline of a new connection. When it is another one, the database has failed over: a write that is
// under way in the former one cannot come to an end that counts.
func (c *connections) reached(timeline string) {
	before := c.timeline.Swap(&timeline)
	if before == nil || *before == timeline {
		return
	}
	slog.Warn("the database failed over, or was restored", "timeline", timeline, "before", *before)
	c.giveUp()
	if end := c.writing.Load(); end != nil && c.begun.Load() {
		(*end)(errStep)
	}
}

// prove asks a connection that was idle whether it lives. One that is given up is closed: what is closed already the
// driver's own ping, for which true asks, finds and replaces.
func (c *connections) prove(ctx context.Context, p stdlib.ShouldPingParams) bool {
	link := p.Conn.PgConn()
	if link.CustomData()[eraOf] != c.era.Load() {
		drop(ctx, p.Conn)
		return true
	}
	if p.IdleDuration < unprovenAfter {
		return false
	}
	asking, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	if err := link.Ping(asking); err == nil {
		return false
	}
	if ctx.Err() == nil {
		c.giveUp()
	}
	drop(ctx, p.Conn)
	return true
}

func drop(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	if err := conn.Close(ctx); err != nil {
		slog.DebugContext(ctx, "a connection to the database was given up", "err", err)
	}
}

// giveUp lets no connection be used again that was made before.
func (c *connections) giveUp() { c.era.Add(1) }

// doubt gives all connections up when an error tells that they may lead nowhere, or to a database that takes nothing any
// more.
func (c *connections) doubt(errs ...error) {
	for _, err := range errs {
		if err != nil && (IsAway(err) && !locked(err)) {
			c.giveUp()
			return
		}
	}
}

// same tells whether the database is still that of a timeline, which answers for what was written there. On another one
// the numbers of transactions were given anew.
func (c *connections) same(timeline *string) bool {
	now := c.timeline.Load()
	return now == timeline || now != nil && timeline != nil && *now == *timeline
}

// readOnly is PostgreSQL's code of a write to a database that takes none: a standby, or a primary that is none any more.
const readOnly = "25006"

// locked tells of a lock that somebody else held for too long: the database itself is well.
func locked(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "55P03"
}

// held tells that a whole group waited in vain for its turn among the nodes; a lock that one of its writes waited for is
// that one's affair.
func held(err error) bool {
	var own *ownFailure
	return locked(err) && !errors.As(err, &own)
}

// standing tells of a failure that is the database's and would be that of any other write, too: nobody need try.
func standing(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.Is(err, errStep)
}
