// Package feed draws the feed: rows by day, newest first, that expand to the recording
// and to what can be done, with search and filters above. The list itself, its pages and
// its live changes are the model's.
package feed

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Player makes the player of a recording; Download saves it.
type Player interface {
	Object(entry client.FeedEntry) fyne.CanvasObject
	Play(entry client.FeedEntry)
	Download(entry client.FeedEntry)
}

// View is the feed with its head. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host    ui.Host
	player  Player
	feed    *model.Feed
	body    *fyne.Container
	list    *widget.List
	listBox fyne.CanvasObject
	search  *widgets.Entry
	chips   []*widgets.Chip
	rows    []item
	heights []float32
	open    string // id of the expanded entry
	extra   fyne.CanvasObject
	face    string
	filter  int
	unbound bool
	typing  ui.Delay
	asking  bool
	asked   client.FeedQuery // what the second row of filters, or another page, asks for
	filters *filters
	honest  *honest
	after   func() // what waits for the list to be read
	content *fyne.Container
}

// item is one line of the list: an entry, perhaps under the heading of its day.
type item struct {
	row     present.Row
	heading string
}

// loader reads the feed with whoever is signed in.
type loader struct{ ask func() *client.API }

func (l loader) Feed(ctx context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error) {
	api := l.ask()
	if api == nil {
		return client.Page[client.FeedEntry]{}, ui.ErrSignedOut
	}
	return api.Feed(ctx, q)
}

// New is the feed.
func New(host ui.Host, api func() *client.API, player Player) *View {
	v := &View{host: host, player: player, feed: model.NewFeed(loader{api}, client.FeedQuery{})}
	v.ExtendBaseWidget(v)
	v.list = widget.NewList(func() int { return len(v.rows) }, func() fyne.CanvasObject { return newRow(v) }, v.update)
	v.list.HideSeparators = true
	v.listBox = container.NewThemeOverride(v.list, theme.Dense{})
	v.body = container.NewStack()
	v.show("loading", widgets.Skeleton(9))
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	v.ensureHead()
	return widget.NewSimpleRenderer(v.content)
}

// ensureHead makes the head once: another page may ask for a filter before this one was drawn.
func (v *View) ensureHead() {
	if v.content == nil {
		v.content = widgets.Fill(v.head(), v.body, nil)
	}
}

func (v *View) head() fyne.CanvasObject {
	text := v.host.Text()
	v.search = widgets.NewEntry(text.T("feed.search"))
	v.search.OnChanged = func(string) {
		// Wait until the person has stopped typing: a request per letter helps nobody.
		v.typing.After(250*time.Millisecond, v.Reload)
	}
	v.chips = nil
	objects := []fyne.CanvasObject{widgets.Field(v.search)}
	for n, key := range []string{"filter.all", "filter.calls", "filter.missed", "filter.notes"} {
		chip := widgets.NewFilter(text.T(key), func() { v.filter = n; v.asked.Type, v.asked.Result = "", ""; v.paintChips(); v.Reload() })
		v.chips = append(v.chips, chip)
		objects = append(objects, chip)
	}
	unbound := widgets.NewFilter(text.T("filter.unbound"), func() { v.unbound = !v.unbound; v.paintChips(); v.Reload() })
	v.chips = append(v.chips, unbound)
	objects = append(objects, unbound)
	v.filters, v.honest = newFilters(v), newHonest(v)
	v.paintChips()
	return widgets.Pad(0, theme.Side, 10, theme.Side, widgets.Column(theme.Gap,
		widgets.Row(theme.Gap, []float32{widgets.Wide}, objects...), v.filters.row, v.honest.row))
}

func (v *View) paintChips() {
	for n, chip := range v.chips {
		tone := theme.ToneMuted
		if n == v.filter || n == len(v.chips)-1 && v.unbound {
			tone = theme.ToneAccent
		}
		chip.Set(chip.Label, tone)
	}
	v.filters.paint()
}

func (v *View) query() client.FeedQuery {
	q := v.asked
	switch v.filter {
	case 1:
		q.Type = "call_in,call_missed,call_out"
	case 2:
		q.Type = string(client.EntryCallMissed)
	case 3:
		q.Type = string(client.EntryNote)
	}
	if v.unbound {
		q.Bound = "false"
	}
	if v.search != nil {
		q.Q = v.search.Text
	}
	return q
}

// Reload reads the list anew.
func (v *View) Reload() {
	query := v.query()
	if len(v.rows) == 0 {
		v.show("loading", widgets.Skeleton(9))
	}
	v.host.Work(func(ctx context.Context, _ *client.API) error {
		v.feed.Load(ctx, query)
		return nil
	}, func(error) {
		v.Sync()
		if then := v.after; then != nil {
			v.after = nil
			then()
		}
	})
	if v.honest != nil {
		v.honest.read()
		v.filters.readLines()
	}
}

// Recover reads the list again if that failed.
func (v *View) Recover() {
	if v.face == "broken" {
		v.Reload()
	}
}

// Close gives up a search that waits.
func (v *View) Close() { v.typing.Stop() }

// Tick keeps the line about what the feed knows up to date, once a second or less often.
func (v *View) Tick(now time.Time) {
	if v.honest != nil {
		v.honest.tick(now)
	}
}

// Apply takes in an entry of the stream.
func (v *View) Apply(entry client.FeedEntry) {
	if v.feed.Apply(entry) {
		if entry.ID == v.open {
			v.expand(entry)
		}
		v.Sync()
	}
}

// Sync draws what the model's list holds now.
func (v *View) Sync() {
	entries, state, err := v.feed.Entries()
	text, now := v.host.Text(), v.host.Now()
	v.rows = v.rows[:0]
	day := ""
	for _, entry := range entries {
		it := item{row: present.RowOf(entry, text, now)}
		if heading := text.Day(entry.At, now); heading != day {
			day, it.heading = heading, heading
		}
		v.rows = append(v.rows, it)
	}
	switch {
	case state == model.FeedBroken:
		v.show("broken", widgets.Broken(text.T("feed.broken"), ui.Explain(err, text), text.T("act.repeat"), v.Reload))
		return
	case state == model.FeedLoading:
		v.show("loading", widgets.Skeleton(9))
		return
	case len(v.rows) == 0 && v.query() != (client.FeedQuery{}):
		v.show("nothing", widgets.Empty(text.T("feed.nothing"), text.T("feed.nothing_hint")))
		return
	case len(v.rows) == 0:
		v.show("empty", widgets.Empty(text.T("feed.empty"), text.T("feed.empty_hint")))
		return
	}
	v.show("list", v.listBox)
	v.measure()
	v.list.Refresh()
}

func (v *View) show(face string, object fyne.CanvasObject) {
	if v.face == face && face == "list" {
		return
	}
	v.face = face
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
}

// measure gives each line its height; unchanged ones are left alone, as each change
// makes the list lay itself out.
func (v *View) measure() {
	for n, it := range v.rows {
		height := theme.Row + 1
		if it.heading != "" {
			height += theme.DayRow
		}
		if it.row.Entry.ID == v.open && v.extra != nil {
			height += v.extra.MinSize().Height
		}
		for len(v.heights) <= n {
			v.heights = append(v.heights, theme.Row+1)
		}
		if v.heights[n] != height {
			v.heights[n] = height
			v.list.SetItemHeight(n, height)
		}
	}
}

func (v *View) update(id widget.ListItemID, object fyne.CanvasObject) {
	if id >= len(v.rows) {
		return
	}
	object.(*rowView).show(v.rows[id])
	if id >= len(v.rows)-10 && !v.asking {
		v.asking = true
		more := false
		v.host.Work(func(ctx context.Context, _ *client.API) error {
			more = v.feed.More(ctx)
			return nil
		}, func(error) {
			v.asking = false
			if more {
				v.Sync()
			}
		})
	}
}

// Toggle opens or closes the expansion of an entry.
func (v *View) Toggle(entry client.FeedEntry) {
	if v.open == entry.ID {
		v.open, v.extra = "", nil
	} else {
		v.expand(entry)
	}
	v.Sync()
}

// Expand opens the entry of a call and scrolls to it; false means that it is not loaded.
func (v *View) Expand(callID string) (client.FeedEntry, bool) {
	for n, it := range v.rows {
		// Notes made during a call carry its id too.
		if it.row.Entry.CallID == callID && it.row.Entry.Type != client.EntryNote {
			v.expand(it.row.Entry)
			v.Sync()
			v.list.ScrollTo(n)
			return it.row.Entry, true
		}
	}
	return client.FeedEntry{}, false
}

func (v *View) expand(entry client.FeedEntry) {
	v.open = entry.ID
	v.extra = v.expansion(present.RowOf(entry, v.host.Text(), v.host.Now()))
}

// Retext rebuilds what carries words after a change of language.
func (v *View) Retext() { v.open, v.extra = "", nil; v.Sync() }
