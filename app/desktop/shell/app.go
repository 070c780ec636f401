// Package shell is the desktop program as a whole: it builds session, model and windows,
// joins them, and answers the control channel. It holds no rule of its own: what a call
// means is the model's, how it looks the windows'.
package shell

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/dialling"
	"dozvon/app/desktop/draftfile"
	"dozvon/app/desktop/hearing"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/morning"
	"dozvon/app/desktop/notices"
	"dozvon/app/desktop/outage"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/practising"
	"dozvon/app/desktop/release"
	"dozvon/app/desktop/reload"
	"dozvon/app/desktop/rest"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/tray"
	"dozvon/app/desktop/ui/board"
	"dozvon/app/desktop/ui/calllink"
	"dozvon/app/desktop/ui/firststart"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/hush"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/manual"
	"dozvon/app/desktop/ui/notice"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// Options are what main hands in.
type Options struct {
	Config     config.Config
	Warnings   []string // wrong settings, to be told on the screen
	Version    string
	Dial       string // number that a link asks to call; the person is asked as soon as the program is connected
	Background bool   // nobody asked for the window: the system started the program
	Instance   *control.Instance
	Log        string // the file of the log, empty without one
}

// App is the running program. Fields below ui are touched on Fyne's goroutine only.
type App struct {
	opts    Options
	ctx     context.Context
	stop    context.CancelFunc
	fyne    fyne.App
	session *session.Session
	model   atomic.Pointer[model.Model]
	screen  *platform.Desktop // nil: no card can be placed
	notices *notices.Notices
	dirty   atomic.Bool // a refresh is on its way to Fyne's goroutine
	rest    *rest.Resting

	// The stream's goroutine alone touches these.
	loader  *reload.Loader
	modelOf string // the server that the model is of
	home    practising.Home[*model.Model]

	cfg       config.Config
	text      *i18n.Text
	state     session.State
	window    fyne.Window
	visible   bool
	trayless  bool // there is no tray to come back from, so the window stays
	frame     *mainwin.Frame
	signin    *signin.View
	starting  *firststart.State // of a school that is being set up; nil otherwise
	first     *firststart.View
	begun     bool // the first account is being made here
	pages     pages
	states    states
	keyboard  *board.Board
	hush      *hush.Hush
	cards     *popup.Stack
	standing  int // how many cards stand on the screen
	tray      *tray.Tray
	page      string
	listed    bool // the lists were asked for once since whoever is signed in came
	lastError string
	untold    string // while there is no main window's content to tell it in
	dials     dialling.Gate
	selected  struct{ Kind, ID string }
	toDial    string
	importing *importer.Sheet // the one opened last, nil when none was
	outside   *calllink.Outside
	over      func() // takes away what was said of the number before; nil when nothing was
	hotkeys   hotkey.Set
	places    places
	drafts    drafts
	left      *draftfile.File // how the pages were left; nil: nobody is signed in, or they practise
	aside     practising.Home[aside]
	ear       *hearing.Ear
	outage    *outage.Watch
	dawn      *morning.Dawn
	release   release.Release
	manual    *manual.Manual
	full      bool // another program has the whole screen; followed while calling
	calling   bool // there is something that cards could show
}

// New builds the program; Run starts it.
func New(opts Options) *App {
	a := &App{opts: opts, cfg: opts.Config, toDial: opts.Dial, states: newStates(), rest: rest.New()}
	a.ctx, a.stop = context.WithCancel(context.Background())
	fyneapp.SetMetadata(fyne.AppMetadata{
		ID: appID, Name: "Dozvon", Version: opts.Version, Build: 1,
		Migrations: map[string]bool{"fyneDo": true},
	})
	a.fyne = fyneapp.NewWithID(appID)
	theme.Still(a.fyne)
	a.fyne.SetIcon(fyne.NewStaticResource("dozvon.png", tray.Draw(tray.Idle, 0)))
	a.text = i18n.New(language(opts.Config.Language))
	a.fyne.Settings().SetTheme(theme.New(theme.Choice(opts.Config.Theme)))
	a.ear, a.outage, a.dawn = hearing.New(a), outage.New(a), morning.New(dawning{a}, morningPath())
	a.notices = newNotices(a)
	a.newModel(client.Employee{})
	a.session = session.New(statePath(), func(state session.State) {
		if state.Connection == session.SignedOut {
			a.newModel(client.Employee{}) // at once: the next one to sign in must not lose theirs to it
		}
		fyne.Do(func() { signing{a}.changed(state) })
	})
	a.session.SetLanguage(string(a.text.Lang()))
	a.state = a.session.State()
	return a
}

func language(choice string) i18n.Lang {
	if choice == "auto" {
		return platform.Language()
	}
	return i18n.Lang(choice)
}

// newModel starts with an empty model for whoever is signed in.
func (a *App) newModel(me client.Employee) *model.Model {
	cfg := model.Config{Me: me, Now: time.Now, Changed: a.wake}
	m := model.New(cfg)
	a.model.Store(m)
	return m
}

// wake asks for one refresh on Fyne's goroutine, however many changes came.
func (a *App) wake() {
	if a.dirty.CompareAndSwap(false, true) {
		fyne.Do(func() {
			a.dirty.Store(false)
			a.refresh()
		})
		a.rest.Rouse()
	}
}

// Run shows the program until Quit.
func (a *App) Run() {
	a.window = a.fyne.NewWindow("Dozvon")
	a.window.SetPadded(false)
	placingOf(a).begin()
	a.window.CenterOnScreen()
	a.window.SetCloseIntercept(a.Hide)
	a.outside = calllink.NewOutside(calls{a}, a.window.Canvas())
	screen, err := platform.OpenDesktop()
	if err != nil {
		slog.Warn("calls are shown as notifications", "reason", err)
	}
	a.screen = screen
	if platform.CanTray() {
		a.tray = tray.New(a.fyne, a.text, tray.Actions{
			Open: a.Show, Dial: func() { a.Show(); a.openDialler("") }, Missed: func() { a.Show(); a.Go("missed") },
			DoNotDisturb: a.setDoNotDisturb, Quit: a.Quit, Practice: func() { practiceOf(a).Toggle() }, Help: guideOf(a).open,
		})
	}
	if err := platform.TakeLinks(func(link string) { callsOf(a).link(link) }); err != nil {
		slog.Warn("links do not reach the program", "reason", err)
	}
	go a.opts.Instance.Serve(commands{a})
	a.fyne.Lifecycle().SetOnStarted(a.started)
	a.fyne.Lifecycle().SetOnStopped(a.stop)
	go a.ticks()
	a.fyne.Run()
	draftsOf(a).write()
	rememberingOf(a).write()
	placingOf(a).write()
	a.stop()
	a.notices.Close()
	// A request on its way may take its time; the system ends it with the process.
	stopped := make(chan struct{})
	go func() { a.session.Stop(); close(stopped) }()
	select {
	case <-stopped:
	case <-time.After(stopLimit):
		slog.Warn("event stream did not end in time")
	}
}

// stopLimit is how long the end of the program waits for the stream.
const stopLimit = 2 * time.Second

// started runs on Fyne's goroutine as soon as windows can be made.
func (a *App) started() {
	platform.StayOutOfTheDock()
	if a.screen != nil {
		a.cards = popup.NewStack(a.fyne, a.screen, a.text, intents{a})
		a.cards.Warm()
	}
	a.manual = manual.New(a.fyne)
	a.registerKeys()
	a.hush = hush.New(a.window.Canvas())
	a.build()
	livingOf(a).begin()
	notice.OfSystem(a.window.Canvas(), a.text, a.screen != nil)
	go a.rest.Naps(a.ctx, func() bool {
		return a.standing > 0 || a.manual.IsOpen() || a.visible && (a.screen == nil || !a.screen.Minimised(a.window))
	})
	go a.rest.Tidies(a.ctx, func() { canvas.Refresh(a.window.Content()) })
	go signing{a}.restore()
	if a.screen == nil {
		a.Tell(a.text.T("card.absent"))
	}
	go followTray(a)
	for _, warning := range a.opts.Warnings {
		slog.Warn("setting not used", "message", warning)
		a.Tell(warning)
	}
}

// ticks moves the timers on once a second and takes away cards that stood long enough.
func (a *App) ticks() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case now := <-ticker.C:
			a.model.Load().Tick()
			fyne.Do(func() {
				placingOf(a).follow(false)
				draftsOf(a).follow()
				rememberingOf(a).follow()
				if a.frame != nil && a.screen != nil {
					hovercard.Away(a.frame, func() bool { return !a.screen.Over(a.window) })
				}
				if a.cards != nil {
					fullScreenOf(a).follow()
					a.cards.Tick(now)
				}
				if a.first != nil {
					a.first.Tick()
				}
				if a.page == "missed" && a.visible && a.pages.missed != nil {
					a.pages.missed.Sync()
				}
				if a.page == "colleagues" && a.visible && a.pages.colleagues != nil {
					a.pages.colleagues.Tick()
				}
				if a.page == "feed" && a.visible && a.pages.feed != nil {
					a.pages.feed.Tick(now)
				}
				if a.visible && a.pages.card != nil {
					a.pages.card.Tick()
				}
				if a.page == "settings" && a.visible && a.pages.settings != nil {
					a.pages.settings.Tick()
				}
			})
		}
	}
}

// rebuild makes the pages anew and goes back to what was open.
func (a *App) rebuild() {
	page, selected := a.page, a.selected
	a.build()
	if a.pages.card != nil && a.pages.card.Resume() {
		a.frame.SetSide(a.pages.card)
	}
	if selected.ID != "" {
		a.OpenSubject(client.SubjectKind(selected.Kind), selected.ID)
	}
	a.Go(page)
	a.dawn.Rebuilt(page == morning.Page)
}

// Quit ends the program.
func (a *App) Quit() { a.fyne.Quit() }
