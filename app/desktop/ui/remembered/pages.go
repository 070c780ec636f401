// Package remembered is what of the pages outlasts the program: which one is in front, and how each was left.
package remembered

import (
	"encoding/json"
	"fmt"
	"time"

	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/settings"
)

// Pages are how one person left them.
type Pages struct {
	Day        string        `json:"day"` // on which that was
	Front      string        `json:"front,omitempty"`
	Feed       feed.Kept     `json:"feed"`
	Missed     float32       `json:"missed,omitempty"` // how far it is scrolled, as the next two
	Tasks      float32       `json:"tasks,omitempty"`
	Colleagues float32       `json:"colleagues,omitempty"`
	Clients    register.Kept `json:"clients"`
	Contracts  register.Kept `json:"contracts"`
	Reports    reports.Kept  `json:"reports"`
	Settings   settings.Tab  `json:"settings,omitempty"`
}

// Write is the text that Read understands, as of now.
func (p Pages) Write(now time.Time) ([]byte, error) {
	p.Day = now.Format(time.DateOnly)
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("writing how the pages were left: %w", err)
	}
	return text, nil
}

// Read is how the pages were left. On another day each begins at its top: what is new stands there.
func Read(text []byte, now time.Time) (Pages, error) {
	var p Pages
	if err := json.Unmarshal(text, &p); err != nil {
		return Pages{}, fmt.Errorf("reading how the pages were left: %w", err)
	}
	if p.Day != now.Format(time.DateOnly) {
		p.Missed, p.Tasks, p.Colleagues = 0, 0, 0
		p.Feed.Scroll, p.Clients.Scroll, p.Contracts.Scroll, p.Reports.Scroll = 0, 0, 0, 0
	}
	return p, nil
}
