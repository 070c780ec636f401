package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// listenAgain is the pause before a lost LISTEN connection is made again; meanwhile the
// journal is polled anyway.
const listenAgain = 2 * time.Second

// silenceProven is after how long without a notification the connection is asked whether it lives: one to a machine that
// is gone says nothing for ever.
const silenceProven = 10 * time.Second

// Listen wakes when another node has committed. On SQLite there are no other nodes: the
// channel then never speaks.
func (s *Store) Listen(ctx context.Context) <-chan struct{} {
	wake := make(chan struct{}, 1)
	if !s.dialect.postgres {
		return wake
	}
	go func() {
		for ctx.Err() == nil {
			if err := s.listenOnce(ctx, wake); err != nil && ctx.Err() == nil {
				slog.Warn("notifications lost, polling meanwhile", "err", err)
				select {
				case <-ctx.Done():
				case <-time.After(listenAgain):
				}
			}
		}
	}()
	return wake
}

func (s *Store) listenOnce(ctx context.Context, wake chan<- struct{}) error {
	conn, err := s.readDB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		c := driver.(*stdlib.Conn).Conn()
		return waitForNotifications(ctx, c, s.channel(), wake)
	})
}

func waitForNotifications(ctx context.Context, c *pgx.Conn, channel string, wake chan<- struct{}) error {
	if _, err := c.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	for {
		switch came, err := notified(ctx, c); {
		case err != nil:
			return fmt.Errorf("waiting for a notification: %w", err)
		case !came:
			continue
		}
		select {
		case wake <- struct{}{}:
		default: // a wake-up is waiting already
		}
	}
}

// notified waits for a notification, and when none comes asks the connection whether it lives.
func notified(ctx context.Context, c *pgx.Conn) (came bool, err error) {
	waiting, cancel := context.WithTimeout(ctx, silenceProven)
	defer cancel()
	_, err = c.WaitForNotification(waiting)
	if err == nil || ctx.Err() != nil || waiting.Err() == nil {
		return err == nil, err
	}
	asking, stop := context.WithTimeout(ctx, pingLimit)
	defer stop()
	return false, c.Ping(asking)
}
