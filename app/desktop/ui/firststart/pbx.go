package firststart

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/asked"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// addressField is where the address of a PBX that every customer has of their own is typed.
const addressField = "api_url"

// pbx is the second step: which PBX the school has, and what its cabinet tells.
type pbx struct {
	v         *View
	fields    map[string]*asked.Field
	extension *asked.Field
	offered   *widgets.Bar // of PBXs
	button    *widgets.Button
	broken    error
	told      panel.Told
	failed    []client.Check
}

func newPBX(v *View) *pbx {
	p := &pbx{v: v, fields: map[string]*asked.Field{}}
	p.button = widgets.NewButton(v.host.Text().T("first.check"), widgets.Primary, p.try)
	p.extension = p.asked(v.host.Text().T("first.extension"), widgets.NewEntry("101"), v.state.extension, func(typed string) { v.state.extension = typed })
	return p
}

func (p *pbx) asked(label string, entry *widgets.Entry, kept string, keep func(string)) *asked.Field {
	f := asked.New(label, entry, inner)
	entry.SetText(kept)
	entry.OnChanged = func(typed string) {
		keep(typed)
		if f.Said() != "" {
			f.Say(theme.ToneMuted, "")
			p.v.settle()
		}
	}
	entry.OnSubmitted = func(string) { p.try() }
	entry.OnEnter = func() { p.v.reveal(f.Object) }
	return f
}

// load asks the server which PBXs there are.
func (p *pbx) load() {
	var kinds []client.PBXKind
	p.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		kinds, err = api.PBXKinds(ctx)
		return err
	}, func(err error) {
		p.broken = err
		if err == nil {
			p.v.state.kinds = kinds
		}
		p.v.draw()
	})
}

func (p *pbx) title() string { return p.v.host.Text().T("first.pbx") }

func (p *pbx) ahead() string { return p.v.host.Text().T("first.pbx_ahead") }

func (p *pbx) done() (fyne.CanvasObject, *widgets.Button) {
	return widgets.NewLabel(p.name(), theme.Small, widgets.InkMuted), widgets.NewButton(p.v.host.Text().T("first.change"), widgets.Link, func() {
		p.v.state.step = stepPBX
		p.told, p.failed = panel.Told{}, nil
		p.v.draw()
	})
}

// name is what is connected: its own name, or its kind's.
func (p *pbx) name() string {
	made := p.v.state.made
	at := slices.IndexFunc(p.v.state.kinds, func(k client.PBXKind) bool { return k.Kind == made.Kind })
	if made.Name == "" && at >= 0 {
		return p.v.state.kinds[at].Title
	}
	return made.Name
}

// offer is one thing to choose: a kind, a brand of one, or whatever else speaks as a kind does.
type offer struct {
	kind  client.PBXKind
	brand client.Brand
	title string
}

func (p *pbx) offers() []offer {
	var out, others []offer
	for _, k := range p.v.state.kinds {
		if len(k.Brands) == 0 {
			out = append(out, offer{kind: k, title: k.Title})
			continue
		}
		for _, b := range k.Brands {
			out = append(out, offer{k, b, b.Title})
		}
		others = append(others, offer{kind: k, title: p.v.host.Text().T("tel.other", "kind", k.Title)})
	}
	return append(out, others...)
}

func (p *pbx) open() fyne.CanvasObject {
	text := p.v.host.Text()
	offers := p.offers()
	if len(offers) == 0 {
		if p.broken != nil {
			return widgets.Broken(text.T("tel.kinds_broken"), ui.Explain(p.broken, text), text.T("act.repeat"), p.load)
		}
		return widgets.NewLabel(text.T("set.loading"), theme.Body, widgets.InkMuted)
	}
	rows := []fyne.CanvasObject{p.grid(offers)}
	chosen := offers[min(p.v.state.chosen, len(offers)-1)]
	rows = append(rows, p.fieldRows(chosen)...)
	rows = append(rows, p.extension.Object)
	for _, c := range p.failed {
		rows = append(rows, panel.Fault(text.Either(c.Name, c.NameEN)+": "+text.Either(c.Text, c.TextEN)).Row(inner)...)
	}
	rows = append(rows, p.told.Row(inner)...)
	skip := widgets.NewButton(text.T("first.no_pbx"), widgets.Quiet, p.v.host.Finish)
	return widgets.Column(12, append(rows, widgets.Row(8, nil, p.button, skip))...)
}

// grid is two columns of what can be chosen; a connected PBX keeps its kind.
func (p *pbx) grid(offers []offer) fyne.CanvasObject {
	const half = (inner - 8) / 2
	var rows []fyne.CanvasObject
	var picks []*widgets.Pick
	for n := 0; n < len(offers); n += 2 {
		var cells []fyne.CanvasObject
		for at := n; at < min(n+2, len(offers)); at++ {
			cell, pick := p.cell(at, offers[at].title)
			cells, picks = append(cells, cell), append(picks, pick)
		}
		rows = append(rows, widgets.Row(8, []float32{half, half}, cells...))
	}
	p.offered = widgets.NewPicks(widgets.Column(8, rows...), picks...)
	p.offered.Turn(p.v.state.chosen)
	return p.offered
}

func (p *pbx) cell(n int, title string) (fyne.CanvasObject, *widgets.Pick) {
	on := n == p.v.state.chosen
	box := widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line)
	words := widgets.NewLabel(title, theme.Body, widgets.InkNormal)
	dot := widgets.NewBox(widgets.Surface, 8).Outlined(widgets.InkMuted)
	inside := widgets.Space(0, 0)
	if on {
		box = widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton).Outlined(widgets.ToneInk(theme.ToneAccent))
		words = widgets.NewBold(title, theme.Body, widgets.InkNormal)
		dot = widgets.NewBox(widgets.ToneInk(theme.ToneAccent), 8)
		inside = widgets.Middle(widgets.Sized(widgets.NewBox(widgets.Surface, 3), 6, 6))
	}
	line := widgets.Row(12, []float32{16, widgets.Wide}, widgets.Sized(widgets.Stack(dot, inside), 16, 16), words)
	pick := widgets.NewPick(func() { p.choose(n) })
	return widgets.Stack(box, widgets.Sized(widgets.Pad(0, 12, 0, 12, line), 0, 44), pick), pick
}

func (p *pbx) choose(n int) {
	if p.v.state.chosen == n {
		return
	}
	// What is connected keeps its kind: another one is another PBX, and goes in its place.
	if id := p.v.state.made.ID; id != "" {
		p.v.state.former = append(p.v.state.former, id)
	}
	p.v.state.chosen, p.v.state.made = n, client.Integration{}
	p.told, p.failed = panel.Told{}, nil
	p.offered.Again(func() *widgets.Bar { p.v.draw(); return p.offered })
}

// fieldRows are the fields of a choice in their order, the own address first.
func (p *pbx) fieldRows(o offer) []fyne.CanvasObject {
	text := p.v.host.Text()
	var rows []fyne.CanvasObject
	if o.kind.DefaultURL == "" {
		f := p.field(addressField, text.T("set.url"), widgets.NewCode(""))
		f.SetPlaceHolder(o.brand.Address)
		rows = append(rows, f.Object)
	}
	told := "" // the next one may repeat it
	for _, c := range o.kind.Credentials {
		if c.Optional {
			continue
		}
		entry := widgets.NewCode("")
		if c.Secret {
			entry = widgets.NewPassword("")
		}
		row := p.field(c.Name, text.Either(c.Label, c.LabelEN), entry).Object
		if words := text.Either(c.Hint, c.HintEN); words != "" && words != told {
			row = widgets.Column(4, row, widgets.NewParagraph(words, theme.Small, inner, 0, widgets.InkMuted))
			told = words
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *pbx) field(name, label string, entry *widgets.Entry) *asked.Field {
	key := p.key(name)
	if p.fields[key] == nil {
		p.fields[key] = p.asked(label, entry, p.v.state.fields[key], func(typed string) { p.v.state.fields[key] = typed })
	}
	return p.fields[key]
}

// key keeps the fields of one kind apart from another's.
func (p *pbx) key(name string) string {
	o := p.offers()[p.v.state.chosen]
	return o.kind.Kind + " " + name
}

// lacking tells under each field that must be filled in that it is not.
func (p *pbx) lacking(o offer) bool {
	names := []string{}
	if o.kind.DefaultURL == "" {
		names = append(names, addressField)
	}
	for _, c := range o.kind.Credentials {
		if !c.Optional {
			names = append(names, c.Name)
		}
	}
	lacks := false
	for _, name := range names {
		if f := p.fields[p.key(name)]; f != nil && strings.TrimSpace(f.Text) == "" {
			f.Say(theme.ToneMiss, p.v.host.Text().T("sign.empty"))
			lacks = true
		}
	}
	return lacks
}

// try connects the PBX, or changes what was connected, and has it checked.
func (p *pbx) try() {
	offers := p.offers()
	if len(offers) == 0 || !p.button.Enabled() {
		return
	}
	o := offers[p.v.state.chosen]
	if p.lacking(o) {
		p.v.settle()
		return
	}
	text, s := p.v.host.Text(), p.v.state
	p.told, p.failed = panel.Told{}, nil
	p.button.SetLabel(text.T("set.checking"))
	p.button.SetEnabled(false)
	in, id, extension := p.input(o), s.made.ID, strings.TrimSpace(s.extension)
	got := outcome{made: s.made, me: s.me, former: s.former}
	p.v.host.Work(func(ctx context.Context, api *client.API) error {
		return got.connect(ctx, api, id, in, extension)
	}, func(err error) {
		s.made, s.me, s.former = got.made, got.me, got.former
		p.answered(got.checks, err)
	})
}

// outcome is how far connecting came: what was done stays done when what follows is refused.
type outcome struct {
	made   client.Integration
	me     client.Employee
	former []string
	checks []client.Check
}

func (o *outcome) connect(ctx context.Context, api *client.API, id string, in client.IntegrationInput, extension string) error {
	save := api.CreateIntegration
	if id != "" {
		save = func(ctx context.Context, in client.IntegrationInput) (client.Integration, error) {
			return api.UpdateIntegration(ctx, id, in)
		}
	}
	made, err := save(ctx, in)
	if err != nil {
		return err
	}
	o.made = made
	for len(o.former) > 0 {
		if err := api.DeleteIntegration(ctx, o.former[0]); err != nil {
			return err
		}
		o.former = o.former[1:]
	}
	if extension != "" {
		me, err := api.UpdateEmployee(ctx, o.me.ID, client.EmployeeInput{Extension: &extension})
		if err != nil {
			return err
		}
		o.me = me
	}
	o.checks, err = api.CheckIntegration(ctx, made.ID)
	return err
}

func (p *pbx) input(o offer) client.IntegrationInput {
	active := true
	in := client.IntegrationInput{Active: &active, Credentials: map[string]string{}}
	if p.v.state.made.ID == "" {
		in.Kind = &o.kind.Kind
		if o.brand.Title != "" {
			in.Name = &o.brand.Title
		}
	}
	address := o.kind.DefaultURL
	if address == "" {
		address = strings.TrimSpace(p.v.state.fields[p.key(addressField)])
	}
	in.APIURL = &address
	for _, c := range o.kind.Credentials {
		if value := strings.TrimSpace(p.v.state.fields[p.key(c.Name)]); value != "" {
			in.Credentials[c.Name] = value
		}
	}
	return in
}

// answered goes on to the first call, or tells what does not work yet.
func (p *pbx) answered(checks []client.Check, err error) {
	text := p.v.host.Text()
	p.button.SetLabel(text.T("first.check"))
	p.button.SetEnabled(true)
	if err != nil {
		p.told = panel.Fault(ui.Explain(err, text))
	}
	for _, c := range checks {
		if c.State == client.CheckFailed {
			p.failed = append(p.failed, c)
		}
	}
	if err == nil && len(p.failed) == 0 {
		p.v.state.step = stepCall
		p.v.call.wait()
	}
	p.v.draw()
}
