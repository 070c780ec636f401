package card

import (
	"strings"

	"github.com/google/uuid"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

// State is what outlasts the panel's widgets: what was typed and not saved, and where the card stands.
type State struct {
	drafts map[client.SubjectRef]draft
	notes  map[client.SubjectRef]typedNote
	form   *openForm         // what was open when the panel was taken away; nil: none
	of     client.SubjectRef // whose is scroll
	scroll float32
	panel  *Panel // that shows the cards now
}

// typedNote is what stands in the note line of a card.
type typedNote struct {
	words string
	id    string // by which these words were sent; empty: they were not
}

// openForm is a form without its fields.
type openForm struct {
	ref              client.SubjectRef
	base, start, now model.CardFields
	as               record
}

// show begins another card.
func (s *State) show(ref client.SubjectRef) {
	if s.of != ref {
		s.of, s.scroll = ref, 0
	}
}

// typed keeps what stands in a card's note line.
func (s *State) typed(ref client.SubjectRef, words string) {
	switch {
	case strings.TrimSpace(words) == "":
		delete(s.notes, ref)
	case s.notes[ref].words != words:
		s.notes[ref] = typedNote{words: words}
	}
}

// send is the id by which a note is sent: the same for the same words, so that a repeat makes no second note.
func (s *State) send(ref client.SubjectRef, words string) string {
	s.typed(ref, words)
	n := s.notes[ref]
	if n.id == "" {
		n.id = uuid.NewString()
		s.notes[ref] = n
	}
	return n.id
}

// sent forgets a note that the server has.
func (s *State) sent(ref client.SubjectRef, id string) {
	p := s.panel
	if p.ref != ref {
		p = nil // another card is open by now
	}
	if s.notes[ref].id == id { // else others were typed since
		delete(s.notes, ref)
		if p != nil && p.note != nil {
			p.note.SetText("")
		}
	}
	if p != nil {
		p.Open(ref.Kind, ref.ID)
	}
}

// Leave gives what is being typed to the state, for the panel that takes this one's place.
func (p *Panel) Leave() {
	p.state.form = nil
	if f := p.form; f != nil && !f.busy {
		p.state.form = &openForm{f.ref, f.base, f.start, f.fields(), f.as}
	}
}

// Resume opens the form that was open on the panel before; false when there was none.
func (p *Panel) Resume() bool {
	left := p.state.form
	if left == nil {
		return false
	}
	p.state.form = nil
	p.ref, p.record = left.ref, left.as
	p.openForm(left.ref, left.base, left.as)
	p.form.start = left.start
	p.form.fill(left.now)
	return true
}
