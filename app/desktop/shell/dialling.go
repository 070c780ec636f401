package shell

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/phone"
	"dozvon/client"
)

// dialLimit is how long the server's answer is waited for: less than a script waits for ours.
const dialLimit = 14 * time.Second

// Dialling tells whether a number is being called just now.
func (a *App) Dialling(number string, again func()) bool {
	return a.dials.Waits(a.dialKey(number), again)
}

// dialKey is a number whatever its spelling.
func (a *App) dialKey(number string) string {
	if n, err := a.Model().Numbers().Parse(number); err == nil {
		return string(n)
	}
	return number
}

// Dial asks for a click-to-call. The card follows by the stream; the answer shows it at once.
func (a *App) Dial(number string, subject *client.Subject) {
	a.dial(number, subject, func(err error) {
		if err != nil {
			a.Show()
			a.Tell(ui.Explain(err, a.text))
		}
	})
}

// dial calls the number of a text. Whoever asks while it is being called, or just after, is
// told how that call went; there is no second one.
func (a *App) dial(number string, subject *client.Subject, done func(error)) {
	key, ext, err := a.readDialled(number)
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
	a.askPBX(in, func(err error) {
		a.dialled(key, err)
		if err == nil && ext != "" {
			a.Tell(a.text.T("dial.ext", "ext", ext))
		}
	})
}

// readDialled reads what shall be called. A number without its city is left to the server: the
// settings of the school may not have come yet.
func (a *App) readDialled(number string) (to, ext string, err error) {
	e, err := a.Model().Numbers().One(number)
	if errors.Is(err, phone.ErrCityCodeMissing) {
		return number, "", nil
	}
	return string(e.Number), e.Ext, err
}

// askToDial asks whether the number of a link shall be called. A second link while one is asked
// about takes its place; before anybody is signed in the question waits. A link that is no
// telephone is refused in words.
func (a *App) askToDial(link string) {
	if a.frame == nil {
		a.toDial = link
		return
	}
	a.Show()
	number, ext, err := a.readDialled(link)
	if err != nil {
		a.Tell(ui.Explain(err, a.text))
		return
	}
	if a.asking != nil && a.asking.Asking() {
		a.asking.Ask(number)
	} else {
		a.asking = calllink.Open(a, a.window.Canvas(), number)
	}
	if ext != "" {
		a.Tell(a.text.T("dial.ext", "ext", ext))
	}
}

// askPBX sends the click-to-call; its card is drawn by the answer.
func (a *App) askPBX(in client.Dial, done func(error)) {
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

// dialled tells everybody how a click-to-call went, and lets the number be called again.
func (a *App) dialled(key string, err error) {
	if err != nil {
		slog.Warn("click-to-call refused", "error", err)
		a.lastError = ui.Explain(err, a.text)
	}
	a.After(a.dials.Answered(key, a.Now(), err), func() { a.dials.Release(key) })
}
