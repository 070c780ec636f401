package shell

import (
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/tasks"
)

// states are what the pages keep of whoever is signed in while their widgets are made anew: where they
// stand, what is chosen, what is being typed.
type states struct {
	feed               *feed.State
	player             *player.Kept
	missed             *queue.State
	tasks              *tasks.State
	clients, contracts *register.State
	colleagues         *colleagues.State
	card               *card.State
	settings           *settings.State
	reports            *reports.State
}

func newStates() states {
	return states{
		feed: &feed.State{}, player: &player.Kept{}, missed: &queue.State{}, tasks: &tasks.State{}, clients: &register.State{}, contracts: &register.State{},
		colleagues: &colleagues.State{}, card: &card.State{}, settings: &settings.State{}, reports: &reports.State{},
	}
}

// forget drops what was read: with another role others may be seen.
func (s states) forget() {
	s.feed.Forget()
	s.clients.Forget()
	s.contracts.Forget()
}
