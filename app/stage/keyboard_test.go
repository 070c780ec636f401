//go:build linux

package stage

import (
	"context"
	"slices"
	"testing"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// TestApp_isUsedByKeyboardAlone: from the ring to the card, the note and the next call; then search, rows, card and
// the page of all keys in a Russian layout. The pointer is never used.
func TestApp_isUsedByKeyboardAlone(t *testing.T) {
	ctx, c := openSignedIn(t, quiet)
	api, err := c.API(ctx)
	must(t, err)
	h := &hands{t: t, ctx: ctx, c: c, api: api}
	h.editor, err = c.OpenEditor(ctx)
	must(t, err)
	h.layout("us")
	first := h.takesACall(demo.KnownNumber, "perenesti na subbotu", func() { h.press("ctrl+alt+s") })
	second := h.takesACall("+79160001003", "perezvonit vecherom", func() { // what a desktop's own settings bind
		_, err := c.Output(ctx, c.bin("dozvon"), "card")
		must(t, err)
	})
	if first == second {
		t.Errorf("both calls opened contract %s", first)
	}
	h.layout("ru")
	h.goesThroughThePages()
}

// hands are a person without a mouse.
type hands struct {
	t      *testing.T
	ctx    context.Context
	c      *School
	api    *client.API
	editor *Editor
}

// press presses keys one after another, each with what is held: signs, or the numbers of places on the keyboard,
// for what the layout has elsewhere.
func (h *hands) press(keys ...string) {
	h.t.Helper()
	_, err := h.c.Output(h.ctx, "xdotool", append([]string{"key", "--delay", "60"}, keys...)...)
	must(h.t, err)
}

func (h *hands) layout(name string) {
	h.t.Helper()
	_, err := h.c.Output(h.ctx, "setxkbmap", name)
	must(h.t, err)
}

func (h *hands) until(what string, ok func(Status) bool) {
	h.t.Helper()
	must(h.t, h.c.UntilStatus(h.ctx, what, ok))
}

func (h *hands) shot(name string) {
	h.t.Helper()
	_, err := h.c.Shot(h.ctx, name)
	must(h.t, err)
}

// takesACall opens the card of a caller while it rings, writes a note once it is answered, and puts the card away.
// It tells which contract was opened.
func (h *hands) takesACall(from, note string, toCard func()) string {
	h.t.Helper()
	must(h.t, h.c.Phone(h.ctx, "101", "--answer", "15s"))
	must(h.t, h.editor.Focus(h.ctx))
	must(h.t, h.c.Call(h.ctx, from, "answered", "--to", "101", "--talk", "10m"))
	h.until("the ringing card", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State == "ringing" })
	if has, err := h.editor.HasFocus(h.ctx); err != nil || !has {
		h.t.Fatalf("the card took the keyboard by itself (%v)", err)
	}
	toCard()
	must(h.t, Until(h.ctx, "the card to have the keyboard", func() bool {
		has, err := h.editor.HasFocus(h.ctx)
		return err == nil && !has
	}))
	h.shot("keyboard-1-ringing-" + note[:3])
	h.press("Return")
	var opened string
	h.until("the caller's contract", func(s Status) bool {
		opened = s.Selected.ID
		return s.Selected.Kind == "contract" && s.Selected.Read && s.Page == "contracts" && inMain(s)
	})

	h.until("the talk", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State != "ringing" })
	toCard()
	h.until("the card to have the keyboard", func(s Status) bool { return !inMain(s) })
	must(h.t, h.c.Type(h.ctx, note, 30))
	h.shot("keyboard-2-note-" + note[:3])
	h.press("Return")
	h.until("the keyboard back in the main window", inMain)
	must(h.t, Until(h.ctx, "the note in the feed", func() bool {
		page, err := h.api.Feed(h.ctx, client.FeedQuery{Type: string(client.EntryNote), Limit: 3})
		return err == nil && slices.ContainsFunc(page.Items, func(e client.FeedEntry) bool {
			return e.Description == note && e.Subject != nil && e.Subject.ID == opened
		})
	}))

	must(h.t, hangUpAll(h.ctx, h.api))
	h.until("the end of the call", func(s Status) bool { return len(s.Cards) == 0 || s.Cards[0].State == "ended" })
	toCard() // without a card it would be the main window's
	h.until("an answer to the keys", func(s Status) bool { return len(s.Cards) == 0 || !inMain(s) })
	h.press("Escape")
	h.until("the card to go", func(s Status) bool { return len(s.Cards) == 0 })
	return opened
}

// place7 is where a Russian layout has the question mark.
const place7 = "16"

// petrova is a name as a Russian keyboard has its letters.
var petrova = []string{"42", "28", "57", "43", "44", "40", "41"}

func (h *hands) goesThroughThePages() {
	h.t.Helper()
	page, err := h.api.Contracts(h.ctx, "Петрова", "")
	must(h.t, err)
	if len(page.Items) == 0 {
		h.t.Fatal("there is no contract of Petrova")
	}
	h.press("ctrl+" + placeOfDigit(5))
	h.until("the contracts", func(s Status) bool { return s.Page == "contracts" && inMain(s) })
	h.press("Escape") // the card of the last call
	h.until("no card", func(s Status) bool { return s.Selected.ID == "" })
	h.press(append([]string{placeSlash}, petrova...)...)
	h.press("Escape")
	h.until("the row that was searched", func(s Status) bool {
		if s.Selected.ID == page.Items[0].ID {
			return s.Selected.Read
		}
		h.press("Home", "Return") // the list follows a moment later
		return false
	})
	h.shot("keyboard-3-found")

	feed, err := h.api.Feed(h.ctx, client.FeedQuery{Limit: 9})
	must(h.t, err)
	want := slices.IndexFunc(feed.Items, func(e client.FeedEntry) bool { return e.Subject != nil && e.Subject.ID != page.Items[0].ID })
	if want < 0 {
		h.t.Fatal("no entry of the feed is anybody's")
	}
	h.press("ctrl+" + placeOfDigit(1))
	h.until("the feed", func(s Status) bool { return s.Page == "feed" })
	h.press("Home")
	for range want {
		h.press("Down")
	}
	h.press("Return") // expanded, it can be closed again
	h.shot("keyboard-4-row")
	h.press("Return", "ctrl+Return")
	h.until("the card of the row", func(s Status) bool {
		return s.Selected.ID == feed.Items[want].Subject.ID && s.Page != "feed"
	})

	for _, question := range []string{"shift+" + placeSlash, "shift+" + place7} {
		h.press(question)
		h.until("the page of all keys", func(s Status) bool { return s.Keys })
		h.press("ctrl+" + placeOfDigit(2)) // is for what lies under it
		h.shot("keyboard-5-keys")
		if s, err := h.c.Status(h.ctx); err != nil || s.Page == "missed" {
			h.t.Errorf("under the page of all keys the key of another page was heard (%v)", err)
		}
		h.press("Escape")
		h.until("the page of all keys to go", func(s Status) bool { return !s.Keys })
	}
	h.press("ctrl+" + placeOfDigit(2))
	h.until("the missed calls", func(s Status) bool { return s.Page == "missed" })

	_, err = h.c.Output(h.ctx, h.c.bin("dozvon"), "quit")
	must(h.t, err)
	must(h.t, Until(h.ctx, "the app to end", func() bool { return !h.c.AppRuns() }))
	must(h.t, h.c.startAppBy(h.ctx, "live"))
	h.until("the page that was in front", func(s Status) bool { return s.Page == "missed" && windowShown(s) })
}
