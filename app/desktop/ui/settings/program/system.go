package program

import (
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// system is how the program lives in the operating system: its start, links, and combinations of keys.
type system struct {
	v         *View
	starts    bool
	startsErr error // why that is not known
	opens     links.State
	opensErr  error
	told      panel.Told // of the change made last
}

// load reads what the system says now.
func (s *system) load() {
	s.starts, s.startsErr = s.v.program.Autostart()
	s.opens, s.opensErr = s.v.program.Links()
}

// changed draws what came of a change.
func (s *system) changed(err error) {
	s.told = panel.Told{}
	if err != nil {
		s.told = panel.Fault(s.v.host.Text().T("sys.refused", "detail", err.Error()))
	}
	s.load()
	s.v.page.Draw()
}

func (s *system) box() fyne.CanvasObject {
	text, width := s.v.host.Text(), s.v.page.Inner()
	box := panel.NewSection(text.T("sys.title"), "")
	start := widgets.Switch("", s.starts, func(on bool) { s.v.program.SetAutostart(on, s.changed) })
	rows := []fyne.CanvasObject{panel.Line(text.T("sys.autostart"),
		panel.Beside(width, start.MinSize().Width, start, text.T("sys.autostart_hint")))}
	rows = append(rows, fault(s.startsErr, "sys.unknown", s)...)
	rows = append(rows, s.links()...)
	for _, one := range combinations {
		rows = append(rows, s.hotkey(one)...)
	}
	box.Set(append(rows, s.told.Row(width)...))
	return box.Box
}

// fault is a sentence about what could not be asked of the system.
func fault(err error, key string, s *system) []fyne.CanvasObject {
	if err == nil {
		return nil
	}
	return []fyne.CanvasObject{panel.Fault(s.v.host.Text().T(key, "detail", err.Error())).Below(s.v.page.Inner())}
}

func (s *system) links() []fyne.CanvasObject {
	text, width := s.v.host.Text(), s.v.page.Inner()
	if errors.Is(s.opensErr, links.ErrBundle) {
		return []fyne.CanvasObject{panel.Line(text.T("sys.links"), panel.Wrapped(text.T("sys.links_mac"), theme.Body, panel.ValueWidth(width), widgets.InkMuted))}
	}
	opens := widgets.Switch("", s.opens.Registered, func(on bool) { s.v.program.SetLinks(on, s.changed) })
	rows := []fyne.CanvasObject{panel.Line(text.T("sys.links"),
		panel.Beside(width, opens.MinSize().Width, opens, text.T("sys.links_hint")))}
	rows = append(rows, fault(s.opensErr, "sys.unknown", s)...)
	if !s.opens.Registered {
		return rows
	}
	if len(s.opens.Others) > 0 {
		key := "sys.choose"
		if links.Chosen {
			key = "sys.choose_system"
		}
		names := strings.Join(s.opens.Others, ":, ") + ":"
		rows = append(rows, panel.Warning(text.T("sys.links_other", "schemes", names)).Below(width,
			widgets.NewButton(text.T(key), widgets.Quiet, func() { s.v.program.ChooseLinks(s.changed) })))
	}
	ask := s.v.chips([]string{config.LinksAsk, config.LinksAlways}, []string{"sys.ask", "sys.always"}, s.v.program.Config().Links,
		func(value string) { s.v.change(func(c *config.Config) { c.Links = value }) })
	rows = append(rows, panel.Line(text.T("sys.before"), ask))
	if s.v.program.Config().Links == config.LinksAlways {
		rows = append(rows, panel.Warning(text.T("sys.always_hint")).Below(width))
	}
	return rows
}

// combination is a combination of keys that one can choose, heard in any program.
type combination struct {
	setting string
	words   string   // key of its name; with _hint and _system behind it, of what it does, and what to do without it
	offered []string // another one may stand in the settings file
	of      func(*config.Config) *string
}

var combinations = []combination{
	{
		config.CardHotkey, "sys.card_hotkey",
		[]string{"Ctrl+Alt+S", "Ctrl+Alt+X", "Ctrl+Shift+F8"},
		func(c *config.Config) *string { return &c.CardHotkey },
	},
	{
		config.Hotkey, "sys.hotkey",
		[]string{"Ctrl+Alt+D", "Ctrl+Alt+Z", "Ctrl+Shift+F9"},
		func(c *config.Config) *string { return &c.Hotkey },
	},
}

func (s *system) hotkey(one combination) []fyne.CanvasObject {
	cfg, text, width := s.v.program.Config(), s.v.host.Text(), s.v.page.Inner()
	now := *one.of(&cfg)
	values, words := []string{config.HotkeyNone}, []string{"sys.hotkey_none"}
	for _, offered := range one.offered {
		values, words = append(values, offered), append(words, offered)
	}
	if now != "" && !slices.Contains(values, now) {
		values, words = append(values, now), append(words, now)
	}
	rows := []fyne.CanvasObject{
		panel.Line(text.T(one.words), s.v.chips(values, words, now, func(value string) {
			s.v.change(func(c *config.Config) { *one.of(c) = value })
		})),
		panel.Below(width, text.T(one.words+"_hint")),
	}
	switch err := s.v.program.HotkeyRefused(one.setting); {
	case errors.Is(err, hotkey.ErrTaken):
		rows = append(rows, panel.Warning(text.T("sys.hotkey_taken", "keys", now)).Below(width))
	case errors.Is(err, hotkey.ErrOwn):
		rows = append(rows, panel.Warning(text.T("sys.hotkey_own", "keys", now)).Below(width))
	case errors.Is(err, hotkey.ErrUnsupported):
		rows = append(rows, panel.Warning(text.T(one.words+"_system")).Below(width))
	default:
		rows = append(rows, fault(err, "sys.hotkey_fault", s)...)
	}
	return rows
}
