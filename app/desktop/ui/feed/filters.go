package feed

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// filters are the second row above the feed: period, employee, line, kind of call; and whose feed it
// is, when a card or a reminder has opened it.
type filters struct {
	view                       *View
	period, person, line, kind *widgets.Chip
	only, drop                 *widgets.Chip
	row                        *widgets.Bar
	lines                      []client.Line
}

func newFilters(view *View) *filters {
	f := &filters{view: view}
	f.period, f.person = f.menu(f.periods), f.menu(f.people)
	f.line, f.kind = f.menu(f.ofLines), f.menu(f.kinds)
	f.only = widgets.NewFilter("", func() {
		f.view.state.asked.Subject, f.view.state.asked.Phone, f.view.state.whose = "", "", ""
		f.changed()
	})
	f.drop = widgets.NewFilter(view.host.Text().T("filter.drop"), func() { f.view.OpenQuery(client.FeedQuery{}) })
	f.row = widgets.NewChips(f.period, f.person, f.line, f.kind, f.only, f.drop)
	return f
}

// menu is a chip that opens a list.
func (f *filters) menu(items func() []*fyne.MenuItem) *widgets.Chip {
	var chip *widgets.Chip
	chip = widgets.NewFilter("", func() {
		over := fyne.CurrentApp().Driver().CanvasForObject(chip)
		if over == nil {
			return
		}
		widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items()...), over, fyne.NewPos(0, chip.Size().Height+theme.Grid), chip)
	})
	return chip
}

// choice is one line of a menu; choosing what is chosen takes it away.
func (f *filters) choice(words string, on bool, set func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(words, func() { set(); f.changed() })
	item.Checked = on
	return item
}

func (f *filters) changed() {
	f.view.state.follow(f.view.host.Now())
	f.view.paintChips()
	f.view.Reload()
}

func (f *filters) periods() []*fyne.MenuItem {
	q, text, now := &f.view.state.asked, f.view.host.Text(), f.view.host.Now()
	out := []*fyne.MenuItem{f.choice(text.T("filter.any_period"), q.From == "", func() { q.From, q.To = "", "" })}
	for _, p := range present.Periods[:len(present.Periods)-1] {
		from, to := present.PeriodQuery(p, now)
		out = append(out, f.choice(text.T("rep."+string(p)), q.From == from && q.To == to, func() {
			q.From, q.To = from, to
			f.view.state.named, f.view.state.day = p, model.Midnight(now)
		}))
	}
	return append(out, fyne.NewMenuItem(text.T("rep.own"), func() { openDays(f) }))
}

func (f *filters) people() []*fyne.MenuItem {
	q, host := &f.view.state.asked, f.view.host
	out := []*fyne.MenuItem{f.choice(host.Text().T("filter.any_person"), q.Employee == "", func() { q.Employee = "" })}
	for _, person := range host.Model().People() {
		out = append(out, f.choice(present.ShortName(person.Name), q.Employee == person.ID, func() { q.Employee = person.ID }))
	}
	return out
}

func (f *filters) ofLines() []*fyne.MenuItem {
	q, text := &f.view.state.asked, f.view.host.Text()
	out := []*fyne.MenuItem{f.choice(text.T("filter.any_line"), q.Line == "", func() { q.Line = "" })}
	for _, line := range f.lines {
		out = append(out, f.choice(f.lineWords(line.Number), q.Line == line.Number, func() { q.Line = line.Number }))
	}
	return out
}

// kinds set the type of the chips' row aside: one of the two says what is shown.
func (f *filters) kinds() []*fyne.MenuItem {
	q, text := &f.view.state.asked, f.view.host.Text()
	out := []*fyne.MenuItem{f.choice(text.T("filter.any_kind"), q.Type == "", func() { q.Type, q.Result = "", "" })}
	for _, kind := range present.CallKinds(text) {
		out = append(out, f.choice(kind.Words, q.Type == kind.Type && q.Result == kind.Result, func() {
			q.Type, q.Result = kind.Type, kind.Result
			f.view.state.filter = 0
		}))
	}
	return out
}

// readLines asks for the school's lines, once.
func (f *filters) readLines() {
	if f.lines != nil {
		return
	}
	var lines []client.Line
	f.view.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		lines, err = api.Lines(ctx)
		return err
	}, func(err error) {
		if err == nil { // else the menu offers none, and the next reading of the feed asks again
			f.lines = lines
			f.paint()
		}
	})
}

func (f *filters) lineWords(number string) string {
	for _, line := range f.lines {
		if line.Number == number && line.Name != "" {
			return line.Name
		}
	}
	return present.PrettyPhone(number, f.view.host.Text())
}

// paint says on each chip what it filters by.
func (f *filters) paint() {
	q, text, host := f.view.state.asked, f.view.host.Text(), f.view.host
	set := func(chip *widgets.Chip, words, none string) {
		if words == "" {
			chip.Set(text.T(none)+" ▾", theme.ToneMuted)
			return
		}
		chip.Set(words+" ▾", theme.ToneAccent)
	}
	person := ""
	for _, p := range host.Model().People() {
		if q.Employee != "" && p.ID == q.Employee {
			person = present.ShortName(p.Name)
		}
	}
	line := ""
	if q.Line != "" {
		line = f.lineWords(q.Line)
	}
	set(f.period, present.PeriodWords(q.From, q.To, host.Now(), text), "filter.period")
	set(f.person, person, "filter.person")
	set(f.line, line, "filter.line")
	set(f.kind, f.kindWords(), "filter.kind")
	f.only.Set(f.onlyWords()+"  ×", theme.ToneAccent)
	show(f.only, q.Subject+q.Phone != "")
	show(f.drop, q != (client.FeedQuery{}))
	f.row.Refresh()
}

func show(object fyne.CanvasObject, on bool) {
	if on {
		object.Show()
		return
	}
	object.Hide()
}

func (f *filters) onlyWords() string {
	if f.view.state.whose != "" || f.view.state.asked.Phone == "" {
		return f.view.state.whose
	}
	return present.PrettyPhone(f.view.state.asked.Phone, f.view.host.Text())
}

func (f *filters) kindWords() string {
	q, text := f.view.state.asked, f.view.host.Text()
	if q.Type == "" {
		return ""
	}
	for _, kind := range present.CallKinds(text) {
		if kind.Type == q.Type && kind.Result == q.Result {
			return kind.Words
		}
	}
	return text.T("filter.calls") // what another page has put together
}

// OpenQuery shows the entries that another page asks for, e.g. the calls of a bar of the reports;
// what was chosen before gives way, so that the page shows what was asked for.
func (v *View) OpenQuery(q client.FeedQuery) { v.openQuery(q, "") }

func (v *View) openQuery(q client.FeedQuery, whose string) {
	v.state.asked, v.state.filter, v.state.unbound = q, 0, false
	v.state.follow(v.host.Now())
	v.ensureHead()
	v.state.whose = whose
	v.search.SetText("")
	v.typing.Stop() // what was typed gave way with what it asked for
	v.paintChips()
	v.Reload()
}

// Query is what the feed is filtered by now.
func (v *View) Query() client.FeedQuery { return v.query() }

// OpenSubject shows the whole feed of one contract or client.
func (v *View) OpenSubject(s client.SubjectRef, name string) {
	v.openQuery(client.FeedQuery{Subject: string(s.Kind) + ":" + s.ID}, name)
}

// OpenCall expands the entry of a call, reading what else is known of its number when it is not
// loaded, and then goes on.
func (v *View) OpenCall(callID, phone string, then func(client.FeedEntry)) {
	if entry, ok := v.Expand(callID); ok {
		then(entry)
		return
	}
	v.after = func() {
		if entry, ok := v.Expand(callID); ok {
			then(entry)
			return
		}
		v.host.Tell(v.host.Text().T("feed.call_not_found"))
	}
	v.OpenQuery(client.FeedQuery{Phone: phone})
}
