package shell

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"

	"dozvon/app/desktop/draftfile"
	"dozvon/app/desktop/noting"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/theme"
)

// drafting keeps what is being typed in a file, so that neither log-off nor a crash loses it. Each person of
// each server has a file of their own; it goes as soon as nothing is unsaved.
type drafting struct{ *App }

func draftsOf(a *App) drafting { return drafting{a} }

// drafts are what is kept, on Fyne's goroutine.
type drafts struct {
	owner string            // of the file that is followed; empty: nobody is signed in
	last  []byte            // as written last
	notes *noting.Box       // what the server does not have yet of notes on calls
	world string            // whose calls those are: a practice has its own
	me    string            // the employee's id
	typed map[string]string // notes on call cards, as they stood there last
	file  *draftfile.File
}

// kept is the file.
type kept struct {
	Card card.Unsaved `json:"card"`
	// Notes were being written on call cards, by the call.
	Notes map[string]string `json:"notes,omitempty"`
	// Sending are those that the server does not have yet.
	Sending []noting.Note `json:"sending,omitempty"`
	// Flags are words of flags in recordings that were begun and not set.
	Flags []player.Word `json:"flags,omitempty"`
}

func (k kept) empty() bool {
	return k.Card.Empty() && len(k.Notes)+len(k.Sending)+len(k.Flags) == 0
}

// restore takes back what whoever has just signed in had not saved, once.
func (a drafting) restore() {
	d := &a.drafts
	owner := ""
	if a.state.Connection != session.SignedOut && a.state.Me.ID != "" && a.state.Practice == "" && a.pages.card != nil {
		owner = a.state.Server + "\n" + a.state.Me.ID
	}
	if world := owner + a.state.Practice; world != d.world {
		a.openNotes(nil)
		d.world = world
	}
	if owner == d.owner {
		return
	}
	*d = drafts{owner: owner, world: d.world, me: a.state.Me.ID, notes: d.notes}
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
	a.states.player.Words.Restore(was.Flags)
	a.tell(was.Card)
	a.openNotes(append(was.Sending, noting.Unfinished(was.Notes)...))
}

// openNotes begins with the notes that an earlier start has left; those of before are somebody else's.
func (a drafting) openNotes(left []noting.Note) {
	if a.drafts.notes != nil {
		a.drafts.notes.Close()
	}
	a.drafts.notes = noting.New(a, left)
	a.drafts.notes.Tick()
}

func (a drafting) box() *noting.Box {
	if a.drafts.notes == nil {
		a.openNotes(nil)
	}
	return a.drafts.notes
}

// Keep is noting.Host's.
func (a drafting) Keep() func() {
	text, number, changed := a.changed()
	file := a.drafts.file
	return func() {
		if changed {
			file.Write(number, text)
		}
	}
}

// TellOn is noting.Host's.
func (a drafting) TellOn(callID, words string, tone theme.Tone) { a.tellOn(callID, words, tone) }

// GiveBack is noting.Host's.
func (a drafting) GiveBack(callID, words string) bool {
	return a.cards != nil && a.cards.GiveBack(callID, words)
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

// now is what is unsaved at this moment.
func (a drafting) now() kept {
	// Around a sign-in or sign-out the cards are not this person's, or gone already.
	if d := &a.drafts; a.cards != nil && a.Model().Me().ID == d.me {
		d.typed = a.cards.Unsaved()
	}
	return kept{Card: a.pages.card.Unsaved(), Notes: a.drafts.typed, Sending: a.box().Pending(), Flags: a.states.player.Words.Unsaved()}
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

// follow keeps what has changed since the last time, and sends what waits for the server.
func (a drafting) follow() {
	a.box().Tick()
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
