// Package cardruns draws the sheet of what files and other CRMs did to cards, and takes one of them back as a
// whole: it says first what will happen, and then what has. What may be taken back is the server's to say.
package cardruns

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/asking"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 680
	inner         = width - 2*theme.Inset
)

// face is what the sheet shows.
type face int

const (
	faceList face = iota // the runs
	faceAsk              // what taking one back would do
	faceWork             // it goes on
	faceDone             // what it has done
)

// Sheet is the sheet over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host   asking.Host
	pop    *widget.PopUp
	body   *fyne.Container
	face   face
	runs   []client.CardRun
	cursor string
	it     client.RunReceipt
	alone  bool // of one run: there is no list to go back to
	// first are the runs whose receipts led to this one, which is to be taken back before them.
	first []string
	// silent is why the server does not tell how far it is; nil: it does.
	silent error
	// reading and broken are the two other faces of what is shown; again repeats what failed.
	reading bool
	broken  error
	again   func()
	// left tells whatever was asked for what is shown no more that nobody waits for it.
	left context.CancelFunc
}

// Open shows the runs on a canvas.
func Open(host asking.Host, canvas fyne.Canvas) *Sheet {
	s := show(host, canvas)
	s.list()
	return s
}

// OpenRun asks about one run at once.
func OpenRun(host asking.Host, canvas fyne.Canvas, id string) *Sheet {
	s := show(host, canvas)
	s.alone = true
	s.Ask(id)
	return s
}

func show(host asking.Host, canvas fyne.Canvas) *Sheet {
	s := &Sheet{host: host, body: widgets.Column(theme.Inset), left: func() {}}
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.pop.Show()
	return s
}

// Close puts the sheet away; what goes on, goes on at the server.
func (s *Sheet) Close() {
	s.left()
	s.pop.Hide()
}

// turned begins something else to show; it is over when the person goes on to another.
func (s *Sheet) turned() context.Context {
	s.left()
	shown, left := context.WithCancel(context.Background())
	s.left = left
	return shown
}

// work asks the server for what the sheet then shows. Who leaves meanwhile does not break it off: its answer alone is not
// shown.
func (s *Sheet) work(again func(), work func(context.Context, *client.API) error, done func()) {
	shown := s.turned()
	s.reading, s.broken, s.again = true, nil, again
	s.draw()
	s.host.Work(work, func(err error) {
		if shown.Err() != nil {
			return
		}
		s.reading, s.broken = false, err
		if err == nil {
			done()
		}
		s.draw()
	})
}

// list reads the runs.
func (s *Sheet) list() {
	s.face, s.runs, s.cursor, s.first = faceList, nil, "", nil
	s.more()
}

func (s *Sheet) more() {
	var page client.Page[client.CardRun]
	cursor := s.cursor
	s.work(s.list, func(ctx context.Context, api *client.API) (err error) {
		page, err = api.CardRuns(ctx, cursor)
		return err
	}, func() { s.runs, s.cursor = append(s.runs, page.Items...), page.NextCursor })
}

// Ask reads what taking a run back would do, and asks for it.
func (s *Sheet) Ask(id string) {
	s.face, s.it = faceAsk, client.RunReceipt{}
	s.receive(id, (*client.API).RunReceipt)
}

// askFirst reads what taking another run back would do, which is in the way of this one.
func (s *Sheet) askFirst(id string) {
	s.first = append(s.first, s.it.Run.ID)
	s.Ask(id)
}

// back goes to what led here.
func (s *Sheet) back() {
	if n := len(s.first); n > 0 {
		id := s.first[n-1]
		s.first = slices.Delete(s.first, n-1, n)
		s.Ask(id)
		return
	}
	s.list()
}

// receive shows the receipt of a run that a request answers with.
func (s *Sheet) receive(id string, from func(*client.API, context.Context, string) (client.RunReceipt, error)) {
	var it client.RunReceipt
	s.work(func() { s.Ask(id) }, func(ctx context.Context, api *client.API) (err error) {
		it, err = from(api, ctx, id)
		return err
	}, func() {
		s.it = it
		s.turn()
	})
}

// turn shows a run that somebody has taken back meanwhile as what it is.
func (s *Sheet) turn() {
	switch s.it.Run.State {
	case client.RunUndone:
		s.face = faceDone
	case client.RunUndoing:
		s.face = faceWork
		s.follow()
	}
}

// Undo takes the run back that is asked about, or the rest of one that was taken back.
func (s *Sheet) Undo() {
	if s.reading || !s.can() {
		return
	}
	s.receive(s.it.Run.ID, (*client.API).UndoRun)
}

// can tells whether taking back would do anything.
func (s *Sheet) can() bool {
	return s.face == faceAsk && s.it.Removed+s.it.Restored > 0 || s.face == faceDone && s.it.Again > 0
}

// follow asks now and then how far it is.
func (s *Sheet) follow() {
	id, shown := s.it.Run.ID, s.turned()
	s.silent = nil
	var it client.RunReceipt
	asking.Until(shown, s.host, func(ctx context.Context, api *client.API) (over bool, err error) {
		it, err = api.RunReceipt(ctx, id)
		return it.Run.State == client.RunUndone, err
	}, func(a asking.Answer) {
		was := s.silent
		s.silent = a.Err
		switch {
		case a.Over:
			s.it, s.face = it, faceDone
		case a.Last:
			s.broken, s.again = a.Err, func() { s.Ask(id) }
		case was == nil && a.Err == nil:
			return // nothing new
		}
		s.draw()
	})
}

// words of an error; what the server refuses it has put in words itself.
func (s *Sheet) words(err error) string {
	var p *client.Problem
	if errors.As(err, &p) && p.Status == 409 && p.Detail != "" {
		return p.Detail
	}
	return ui.Explain(err, s.host.Text())
}
