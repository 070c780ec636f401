//go:build linux

package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// knownRings proves four things at once: the card is at the bottom right, it has the contract's
// name, the SIP phone shows it too, and the keys typed meanwhile all reach the window that had the focus.
func knownRings(ctx context.Context, t *Tour) error {
	if err := t.Phone(ctx, "101", "--answer", "12s"); err != nil {
		return err
	}
	if err := t.editor.Focus(ctx); err != nil {
		return err
	}
	var icon string
	if err := Until(ctx, "the tray icon on the bus", func() (ok bool) { icon, _, ok = t.Tray.Icon(); return ok }); err != nil {
		return err
	}
	const typed = "the quick brown fox jumps over the lazy dog while the telephone rings on and on"
	keys := make(chan error, 1)
	go func() { keys <- t.Type(ctx, typed, 25) }()
	if err := t.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "3s"); err != nil {
		return err
	}
	err := t.UntilStatus(ctx, "the card of the known caller", func(s Status) bool {
		return len(s.Cards) == 1 && s.Cards[0].State == "ringing" && strings.HasPrefix(s.Cards[0].Title, "Шангутов")
	})
	if err != nil {
		return err
	}
	if err := <-keys; err != nil {
		return err
	}
	err = Until(ctx, "every key in the editor", func() bool {
		got, _ := os.ReadFile(t.editor.File)
		return bytes.HasSuffix(got, []byte(typed))
	})
	if err != nil {
		got, _ := os.ReadFile(t.editor.File)
		return fmt.Errorf("%w: it got %q", err, got)
	}
	if ok, err := t.editor.HasFocus(ctx); err != nil || !ok {
		return fmt.Errorf("the editor lost the focus to the card (%v)", err)
	}
	s, err := t.Status(ctx)
	if err != nil {
		return err
	}
	if err := t.inCorner(s.Cards[0].Rect); err != nil {
		return err
	}
	if s.Tray.State != "ringing" {
		return fmt.Errorf("the tray says %q, want ringing", s.Tray.State)
	}
	err = Until(ctx, "another tray icon while it rings", func() bool {
		now, _, ok := t.Tray.Icon()
		return ok && now != icon
	})
	if err != nil {
		return err
	}
	t.call = s.Cards[0].CallID
	if err := t.shot(ctx, "01-known-rings"); err != nil {
		return err
	}
	return t.telephoneShows(ctx, "101", s.Cards[0].Title)
}

// inCorner wants the card 16 units from the right and lower edge of the work area, which is the
// whole screen: the stage has no panel.
func (s *Stage) inCorner(r Rect) error {
	const slack = 2
	workArea, edge := s.workArea(), 16*s.times()
	right := workArea.Width - (r.X + r.Width)
	bottom := workArea.Height - (r.Y + r.Height)
	if abs(right-edge) > slack || abs(bottom-edge) > slack {
		return fmt.Errorf("the card %+v is %d from the right and %d from the bottom, want %d", r, right, bottom, edge)
	}
	return nil
}

func abs(n int) int { return max(n, -n) }

func clickOpens(ctx context.Context, t *Tour) error {
	s, err := t.Status(ctx)
	if err != nil || len(s.Cards) != 1 {
		return fmt.Errorf("no card to click: %+v, %w", s.Cards, err)
	}
	c := s.Cards[0]
	if err := t.Click(ctx, c.X+c.Width/2, c.Y+50); err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the contract to be open and highlighted", func(s Status) bool {
		return s.Selected.Kind == "contract" && s.Selected.Read && s.Page == "contracts" && windowShown(s)
	})
	if err != nil {
		return err
	}
	if err := t.Move(ctx, 800, 20); err != nil {
		return err
	}
	return t.shot(ctx, "02-contract-open")
}

func windowShown(s Status) bool {
	for _, w := range s.Windows {
		if w.Visible {
			return true
		}
	}
	return false
}

func answeredEnds(ctx context.Context, t *Tour) error {
	err := t.UntilStatus(ctx, "the card to show the talk", func(s Status) bool {
		return len(s.Cards) == 1 && s.Cards[0].State == "talking" && s.Tray.State == "talking"
	})
	if err != nil {
		return err
	}
	if err := t.shot(ctx, "03-talking"); err != nil {
		return err
	}
	if _, err := t.api.NoteCall(ctx, t.call, client.CallNote{Text: "Просил перенести вождение на субботу"}); err != nil {
		return err
	}
	if err := t.Do(ctx, "page", "feed"); err != nil {
		return err
	}
	err = Until(ctx, "the call in the feed", func() bool {
		c, err := t.api.Call(ctx, t.call)
		return err == nil && c.State == client.StateEnded && c.Result == client.Answered && *c.TalkSeconds > 0
	})
	if err != nil {
		return err
	}
	page, err := t.api.Feed(ctx, client.FeedQuery{Type: "call_in", Limit: 5})
	if err != nil || len(page.Items) == 0 || page.Items[0].CallID != t.call {
		return fmt.Errorf("the call is not the newest in the feed: %+v, %w", page.Items, err)
	}
	return t.shot(ctx, "04-feed")
}

func recordingHeard(ctx context.Context, t *Tour) error {
	err := Until(ctx, "the recording to be ready", func() bool {
		c, err := t.api.Call(ctx, t.call)
		return err == nil && c.Recording != nil && c.Recording.Ready
	})
	if err != nil {
		return err
	}
	if err := t.Do(ctx, "play", t.call); err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the player to play", func(s Status) bool {
		return s.Player.State == "playing" && s.Player.Position > 0.5
	})
	if err != nil {
		return err
	}
	if t.cfg.NoSound {
		return nil
	}
	err = Until(ctx, "sound at the null sink's monitor", func() bool {
		rms, err := t.Loudness(ctx)
		return err == nil && rms > 0.001
	})
	if err != nil {
		return err
	}
	return t.shot(ctx, "05-player")
}

func unknownBecomesLead(ctx context.Context, t *Tour) error {
	if err := t.Call(ctx, demo.UnknownNumber, "ivr-abandoned"); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "8s"); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.UnknownNumber, "answered", "--to", "101", "--talk", "4s"); err != nil {
		return err
	}
	var call string
	err := t.UntilStatus(ctx, "the card of the unknown number", func(s Status) bool {
		for _, c := range s.Cards {
			if c.State == "ringing" && strings.Contains(c.Title, "914 555") {
				call = c.CallID
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	if err := t.shot(ctx, "06-unknown-rings"); err != nil {
		return err
	}
	if err := t.Do(ctx, "new-lead", call, "Смирнова Вера"); err != nil {
		return err
	}
	err = Until(ctx, "both calls of the number bound to the new lead", func() bool {
		page, err := t.api.Feed(ctx, client.FeedQuery{Phone: demo.UnknownNumber, Limit: 20})
		bound := 0
		for _, e := range page.Items {
			if e.CallID != "" && e.Subject != nil && e.Subject.Name == "Смирнова Вера" {
				bound++
			}
		}
		return err == nil && bound >= 2
	})
	if err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the lead's name on the card", func(s Status) bool {
		for _, c := range s.Cards {
			if c.CallID == call {
				return c.Title == "Смирнова Вера"
			}
		}
		return true // the talk is over and the card has gone
	})
	if err != nil {
		return err
	}
	return t.shot(ctx, "07-lead-made")
}

func severalOwners(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "5s"); err != nil {
		return err
	}
	if err := t.Call(ctx, demo.SharedNumber, "answered", "--to", "101", "--talk", "2s"); err != nil {
		return err
	}
	if err := t.UntilStatus(ctx, "the card with a choice", func(s Status) bool { return len(s.Cards) == 1 }); err != nil {
		return err
	}
	return t.shot(ctx, "08-several-owners")
}

// noCards waits until no call of ours is on the screen any more. Cards of calls that have ended are
// closed with the mouse: by themselves they stay for the note that is often written then.
func (c *School) noCards(ctx context.Context) error {
	clicked := map[string]bool{}
	return c.UntilStatus(ctx, "the cards to go", func(s Status) bool {
		for _, card := range s.Cards {
			if card.State == "ended" && !clicked[card.CallID] {
				clicked[card.CallID] = c.closeCard(ctx, card.Buttons) == nil
				return false // the next card moves where this one stood
			}
		}
		return len(s.Cards) == 0
	})
}

func (c *School) closeCard(ctx context.Context, buttons []Button) error {
	for _, b := range buttons {
		if b.Name == "close" {
			return errors.Join(c.Click(ctx, b.X, b.Y), c.Move(ctx, 800, 20))
		}
	}
	return errors.New("the card has no button to close it")
}

func clickToCall(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--answer", "3s"); err != nil {
		return err
	}
	if err := t.Dial(ctx, demo.KnownNumber); err != nil {
		return err
	}
	var call string
	seen := map[int]bool{}
	err := t.UntilStatus(ctx, "the card of the click-to-call", func(s Status) bool {
		if len(s.Cards) != 1 {
			return false
		}
		call = s.Cards[0].CallID
		return true
	})
	if err != nil {
		return err
	}
	if err := t.shot(ctx, "09-click-to-call-rings-you"); err != nil {
		return err
	}
	err = Until(ctx, "the steps 1, 2 and 3 of the click-to-call", func() bool {
		c, err := t.api.Call(ctx, call)
		if err == nil {
			seen[c.Step] = true
		}
		return seen[1] && seen[2] && seen[3]
	})
	if err != nil {
		return fmt.Errorf("%w; seen %v", err, seen)
	}
	if err := t.shot(ctx, "10-click-to-call-talking"); err != nil {
		return err
	}
	if err := t.api.Hangup(ctx, call); err != nil {
		return err
	}
	return Until(ctx, "the call to end by our hang-up", func() bool {
		c, err := t.api.Call(ctx, call)
		return err == nil && c.State == client.StateEnded && c.Direction == client.Out && c.Result == client.Answered
	})
}

func missedStays(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	before, err := t.Status(ctx)
	if err != nil {
		return err
	}
	if err := t.Phone(ctx, "101", "--no-answer"); err != nil {
		return err
	}
	caller, err := t.newCaller(ctx)
	if err != nil {
		return err
	}
	if err := t.Call(ctx, caller, "missed", "--to", "101", "--ring", "2s"); err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the missed call to stay and to count in the tray", func(s Status) bool {
		return len(s.Cards) == 1 && s.Cards[0].State == "missed" && s.Tray.Missed == before.Tray.Missed+1
	})
	if err != nil {
		return err
	}
	return t.shot(ctx, "18-missed")
}

// newCaller is the number of a contract that does not wait in the queue: the tray counts callers,
// so one who waits already would not show there.
func (t *Tour) newCaller(ctx context.Context) (string, error) {
	page, err := t.api.Missed(ctx, "")
	if err != nil {
		return "", fmt.Errorf("reading the queue: %w", err)
	}
	for n := 3; ; n++ {
		number := fmt.Sprintf("+7916000%04d", 1000+n)
		if !slices.ContainsFunc(page.Items, func(m client.MissedCaller) bool { return m.Phone == number }) {
			return number, nil
		}
	}
}

// serverComesBack kills the server as a crash would, lets a caller call meanwhile, and starts it
// again: the app says that it lost the connection, and then shows what it missed.
func serverComesBack(ctx context.Context, t *Tour) error {
	caller, err := t.newCaller(ctx)
	if err != nil {
		return err
	}
	t.KillServer()
	if err := t.UntilStatus(ctx, "the app to notice", func(s Status) bool { return s.Connection == "lost" }); err != nil {
		return err
	}
	if err := t.shot(ctx, "19-server-lost"); err != nil {
		return err
	}
	if err := t.Call(ctx, caller, "missed", "--to", "101", "--ring", "300ms"); err != nil {
		return err
	}
	before, err := t.Status(ctx)
	if err != nil {
		return err
	}
	if err := t.StartServer(ctx); err != nil {
		return err
	}
	err = t.UntilStatus(ctx, "the app to be live again with the missed call", func(s Status) bool {
		return s.Connection == "live" && s.Tray.Missed == before.Tray.Missed+1
	})
	if err != nil {
		return err
	}
	return t.shot(ctx, "20-server-back")
}

func everyPage(ctx context.Context, t *Tour) error {
	for _, language := range []string{"en", "ru"} {
		if err := t.Do(ctx, "language", language); err != nil {
			return err
		}
		for _, theme := range []string{"dark", "light"} {
			if err := t.Do(ctx, "theme", theme); err != nil {
				return err
			}
			for _, page := range []string{"feed", "missed", "tasks", "clients", "contracts", "colleagues", "settings"} {
				if err := t.Do(ctx, "page", page); err != nil {
					return err
				}
				if err := t.UntilStatus(ctx, "the page "+page, func(s Status) bool { return s.Page == page }); err != nil {
					return err
				}
				if err := t.shot(ctx, strings.Join([]string{"page", page, theme, language}, "-")); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
