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
	"dozvon/app/desktop/ui/arrival"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/timeline"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Player makes the player of a recording; Download saves it.
type Player interface {
	// Shown is told that its object stands in the list.
	Shown()
	// WhenGrown is told what to do when the player needs another height than it had.
	WhenGrown(do func())
	Object(entry client.FeedEntry) fyne.CanvasObject
	Play(entry client.FeedEntry)
	Download(entry client.FeedEntry)
}

// Host is what the feed asks of the program.
type Host interface {
	ui.Base
	numbermenu.Host
	callbutton.Host
	OpenSubject(kind client.SubjectKind, id string)
	// NewLead opens the form of a new lead with the number filled in.
	NewLead(phone string)
	Tell(sentence string)
	// After runs do on Fyne's goroutine when wait has passed.
	After(wait time.Duration, do func())
}

// View is the feed with its head. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	arrival.Rows
	host    Host
	player  Player
	state   *State
	feed    *model.Feed
	body    *fyne.Container
	list    *widgets.List
	hover   *hovercard.Rows
	search  *widgets.Entry
	chips   []*widgets.Chip
	rows    []item
	extra   fyne.CanvasObject
	face    string
	typing  ui.Delay
	asking  bool
	filters *filters
	known   *coverage
	after   func() // what waits for the list to be read
	content *fyne.Container
	line    searchfield.Line // of the search
	sheet   *timeline.Sheet  // of the course that was opened last; nil: none was
}

// State is what outlasts the page's widgets: what is shown, how far it is read, and where it stands.
type State struct {
	filter  int  // of the first row
	unbound bool // what is nobody's, only
	search  string
	asked   client.FeedQuery // what the second row of filters, or another page, asks for
	named   present.Period   // the name of the asked days; empty: they have none
	day     time.Time        // the midnight by which the named days went
	whose   string           // the name of the subject whose feed is shown
	open    string           // id of the expanded entry
	scroll  float32
	feed    *model.Feed // nil: unread
}

// Forget drops what was read: another role may see other entries.
func (s *State) Forget() { s.feed = nil }

// paleRows are shown while the list is read: few enough that no small window grows for them.
const paleRows = 6

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

// New is the feed as it was left.
func New(host Host, api func() *client.API, player Player, state *State) *View {
	read := state.feed != nil
	if !read {
		state.feed = model.NewFeed(loader{api}, client.FeedQuery{})
	}
	v := &View{host: host, player: player, state: state, feed: state.feed, hover: hovercard.NewRows()}
	v.ExtendBaseWidget(v)
	v.list = widgets.NewList(func() int { return len(v.rows) }, v.height, func() fyne.CanvasObject { return newRow(v) }, v.update)
	v.list.Kept = &state.scroll
	v.listen()
	player.WhenGrown(v.list.Refresh)
	v.body = container.NewStack()
	v.show("loading", widgets.Skeleton(paleRows))
	if read {
		v.ensureHead()
		v.Sync()
	}
	return v
}

// Resume goes on with what was read before, or reads it.
func (v *View) Resume() {
	if _, state, _ := v.feed.Entries(); v.state.follow(v.host.Now()) || state != model.FeedReady {
		v.Reload()
	}
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

// chipWords are of the chips that say what is shown; State.filter is one of them.
var chipWords = []string{"filter.all", "filter.calls", "filter.missed", "filter.notes"}

func (v *View) head() fyne.CanvasObject {
	text := v.host.Text()
	v.search = widgets.NewEntry(text.T("feed.search"))
	v.search.SetText(v.state.search)
	v.search.OnKey = searchfield.DownTo(v.List)
	v.search.OnChanged = func(words string) {
		v.state.search = words
		// Wait until the person has stopped typing: a request per letter helps nobody.
		v.typing.After(250*time.Millisecond, v.Reload)
	}
	v.chips = nil
	for n, key := range chipWords {
		chip := widgets.NewFilter(text.T(key), func() {
			v.state.filter = n
			v.state.asked.Type, v.state.asked.Result = "", ""
			v.paintChips()
			v.Reload()
		})
		v.chips = append(v.chips, chip)
	}
	unbound := widgets.NewFilter(text.T("filter.unbound"), func() { v.state.unbound = !v.state.unbound; v.paintChips(); v.Reload() })
	v.chips = append(v.chips, unbound)
	v.filters, v.known = newFilters(v), newCoverage(v)
	v.paintChips()
	return widgets.Pad(0, theme.Side, 10, theme.Side, widgets.Column(theme.Gap,
		v.line.Of(searchfield.New(v.search), widgets.NewChips(v.chips...)), v.filters.row, v.known.row))
}

// Resize is Fyne's; beside a card in a small window the search has a line of its own.
func (v *View) Resize(size fyne.Size) {
	v.line.Has(size.Width - 2*theme.Side)
	v.BaseWidget.Resize(size)
}

func (v *View) paintChips() {
	for n, chip := range v.chips {
		tone := theme.ToneMuted
		if n == v.state.filter || n == len(v.chips)-1 && v.state.unbound {
			tone = theme.ToneAccent
		}
		chip.Set(chip.Label, tone)
	}
	v.filters.paint()
}

func (v *View) query() client.FeedQuery {
	q := v.state.asked
	switch v.state.filter {
	case 1:
		q.Type = "call_in,call_missed,call_out"
	case 2:
		q.Type = string(client.EntryCallMissed)
	case 3:
		q.Type = string(client.EntryNote)
	}
	if v.state.unbound {
		q.Bound = "false"
	}
	q.Q = v.state.search
	return q
}

// Reload reads the list anew.
func (v *View) Reload() {
	query := v.query()
	if len(v.rows) == 0 {
		v.show("loading", widgets.Skeleton(paleRows))
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
	if v.known != nil {
		v.known.read()
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
	if v.state.follow(now) {
		v.filters.paint()
		v.Reload()
	}
	if v.known != nil {
		v.known.tick(now)
	}
}

// Apply shows an entry of the stream.
func (v *View) Apply(entry client.FeedEntry) {
	if v.feed.Apply(entry) {
		if entry.ID == v.state.open {
			v.expand(entry)
		}
		v.Sync()
		v.player.Shown()
	}
}

// Drop takes an entry out that the server has taken out.
func (v *View) Drop(id string) {
	if v.feed.Drop(id) {
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
		if entry.ID == v.state.open && v.extra == nil {
			v.extra = v.expansion(it.row)
		}
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
		v.show("loading", widgets.Skeleton(paleRows))
		return
	case len(v.rows) == 0 && v.query() != (client.FeedQuery{}):
		v.show("nothing", widgets.Empty(text.T("feed.nothing"), text.T("feed.nothing_hint")))
		return
	case len(v.rows) == 0:
		v.show("empty", widgets.Empty(text.T("feed.empty"), text.T("feed.empty_hint")))
		return
	}
	v.list.Refresh() // counted, it can be scrolled to where it stood
	v.show("list", v.list)
}

func (v *View) show(face string, object fyne.CanvasObject) {
	if v.face == face && face == "list" {
		return
	}
	if v.face = face; face != "list" {
		v.hover.Gone()
	}
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
	v.Drawn()
}

// height is that of a line.
func (v *View) height(n int) float32 {
	height := theme.Row + 1
	if v.rows[n].heading != "" {
		height += theme.DayRow
	}
	if v.rows[n].row.Entry.ID == v.state.open && v.extra != nil {
		height += v.extra.MinSize().Height
	}
	return height
}

func (v *View) update(id int, object fyne.CanvasObject) {
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
	if v.state.open == entry.ID {
		v.state.open, v.extra = "", nil
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
	v.state.open = entry.ID
	v.extra = v.expansion(present.RowOf(entry, v.host.Text(), v.host.Now()))
}

// Retext rebuilds what carries words after a change of language.
func (v *View) Retext() { v.state.open, v.extra = "", nil; v.Sync() }
