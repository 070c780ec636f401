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
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// View is one of the two registers. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host     ui.Host
	kind     client.SubjectKind
	open     func(id string)
	search   *widgets.Entry
	filter   int // index into filters
	chips    []*widgets.Chip
	body     *fyne.Container
	list     *widget.List
	listBox  fyne.CanvasObject
	content  fyne.CanvasObject
	lines    []line
	cursor   string
	selected string
	round    int
	loaded   bool
	broken   bool // the last reading failed
	reading  bool
	behind   bool // a record changed while the list was on its way
	asking   bool
	typing   ui.Delay
}

// typingRests is how long a person must have stopped typing before the list is searched.
const typingRests = 250 * time.Millisecond

// New is the register of kind; open is called with the row that was clicked.
func New(host ui.Host, kind client.SubjectKind, open func(id string)) *View {
	v := &View{host: host, kind: kind, open: open, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.search = widgets.NewEntry(host.Text().T("reg.search_" + string(kind) + "s"))
	v.search.OnChanged = func(string) {
		v.typing.After(typingRests, v.Reload)
	}
	v.list = widget.NewList(func() int { return len(v.lines) }, func() fyne.CanvasObject { return newRow(v) }, v.update)
	v.list.HideSeparators = true
	v.listBox = container.NewThemeOverride(v.list, theme.Dense{})
	v.content = widgets.Fill(v.head(), v.body, nil)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Shown reads the list the first time the page comes to the front.
func (v *View) Shown() {
	if !v.loaded {
		v.Reload()
	}
}

// Follow reads a list that was read before anew, as a record of it has changed; of many changes
// that come while it is on its way, the list is read once more.
func (v *View) Follow() {
	switch {
	case v.reading:
		v.behind = true
	case v.loaded || v.broken:
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
	v.round++
	v.reading, v.behind = true, false
	round, query := v.round, v.query()
	if len(v.lines) == 0 {
		v.set(widgets.Skeleton(9))
	}
	v.read(query, func(lines []line, cursor string, err error) {
		if round != v.round {
			return
		}
		text := v.host.Text()
		v.reading, v.loaded, v.broken = false, err == nil, err != nil
		if v.behind {
			defer v.Reload()
		}
		if err != nil {
			v.lines, v.cursor = nil, ""
			v.set(widgets.Broken(text.T("reg.broken"), ui.Explain(err, text), text.T("act.repeat"), v.Reload))
			return
		}
		v.lines, v.cursor = lines, cursor
		v.pin()
		v.draw()
	})
}

func (v *View) draw() {
	text := v.host.Text()
	switch {
	case len(v.lines) > 0:
		v.set(v.listBox)
		v.list.Refresh()
	case v.deleted() && v.search.Text == "":
		v.set(widgets.Empty(text.T("crd.no_deleted"), text.T("crd.no_deleted_hint")))
	case v.filtered():
		v.set(widgets.Empty(text.T("feed.nothing"), text.T("feed.nothing_hint")))
	default:
		v.set(widgets.Empty(text.T("reg.empty"), text.T("crd.empty_"+string(v.kind)+"s")))
	}
}

func (v *View) set(object fyne.CanvasObject) {
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
}

func (v *View) read(query client.CardQuery, done func([]line, string, error)) {
	var lines []line
	var next string
	text, now := v.host.Text(), v.host.Now()
	v.host.Work(func(ctx context.Context, api *client.API) error {
		if v.kind == client.KindClient {
			page, err := api.FindClients(ctx, query)
			for _, c := range page.Items {
				lines = append(lines, lineOfClient(c, text, now))
			}
			next = page.NextCursor
			return err
		}
		page, err := api.FindContracts(ctx, query)
		for _, c := range page.Items {
			lines = append(lines, lineOfContract(c, text, now))
		}
		next = page.NextCursor
		return err
	}, func(err error) { done(lines, next, err) })
}

// Select highlights a record and scrolls to it; one that is not loaded is fetched and
// put on top, so that the highlighted row is always there to see.
func (v *View) Select(id string) {
	v.selected = id
	v.list.Refresh()
	if id == "" || v.scrollTo(id) {
		return
	}
	var found line
	text, now := v.host.Text(), v.host.Now()
	v.host.Work(func(ctx context.Context, api *client.API) error {
		if v.kind == client.KindClient {
			c, err := api.Client(ctx, id)
			found = lineOfClient(c, text, now)
			return err
		}
		c, err := api.Contract(ctx, id)
		found = lineOfContract(c, text, now)
		return err
	}, func(err error) {
		if err == nil && v.selected == id && !v.scrollTo(id) {
			v.lines = append([]line{found}, v.lines...)
			v.draw()
			v.list.ScrollToTop()
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

func (v *View) update(id widget.ListItemID, object fyne.CanvasObject) {
	if id >= len(v.lines) {
		return
	}
	object.(*rowView).show(v.lines[id])
	if id < len(v.lines)-10 || v.cursor == "" || v.asking {
		return
	}
	v.asking = true
	round := v.round
	query := v.query()
	query.Cursor = v.cursor
	v.read(query, func(lines []line, cursor string, err error) {
		v.asking = false
		if err != nil || round != v.round {
			return
		}
		v.lines, v.cursor = append(v.lines, lines...), cursor
		v.list.Refresh()
	})
}
