package telephony

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// copiedStay is how long the button says that the address was copied.
const copiedStay = 2 * time.Second

// hook is the second step: the address to paste into the cabinet.
type hook struct {
	panel.Section
	p      *page
	copy   *widgets.Button
	secret *widgets.Toggle
	told   panel.Told
}

func newHook(p *page) *hook {
	text := p.t.host.Text()
	h := &hook{Section: panel.NewSection(text.T("set.hook"), text.T("set.hook_hint")), p: p}
	h.copy = widgets.NewButton(text.T("act.copy"), widgets.Primary, h.copyAddress)
	h.secret = widgets.Switch(text.T("set.secret"), p.it.HookSecret, h.setSecret)
	return h
}

func (h *hook) copyAddress() {
	text := h.p.t.host.Text()
	h.p.t.host.Copy(h.p.it.HookURL)
	h.copy.SetLabel(text.T("set.copied"))
	h.p.t.page.Settle()
	h.p.t.host.After(copiedStay, func() {
		h.copy.SetLabel(text.T("act.copy"))
		h.p.t.page.Settle()
	})
}

func (h *hook) setSecret(on bool) {
	text := h.p.t.host.Text()
	h.p.save(client.IntegrationInput{HookSecret: &on}, func(err error) {
		h.told = panel.Warning(text.T("set.secret_paste"))
		if err != nil {
			h.told = panel.Fault(ui.Explain(err, text))
		}
	})
}

func (h *hook) fill() {
	text, width := h.p.t.host.Text(), h.p.t.page.Inner()
	h.secret.On = h.p.it.HookSecret
	h.secret.Refresh()
	address := widgets.Shown(widgets.NewMono(h.p.it.HookURL, theme.Small, widgets.InkNormal))
	rows := []fyne.CanvasObject{
		widgets.Row(12, []float32{widgets.Wide, 0}, address, h.copy),
		widgets.Row(0, nil, h.secret),
		panel.Wrapped(text.T("set.secret_hint"), theme.Caption, width, widgets.InkMuted),
	}
	h.Set(append(rows, h.told.Row(width)...))
}
