// Package notes draws the sheet of one note: its text, to be changed by those who may, and the
// texts that it had before. Keeping them is the server's.
package notes

import (
	"context"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 460
	inner         = width - 2*theme.Inset
	lines         = 5
	// formerMost is how high the former texts grow before they scroll.
	formerMost float32 = 216
	// barWide keeps the scroll bar off the words.
	barWide float32 = 12
)

// Sheet is the sheet over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host  ui.Base
	entry client.FeedEntry
	pop   *widget.PopUp
	body  *fyne.Container
	text  *widgets.Entry
	told  *widgets.Paragraph
	save  *widgets.Button
	close *widgets.Button // of a note that is only read
	mine  bool            // the text may be changed

	former []client.NoteVersion
	state  state
	why    string // the former texts could not be read
	saving bool
}

// state is which face the former texts show.
type state int

const (
	none state = iota
	loading
	ready
	broken
)

// Edit shows the sheet of a note over a canvas. Who may not change it reads it, with its former texts.
func Edit(host ui.Base, canvas fyne.Canvas, entry client.FeedEntry) *Sheet {
	s := &Sheet{host: host, entry: entry, mine: model.MayEditNote(host.Model().Me(), entry), body: widgets.Column(12)}
	s.text = widgets.NewMultiline(host.Text().T("card.note_hint"), lines)
	s.text.SetText(entry.Description)
	s.text.OnChanged = func(string) { s.changed() }
	s.text.OnSubmitted = func(string) { s.Save() } // Shift+Enter: Enter alone begins a line
	s.text.OnEscape = s.Close
	s.told = widgets.NewParagraph("", theme.Small, inner, 3, widgets.ToneInk(theme.ToneMiss))
	s.save = widgets.NewButton(host.Text().T("act.save"), widgets.Primary, s.Save)
	s.close = widgets.NewButton(host.Text().T("act.close"), widgets.Quiet, s.Close)
	s.close.OnEscape = s.Close
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.changed()
	s.layout()
	s.pop.Show()
	if !s.mine {
		canvas.Focus(s.close)
	} else {
		canvas.Focus(s.text)
		for _, key := range []fyne.KeyName{fyne.KeyPageDown, fyne.KeyEnd} {
			s.text.TypedKey(&fyne.KeyEvent{Name: key}) // one adds to a note more often than one begins it anew
		}
	}
	if entry.EditedAt != nil {
		s.read()
	}
	return s
}

// Close puts the sheet away.
func (s *Sheet) Close() { s.pop.Hide() }

func (s *Sheet) read() {
	s.state = loading
	s.layout()
	var all []client.NoteVersion
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		all, err = api.NoteVersions(ctx, s.entry.ID)
		return err
	}, func(err error) {
		s.former, s.state = all, ready
		if err != nil {
			s.state, s.why = broken, ui.Explain(err, s.host.Text())
		}
		s.layout()
	})
}

// changed lets the note be saved once there is something to save.
func (s *Sheet) changed() {
	words := strings.TrimSpace(s.text.Text)
	s.save.SetEnabled(!s.saving && words != "" && words != s.entry.Description)
}

func (s *Sheet) layout() {
	text := s.host.Text()
	head := []fyne.CanvasObject{widgets.NewBold(text.T("act.note"), theme.Heading, widgets.InkNormal)}
	if s.entry.Subject != nil {
		head = append(head, hovercard.Over(widgets.Column(0, widgets.NewLabel(s.entry.Subject.Name, theme.Body, widgets.InkNormal))))
	}
	about := present.NoteAbout(s.entry, text, s.host.Now())
	parts := []fyne.CanvasObject{widgets.Column(0, append(head, widgets.NewLabel(about, theme.Caption, widgets.InkMuted))...)}
	if s.mine {
		parts = append(parts, widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), s.text))
	} else {
		parts = append(parts, widgets.NewParagraph(s.entry.Description, theme.Body, inner, 0, widgets.InkNormal))
	}
	parts = append(parts, s.formerTexts()...)
	if s.told.Text != "" {
		parts = append(parts, s.told)
	}
	s.body.Objects = append(parts, s.foot())
	s.body.Refresh()
	s.pop.Refresh()
}

func (s *Sheet) foot() fyne.CanvasObject {
	text := s.host.Text()
	if !s.mine {
		return widgets.Row(theme.Gap, []float32{widgets.Wide}, widgets.Space(0, 0), s.close)
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide}, widgets.Space(0, 0),
		widgets.NewButton(text.T("act.cancel"), widgets.Quiet, s.Close), s.save)
}

// formerTexts are what the note said before; nothing for one that was never changed.
func (s *Sheet) formerTexts() []fyne.CanvasObject {
	text := s.host.Text()
	title := widgets.NewLabel(text.T("crd.note_former"), theme.Caption, widgets.InkMuted)
	switch s.state {
	case loading:
		return []fyne.CanvasObject{title, widgets.NewLabel(text.T("subj.loading"), theme.Body, widgets.InkMuted)}
	case broken:
		return []fyne.CanvasObject{
			title, widgets.NewParagraph(s.why, theme.Body, inner, 3, widgets.ToneInk(theme.ToneMiss)),
			widgets.Row(0, nil, widgets.NewButton(text.T("act.repeat"), widgets.Quiet, s.read)),
		}
	case ready:
		if len(s.former) > 0 {
			return []fyne.CanvasObject{title, s.formerList()}
		}
	}
	return nil
}

func (s *Sheet) formerList() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, v := range s.former {
		rows = append(rows, widgets.Column(0,
			widgets.NewLabel(present.VersionAbout(v, s.host.Text(), s.host.Now()), theme.Caption, widgets.InkMuted),
			widgets.NewParagraph(v.Text, theme.Body, inner-barWide, 0, widgets.InkNormal)))
	}
	list := widgets.Column(theme.Gap, rows...)
	return widgets.Sized(scrolling.New(list), 0, min(list.MinSize().Height, formerMost))
}

func (s *Sheet) tell(words string) {
	s.told.Set(words)
	s.layout()
}

// Save writes the new text; the former one is kept, and the change can be taken back.
func (s *Sheet) Save() {
	words := strings.TrimSpace(s.text.Text)
	if !s.mine || !s.save.Enabled() {
		return
	}
	if utf8.RuneCountInString(words) > present.NoteLimit {
		s.tell(s.host.Text().T("crd.note_long", "n", present.Grouped(present.NoteLimit)))
		return
	}
	s.saving = true
	s.changed()
	s.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.EditNote(ctx, s.entry.ID, words)
		return err
	}, func(err error) {
		s.saving = false
		s.changed()
		if err != nil {
			s.tell(ui.Explain(err, s.host.Text()))
			return
		}
		s.Close()
	})
}
