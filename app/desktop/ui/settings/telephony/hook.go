package telephony

import (
	"net/url"
	"strings"
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
	p      *page
	box    *fyne.Container
	copy   *widgets.Button
	secret *widgets.Toggle
	told   panel.Told
}

func newHook(p *page) *hook {
	text := p.v.host.Text()
	h := &hook{p: p, box: widgets.Stack()}
	h.copy = widgets.NewButton(text.T("act.copy"), widgets.Quiet, h.copyAddress)
	h.secret = widgets.Switch(text.T("set.secret"), p.it.HookSecret, h.setSecret)
	return h
}

func (h *hook) copyAddress() {
	text := h.p.v.host.Text()
	h.p.v.host.Copy(h.p.it.HookURL)
	h.copy.SetLabel(text.T("set.copied"))
	h.p.v.surface.Settle()
	h.p.v.host.After(copiedStay, func() {
		h.copy.SetLabel(text.T("act.copy"))
		h.p.v.surface.Settle()
	})
}

func (h *hook) setSecret(on bool) {
	text := h.p.v.host.Text()
	h.p.save(client.IntegrationInput{HookSecret: &on}, func(err error) {
		h.told = panel.Warning(text.T("set.secret_paste"))
		if err != nil {
			h.told = panel.Fault(ui.Explain(err, text))
		}
	})
}

// ownPath begins the path of every integration's own address, which holds a secret word already
// (the API's POST /hook/{word}).
const ownPath = "/hook/"

// known tells that a stranger may guess the address: then a secret word can be put into it.
func (h *hook) known() bool {
	address, err := url.Parse(h.p.it.HookURL)
	return err == nil && !strings.HasPrefix(address.Path, ownPath)
}

// shown tells that the cabinet of this PBX takes an address.
func (h *hook) shown() bool {
	return h.p.kind().can(client.CapPasteAddress) && h.p.it.HookURL != ""
}

func (h *hook) fill(number string) {
	text, width := h.p.v.host.Text(), h.p.v.inner()
	h.copy.SetKind(h.p.kindOf(actCopy))
	address := widgets.Shown(widgets.NewMono(h.p.it.HookURL, theme.Body, widgets.InkNormal))
	rows := []fyne.CanvasObject{widgets.Row(12, []float32{widgets.Wide, 0}, address, h.copy)}
	if h.known() {
		h.secret.On = h.p.it.HookSecret
		h.secret.Refresh()
		rows = append(rows, widgets.Row(0, nil, h.secret), panel.Wrapped(text.T("set.secret_hint"), theme.Caption, width, widgets.InkMuted))
	}
	section := panel.NewSection(number+text.T("set.hook"), "")
	section.Set(append(rows, h.told.Row(width)...))
	h.box.Objects = []fyne.CanvasObject{section.Box}
}
