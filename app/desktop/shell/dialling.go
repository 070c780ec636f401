package shell

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/ui"
	"dozvon/app/phone"
	"dozvon/client"
)

// dialLimit is how long the server's answer is waited for: less than a script waits for ours.
const dialLimit = 14 * time.Second

// calls asks for click-to-calls.
type calls struct{ *App }

func callsOf(a *App) calls { return calls{a} }

// Dialling tells whether a number is being called just now.
func (a *App) Dialling(number string, again func()) bool {
	return a.dials.Waits(calls{a}.key(number), again)
}

// key is a number whatever its spelling.
func (a calls) key(number string) string {
	if n, err := a.Model().Numbers().Parse(number); err == nil {
		return string(n)
	}
	return number
}

// Dial asks for a click-to-call. The card follows by the stream; the answer shows it at once.
func (a *App) Dial(number string, subject *client.Subject) {
	calls{a}.dial(number, subject, func(err error) {
		if err != nil {
			a.Show()
			calls{a}.Said(ui.Explain(err, a.text))
		}
	})
}

// dial calls the number of a text. Whoever asks while it is being called, or just after, is
// told how that call went; there is no second one.
func (a calls) dial(number string, subject *client.Subject, done func(error)) {
	a.Said("")
	key, ext, err := a.read(number)
	if err != nil {
		a.lastError = ui.Explain(err, a.text)
		done(err)
		return
	}
	command, began := a.dials.Begin(key, a.Now(), done)
	if !began {
		return
	}
	in := client.Dial{Phone: key, CommandID: command}
	if subject != nil {
		in.Subject = &client.SubjectRef{Kind: subject.Kind, ID: subject.ID}
	}
	a.send(in, func(err error) {
		a.answered(key, err)
		if err == nil && ext != "" {
			a.Said(a.text.T("dial.ext", "ext", ext))
		}
	})
}

// read reads what shall be called. A number without its city is left to the server: the
// settings of the school may not have come yet.
func (a calls) read(number string) (to, ext string, err error) {
	e, err := a.Model().Numbers().Dial(number)
	if errors.Is(err, phone.ErrCityCodeMissing) {
		return number, "", nil
	}
	return string(e.Number), e.Ext, err
}

// link takes the number of a link. Before anybody is signed in it waits.
func (a calls) link(link string) {
	if a.frame == nil {
		a.toDial = link
		a.Show()
		return
	}
	if practiceOf(a.App).Refuses() {
		return
	}
	a.outside.Link(link, a.cfg.Links == config.LinksAlways)
}

// clipboard takes the number on the clipboard.
func (a calls) clipboard() {
	if a.frame == nil {
		a.Show()
		return
	}
	if practiceOf(a.App).Refuses() {
		return
	}
	a.outside.Clipboard(a.fyne.Clipboard().Content())
}

// Said shows a sentence about a number until another is called or asked about; an empty one takes it away.
func (a calls) Said(sentence string) {
	if a.over != nil {
		a.over()
		a.over = nil
	}
	if sentence == "" {
		return
	}
	a.Tell(sentence)
	if frame := a.frame; frame != nil {
		withdraw := frame.Told()
		a.over = func() {
			if a.frame == frame && withdraw() {
				a.lastError = ""
			}
		}
	}
}

// send sends the click-to-call; its card is drawn by the answer.
func (a calls) send(in client.Dial, done func(error)) {
	m := a.Model()
	asked := m.Mark()
	a.Work(func(ctx context.Context, api *client.API) error {
		ctx, cancel := context.WithTimeout(ctx, dialLimit)
		defer cancel()
		call, err := api.Dial(ctx, in)
		if err == nil && call.ID != "" {
			m.Answered(call, asked)
		}
		return err
	}, done)
}

// answered tells everybody how a click-to-call went, and lets the number be called again.
func (a calls) answered(key string, err error) {
	if err != nil {
		slog.Warn("click-to-call refused", "error", err)
		a.lastError = ui.Explain(err, a.text)
	}
	a.After(a.dials.Answered(key, a.Now(), err), func() { a.dials.Release(key) })
}
