// Package outage notes how long the program was without a connection, and asks the server afterwards what came
// meanwhile. The model holds what it finds.
package outage

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// least is from how long on an outage is told of: a restart of the server takes less.
const least = time.Minute

// Watch follows the connection. All methods belong on Fyne's goroutine.
type Watch struct {
	host  ui.Base
	whose string    // server and employee whose connection was lost
	since time.Time // zero: it is not lost
}

// New watches for the program host.
func New(host ui.Base) *Watch { return &Watch{host: host} }

// Follow takes over what the session says of the connection.
func (w *Watch) Follow(state session.State) {
	whose := state.Server + "\n" + state.Me.ID
	switch state.Connection {
	case session.SignedOut:
		w.since = time.Time{}
	case session.Lost:
		if w.since.IsZero() || w.whose != whose {
			w.since, w.whose = state.Since, whose
		}
	case session.Live:
		from := w.since
		w.since = time.Time{}
		if !from.IsZero() && w.whose == whose && state.Since.Sub(from) > least {
			w.ask(model.Outage{From: from, To: state.Since})
		}
	}
}

// ask counts what came during an outage, and hands it to the model that is in use now.
func (w *Watch) ask(o model.Outage) {
	facts := w.host.Model()
	w.host.Work(func(ctx context.Context, api *client.API) error { return count(ctx, api, &o) }, func(err error) {
		if o.Counted = err == nil; err != nil {
			slog.Warn("what came during an outage is not known", "error", err)
		}
		model.Returned(facts, &o)
	})
}

// pagesMost bounds what is read of a long outage: 10,000 rows of the feed.
const pagesMost = 20

func count(ctx context.Context, api *client.API, o *model.Outage) error {
	q := client.FeedQuery{From: o.From.UTC().Format(time.RFC3339), To: o.To.UTC().Format(time.RFC3339), Limit: 500}
	for range pagesMost {
		page, err := api.Feed(ctx, q)
		if err != nil {
			return fmt.Errorf("reading the feed of an outage: %w", err)
		}
		for _, entry := range page.Items {
			switch entry.Type {
			case client.EntryCallMissed:
				o.Missed++
				o.Calls++
			case client.EntryCallIn:
				o.Calls++
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			break
		}
	}
	if o.Missed == 0 {
		return nil
	}
	return countWaiting(ctx, api, o)
}

func countWaiting(ctx context.Context, api *client.API, o *model.Outage) error {
	cursor := ""
	for range pagesMost {
		page, err := api.Missed(ctx, cursor)
		if err != nil {
			return fmt.Errorf("reading who waits for a call: %w", err)
		}
		for _, caller := range page.Items {
			if !caller.LastAt.Before(o.From) && !caller.FirstAt.After(o.To) {
				o.Waiting++
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	return nil
}
