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

// coverage is the line that says what the feed knows of its period, and what it does not.
type coverage struct {
	view        *View
	sure, doubt *widgets.Label
	row         *fyne.Container
	asked       time.Time
}

// coverageEvery is how often the line is read anew; the server compares with the PBX about as often.
const coverageEvery = time.Minute

func newCoverage(view *View) *coverage {
	c := &coverage{
		view: view, sure: widgets.NewLabel("", theme.Caption, widgets.InkMuted),
		doubt: widgets.NewLabel("", theme.Caption, widgets.ToneInk(theme.ToneHold)),
	}
	c.row = widgets.Column(2, c.sure, c.doubt)
	c.row.Hide()
	return c
}

// tick reads the line anew when it is old.
func (c *coverage) tick(now time.Time) {
	if now.Sub(c.asked) >= coverageEvery {
		c.read()
	}
}

// read asks of the feed's period; without one, of today.
func (c *coverage) read() {
	now := c.view.host.Now()
	c.asked = now
	from, to := present.PeriodToday.Bounds(now)
	if begins, err := time.Parse(time.RFC3339, c.view.state.asked.From); err == nil {
		from = begins
	}
	if ends, err := time.Parse(time.RFC3339, c.view.state.asked.To); err == nil {
		to = ends
	}
	if to.After(now) {
		to = now
	}
	var health client.FeedHealth
	c.view.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		health, err = api.FeedHealth(ctx, from, to)
		return err
	}, func(err error) {
		if err != nil {
			c.set(present.Coverage{}) // what is not known is not claimed; the feed itself says what failed
			return
		}
		c.set(present.CoverageWords(health, c.view.host.Text(), now))
	})
}

func (c *coverage) set(words present.Coverage) {
	c.sure.Set(words.Sure)
	c.doubt.Set(words.Doubt)
	show(c.doubt, words.Doubt != "")
	show(c.row, words.Sure != "")
	c.row.Refresh()
	if c.view.content != nil {
		c.view.content.Refresh()
	}
}
