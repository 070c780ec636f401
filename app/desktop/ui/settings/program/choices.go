package program

import (
	"runtime"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

func (v *View) choices() fyne.CanvasObject {
	text, cfg := v.host.Text(), v.program.Config()
	languages := v.chips([]string{"auto", "ru", "en"}, []string{"set.auto", "Русский", "English"}, cfg.Language,
		func(value string) { v.change(func(c *config.Config) { c.Language = value }) })
	themes := v.chips([]string{"auto", "light", "dark"}, []string{"set.auto", "set.light", "set.dark"}, cfg.Theme,
		func(value string) { v.change(func(c *config.Config) { c.Theme = value }) })
	quiet := widgets.Switch("", cfg.DoNotDisturb, func(on bool) { v.change(func(c *config.Config) { c.DoNotDisturb = on }) })
	notify := widgets.Switch("", cfg.Notifications, func(on bool) { v.change(func(c *config.Config) { c.Notifications = on }) })
	full := v.chips([]string{config.FullScreenStrip, config.FullScreenCard, config.FullScreenTray}, []string{"set.full_strip", "set.full_card", "set.full_tray"}, cfg.FullScreen,
		func(value string) { v.change(func(c *config.Config) { c.FullScreen = value }) })
	talk := v.chips([]string{config.FullScreenCard, config.FullScreenStrip}, []string{"set.full_card", "set.full_strip"}, cfg.OtherTalk,
		func(value string) { v.change(func(c *config.Config) { c.OtherTalk = value }) })
	box := panel.NewSection(text.T("set.app"), "")
	rows := []fyne.CanvasObject{
		panel.Line(text.T("set.language"), languages), panel.Line(text.T("set.theme"), themes),
		panel.Line(text.T("set.dnd"), panel.Beside(v.page.Inner(), quiet.MinSize().Width, quiet, text.T("set.dnd_hint"))), panel.Line(text.T("set.notify"), widgets.Row(0, nil, notify)),
		panel.Line(text.T("set.full"), full),
	}
	switch {
	case runtime.GOOS == "darwin":
		rows = append(rows, panel.Below(v.page.Inner(), text.T("set.full_mac")))
	case platform.Wayland():
		rows = append(rows, panel.Below(v.page.Inner(), text.T("set.full_wayland")))
	}
	rows = append(rows, panel.Line(text.T("set.talk"), talk))
	box.Set(rows)
	return box.Box
}

// change keeps another choice.
func (v *View) change(edit func(*config.Config)) {
	next := v.program.Config()
	edit(&next)
	v.program.SetConfig(next)
	v.page.Draw()
}

// chips offers one of several values; a key without words is a word itself.
func (v *View) chips(values, keys []string, now string, set func(string)) fyne.CanvasObject {
	var out []fyne.CanvasObject
	for n, value := range values {
		kind := widgets.Quiet
		if value == now {
			kind = widgets.Soft
		}
		out = append(out, widgets.NewButton(v.host.Text().T(keys[n]), kind, func() { set(value) }))
	}
	return widgets.Row(theme.Gap, nil, out...)
}
