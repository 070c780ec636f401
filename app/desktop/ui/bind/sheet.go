// Package bind draws the sheet that asks whose a call is: the owners of its number first, any other
// card by search. What a person chooses wins over the number, until they give it back.
package bind

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 460
	inner         = width - 2*theme.Inset
	// most is how many cards are offered: more than that, and one types another letter.
	most = 6
	// room keeps the sheet from jumping while results come and go.
	room = most * (rowHeight + 1)
	// rowHeight of one card.
	rowHeight float32 = 48
	// typingRests is how long a pause in typing starts the search.
	typingRests = 250 * time.Millisecond
)

// Sheet is the sheet over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host       ui.Base
	pop        *widget.PopUp
	entry      client.FeedEntry
	search     *widgets.Entry
	list       *fyne.Container
	places     *widgets.Bar // the rows of found, for the keyboard
	told       *widgets.Paragraph
	found      []client.Subject
	generation int
	typing     ui.Delay
}

// Open shows the sheet on canvas for the call of an entry.
func Open(host ui.Base, canvas fyne.Canvas, entry client.FeedEntry) *Sheet {
	text := host.Text()
	s := &Sheet{host: host, entry: entry, list: widgets.Stack()}
	s.search = widgets.NewEntry(text.T("bind.search"))
	s.search.OnEscape = s.Close
	s.search.OnKey = searchfield.DownTo(func() fyne.Focusable {
		if len(s.found) == 0 || s.places == nil {
			return nil
		}
		return s.places
	})
	s.search.OnChanged = func(string) {
		s.typing.After(typingRests, s.Search)
	}
	s.search.OnSubmitted = func(string) {
		if len(s.found) == 1 {
			s.Choose(s.found[0])
		}
	}
	s.told = widgets.NewParagraph("", theme.Small, inner, 3, widgets.ToneInk(theme.ToneMiss))
	about := present.PrettyPhone(entry.Phone, text) + " · " + text.Short(entry.At, host.Now())
	var foot []*widgets.Button
	if entry.ByHand {
		foot = append(foot, widgets.NewButton(text.T("bind.by_number"), widgets.Quiet, s.ByNumber))
	}
	foot = append(foot, widgets.NewButton(text.T("act.cancel"), widgets.Quiet, s.Close))
	body := widgets.Column(12,
		widgets.Column(0, widgets.NewBold(text.T("bind.title"), theme.Heading, widgets.InkNormal), widgets.NewLabel(about, theme.Body, widgets.InkMuted)),
		widgets.GroundField(s.search), widgets.Sized(s.list, inner, room), s.told,
		widgets.SheetFoot(foot...))
	s.pop = widgets.NewSheet(canvas, width, body, s.Close)
	s.pop.Show()
	canvas.Focus(s.search)
	s.Search()
	return s
}

// Close puts the sheet away.
func (s *Sheet) Close() {
	s.typing.Stop()
	s.pop.Hide()
}

// Search looks for what stands in the field; with nothing there, for the owners of the number.
func (s *Sheet) Search() {
	s.typing.Stop()
	s.generation++
	generation, words := s.generation, strings.TrimSpace(s.search.Text)
	text := s.host.Text()
	if len(s.found) == 0 {
		s.show(widgets.Skeleton(most - 1))
	}
	var found []client.Subject
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if words == "" {
			if s.entry.Phone != "" {
				found, err = api.Lookup(ctx, s.entry.Phone)
			}
			return err
		}
		found, err = search(ctx, api, words, s.host)
		return err
	}, func(err error) {
		if generation != s.generation {
			return
		}
		s.found = found
		switch {
		case err != nil:
			s.found = nil
			s.show(widgets.Broken(text.T("bind.broken"), ui.Explain(err, text), text.T("act.repeat"), s.Search))
		case len(found) == 0 && words == "":
			s.show(widgets.Empty(text.T("bind.nobody"), text.T("bind.nobody_hint")))
		case len(found) == 0:
			s.show(widgets.Empty(text.T("feed.nothing"), text.T("bind.nothing_hint")))
		default:
			s.show(s.rows())
		}
	})
}

// search looks through both registers; contracts come first, as a lookup gives them.
func search(ctx context.Context, api *client.API, words string, host ui.Base) ([]client.Subject, error) {
	contracts, err := api.Contracts(ctx, words, "")
	if err != nil {
		return nil, err
	}
	clients, err := api.Clients(ctx, words, "")
	if err != nil {
		return nil, err
	}
	var out []client.Subject
	for _, c := range contracts.Items {
		out = append(out, present.SubjectOfContract(c, host.Text()))
	}
	// Neither register may push the other out of sight.
	if room := most - min(len(clients.Items), most/2); len(out) > room {
		out = out[:room]
	}
	for _, c := range clients.Items {
		out = append(out, present.SubjectOfClient(c))
	}
	return out, nil
}

func (s *Sheet) show(object fyne.CanvasObject) {
	hovercard.Leave(s.list)
	s.list.Objects = []fyne.CanvasObject{object}
	s.list.Refresh()
}

func (s *Sheet) rows() fyne.CanvasObject {
	text := s.host.Text()
	var rows []fyne.CanvasObject
	var picks []*widgets.Pick
	for n, subject := range s.found {
		if n == most {
			break
		}
		words := widgets.Column(0, widgets.NewBold(subject.Name, theme.Body, widgets.InkNormal),
			widgets.NewLabel(present.SubjectDetail(subject, text), theme.Caption, widgets.InkMuted))
		line := widgets.Row(10, []float32{32, widgets.Wide}, widgets.NewAvatar(present.Initials(subject.Name), theme.ToneAccent, 32), words)
		if s.entry.Subject != nil && s.entry.Subject.ID == subject.ID {
			line.Add(widgets.NewChip(text.T("bind.now"), theme.ToneMuted))
		}
		pick := widgets.NewPick(func() { s.Choose(subject) })
		rows, picks = append(rows, widgets.Stack(widgets.Sized(line, 0, rowHeight), pick, hovercard.Pick(line, pick)), widgets.Rule()), append(picks, pick)
	}
	s.places = widgets.NewPicks(widgets.Column(0, rows...), picks...)
	return s.places
}

// Choose gives the call to a card; the undo bar offers to take it back.
func (s *Sheet) Choose(to client.Subject) {
	s.do(func(ctx context.Context, api *client.API) error {
		_, err := api.BindCall(ctx, s.entry.CallID, client.SubjectRef{Kind: to.Kind, ID: to.ID})
		return err
	})
}

// ByNumber lets the number say again whose call it is.
func (s *Sheet) ByNumber() {
	s.do(func(ctx context.Context, api *client.API) error {
		_, err := api.UnbindCall(ctx, s.entry.CallID)
		return err
	})
}

func (s *Sheet) do(work func(ctx context.Context, api *client.API) error) {
	s.host.Work(work, func(err error) {
		if err != nil {
			s.told.Set(ui.Explain(err, s.host.Text()))
			s.pop.Refresh()
			return
		}
		s.Close()
	})
}
