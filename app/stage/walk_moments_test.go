//go:build linux

package stage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// moments are the nine moments of a call companion and the nine of an operator's day, in the order of a day.
var moments = []moment{
	{"morning page", "it is there; Tab to what mends its first line, Enter", false, walkMorning},
	{"a call comes in", "nothing: the card stands there", false, walkRings},
	{"one click opens the card", "a click on the card", false, walkOpens},
	{"during the call: a note", "a click into its line, the words, Enter", false, walkNote},
	{"a second number by ear", "typed into the note, Tab, Enter", false, walkHeard},
	{"the course of a call", "a click on its duration", false, walkCourse},
	{"during the call: hand it over", "the page of colleagues, Tab, Enter", false, walkHandsOver},
	{"inbound routing", "nothing: the name stands on the responsible one's telephone", false, walkRouted},
	{"click-to-call", "Ctrl+K, digits of the number, Enter; hang up by a click", false, walkDials},
	{"an unknown caller becomes a lead", "«Новый клиент» on the card, the name, Enter", false, walkLead},
	{"binding", "nothing: the earlier call is bound as well", false, walkBound},
	{"the feed", "its page, /, digits, Enter on the row found", false, walkFeed},
	{"a recording", "the row, Enter, Space", false, walkRecording},
	{"a flag in it", "F, a word, Enter", false, walkFlag},
	{"quiet strip during another talk", "nothing; the pointer on it opens the card", false, walkStrip},
	{"help", "F1", false, walkHelp},
	{"practice calls", "the sign at the head of the rail, its second item", false, walkPractice},
	{"setting up: does it work", "the settings, Tab to «Проверить», Enter", false, walkChecks},
	{"after an outage", "nothing: two lines stand there", true, walkOutage},
}

func walkMorning(ctx context.Context, w *walk) error {
	if err := w.Phone(ctx, "101", "--answer", "1s"); err != nil {
		return err
	}
	if err := w.startDay(ctx); err != nil {
		return err
	}
	var mains string
	err := w.UntilStatus(ctx, "the page of the morning", func(s Status) bool {
		if len(s.Windows) > 0 {
			mains = s.Windows[0].Name
		}
		return s.Page == "morning" && windowShown(s) && inMain(s)
	})
	if err != nil {
		return fmt.Errorf("%w (%s)", err, mains)
	}
	if err := w.shot(ctx, "walk-morning"); err != nil {
		return err
	}
	w.begin()
	if err := errors.Join(w.tabTo(ctx, "Перезвонить"), w.key(ctx, "Return")); err != nil {
		return err
	}
	err = w.UntilStatus(ctx, "a call to the first who waits", func(s Status) bool {
		return slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return c.State == "dialling" || c.State == "talking" })
	})
	w.done()
	return errors.Join(err, w.clear(ctx))
}

func walkRings(ctx context.Context, w *walk) error {
	if err := errors.Join(w.Phone(ctx, "101", "--answer", "8s"), w.editor.Focus(ctx)); err != nil {
		return err
	}
	w.begin()
	card, err := w.rings(ctx, demo.KnownNumber, "direct", "--to", "101", "--talk", "120s")
	w.done()
	w.talk = card.CallID
	return err
}

func walkOpens(ctx context.Context, w *walk) error {
	s, err := w.Status(ctx)
	if err != nil || len(s.Cards) == 0 {
		return fmt.Errorf("no card stands there: %w", err)
	}
	c := s.Cards[0]
	w.begin()
	if err := w.clicked(ctx, c.X+c.Width/2, c.Y+50); err != nil {
		return err
	}
	err = w.UntilStatus(ctx, "the contract", func(s Status) bool { return s.Selected.Kind == "contract" && s.Selected.Read && windowShown(s) })
	w.done()
	return err
}

func walkNote(ctx context.Context, w *walk) error {
	const words = "perenesti na subbotu"
	if err := w.untilCard(ctx, "talking"); err != nil {
		return err
	}
	w.begin()
	if err := errors.Join(w.intoNote(ctx), w.writes(ctx, words), w.key(ctx, "Return")); err != nil {
		return err
	}
	err := w.untilNote(ctx, words)
	w.done()
	return err
}

// intoNote clicks into the note of the talk, and waits until the keyboard is there.
func (w *walk) intoNote(ctx context.Context) error {
	if err := w.tap(ctx, "talking", "write"); err != nil {
		return err
	}
	return w.UntilStatus(ctx, "the keyboard to leave the main window", func(s Status) bool { return !inMain(s) })
}

// untilNote waits for a note in the feed.
func (w *walk) untilNote(ctx context.Context, words string) error {
	return Until(ctx, "the note in the feed", func() bool {
		page, err := w.api.Feed(ctx, client.FeedQuery{Type: string(client.EntryNote), Limit: 3})
		return err == nil && slices.ContainsFunc(page.Items, func(e client.FeedEntry) bool { return e.Description == words })
	})
}

func walkHeard(ctx context.Context, w *walk) error {
	const typed, number = "wife 8-914-555-77-33", "+79145557733"
	w.begin()
	if err := errors.Join(w.intoNote(ctx), w.writes(ctx, typed), w.untilButton(ctx, "heard_add"), w.key(ctx, "Tab", "Return")); err != nil {
		return err
	}
	err := Until(ctx, "the number on the contract", func() bool {
		matches, err := w.api.Lookup(ctx, number)
		return err == nil && slices.ContainsFunc(matches, func(s client.Subject) bool { return s.Kind == client.KindContract })
	})
	w.done()
	if err != nil {
		return err
	}
	return errors.Join(w.key(ctx, "Return"), w.untilNote(ctx, typed))
}

func walkCourse(ctx context.Context, w *walk) error {
	w.begin()
	if err := w.tap(ctx, "talking", "course"); err != nil {
		return err
	}
	err := w.UntilStatus(ctx, "the course of the call", func(s Status) bool { return s.Course == w.talk })
	w.done()
	if err != nil {
		return err
	}
	if err := errors.Join(w.shot(ctx, "walk-course"), w.key(ctx, "Escape")); err != nil {
		return err
	}
	return w.UntilStatus(ctx, "the course to go", func(s Status) bool { return s.Course == "" })
}

func walkHandsOver(ctx context.Context, w *walk) error {
	if err := w.Phone(ctx, "102", "--answer", "1s"); err != nil {
		return err
	}
	w.begin()
	if err := w.key(ctx, "ctrl+"+placeOfDigit(6)); err != nil {
		return err
	}
	if err := w.UntilStatus(ctx, "the colleagues", func(s Status) bool { return s.Page == "colleagues" }); err != nil {
		return err
	}
	if err := errors.Join(w.tabTo(ctx, "Перевести"), w.key(ctx, "Return")); err != nil {
		return err
	}
	var last client.Call
	err := Until(ctx, "a colleague to have the call, or to be asked", func() bool {
		now, err := w.api.Call(ctx, w.talk)
		if err == nil {
			last = now
		}
		return last.Consulting != nil || last.Employee != nil && last.Employee.ID != w.me.ID || last.State == client.StateEnded
	})
	w.done()
	return errors.Join(err, w.clear(ctx))
}

func walkRouted(ctx context.Context, w *walk) error {
	if err := errors.Join(w.Phone(ctx, "101", "--answer", "3s"), w.forward(ctx, true)); err != nil {
		return err
	}
	w.begin()
	card, err := w.rings(ctx, demo.KnownNumber, "answered", "--to", "102", "--talk", "30s")
	if err == nil {
		err = w.telephoneShows(ctx, "101", card.Title)
	}
	w.done()
	return errors.Join(err, w.forward(ctx, false), w.clear(ctx))
}

func walkDials(ctx context.Context, w *walk) error {
	if err := errors.Join(w.Phone(ctx, "101", "--answer", "1s"), w.inFront(ctx)); err != nil {
		return err
	}
	w.begin()
	if err := errors.Join(w.key(ctx, "ctrl+"+placeK), w.writes(ctx, strings.TrimPrefix(demo.KnownNumber, "+7")[:6])); err != nil {
		return err
	}
	err := w.UntilStatus(ctx, "the call", func(s Status) bool {
		if len(s.Cards) == 0 {
			_ = w.key(ctx, "Return") // what was typed is looked up meanwhile
			return false
		}
		return true
	})
	w.done()
	if err != nil {
		return err
	}
	if err := w.untilCard(ctx, "talking"); err != nil {
		return err
	}
	return errors.Join(w.tap(ctx, "talking", "hangup"), w.clear(ctx))
}

// inFront brings the main window to the front, as a click on the tray's icon does.
func (w *walk) inFront(ctx context.Context) error {
	if err := w.Do(ctx, "show"); err != nil {
		return err
	}
	return w.UntilStatus(ctx, "the main window", inMain)
}

func walkLead(ctx context.Context, w *walk) error {
	w.lead = demo.UnknownNumber
	if err := errors.Join(w.Call(ctx, w.lead, "ivr-abandoned"), w.Phone(ctx, "101", "--answer", "4s")); err != nil {
		return err
	}
	if _, err := w.rings(ctx, w.lead, "answered", "--to", "101", "--talk", "90s"); err != nil {
		return err
	}
	w.begin()
	if err := w.tap(ctx, "ringing", "new_lead"); err != nil {
		return err
	}
	if err := w.UntilStatus(ctx, "the form", func(s Status) bool { return inMain(s) && strings.HasPrefix(s.Focus, "field") }); err != nil {
		return err
	}
	if err := errors.Join(w.writes(ctx, "Smirnova Vera"), w.key(ctx, "Return")); err != nil {
		return err
	}
	err := w.UntilStatus(ctx, "the lead's name on the card", func(s Status) bool {
		return slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return c.Title == "Smirnova Vera" })
	})
	w.done()
	return err
}

func walkBound(ctx context.Context, w *walk) error {
	w.begin()
	err := Until(ctx, "both calls to be the lead's", func() bool {
		page, err := w.api.Feed(ctx, client.FeedQuery{Phone: w.lead, Limit: 20})
		bound := 0
		for _, e := range page.Items {
			if e.CallID != "" && e.Subject != nil && e.Subject.Name == "Smirnova Vera" {
				bound++
			}
		}
		return err == nil && bound >= 1 && !slices.ContainsFunc(page.Items, func(e client.FeedEntry) bool { return e.CallID != "" && e.Subject == nil })
	})
	w.done()
	return errors.Join(err, w.clear(ctx))
}

func walkFeed(ctx context.Context, w *walk) error {
	if err := w.inFront(ctx); err != nil {
		return err
	}
	w.begin()
	if err := w.key(ctx, "ctrl+"+placeOfDigit(1), placeSlash); err != nil {
		return err
	}
	if err := w.UntilStatus(ctx, "the search", func(s Status) bool { return s.Page == "feed" && strings.HasPrefix(s.Focus, "field") }); err != nil {
		return err
	}
	if err := errors.Join(w.writes(ctx, strings.TrimPrefix(w.lead, "+7")), w.key(ctx, "Escape")); err != nil {
		return err
	}
	err := w.UntilStatus(ctx, "the caller's card", func(s Status) bool {
		if s.Page != "feed" && s.Selected.Kind == "client" {
			return true
		}
		if s.Page == "feed" {
			_ = w.key(ctx, "Home", "ctrl+Return") // the list follows a moment later
		}
		return false
	})
	w.done()
	return err
}

func walkRecording(ctx context.Context, w *walk) error {
	// The search of the moment before is forgotten, as it is in the morning.
	if err := errors.Join(w.inFront(ctx), w.key(ctx, "ctrl+"+placeOfDigit(1), placeSlash, "ctrl+a", "BackSpace", "Escape")); err != nil {
		return err
	}
	at := -1
	err := Until(ctx, "a recording in the feed and in its list", func() bool {
		page, err := w.api.Feed(ctx, client.FeedQuery{Limit: 30})
		at = slices.IndexFunc(page.Items, func(e client.FeedEntry) bool { return e.Recording != nil && e.Recording.Ready })
		return err == nil && at >= 0 && w.Do(ctx, "expand", page.Items[at].CallID) == nil
	})
	if err != nil {
		return err
	}
	toRow := append([]string{"Home"}, slices.Repeat([]string{"Down"}, at)...)
	if err := w.key(ctx, append(toRow, "Return")...); err != nil { // closes what only told that the list is whole
		return err
	}
	w.begin()
	if err := w.key(ctx, append(toRow, "Return", "space")...); err != nil {
		return err
	}
	err = w.UntilStatus(ctx, "the recording to play", func(s Status) bool { return s.Player.State == "playing" && s.Player.Position > 0 })
	w.done()
	return err
}

func walkFlag(ctx context.Context, w *walk) error {
	w.begin()
	if err := w.key(ctx, placeF); err != nil {
		return err
	}
	if err := w.UntilStatus(ctx, "the flag's line", func(s Status) bool { return strings.HasPrefix(s.Focus, "field") }); err != nil {
		return err
	}
	if err := errors.Join(w.writes(ctx, "cena"), w.key(ctx, "Return")); err != nil {
		return err
	}
	err := Until(ctx, "the flag in the feed", func() bool {
		page, err := w.api.Feed(ctx, client.FeedQuery{Limit: 30})
		return err == nil && slices.ContainsFunc(page.Items, func(e client.FeedEntry) bool {
			return slices.ContainsFunc(e.Flags, func(f client.Flag) bool { return f.Word == "cena" })
		})
	})
	w.done()
	return err
}

func walkStrip(ctx context.Context, w *walk) error {
	if err := errors.Join(w.Do(ctx, "other-talk", "strip"), w.Phone(ctx, "101", "--answer", "1s")); err != nil {
		return err
	}
	if _, err := w.rings(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "90s"); err != nil {
		return err
	}
	if err := errors.Join(w.untilCard(ctx, "talking"), w.Phone(ctx, "101", "--answer", "40s"), w.Move(ctx, 300, 300)); err != nil {
		return err
	}
	w.begin()
	if err := w.Call(ctx, "+79160001003", "direct", "--to", "101"); err != nil {
		return err
	}
	var strip CardStatus
	err := w.UntilStatus(ctx, "the strip beside the talk", func(s Status) bool {
		for _, c := range s.Cards {
			if c.Form == "strip" {
				strip = c
				return true
			}
		}
		return false
	})
	w.done()
	if err != nil {
		return err
	}
	if err := errors.Join(w.shot(ctx, "walk-strip"), w.Move(ctx, strip.X+40, strip.Y+strip.Height/2)); err != nil {
		return err
	}
	err = w.UntilStatus(ctx, "the card under the pointer", func(s Status) bool {
		return slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return c.State == "ringing" && c.Form == "" })
	})
	return errors.Join(err, w.Do(ctx, "other-talk", "card"), w.Move(ctx, 300, 300), w.clear(ctx))
}

func walkHelp(ctx context.Context, w *walk) error {
	if err := w.inFront(ctx); err != nil {
		return err
	}
	w.begin()
	if err := w.key(ctx, "F1"); err != nil {
		return err
	}
	err := Until(ctx, "the help", func() bool { return w.helpShown(ctx) })
	w.done()
	if err != nil {
		return err
	}
	if err := errors.Join(w.shot(ctx, "walk-help"), w.key(ctx, "Escape")); err != nil {
		return err
	}
	return Until(ctx, "the help to go", func() bool { return !w.helpShown(ctx) })
}

// Where the sign at the head of the rail is, and its second item, in the main window.
const (
	signX, signY = 184, 30
	itemX, itemY = 200, 88
)

func walkPractice(ctx context.Context, w *walk) error {
	if err := w.inFront(ctx); err != nil {
		return err
	}
	s, err := w.Status(ctx)
	if err != nil {
		return err
	}
	at := s.Windows[0]
	w.begin()
	if err := errors.Join(w.clicked(ctx, at.X+signX, at.Y+signY), w.UntilStatus(ctx, "the menu", func(s Status) bool { return s.Focus == "popupmenu" }),
		w.clicked(ctx, at.X+itemX, at.Y+itemY)); err != nil {
		return err
	}
	err = w.UntilStatus(ctx, "the first call of the practice", func(s Status) bool {
		return s.Practice != "" && slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return strings.HasPrefix(c.Title, "Учебный") })
	})
	w.done()
	if err != nil {
		return err
	}
	if err := errors.Join(w.shot(ctx, "walk-practice"), w.Do(ctx, "practice", "end")); err != nil {
		return err
	}
	return w.UntilStatus(ctx, "the school", func(s Status) bool { return s.Practice == "" && s.Connection == "live" })
}

func walkChecks(ctx context.Context, w *walk) error {
	if err := errors.Join(w.SignIn(ctx, accountant), w.untilConnection(ctx, "live"), w.inFront(ctx)); err != nil {
		return err
	}
	w.begin()
	if err := w.key(ctx, "ctrl+"+placeOfDigit(8)); err != nil {
		return err
	}
	if err := w.UntilStatus(ctx, "the settings", func(s Status) bool { return s.Page == "settings" }); err != nil {
		return err
	}
	if err := errors.Join(w.tabTo(ctx, "Проверить"), w.key(ctx, "Return")); err != nil {
		return err
	}
	err := w.UntilStatus(ctx, "the check's rows, and none that failed", func(s Status) bool {
		return len(s.Settings.Checks) > 3 && !slices.ContainsFunc(s.Settings.Checks, failed)
	})
	w.done()
	return err
}

// outageLeast is how long an outage is told of.
const outageLeast = time.Minute

func walkOutage(ctx context.Context, w *walk) error {
	w.KillServer()
	if err := w.UntilStatus(ctx, "the app to notice", func(s Status) bool { return s.Connection == "lost" }); err != nil {
		return err
	}
	over := time.Now().Add(outageLeast + 3*time.Second)
	if err := w.Call(ctx, "+79160001009", "missed", "--to", "101", "--ring", "300ms"); err != nil {
		return err
	}
	if err := Until(ctx, "a minute to pass", func() bool { return time.Now().After(over) }); err != nil {
		return err
	}
	if err := w.StartServer(ctx); err != nil {
		return err
	}
	w.begin()
	err := w.UntilStatus(ctx, "what was missed", func(s Status) bool {
		return s.Connection == "live" && slices.ContainsFunc(s.Cards, func(c CardStatus) bool { return c.State == "outage" })
	})
	w.done()
	return err
}
