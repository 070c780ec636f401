package shell

import (
	"encoding/json"
	"log/slog"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/popup"
	"dozvon/client"
)

// The answer of `dozvon status --json`; its shape is fixed, additions are welcome.
type (
	status struct {
		Connection string          `json:"connection"`
		Employee   client.Employee `json:"employee"`
		Server     string          `json:"server,omitempty"`
		Tray       trayStatus      `json:"tray"`
		Cards      []cardStatus    `json:"cards"`
		Windows    []windowStatus  `json:"windows"`
		Player     playerStatus    `json:"player"`
		Selected   *selectedStatus `json:"selected,omitempty"`
		Page       string          `json:"page,omitempty"`
		Settings   *settingsStatus `json:"settings,omitempty"`
		LastError  string          `json:"last_error,omitempty"`
		Version    string          `json:"version"`
	}
	trayStatus struct {
		State  string `json:"state"`
		Missed int    `json:"missed"`
	}
	place struct {
		X      int `json:"x"`
		Y      int `json:"y"`
		Width  int `json:"width"`
		Height int `json:"height"`
	}
	// cardStatus is a card, or what stands for several: then Calls names theirs, and CallID is empty.
	cardStatus struct {
		CallID   string `json:"call_id"`
		State    string `json:"state"`
		Title    string `json:"title"`
		Subtitle string `json:"subtitle"`
		Heading  string `json:"heading,omitempty"`
		place
		Form    string       `json:"form,omitempty"` // "line" of ringing calls, "fold" of missed ones
		Calls   []string     `json:"calls,omitempty"`
		Buttons []spotStatus `json:"buttons,omitempty"`
	}
	// spotStatus is the middle of what can be clicked.
	spotStatus struct {
		Name string `json:"name"`
		X    int    `json:"x"`
		Y    int    `json:"y"`
	}
	windowStatus struct {
		Name    string `json:"name"`
		Visible bool   `json:"visible"`
		Focused bool   `json:"focused"`
		place
	}
	playerStatus struct {
		State    string  `json:"state"`
		Position float64 `json:"position"`
		Duration float64 `json:"duration"`
		Speed    float64 `json:"speed"`
		Part     int     `json:"part,omitempty"`
	}
	// settingsStatus is what the page of settings has found out.
	settingsStatus struct {
		Checks []client.Check `json:"checks,omitempty"`
		Stages []client.Check `json:"hops,omitempty"`
	}
	selectedStatus struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
		Read bool   `json:"read"` // it shows, and not only that it is being read
	}
)

// taskName begins the name of a reminder's card where cards are named for scripts.
const taskName = "task:"

// cardName is how commands and the status name a card: by its call, or by its task.
func cardName(card present.Card) string {
	if card.Kind == model.CardOfTask {
		return taskName + card.ID
	}
	return card.ID
}

func placeOf(r platform.Rect) place { return place{r.X, r.Y, r.Width, r.Height} }

// status is what the program shows now. Fyne's goroutine only.
func (a commands) status() status {
	cards := present.Cards(a.Model(), a.text, a.Now())
	missed := a.Model().MissedCount()
	out := status{
		Connection: string(a.state.Connection), Employee: a.state.Me, Server: a.state.Server,
		Tray:  trayStatus{string(trayOf(a.App, cards, missed)), missed},
		Cards: []cardStatus{}, Windows: []windowStatus{}, Player: a.pages.playerStatus(),
		Page: a.page, LastError: a.lastError, Version: a.opts.Version,
	}
	if a.cards != nil {
		for _, shown := range a.cards.Shown() {
			out.Cards = append(out.Cards, statusOf(shown))
		}
	}
	name := "main"
	if a.signin != nil {
		name = "sign-in"
	}
	main := windowStatus{Name: name, Visible: a.visible}
	if a.screen != nil && a.visible {
		at, focused, err := a.screen.Geometry(a.window)
		if err != nil {
			slog.Warn("place of the main window unknown", "error", err)
		}
		main.place, main.Focused = placeOf(at), focused
	}
	out.Windows = append(out.Windows, main)
	if checks, stages := a.pages.found(); len(checks)+len(stages) > 0 {
		out.Settings = &settingsStatus{checks, stages}
	}
	if a.selected.ID != "" {
		out.Selected = &selectedStatus{a.selected.Kind, a.selected.ID, a.pages.card != nil && a.pages.card.Read()}
	}
	return out
}

func statusOf(shown popup.Shown) cardStatus {
	card := cardStatus{
		State: string(shown.Card.State), Title: shown.Card.Title, Subtitle: shown.Card.Subtitle, Heading: shown.Card.Heading,
		place: placeOf(shown.Place),
	}
	switch shown.Form {
	case stacking.Line:
		card.Form = "line"
	case stacking.Fold:
		card.Form = "fold"
	default:
		card.CallID = cardName(shown.Card)
	}
	if card.Form != "" {
		for _, one := range shown.Cards {
			card.Calls = append(card.Calls, cardName(one))
		}
	}
	for _, spot := range shown.Spots {
		card.Buttons = append(card.Buttons, spotStatus(spot))
	}
	return card
}

func (a commands) statusJSON() (string, error) {
	raw, err := json.MarshalIndent(a.status(), "", "  ")
	return string(raw), err
}
