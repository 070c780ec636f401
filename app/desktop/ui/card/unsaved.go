package card

import (
	"cmp"
	"slices"
	"strings"

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
	Drafts []Draft `json:"drafts,omitempty"`
	Notes  []Note  `json:"notes,omitempty"`
	// Note and Of are the one note that earlier versions kept.
	Note string             `json:"note,omitempty"`
	Of   *client.SubjectRef `json:"of,omitempty"`
}

// Note is what was typed in the note line of a card.
type Note struct {
	Of    client.SubjectRef `json:"of"`
	Words string            `json:"words"`
	ID    string            `json:"id,omitempty"` // by which it was sent, and nobody knows whether it has come
}

// Empty tells whether nothing would be lost.
func (u Unsaved) Empty() bool { return len(u.Drafts)+len(u.Notes) == 0 && u.Note == "" }

func byRef(a, b client.SubjectRef) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
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
	slices.SortFunc(out.Drafts, func(a, b Draft) int { return byRef(a.Ref, b.Ref) })
	for ref, n := range p.state.notes {
		out.Notes = append(out.Notes, Note{ref, n.words, n.id})
	}
	slices.SortFunc(out.Notes, func(a, b Note) int { return byRef(a.Of, b.Of) })
	return out
}

// Restore takes back what was not saved when the program ended. What was typed since stays.
func (p *Panel) Restore(u Unsaved) {
	for _, d := range u.Drafts {
		if _, newer := p.state.drafts[d.Ref]; !newer {
			p.state.drafts[d.Ref] = draft{d.Base, d.Now}
		}
	}
	if u.Of != nil {
		u.Notes = append(u.Notes, Note{Of: *u.Of, Words: u.Note})
	}
	for _, n := range u.Notes {
		if _, newer := p.state.notes[n.Of]; !newer && strings.TrimSpace(n.Words) != "" {
			p.state.notes[n.Of] = typedNote{n.Words, n.ID}
		}
	}
}
