package card

import (
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// State is what outlasts the panel's widgets: what was typed and not saved, and where the card stands.
type State struct {
	drafts map[client.SubjectRef]draft
	form   *openForm         // what was open when the panel was taken away; nil: none
	of     client.SubjectRef // whose are note and scroll
	note   string
	scroll float32
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
		s.of, s.note, s.scroll = ref, "", 0
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
