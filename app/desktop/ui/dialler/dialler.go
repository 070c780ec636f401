// Package dialler draws the sheet for calling a number: one line that takes a number or
// a name, and who it may be. Calling is the host's.
package dialler

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/sync/errgroup"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

// width of the sheet.
const width float32 = 420

// suggest is how many suggestions stand in it.
const suggest = 6

// Host is what the sheet asks of the program.
type Host interface {
	ui.Base
	numbermenu.Host
	Tell(sentence string)
}

// found is one suggestion.
type found struct {
	subject client.Subject
	number  string
}

// Sheet is the dialler over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host      Host
	pop       *widget.PopUp
	entry     *widgets.Entry
	list      *fyne.Container
	found     []found
	lights    []*widgets.Box // of the suggestions
	at        int            // the suggestion that the arrow keys are at; below zero: what is typed
	searching bool           // an answer is awaited
	closed    bool
}

// Open shows the sheet on canvas with number filled in.
func Open(host Host, canvas fyne.Canvas, number string) *Sheet {
	s := &Sheet{host: host, entry: widgets.NewEntry(host.Text().T("dial.hint")), at: -1}
	s.list = widgets.Column(0)
	s.entry.OnEscape = s.Close
	s.entry.OnSubmitted = func(string) { s.submit() }
	s.entry.OnKey = s.arrow
	s.entry.OnChanged = func(string) { s.search() }
	call := widgets.NewButton(host.Text().T("act.call"), widgets.Call, s.call)
	line := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.Field(s.entry), call)
	form := widgets.Column(10, widgets.NewBold(host.Text().T("dial.title"), theme.Heading, widgets.InkNormal), line, s.list)
	body := widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusPanel), widgets.Sized(widgets.Pad(12, 12, 12, 12, form), width, 0))
	s.pop = widgets.NewOver(canvas, body, s.Close)
	s.hint("dial.empty")
	s.pop.Show()
	canvas.Focus(s.entry)
	s.entry.SetText(number)
	return s
}

// Close puts the sheet away.
func (s *Sheet) Close() {
	s.closed = true
	s.pop.Hide()
}

func (s *Sheet) hint(key string) {
	s.lights, s.at = nil, -1
	s.list.Objects = []fyne.CanvasObject{widgets.NewLabel(s.host.Text().T(key), theme.Caption, widgets.InkMuted)}
	s.list.Refresh()
}

// arrow goes through the suggestions, and back to what is typed.
func (s *Sheet) arrow(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyDown:
		s.at = min(s.at+1, len(s.lights)-1)
	case fyne.KeyUp:
		s.at = max(s.at-1, -1)
	default:
		return false
	}
	s.light(-1)
	return true
}

// light shows which suggestion the pointer, or else the keyboard, is at.
func (s *Sheet) light(pointed int) {
	for n, light := range s.lights {
		light.Fill, light.Line = widgets.Nothing, widgets.Nothing
		switch n {
		case s.at:
			light.Fill, light.Line = widgets.ToneSoft(theme.ToneAccent), widgets.InkAccent
		case pointed:
			light.Fill = widgets.Hover
		}
		light.Refresh()
	}
}

// submit dials the suggestion that the keyboard is at, or what was typed.
func (s *Sheet) submit() {
	if s.at >= 0 && s.at < len(s.found) && len(s.lights) == len(s.found) {
		s.dial(s.found[s.at])
		return
	}
	s.call()
}

// call dials what was typed, or else the first suggestion.
func (s *Sheet) call() {
	typed := strings.TrimSpace(s.entry.Text)
	e, err := s.host.Model().Numbers().Dial(typed)
	if err == nil {
		s.Close()
		s.host.Dial(e.Link(), nil)
		return
	}
	if errors.Is(err, phone.ErrServiceCode) {
		s.hint("err.service_code") // whoever is found by its digits is not meant
		return
	}
	if len(s.found) > 0 {
		s.dial(s.found[0])
		return
	}
	switch {
	case errors.Is(err, phone.ErrCityCodeMissing):
		s.hint("err.city_code_missing")
	case errors.Is(err, phone.ErrSeveral):
		s.hint("err.several_phones")
	default:
		s.hint("err.bad_phone")
	}
}

func (s *Sheet) dial(f found) {
	s.Close()
	s.host.Dial(f.number, &f.subject)
}

// menu is what else can be done with a suggestion's number; the sheet goes first, so that it does
// not lie over what opens.
func (s *Sheet) menu(f found) fyne.CanvasObject {
	return numbermenu.New(func() []numbermenu.Item {
		items := numbermenu.Items(s.host, f.number, &f.subject)
		for n, it := range items {
			items[n].Do = func() {
				s.Close()
				it.Do()
			}
		}
		return items
	})
}

// search asks who it may be with every key. One question is on its way at a time: what is typed meanwhile is
// asked for when its answer has come, so a slow server is not asked more often than it answers.
func (s *Sheet) search() {
	query := s.entry.Text
	if s.closed || s.searching {
		return
	}
	if query == "" {
		s.found = nil
		s.hint("dial.empty")
		return
	}
	s.searching = true
	var out []found
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		out, err = suggestions(ctx, api, query)
		return err
	}, func(err error) {
		s.searching = false
		switch {
		case s.closed:
			return
		case s.entry.Text != query:
			s.search()
			return
		}
		s.show(out[:min(len(out), suggest)], err)
	})
}

// suggestions are the cards with a number that fit what was typed, contracts first.
func suggestions(ctx context.Context, api *client.API, query string) ([]found, error) {
	var contracts, clients []found
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		page, err := api.Contracts(ctx, query, "")
		for _, c := range page.Items {
			if len(c.Phones) > 0 {
				contracts = append(contracts, found{client.Subject{Kind: client.KindContract, ID: c.ID, Name: c.Name, Detail: "№ " + c.Number}, c.Phones[0]})
			}
		}
		return err
	})
	both.Go(func() error {
		page, err := api.Clients(ctx, query, "")
		for _, c := range page.Items {
			if len(c.Phones) > 0 {
				clients = append(clients, found{client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Detail: c.Kind}, c.Phones[0]})
			}
		}
		return err
	})
	err := both.Wait()
	return append(contracts, clients...), err
}

func (s *Sheet) show(out []found, err error) {
	text := s.host.Text()
	hovercard.Leave(s.list)
	s.found, s.lights, s.at = out, nil, -1
	if err != nil {
		s.list.Objects = []fyne.CanvasObject{widgets.NewParagraph(ui.Explain(err, text), theme.Caption, width-24, 3, widgets.ToneInk(theme.ToneMiss))}
		s.list.Refresh()
		return
	}
	if len(out) == 0 {
		s.hint("dial.none")
		return
	}
	s.list.Objects = nil
	for n, f := range out {
		row := widgets.Row(10, []float32{28, widgets.Wide, 0},
			widgets.NewAvatar(present.Initials(f.subject.Name), theme.ToneAccent, 28),
			widgets.Column(0, widgets.NewBold(f.subject.Name, theme.Body, widgets.InkNormal),
				widgets.NewLabel(present.SubjectDetail(f.subject, text), theme.Caption, widgets.InkMuted)),
			widgets.NewLabel(present.PrettyPhone(f.number, text), theme.Body, widgets.InkMuted).Fixed())
		light := widgets.NewBox(widgets.Nothing, theme.RadiusButton)
		area := widgets.NewArea(func() { s.dial(f) })
		area.OnHover = func(in bool) {
			if s.light(-1); in {
				s.light(n)
			}
		}
		hovercard.Watch(area, row)
		s.lights = append(s.lights, light)
		line := container.NewStack(light, widgets.Pad(6, 6, 6, 6, row), area)
		s.list.Objects = append(s.list.Objects, widgets.Row(0, []float32{widgets.Wide, 0}, line, s.menu(f)))
	}
	s.list.Refresh()
	s.pop.Refresh()
}
