package mainwin_test

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// far is a school whose server answers when the test says so.
type far struct {
	*uitest.Host
	waits []func()
}

func (h *far) Work(work func(context.Context, *client.API) error, done func(error)) {
	h.waits = append(h.waits, func() { h.Host.Work(work, done) })
}

// start is a window as it is after signing in: nothing is known yet. come is the answer to all that was asked.
func start(t *testing.T) (f *mainwin.Frame, over fyne.Canvas, come func()) {
	t.Helper()
	uitest.LightApp(t)
	h := &far{Host: uitest.NewHost(t, i18n.Russian)}
	h.Facts = model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	h.School.Answers["/tasks"] = client.Page[client.Task]{Items: uitest.Promised()}
	calls := feed.New(h, func() *client.API { return h.API }, player.New(h.Host, t.TempDir()), &feed.State{})
	missed, todo, people := queue.New(h, &queue.State{}), tasks.New(h, &tasks.State{}), colleagues.New(h, &colleagues.State{})
	clients := register.New(h, client.KindClient, &register.State{}, func(string) {})
	contracts := register.New(h, client.KindContract, &register.State{}, func(string) {})
	f = mainwin.New(h.Words, []mainwin.Page{
		{Name: "feed", Object: calls},
		{Name: "missed", Object: missed, Shown: missed.Sync},
		{Name: "tasks", Object: todo, Shown: todo.Shown},
		{Name: "clients", Object: clients, Shown: clients.Shown},
		{Name: "contracts", Object: contracts, Shown: contracts.Shown},
		{Name: "colleagues", Object: people, Shown: people.Shown},
	}, func() {})
	over = uitest.WindowOf(t, f, fyne.NewSize(1180, 760)).Canvas()
	calls.Reload()
	return f, over, func() {
		due := h.waits
		h.waits = nil
		for _, do := range due {
			do()
		}
		if err := h.Facts.ReloadLists(t.Context(), h.API); err != nil {
			t.Fatal(err)
		}
		missed.Sync()
		people.Sync()
	}
}

// TestRows_getTheKeyboardAsTheyCome to the page that it was sent to, which was shown long before.
func TestRows_getTheKeyboardAsTheyCome(t *testing.T) {
	for _, page := range []string{"feed", "missed", "tasks", "clients", "contracts", "colleagues"} {
		t.Run(page, func(t *testing.T) {
			f, over, come := start(t)
			f.Go(page)
			if f.Rows() {
				t.Fatal("the page has rows before they came")
			}
			come()
			list, ok := over.Focused().(*widgets.List)
			if !ok || list.At() != 0 {
				t.Fatalf("as the rows came the keyboard was at %T", over.Focused())
			}
			list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
			if list.At() < 0 {
				t.Error("End comes to no row")
			}
		})
	}
}

// TestRows_takeTheKeyboardFromNothing that has got it meanwhile.
func TestRows_takeTheKeyboardFromNothing(t *testing.T) {
	for name, goOn := range map[string]func(f *mainwin.Frame, over fyne.Canvas){
		"the search":    func(f *mainwin.Frame, _ fyne.Canvas) { f.Search() },
		"another page":  func(f *mainwin.Frame, _ fyne.Canvas) { f.Go("missed"); f.Go("clients") },
		"nobody's page": func(f *mainwin.Frame, over fyne.Canvas) { f.Cover("morning", widgets.Space(0, 0)) },
		"a sheet": func(_ *mainwin.Frame, over fyne.Canvas) {
			b := widgets.NewButton("OK", widgets.Quiet, nil)
			widgets.NewSheet(over, 300, b, func() {}).Show()
			over.Focus(b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, over, come := start(t)
			f.Go("clients")
			f.Rows()
			goOn(f, over)
			had := over.Focused()
			come()
			if over.Focused() != had {
				t.Errorf("the keyboard went from %T to %T", had, over.Focused())
			}
			if _, ok := had.(*widgets.Entry); ok != (name == "the search") {
				t.Errorf("the keyboard was at %T", had)
			}
		})
	}
}

// TestRows_leaveTheKeyboardWithTheirPage: keys that are typed on the next page do nothing in the one before.
func TestRows_leaveTheKeyboardWithTheirPage(t *testing.T) {
	f, over, come := start(t)
	come()
	if !f.Rows() {
		t.Fatal("the feed has no rows")
	}
	f.Go("clients")
	if at := over.Focused(); at != nil {
		t.Errorf("on the next page the keyboard is still at %T", at)
	}
}
