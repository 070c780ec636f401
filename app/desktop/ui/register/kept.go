package register

import (
	"slices"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

// Kept is what of the page outlasts the program; what was searched is a question of its moment.
type Kept struct {
	Filter int     `json:"filter,omitempty"`
	Status string  `json:"status,omitempty"`
	Tag    string  `json:"tag,omitempty"`
	Scroll float32 `json:"scroll,omitempty"`
	// Columns are those that the person chose, in their order; null: none were chosen.
	Columns []string `json:"columns"`
}

// Kept is the state as it is kept.
func (s *State) Kept() Kept { return Kept{s.filter, s.status, s.tag, s.scroll, s.columns} }

// Resume makes the state of a register what it was; what it cannot be is left out. Among the deleted cards nobody
// begins a day.
func (s *State) Resume(k Kept, kind client.SubjectKind) {
	if k.Columns != nil {
		s.columns = slices.DeleteFunc(slices.Clone(k.Columns), func(name string) bool {
			return !slices.ContainsFunc(columnsFor(kind), func(c column) bool { return c.name == name })
		})
	}
	if all := filters(kind); k.Filter >= 0 && k.Filter < len(all)-1 {
		s.filter, s.tag, s.scroll = k.Filter, k.Tag, k.Scroll
		if slices.Contains(model.Statuses(kind), k.Status) && all[k.Filter].query.Status == "" {
			s.status = k.Status
		}
	}
}
