// Package register draws the lists of clients and contracts, with search; the selected
// row is the one whose card stands at the right. It keeps what it read and no more.
package register

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/arrival"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what a register asks of the program.
type Host interface {
	ui.Base
	numbermenu.Host
	OpenSubject(kind client.SubjectKind, id string)
	Tell(sentence string)
}

// View is one of the two registers. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	arrival.Rows
	host     Host
	kind     client.SubjectKind
	open     func(id string)
	state    *State
	search   *widgets.Entry
	chips    []*widgets.Chip
	narrow   *narrowing
	titles   *titles
	body     *fyne.Container
	list     *widgets.List
	hover    *hovercard.Rows
	content  fyne.CanvasObject
	lines    []line // of the state's records
	selected string
	// generation numbers the readings, so that a late answer to a former one is dropped.
	generation int
	broken     bool // the last reading failed
	reading    bool
	behind     bool // a record changed while the list was on its way
	asking     bool
	typing     ui.Delay
}

// State is what outlasts the page's widgets: what is shown, how far it is read, and where it stands.
type State struct {
	filter  int // index into filters
	status  string
	tag     string
	columns []string // nil: the usual ones
	search  string
	scroll  float32
	records []record
	cursor  string // where the next page begins
	loaded  bool
}

// Forget drops what was read: another role may see other cards.
func (s *State) Forget() { s.records, s.cursor, s.loaded = nil, "", false }

// typingRests is how long a person must have stopped typing before the list is searched.
const typingRests = 250 * time.Millisecond

// New is the register of kind as it was left; open is called with the row that was clicked.
func New(host Host, kind client.SubjectKind, state *State, open func(id string)) *View {
	v := &View{host: host, kind: kind, open: open, state: state, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.search = widgets.NewEntry(host.Text().T("reg.search_" + string(kind) + "s"))
	v.search.SetText(state.search)
	v.search.OnKey = searchfield.DownTo(v.List)
	v.search.OnChanged = func(words string) {
		v.state.search = words
		v.typing.After(typingRests, v.Reload)
	}
	height := func(int) float32 { return theme.Row + 1 }
	v.hover = hovercard.NewRows()
	v.list = widgets.NewList(func() int { return len(v.lines) }, height, func() fyne.CanvasObject { return newRow(v) }, v.update)
	v.list.Kept = &state.scroll
	v.listen()
	v.content = widgets.Fill(v.head(), v.body, nil)
	if state.loaded {
		v.lines = v.linesOf(state.records)
		v.draw()
	}
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Shown reads the list the first time the page comes to the front.
func (v *View) Shown() {
	if !v.state.loaded {
		v.Reload()
	}
}

// Follow reads a list that was read before anew, as a record of it has changed; of many changes
// that come while it is on its way, the list is read once more.
func (v *View) Follow() {
	switch {
	case v.reading:
		v.behind = true
	case v.state.loaded || v.broken:
		v.Reload()
	}
}

// Recover reads the list again if that failed.
func (v *View) Recover() {
	if v.broken {
		v.Reload()
	}
}

// Close gives up a search that waits.
func (v *View) Close() { v.typing.Stop() }

// Reload reads the list anew.
func (v *View) Reload() {
	v.generation++
	v.reading, v.behind = true, false
	generation, query := v.generation, v.query()
	if len(v.lines) == 0 {
		v.set(widgets.Skeleton(6))
	}
	v.read(query, func(records []record, cursor string, err error) {
		if generation != v.generation {
			return
		}
		text := v.host.Text()
		v.reading, v.state.loaded, v.broken = false, err == nil, err != nil
		if v.behind {
			defer v.Reload()
		}
		if err != nil {
			v.lines, v.state.records, v.state.cursor = nil, nil, ""
			v.set(widgets.Broken(text.T("reg.broken"), ui.Explain(err, text), text.T("act.repeat"), v.Reload))
			return
		}
		v.state.records, v.state.cursor = records, cursor
		v.lines = v.linesOf(records)
		v.draw()
		v.pin() // only a list that is laid out knows where to scroll
	})
}

func (v *View) draw() {
	text := v.host.Text()
	switch {
	case len(v.lines) > 0:
		v.list.Refresh() // counted, it can be scrolled to where it stood
		v.set(v.list)
	case v.deleted() && v.state.search == "":
		v.set(widgets.Empty(text.T("crd.no_deleted"), text.T("crd.no_deleted_hint")))
	case v.filtered():
		v.set(widgets.Empty(text.T("feed.nothing"), text.T("feed.nothing_hint")))
	default:
		v.set(widgets.Empty(text.T("reg.empty"), text.T("crd.empty_"+string(v.kind)+"s")))
	}
}

func (v *View) set(object fyne.CanvasObject) {
	if object != fyne.CanvasObject(v.list) {
		v.hover.Gone()
	}
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
	v.Drawn()
}

func (v *View) read(query client.CardQuery, done func([]record, string, error)) {
	var records []record
	var next string
	v.host.Work(func(ctx context.Context, api *client.API) error {
		if v.kind == client.KindClient {
			page, err := api.FindClients(ctx, query)
			for _, c := range page.Items {
				records = append(records, record{client: &c})
			}
			next = page.NextCursor
			return err
		}
		page, err := api.FindContracts(ctx, query)
		for _, c := range page.Items {
			records = append(records, record{contract: &c})
		}
		next = page.NextCursor
		return err
	}, func(err error) { done(records, next, err) })
}

// Select highlights a record and scrolls to it; one that is not loaded is fetched and
// put on top, so that the highlighted row is always there to see.
func (v *View) Select(id string) {
	v.selected = id
	v.list.Refresh()
	if id == "" || v.scrollTo(id) {
		return
	}
	var found record
	v.host.Work(func(ctx context.Context, api *client.API) error {
		if v.kind == client.KindClient {
			c, err := api.Client(ctx, id)
			found = record{client: &c}
			return err
		}
		c, err := api.Contract(ctx, id)
		found = record{contract: &c}
		return err
	}, func(err error) {
		if err == nil && v.selected == id && !v.scrollTo(id) {
			v.state.records = append([]record{found}, v.state.records...)
			v.lines = append(v.linesOf([]record{found}), v.lines...)
			v.draw()
			v.list.ScrollToOffset(0)
		}
	})
}

// pin keeps the highlighted row in the list after it was read anew.
func (v *View) pin() {
	if v.selected != "" && !v.filtered() && !v.scrollTo(v.selected) {
		v.Select(v.selected)
	}
}

func (v *View) scrollTo(id string) bool {
	for n, l := range v.lines {
		if l.id == id {
			v.list.ScrollTo(n)
			return true
		}
	}
	return false
}

func (v *View) update(id int, object fyne.CanvasObject) {
	if id >= len(v.lines) {
		return
	}
	object.(*rowView).show(v.lines[id])
	if id < len(v.lines)-10 || v.state.cursor == "" || v.asking {
		return
	}
	v.asking = true
	generation := v.generation
	query := v.query()
	query.Cursor = v.state.cursor
	v.read(query, func(records []record, cursor string, err error) {
		v.asking = false
		if err != nil || generation != v.generation {
			return
		}
		v.state.records, v.state.cursor = append(v.state.records, records...), cursor
		v.lines = append(v.lines, v.linesOf(records)...)
		v.list.Refresh()
	})
}
