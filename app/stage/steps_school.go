//go:build linux

package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// outcomeReminds is done with the mouse on the card: a talk ends, the client is to be called back,
// and at the time the card of the reminder stands there.
func outcomeReminds(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "500ms"); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "1s"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "ended"); err != nil {
		return err
	}
	if err := t.press(ctx, "outcome-call_back"); err != nil {
		return err
	}
	if err := t.shot(ctx, "22-outcome"); err != nil {
		return err
	}
	if err := t.press(ctx, "at-0"); err != nil {
		return err
	}
	task, err := t.promised(ctx)
	if err != nil {
		return err
	}
	if wait := time.Until(*task.DueAt); wait < 50*time.Minute || wait > 70*time.Minute {
		return fmt.Errorf("«in an hour» is due in %v", wait)
	}
	page, err := t.api.Feed(ctx, client.FeedQuery{Type: "note", Limit: 1})
	if err != nil || len(page.Items) == 0 || page.Items[0].Outcome != "call_back" || page.Items[0].CallID != task.CallID {
		return fmt.Errorf("the feed does not tell the outcome: %+v, %w", page.Items, err)
	}
	if err := t.noCards(ctx); err != nil {
		return err
	}
	due := time.Now().Add(time.Second) // an hour is long
	if _, err := t.api.ChangeTask(ctx, task.ID, client.TaskChange{DueAt: &due}); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "reminder"); err != nil {
		return err
	}
	if err := t.Do(ctx, "page", "tasks"); err != nil {
		return err
	}
	if err := t.shot(ctx, "23-reminder"); err != nil {
		return err
	}
	if err := t.press(ctx, "done"); err != nil {
		return err
	}
	if err := t.noCards(ctx); err != nil {
		return err
	}
	return Until(ctx, "the task to be done", func() bool {
		open, err := t.api.Tasks(ctx)
		return err == nil && !slices.ContainsFunc(open, func(o client.Task) bool { return o.ID == task.ID })
	})
}

// promised is the newest open task of the known caller.
func (t *Tour) promised(ctx context.Context) (client.Task, error) {
	var found client.Task
	err := Until(ctx, "the reminder on the server", func() bool {
		open, err := t.api.Tasks(ctx)
		for _, task := range open {
			if err == nil && task.Phone == demo.KnownNumber && task.DueAt != nil && task.CallID != "" {
				found = task
				return true
			}
		}
		return false
	})
	return found, err
}

// missedIsTaken takes the caller whom an earlier step missed, takes that back, takes again and calls:
// the talk settles it.
func missedIsTaken(ctx context.Context, t *Tour) error {
	caller, err := t.missedCard(ctx)
	if err != nil {
		return err
	}
	state := func(want client.MissedState) func() bool {
		return func() bool {
			all, err := t.api.Missed(ctx, "", client.MissedWaiting, client.MissedTaken, client.MissedSettled)
			return err == nil && slices.ContainsFunc(all.Items, func(m client.MissedCaller) bool { return m.Phone == caller && m.State == want })
		}
	}
	if err := t.Do(ctx, "page", "missed"); err != nil {
		return err
	}
	if err := t.Do(ctx, "take", caller); err != nil {
		return err
	}
	if err := Until(ctx, "the caller to be taken", state(client.MissedTaken)); err != nil {
		return err
	}
	if err := t.shot(ctx, "21-missed-taken"); err != nil {
		return err
	}
	if err := Until(ctx, "the offer to take it back", func() bool { return t.Do(ctx, "undo") == nil }); err != nil {
		return err
	}
	if err := Until(ctx, "the caller to wait again", state(client.MissedWaiting)); err != nil {
		return err
	}
	before, err := t.Status(ctx)
	if err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "500ms"); err != nil {
		return err
	}
	if err := t.press(ctx, "call_back"); err != nil {
		return err
	}
	if err := Until(ctx, "the talk to settle it", state(client.MissedSettled)); err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the tray to count one less", func(s Status) bool { return s.Tray.Missed == before.Tray.Missed-1 })
	if err != nil {
		return err
	}
	if err := t.hangUpAll(ctx); err != nil {
		return err
	}
	over := func(s Status) bool {
		return !slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return c.State == "talking" })
	}
	if err := t.UntilStatus(ctx, "the talk to end on the screen", over); err != nil {
		return err
	}
	// The caller of the step before still has a card: a missed call stays until somebody acts.
	if err := t.pressOn(ctx, "missed", "close"); err != nil {
		return err
	}
	return t.noCards(ctx)
}

// missedCard is the number of the missed call whose card stands on the screen.
func (t *Tour) missedCard(ctx context.Context) (string, error) {
	s, err := t.Status(ctx)
	if err != nil {
		return "", err
	}
	for _, card := range s.Cards {
		if card.State != "missed" {
			continue
		}
		c, err := t.api.Call(ctx, card.CallID)
		return c.Phone, err
	}
	return "", errors.New("no card of a missed call stands there")
}

// hangUpAll ends what the steps have left.
func (t *Tour) hangUpAll(ctx context.Context) error { return hangUpAll(ctx, t.api) }

func hangUpAll(ctx context.Context, api *client.API) error {
	active, err := api.ActiveCalls(ctx)
	if err != nil {
		return err
	}
	for _, c := range active {
		if err := api.Hangup(ctx, c.ID); err != nil {
			return err
		}
	}
	return Until(ctx, "the calls to end", func() bool {
		active, err := api.ActiveCalls(ctx)
		return err == nil && len(active) == 0
	})
}

// importBinds brings in a table as a school's old program writes it, in the encoding of old Windows:
// the calls of an unknown number become those of its new contract.
func importBinds(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	const stranger = "+79165554321"
	if err := t.Call(ctx, stranger, "ivr-abandoned"); err != nil {
		return err
	}
	table := "Договор;ФИО;Телефон;Группа\r\n" +
		"Т-1001;Ермолаева Зоя Павловна;8 (916) 555-43-21;21\r\n" +
		"Т-1002;Ёлкин Пётр;8 916 555 43 22;21\r\n" +
		";Без номера;;\r\n"
	raw, err := charmap.Windows1251.NewEncoder().String(table)
	if err != nil {
		return err
	}
	path := filepath.Join(t.dir, "договоры.csv")
	if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
		return err
	}
	if err := t.Do(ctx, "page", "contracts"); err != nil {
		return err
	}
	if err := t.Do(ctx, "import", "contract", path); err != nil {
		return err
	}
	if err := Until(ctx, "the table to be read", func() bool { return t.Do(ctx, "import-run") == nil }); err != nil {
		return err
	}
	if err := t.shot(ctx, "26-import-columns"); err != nil {
		return err
	}
	if err := t.Do(ctx, "import-run", "dry"); err != nil {
		return err
	}
	if err := Until(ctx, "the trial to end", func() bool { return t.Do(ctx, "import-run") == nil }); err != nil {
		return err
	}
	if err := t.Move(ctx, 20, 700); err != nil {
		return err
	}
	if err := t.shot(ctx, "27-import-checked"); err != nil {
		return err
	}
	found, err := t.api.Contracts(ctx, "Ермолаева", "")
	if err != nil || len(found.Items) > 0 {
		return fmt.Errorf("the trial has changed something: %+v, %w", found.Items, err)
	}
	if err := Until(ctx, "the import to start", func() bool { return t.Do(ctx, "import-run", "now") == nil }); err != nil {
		return err
	}
	err = Until(ctx, "the stranger's call to be the new contract's", func() bool {
		page, err := t.api.Feed(ctx, client.FeedQuery{Phone: stranger, Limit: 5})
		return err == nil && slices.ContainsFunc(page.Items, func(e client.FeedEntry) bool {
			return e.CallID != "" && e.Subject != nil && strings.HasPrefix(e.Subject.Name, "Ермолаева")
		})
	})
	if err != nil {
		return err
	}
	if err := Until(ctx, "the import to end", func() bool { return t.Do(ctx, "import-run") == nil }); err != nil {
		return err
	}
	if err := t.shot(ctx, "28-imported"); err != nil {
		return err
	}
	if err := t.Do(ctx, "import-run", "close"); err != nil {
		return err
	}
	if err := t.Do(ctx, "page", "reports"); err != nil {
		return err
	}
	return t.shot(ctx, "29-reports")
}
