package telephony

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/settings/telephony/standing"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// addressBook keeps our cards in the PBX's own address book, once somebody has seen what that
// changes and agreed: it hands clients' personal data to the PBX's operator.
type addressBook struct {
	panel.Section
	p      *page
	on     *widgets.Toggle
	button *widgets.Button
	plan   *client.BookPlan
	agree  bool // the switch was pressed: the plan asks for a yes
	told   panel.Told
}

func newAddressBook(p *page) *addressBook {
	text := p.v.host.Text()
	b := &addressBook{p: p}
	b.button = widgets.NewButton(text.T("book.plan"), widgets.Quiet, b.ask)
	b.Section = panel.NewSection(text.T("book.title"), "", b.button)
	b.on = widgets.Switch(text.T("book.keep"), p.it.AddressBook, b.press)
	return b
}

// press switches off at once, and on only after the plan.
func (b *addressBook) press(on bool) {
	if !on {
		b.keep(false)
		return
	}
	b.agree = true
	b.ask()
}

func (b *addressBook) keep(on bool) {
	b.p.save(client.IntegrationInput{AddressBook: &on}, func(err error) {
		b.told, b.agree, b.plan = panel.Told{}, false, nil
		if err != nil {
			b.told = panel.Fault(ui.Explain(err, b.p.v.host.Text()))
		}
	})
}

func (b *addressBook) ask() {
	b.told = panel.Told{}
	b.button.SetEnabled(false)
	id := b.p.it.ID
	var plan client.BookPlan
	b.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		plan, err = api.PlanBook(ctx, id)
		return err
	}, func(err error) {
		b.button.SetEnabled(true)
		b.plan = &plan
		if err != nil {
			b.plan, b.agree = nil, false
			b.told = panel.Fault(ui.Explain(err, b.p.v.host.Text()))
		}
		b.p.redraw()
	})
}

func (b *addressBook) drop() {
	b.plan, b.agree = nil, false
	b.p.redraw()
}

func (b *addressBook) fill() {
	text, width := b.p.v.host.Text(), b.p.v.inner()
	b.on.On = b.p.it.AddressBook
	b.on.Refresh()
	rows := []fyne.CanvasObject{
		widgets.Row(0, nil, b.on), panel.Wrapped(text.T("book.warning"), theme.Caption, width, widgets.InkMuted),
	}
	if b.plan != nil {
		rows = append(rows, b.planned(width))
	}
	if b.p.it.AddressBook && b.p.it.Book != nil {
		rows = append(rows, b.state(width))
	}
	b.Set(append(rows, b.told.Row(width)...))
}

// state is how far the PBX's book agrees with our cards.
func (b *addressBook) state(width float32) fyne.CanvasObject {
	text, s := b.p.v.host.Text(), b.p.it.Book
	switch {
	case s.Error != "":
		return panel.Signed(theme.ToneMiss, text.T("book.failed", "why", text.Either(s.Error, s.ErrorEN)), width)
	case s.Waiting > 0:
		return panel.Signed(theme.ToneMuted, text.N("book.cards", s.Synced)+", "+text.N("book.waiting", s.Waiting), width)
	}
	words := text.N("book.cards", s.Synced)
	if s.At != nil {
		words += ", " + text.T("book.at", "when", text.Short(*s.At, b.p.v.host.Now()))
	}
	return panel.Signed(theme.ToneRing, words, width)
}

// mostNames bounds the examples: they show what is meant, not everything.
const mostNames = 5

// asks tells that the plan waits for a yes.
func (b *addressBook) asks() bool { return b.plan != nil && b.agree && !b.p.it.AddressBook }

// planned is what would change, with some names, and the question.
func (b *addressBook) planned(width float32) fyne.CanvasObject {
	text, plan := b.p.v.host.Text(), b.plan
	width -= 2 * 12
	rows := []fyne.CanvasObject{panel.Wrapped(standing.PlanWords(text, *plan), theme.Body, width, widgets.InkNormal)}
	if names := plan.Examples[:min(len(plan.Examples), mostNames)]; len(names) > 0 {
		rows = append(rows, panel.Wrapped(text.T("book.examples", "names", strings.Join(names, "; ")), theme.Body, width, widgets.InkMuted))
	}
	if plan.Foreign > 0 {
		rows = append(rows, panel.Wrapped(text.N("book.foreign", plan.Foreign), theme.Body, width, widgets.InkMuted))
	}
	if b.asks() {
		rows = append(rows, panel.Right(widgets.NewButton(text.T("book.no"), widgets.Plain, b.drop),
			widgets.NewButton(text.T("book.yes"), b.p.kindOf(actAgree), func() { b.keep(true) })))
	} else {
		rows = append(rows, panel.Right(widgets.NewButton(text.T("act.hide"), widgets.Link, b.drop)))
	}
	return widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(10, 12, 10, 12, widgets.Column(6, rows...)))
}
