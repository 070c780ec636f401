package feed

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// honest is the line that says what the feed knows of its period, and what it does not.
type honest struct {
	view        *View
	sure, doubt *widgets.Label
	row         *fyne.Container
	asked       time.Time
}

// honestEvery is how often the line is read anew; the server compares with the PBX about as often.
const honestEvery = time.Minute

func newHonest(view *View) *honest {
	h := &honest{
		view: view, sure: widgets.NewLabel("", theme.Caption, widgets.InkMuted),
		doubt: widgets.NewLabel("", theme.Caption, widgets.ToneInk(theme.ToneHold)),
	}
	h.row = widgets.Column(2, h.sure, h.doubt)
	h.row.Hide()
	return h
}

// tick reads the line anew when it is old.
func (h *honest) tick(now time.Time) {
	if now.Sub(h.asked) >= honestEvery {
		h.read()
	}
}

// read asks of the feed's period; without one, of today.
func (h *honest) read() {
	now := h.view.host.Now()
	h.asked = now
	from, to := present.PeriodToday.Bounds(now)
	if begins, err := time.Parse(time.RFC3339, h.view.asked.From); err == nil {
		from = begins
	}
	if ends, err := time.Parse(time.RFC3339, h.view.asked.To); err == nil {
		to = ends
	}
	if to.After(now) {
		to = now
	}
	var health client.FeedHealth
	h.view.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		health, err = api.FeedHealth(ctx, from, to)
		return err
	}, func(err error) {
		if err != nil {
			h.set(present.Coverage{}) // what is not known is not claimed; the feed itself says what failed
			return
		}
		h.set(present.CoverageWords(health, h.view.host.Text(), now))
	})
}

func (h *honest) set(words present.Coverage) {
	h.sure.Set(words.Sure)
	h.doubt.Set(words.Doubt)
	show(h.doubt, words.Doubt != "")
	show(h.row, words.Sure != "")
	h.row.Refresh()
	if h.view.content != nil {
		h.view.content.Refresh()
	}
}
