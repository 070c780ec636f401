// Package importer draws the sheet that brings a file of clients or contracts in: what stands in
// which column, a trial, the import itself, and the report of what was skipped; and it saves lists
// as files. Reading and judging the file is the server's.
package importer

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/download"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/asking"
	"dozvon/app/desktop/ui/cardruns"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 800
	inner         = width - 2*theme.Inset
)

// Rules of duplicates, in the order in which they are offered; the first does least harm.
var rules = []string{"skip", "update", "add"}

// Host is what the sheet asks of the program.
type Host interface {
	asking.Host
	Tell(sentence string)
}

// Sheet is the sheet over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host Host
	kind string // "clients" or "contracts"
	dir  string // where the report is saved
	pop  *widget.PopUp
	body *fyne.Container

	it      client.Import
	mapping []string
	rule    int
	told    string // what was refused, or where the report is
	bad     bool   // told is of a refusal
	sending bool
	closed  bool
	over    func() // says that the import has ended, so that nobody asks on
	silent  bool   // told is why the server does not tell how far it is
}

// Open sends the file and shows the sheet on canvas; dir is where the report may be saved.
func Open(host Host, canvas fyne.Canvas, kind client.SubjectKind, dir, name string, file io.ReadCloser) *Sheet {
	s := &Sheet{host: host, kind: string(kind) + "s", dir: dir, body: widgets.Column(theme.Inset), sending: true}
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.pop.Show()
	s.draw() // after it is shown, as only then it can have the keyboard
	var im client.Import
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		im, err = api.Upload(ctx, s.kind, name, file)
		return errors.Join(err, file.Close())
	}, func(err error) {
		s.sending = false
		if err != nil {
			s.refuse(err)
			return
		}
		s.it, s.mapping = im, append([]string{}, im.Mapping...)
		if s.closed {
			s.forget()
			return
		}
		s.draw()
	})
	return s
}

// Close puts the sheet away. An import that goes on, goes on; a file that nobody decided about is
// forgotten.
func (s *Sheet) Close() {
	s.closed = true
	s.pop.Hide()
	if s.it.ID != "" && !present.ImportWorks(s.it) && s.it.State != client.ImportDone {
		s.forget()
	}
}

func (s *Sheet) forget() {
	id := s.it.ID
	s.host.Work(func(ctx context.Context, api *client.API) error { return api.DeleteImport(ctx, id) }, nil)
}

// Follow takes in what the server tells of an import.
func (s *Sheet) Follow(im client.Import) {
	if im.ID != s.it.ID || !present.ImportWorks(s.it) {
		return
	}
	// Events come without what does not change.
	im.Preview, im.Columns, im.Fields, im.Doubts = s.it.Preview, s.it.Columns, s.it.Fields, s.it.Doubts
	s.it = im
	if !present.ImportWorks(im) {
		s.over()
	}
	if s.closed {
		s.tellEnd()
		return
	}
	s.draw()
}

// tellEnd says at the window's foot how an import ended whose sheet was put away.
func (s *Sheet) tellEnd() {
	text := s.host.Text()
	switch s.it.State {
	case client.ImportDone:
		s.host.Tell(text.T("imp.finished") + ". " + text.T("imp.did.added", "n", present.Grouped(s.it.Counts.Added)))
	case client.ImportFailed:
		s.host.Tell(problem(s.it, text))
	}
}

// Map says what a column holds; n is an index into what is offered, 0 leaves the column out.
func (s *Sheet) Map(column, n int) {
	asked := len(present.ImportDoubts(s.it, s.mapping, s.host.Text()))
	s.mapping[column] = ""
	if n > 0 {
		s.mapping[column] = s.it.Fields[n-1]
	}
	s.told = ""
	if asked != len(present.ImportDoubts(s.it, s.mapping, s.host.Text())) {
		s.draw() // a question was answered, or stands again
	}
}

// Ready tells whether the file was read and nothing goes on with it.
func (s *Sheet) Ready() bool { return !s.sending && s.it.ID != "" && !present.ImportWorks(s.it) }

// Run starts the trial or the import itself.
func (s *Sheet) Run(dry bool) {
	if !s.Ready() {
		return
	}
	s.sending, s.told = true, ""
	id, run := s.it.ID, client.ImportRun{Mapping: s.mapping, Rule: rules[s.rule], DryRun: dry}
	var im client.Import
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		im, err = api.RunImport(ctx, id, run)
		return err
	}, func(err error) {
		s.sending = false
		if err != nil {
			s.refuse(err)
			return
		}
		shown, over := context.WithCancel(context.Background())
		s.it, s.over = im, over
		s.draw()
		s.ask(shown, id)
	})
}

// ask asks now and then how far the import is: events are quicker, but a connection may be away.
func (s *Sheet) ask(shown context.Context, id string) {
	var im client.Import
	asking.Until(shown, s.host, func(ctx context.Context, api *client.API) (over bool, err error) {
		im, err = api.Import(ctx, id)
		return !present.ImportWorks(im), err
	}, func(a asking.Answer) {
		if a.Err == nil {
			s.hear("")
			s.Follow(im)
			return
		}
		words := explain(a.Err, s.host.Text())
		if !a.Last {
			words += " " + s.host.Text().T("imp.silent")
		}
		s.hear(words)
	})
}

// hear says why the server does not tell how far it is; empty: it does.
func (s *Sheet) hear(words string) {
	if s.closed || words == "" && !s.silent {
		return
	}
	s.silent, s.told, s.bad = words != "", words, true
	s.draw()
}

// Back returns from a trial or a failure to the columns.
func (s *Sheet) Back() {
	s.it.State, s.told = client.ImportReady, ""
	s.draw()
}

// takeBack asks whether the import shall be taken back as a whole.
func (s *Sheet) takeBack() {
	canvas, id := s.pop.Canvas, s.it.ID
	s.Close()
	cardruns.OpenRun(s.host, canvas, id)
}

// SaveReport saves the report of what was skipped.
func (s *Sheet) SaveReport() {
	text := s.host.Text()
	name := text.T("imp.report_name") + s.host.Now().Local().Format(" 2006-01-02 15-04") + ".csv"
	path, id := filepath.Join(s.dir, download.Name(name)), s.it.ID
	s.host.Work(func(ctx context.Context, api *client.API) error {
		file, err := api.ImportReport(ctx, id)
		if err != nil {
			return err
		}
		defer file.Close()
		path, err = download.Save(path, file, 0, nil)
		return err
	}, func(err error) {
		if err != nil {
			s.refuse(err)
			return
		}
		s.told, s.bad = text.T("imp.report_saved", "path", path), false
		s.draw()
	})
}

func (s *Sheet) refuse(err error) {
	s.told, s.bad = explain(err, s.host.Text()), true
	s.draw()
}

// explain puts a refusal in words; what is wrong with a file, the server has put in words itself.
func explain(err error, text *i18n.Text) string {
	var p *client.Problem
	if errors.As(err, &p) && (p.Status == 422 || p.Status == 413 || p.Status == 409) && p.Detail != "" {
		return p.Detail
	}
	return ui.Explain(err, text)
}

func problem(im client.Import, text *i18n.Text) string {
	if im.Problem == nil {
		return text.T("imp.failed")
	}
	return text.Either(im.Problem.RU, im.Problem.EN)
}
