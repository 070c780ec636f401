// Package account holds what the settings show of an account wherever it stands: the devices on
// which somebody is signed in, and the words for what the server did not take. It changes no account.
package account

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Sessions lists the devices on which somebody is signed in, each with a button that ends it.
type Sessions struct {
	host     ui.Base
	employee string // whose; empty: one's own
	redraw   func()
	list     []client.Session
	loaded   bool
	told     panel.Told
}

// NewSessions are not read yet; redraw is called when they are.
func NewSessions(host ui.Base, employee string, redraw func()) *Sessions {
	return &Sessions{host: host, employee: employee, redraw: redraw}
}

// Load reads the list anew.
func (s *Sessions) Load() {
	s.work(func(context.Context, *client.API) error { return nil }, "")
}

// work does something and reads the list anew.
func (s *Sessions) work(do func(context.Context, *client.API) error, done string) {
	host := s.host
	var list []client.Session
	host.Work(func(ctx context.Context, api *client.API) error {
		if err := do(ctx, api); err != nil {
			return err
		}
		var err error
		list, err = api.Sessions(ctx, s.employee)
		return err
	}, func(err error) {
		if err != nil {
			s.told = panel.Fault(ui.Explain(err, host.Text()))
		} else {
			s.list, s.loaded, s.told = list, true, panel.Done(done)
		}
		s.redraw()
	})
}

func (s *Sessions) end(one client.Session) {
	s.work(func(ctx context.Context, api *client.API) error { return api.EndSession(ctx, one.ID) },
		s.host.Text().T("session.ended"))
}

// endOthers ends all but the one that asks.
func (s *Sessions) endOthers() {
	list := s.list
	s.work(func(ctx context.Context, api *client.API) error {
		for _, one := range list {
			if one.Current {
				continue
			}
			if err := api.EndSession(ctx, one.ID); err != nil {
				return err
			}
		}
		return nil
	}, s.host.Text().T("session.all_ended"))
}

// Rows are a line for each device.
func (s *Sessions) Rows(width float32) []fyne.CanvasObject {
	text := s.host.Text()
	out := s.told.Row(width)
	switch {
	case !s.loaded && s.told.Words == "":
		return append(out, panel.Wrapped(text.T("set.loading"), theme.Body, width, widgets.InkMuted))
	case s.loaded && len(s.list) == 0:
		return append(out, panel.Wrapped(text.T("session.none"), theme.Body, width, widgets.InkMuted))
	}
	var lines []fyne.CanvasObject
	others := 0
	for n, one := range s.list {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		if !one.Current {
			others++
		}
		lines = append(lines, s.row(one))
	}
	out = append(out, widgets.Column(0, lines...))
	if others > 1 {
		key := "session.end_all"
		if others < len(s.list) {
			key = "session.end_others"
		}
		out = append(out, panel.Right(widgets.NewButton(text.T(key), widgets.Quiet, s.endOthers)))
	}
	return out
}

func (s *Sessions) row(one client.Session) fyne.CanvasObject {
	text, now := s.host.Text(), s.host.Now()
	device := one.Device
	if device == "" {
		device = text.T("session.no_device")
	}
	about := text.T("session.since", "when", text.Short(one.CreatedAt, now))
	if one.LastUsedAt != nil {
		about = text.T("session.used", "when", text.Ago(*one.LastUsedAt, now))
	}
	if one.Address != "" {
		about += " · " + one.Address
	}
	end := fyne.CanvasObject(widgets.NewLabel(text.T("session.this"), theme.Caption, widgets.InkMuted).Fixed())
	if !one.Current {
		end = widgets.NewButton(text.T("session.end"), widgets.Quiet, func() { s.end(one) })
	}
	return widgets.Sized(widgets.Row(theme.Gap, []float32{widgets.Wide},
		widgets.Column(0, widgets.NewLabel(device, theme.Body, widgets.InkNormal), widgets.NewLabel(about, theme.Caption, widgets.InkMuted)),
		end), 0, theme.Row)
}
