package card

import (
	"cmp"
	"slices"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

// Draft is what was typed into a card and not saved, beside the card as the form knew it.
type Draft struct {
	Ref  client.SubjectRef `json:"ref"` // without an id: of a new client
	Base model.CardFields  `json:"base"`
	Now  model.CardFields  `json:"now"`
}

// Unsaved is all that would be lost with the program, in a form that a file keeps.
type Unsaved struct {
	Drafts []Draft            `json:"drafts,omitempty"`
	Note   string             `json:"note,omitempty"`
	Of     *client.SubjectRef `json:"of,omitempty"` // whose note it is
}

// Unsaved is what was typed on this panel and not saved. The form of a new contract is not kept: it
// has no place where it would be found again.
func (p *Panel) Unsaved() Unsaved {
	var out Unsaved
	left := map[client.SubjectRef]draft{}
	for ref, d := range p.state.drafts {
		left[ref] = d
	}
	if f := p.form; f != nil && f.touched() && (!f.fresh() || f.ref.Kind == client.KindClient) {
		left[f.ref] = draft{f.base, f.fields()}
	}
	for ref, d := range left {
		out.Drafts = append(out.Drafts, Draft{ref, d.base, d.now})
	}
	slices.SortFunc(out.Drafts, func(a, b Draft) int {
		return cmp.Or(cmp.Compare(a.Ref.Kind, b.Ref.Kind), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	if of := p.state.of; p.state.note != "" {
		out.Note, out.Of = p.state.note, &of
	}
	return out
}

// Restore takes back what was not saved when the program ended. What was typed since stays.
func (p *Panel) Restore(u Unsaved) {
	for _, d := range u.Drafts {
		if _, newer := p.state.drafts[d.Ref]; !newer {
			p.state.drafts[d.Ref] = draft{d.Base, d.Now}
		}
	}
	if u.Of != nil && p.state.note == "" {
		p.state.of, p.state.note = *u.Of, u.Note
	}
}
