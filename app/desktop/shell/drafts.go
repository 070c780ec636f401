package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"dozvon/app/desktop/draftfile"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/card"
	"dozvon/client"
)

// drafting keeps what is being typed in a file, so that neither log-off nor a crash loses it. Each person of
// each server has a file of their own; it goes as soon as nothing is unsaved.
type drafting struct{ *App }

func draftsOf(a *App) drafting { return drafting{a} }

// drafts are what is kept, on Fyne's goroutine.
type drafts struct {
	owner string // of the file that is followed; empty: nobody is signed in
	last  []byte // as written last
	// notes have not reached the server since an earlier start, by the call.
	notes map[string]string
	me    string            // the employee's id
	typed map[string]string // notes on call cards, as they stood there last
	file  *draftfile.File
}

// kept is the file.
type kept struct {
	Card card.Unsaved `json:"card"`
	// Notes were being written on call cards, by the call.
	Notes map[string]string `json:"notes,omitempty"`
}

func (k kept) empty() bool { return len(k.Card.Drafts) == 0 && k.Card.Note == "" && len(k.Notes) == 0 }

// restore takes back what whoever has just signed in had not saved, once.
func (a drafting) restore() {
	d := &a.drafts
	owner := ""
	if a.state.Connection != session.SignedOut && a.state.Me.ID != "" && a.state.Practice == "" && a.pages.card != nil {
		owner = a.state.Server + "\n" + a.state.Me.ID
	}
	if owner == d.owner {
		return
	}
	*d = drafts{owner: owner, me: a.state.Me.ID, notes: map[string]string{}}
	a.states.player.Places.KeptIn(platform.StateDir(), owner)
	if owner == "" {
		return
	}
	d.file = draftfile.Of(platform.StateDir(), owner)
	raw, err := d.file.Read()
	if err != nil {
		slog.Warn("drafts not read", "error", err)
	}
	if raw == nil {
		return
	}
	var was kept
	if err := json.Unmarshal(raw, &was); err != nil {
		slog.Warn("drafts not read", "error", err)
		return
	}
	d.last = raw
	a.pages.card.Restore(was.Card)
	maps.Copy(d.notes, was.Notes)
	a.tell(was.Card)
	a.send()
}

// tell says where the unsaved is.
func (a drafting) tell(u card.Unsaved) {
	var words []string
	for _, d := range u.Drafts {
		if d.Ref.ID == "" {
			words = append(words, a.text.T("crd.kept_new"))
		} else {
			words = append(words, a.text.T("crd.kept", "name", d.Base.Name))
		}
	}
	if len(words) > 0 {
		a.Tell(strings.Join(words, " "))
	}
}

// send saves the notes that were being written on call cards: their cards may never come back.
func (a drafting) send() {
	owner := a.drafts.owner
	for call, words := range a.drafts.notes {
		a.Work(func(ctx context.Context, api *client.API) error {
			_, err := api.NoteCall(ctx, call, client.CallNote{Text: words})
			return err
		}, func(err error) {
			var refused *client.Problem
			switch {
			case owner != a.drafts.owner:
			case err == nil:
				delete(a.drafts.notes, call)
				a.follow()
				a.Tell(a.text.T("drafts.note_saved", "words", words))
			case errors.As(err, &refused) && slices.Contains(final, refused.Status):
				delete(a.drafts.notes, call)
				a.Tell(a.text.T("drafts.note_refused", "words", words))
			default: // the next start tries again
				slog.Warn("note of an earlier start not saved", "error", err)
			}
		})
	}
}

// final are the answers after which trying again does not help: there is no such call, or no such note.
var final = []int{http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}

// now is what is unsaved at this moment.
func (a drafting) now() kept {
	out := kept{Card: a.pages.card.Unsaved(), Notes: maps.Clone(a.drafts.notes)}
	// Around a sign-in or sign-out the cards are not this person's, or gone already.
	if d := &a.drafts; a.cards != nil && a.Model().Me().ID == d.me {
		d.typed = a.cards.Unsaved()
	}
	maps.Copy(out.Notes, a.drafts.typed)
	return out
}

// changed is the next text of the file, and its number; false while it is as it was.
func (a drafting) changed() (text []byte, number int, changed bool) {
	d := &a.drafts
	if d.owner == "" || a.pages.card == nil {
		return nil, 0, false
	}
	if now := a.now(); !now.empty() {
		raw, err := json.Marshal(now)
		if err != nil {
			slog.Warn("drafts not kept", "error", err)
			return nil, 0, false
		}
		text = raw
	}
	if bytes.Equal(text, d.last) {
		return nil, 0, false
	}
	d.last = text
	return text, d.file.Next(), true
}

// follow keeps what has changed since the last time.
func (a drafting) follow() {
	if text, number, changed := a.changed(); changed {
		go a.drafts.file.Write(number, text)
	}
}

// write keeps it before the program ends.
func (a drafting) write() {
	if text, number, changed := a.changed(); changed {
		a.drafts.file.Write(number, text)
	}
}
