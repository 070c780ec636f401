// Package noting carries what is noted on calls to the server. A note that the server does not have yet is kept, shown
// as under way, and sent again until the server has taken or refused it; a repeat makes no second note.
package noting

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// Note is what an operator has noted on a call: words, what it came to, when to call back.
type Note struct {
	ID      string     `json:"id"`
	Call    string     `json:"call"`
	Text    string     `json:"text,omitempty"`
	Outcome string     `json:"outcome,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	// Unfinished was still being typed when the program ended, and nobody sees it any more.
	Unfinished bool `json:"unfinished,omitempty"`
}

// Host is what a box asks of the program. All methods belong on Fyne's goroutine, but what Keep returns.
type Host interface {
	ui.Base
	// Keep is what writes all that is unsaved, as it stands now, to the disk; it may take its time.
	Keep() func()
	// TellOn tells on the card of a call, or where there is none in the main window.
	TellOn(callID, words string, tone theme.Tone)
	// GiveBack puts words into the note field of a call's card again; false: there is no such card.
	GiveBack(callID, words string) bool
}

// retryAfter is how long a note waits that the server could not take.
const retryAfter = 15 * time.Second

// Box holds the notes of one signed-in employee that the server does not have yet, oldest first. All methods belong on
// Fyne's goroutine; a box without a host holds nothing.
type Box struct {
	host   Host
	notes  []*waiting
	busy   bool // one is on its way
	closed bool
}

type waiting struct {
	Note
	tried time.Time // when the server could not take it; zero: not tried
}

// New is a box with what an earlier start has left.
func New(host Host, left []Note) *Box {
	b := &Box{host: host}
	for _, n := range left {
		b.notes = append(b.notes, &waiting{Note: n})
	}
	return b
}

// Unfinished are the notes that were being typed on cards when the program ended, by the call. What is longer than one
// note becomes several; the same words always get the same ids, so that they are written once.
func Unfinished(typed map[string]string) (out []Note) {
	for _, call := range slices.Sorted(maps.Keys(typed)) {
		words := typed[call]
		for part := range slices.Chunk([]rune(words), limits.Of[client.CallNote]("text")) {
			text := string(part)
			id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(call+"\n"+text)).String()
			out = append(out, Note{ID: id, Call: call, Text: text, Unfinished: true})
		}
	}
	return out
}

// Send takes a note, and sends it.
func (b *Box) Send(n Note) {
	if b.host == nil {
		return
	}
	n.ID = uuid.NewString()
	b.notes = append(b.notes, &waiting{Note: n})
	b.Tick()
}

// Pending are the notes that the server does not have.
func (b *Box) Pending() []Note {
	var out []Note
	for _, w := range b.notes {
		out = append(out, w.Note)
	}
	return out
}

// UnderWay is what of a call's notes the server does not have, for its card.
func (b *Box) UnderWay(callID string) []popup.UnderWay {
	var out []popup.UnderWay
	for _, w := range b.notes {
		if w.Call == callID {
			out = append(out, popup.UnderWay{Words: b.words(w.Note), Waits: !w.tried.IsZero()})
		}
	}
	return out
}

func (b *Box) words(n Note) string {
	if n.Outcome == "" {
		return n.Text
	}
	outcome := b.host.Text().T("outcome." + n.Outcome)
	if n.Text == "" {
		return outcome
	}
	return outcome + ": " + n.Text
}

// Connected sends at once what has waited for the server.
func (b *Box) Connected() {
	for _, w := range b.notes {
		if !w.tried.IsZero() {
			w.tried = w.tried.Add(-retryAfter)
		}
	}
	b.Tick()
}

// Close sends nothing any more: somebody else is signed in.
func (b *Box) Close() { b.closed = true }

// Tick sends the first note whose time has come, and after it the next one.
func (b *Box) Tick() {
	if b.busy || b.closed || len(b.notes) == 0 {
		return
	}
	now := b.host.Now()
	for _, w := range b.notes {
		if w.tried.IsZero() || !now.Before(w.tried.Add(retryAfter)) {
			b.send(w)
			return
		}
	}
}

func (b *Box) send(w *waiting) {
	b.busy = true
	keep := b.host.Keep()
	in := client.CallNote{NoteID: w.ID, Text: w.Text, Outcome: w.Outcome, CallBackAt: w.At}
	b.host.Work(func(ctx context.Context, api *client.API) error {
		keep() // the program may end before the answer comes
		_, err := api.NoteCall(ctx, w.Call, in)
		if client.RefusesField(err, "note_id") { // one of before 0.7.0, which has written nothing
			in.NoteID = ""
			_, err = api.NoteCall(ctx, w.Call, in)
		}
		return err
	}, func(err error) {
		b.busy = false
		if b.closed {
			return
		}
		b.answered(w, err)
		b.Tick()
	})
}

// answered follows the server's answer.
func (b *Box) answered(w *waiting, err error) {
	text := b.host.Text()
	switch {
	case err == nil:
		b.drop(w)
		words := text.T("card.note_saved")
		if w.Outcome != "" {
			words = text.T("outcome.saved", "words", text.T("outcome."+w.Outcome))
		}
		if w.Unfinished {
			words = text.T("drafts.note_saved", "words", w.Text)
		}
		b.host.TellOn(w.Call, words, theme.ToneRing)
	case final(err):
		b.drop(w)
		words := ui.Explain(err, text)
		if w.Text != "" && !b.host.GiveBack(w.Call, w.Text) {
			words += " " + text.T("drafts.note_refused", "words", w.Text)
		}
		b.host.TellOn(w.Call, words, theme.ToneMiss)
	default:
		first := w.tried.IsZero()
		// One that is behind it would wait for as long: it is tried when this one is.
		for _, other := range b.notes {
			if other.tried.IsZero() || other == w {
				other.tried = b.host.Now()
			}
		}
		slog.Warn("note not taken by the server yet", "error", err)
		if first {
			b.host.TellOn(w.Call, b.why(err), theme.ToneHold)
		}
	}
}

func (b *Box) drop(w *waiting) {
	b.notes = slices.DeleteFunc(b.notes, func(other *waiting) bool { return other == w })
}

// why says that a note waits, and for what.
func (b *Box) why(err error) string {
	var problem *client.Problem
	if errors.As(err, &problem) {
		return ui.Explain(err, b.host.Text()) + " " + b.host.Text().T("card.note_waits")
	}
	return b.host.Text().T("card.note_waits_server")
}

// final tells whether the server has refused for good: trying again would not help.
func final(err error) bool {
	var refused *client.Problem
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return refused.Status >= 400 && refused.Status < 500
}
