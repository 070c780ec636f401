package screens

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// where the pictures go; the folder is not under version control.
const where = "../../../../build/screenshots"

// cards are the six states of the design, by name.
func cards() map[string]client.Call {
	ringing := client.Call{ID: "c", Direction: client.In, State: client.StateRinging, Ringing: []string{"e1"}, LineName: "Сайт"}
	known, unknown, several, dialling := ringing, ringing, ringing, ringing
	known.Phone, known.Subject, known.StartedAt = "+79645550190", &shangutov, ago(7*time.Second)
	known.LastNote = &client.LastNote{At: ago(20 * time.Hour), Text: "«Просил перенести вождение на субботу»"}
	unknown.Phone, unknown.Before, unknown.StartedAt = "+74232555148", 2, ago(3*time.Second)
	several.Phone, several.StartedAt = "+79165550167", ago(5*time.Second)
	several.Matches = []client.Subject{
		{Kind: client.KindContract, ID: "1", Name: "Петрова Мария", Detail: "Договор № 207 · кат. A1"},
		{Kind: client.KindClient, ID: "2", Name: "Петров Игорь", Detail: "lead"},
	}
	dialling.Direction, dialling.Ringing, dialling.Employee = client.Out, nil, person(kireeva)
	dialling.Phone, dialling.Subject, dialling.Step, dialling.StartedAt = "+79035550152", &zaitseva, 1, now
	talking := known
	talking.State, talking.Ringing, talking.Employee, talking.AnsweredAt = client.StateTalking, nil, person(kireeva), at(ago(222*time.Second))
	able := talking
	able.Can = []client.Ability{client.CanHangup, client.CanHold, client.CanTransfer, client.CanConsult, client.CanRecord}
	held := talking
	held.State, held.Can = client.StateHeld, []client.Ability{client.CanHangup, client.CanResume, client.CanTransfer}
	consulting := held
	consulting.Can = []client.Ability{client.CanHangup, client.CanConnect, client.CanReturn}
	consulting.Consulting = &client.Consultation{Extension: "102", Employee: person(borisov), State: client.StateTalking}
	missed := known
	missed.Phone, missed.Subject, missed.StartedAt = "+79035550153", &kuznetsov, ago(24*time.Second)
	return map[string]client.Call{
		"1-known": known, "2-unknown": unknown, "3-several": several, "4-talking": talking, "5-dialling": dialling, "6-missed": missed,
		"7-able": able, "7-more": able, "7-transfer": able, "7-refused": able, "8-held": held, "9-consulting": consulting,
	}
}

func cardView(h *host, name string, call client.Call) fyne.CanvasObject {
	m := model.New(model.Config{Me: kireeva, Now: h.Now})
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	if name == "6-missed" {
		over := call
		over.State, over.Ringing, over.Result, over.EndedAt = client.StateEnded, nil, client.Missed, at(now)
		m.Apply(client.StreamEvent{Type: "call", Data: &over})
	}
	view := popup.NewView(h.text, &said{}, nil)
	view.Draw(present.Cards(m, h.text, now)[0], h.text, now)
	switch name {
	case "7-more":
		test.Tap(buttons(view, map[string]*widgets.Button{})["⋯"])
	case "7-transfer":
		test.Tap(buttons(view, map[string]*widgets.Button{})[h.text.T("act.transfer")])
		test.Tap(buttons(view, map[string]*widgets.Button{})[h.text.T("card.ask_first")])
	case "7-refused":
		view.Tell(present.CommandWords(client.Command{Code: 4101, Text: "у сотрудника нет права удерживать разговор", TextEN: "the employee may not hold calls"}, h.text), theme.ToneMiss, now)
	}
	view.Tick(now)
	return view
}

// program stands in for the running one, for the settings.
type program struct{}

func (program) Config() config.Config {
	return config.Config{Language: "ru", Theme: "light", Notifications: true}
}
func (program) SetConfig(config.Config)     {}
func (program) SignOut()                    {}
func (program) After(time.Duration, func()) {}
func (program) State() session.State {
	return session.State{Connection: session.Live, Since: now, Server: "https://phone.autoschool.example", Login: "kireeva", Me: kireeva, InKeyring: true}
}

// window is the main window with a page in front, and perhaps the card at the right.
func window(h *host, page string) fyne.CanvasObject {
	play := player.New(h, os.TempDir())
	feedView := feed.New(h, func() *client.API { return h.api }, play, &feed.State{})
	missed := queue.New(h, &queue.State{})
	contracts := register.New(h, client.KindContract, &register.State{}, func(string) {})
	clients := register.New(h, client.KindClient, &register.State{}, func(string) {})
	people := colleagues.New(h, &colleagues.State{})
	choices := settings.New(settingsHost{h, program{}}, &settings.State{})
	frame := mainwin.New(h.text, []mainwin.Page{
		{Name: "feed", Object: feedView, Shown: feedView.Reload, Card: true},
		{Name: "missed", Object: missed, Shown: missed.Sync},
		{Name: "clients", Object: clients, Shown: clients.Shown, Card: true},
		{Name: "contracts", Object: contracts, Shown: contracts.Shown, Card: true},
		{Name: "colleagues", Object: people, Shown: people.Sync},
		{Name: "settings", Object: choices, Shown: choices.Shown},
	}, func() {})
	frame.SetCount("missed", 3)
	frame.SetState(program{}.State())
	if page == "feed" || page == "contracts" {
		panel := card.New(h, &card.State{}, func() {})
		panel.Open(client.KindContract, "k123")
		frame.SetSide(panel)
		contracts.Select("k123")
	}
	frame.Go(page)
	if page == "feed" {
		feedView.Expand("c2")
	}
	if page == "trouble" {
		frame.Go("missed")
		frame.SetTrouble(present.HealthWords(second().Health, h.text, now), func() {})
	}
	if page == "parts" {
		frame.Go("feed")
		feedView.Expand("c2")
	}
	if page == "clients" {
		panel := card.New(h, &card.State{}, func() {})
		panel.NewLead("+79145550148")
		frame.SetSide(panel)
	}
	return frame
}

func shoot(t *testing.T, name string, scale float32, size fyne.Size, object fyne.CanvasObject) {
	t.Helper()
	canvas := software.NewCanvas()
	canvas.SetScale(scale)
	canvas.SetPadded(false)
	canvas.SetContent(object)
	if size.IsZero() {
		size = object.MinSize()
	}
	canvas.Resize(size)
	path := filepath.Join(where, name+".png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, canvas.Capture()); err != nil {
		t.Fatalf("writing %s: %v", path, err)
	}
}

// drawSurfaces draws every surface, at scale 1 and 2.
func drawSurfaces(t *testing.T, l look) {
	h := newHost(t, l.lang)
	for _, scale := range scales() {
		suffix := fmt.Sprintf("%s-%gx", l.suffix(), scale)
		for name, call := range cards() {
			object := widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, cardView(h, name, call)))
			shoot(t, "card-"+name+suffix, scale, fyne.Size{}, object)
		}
		for _, page := range []string{"feed", "missed", "clients", "contracts", "colleagues", "settings", "trouble"} {
			shoot(t, "main-"+page+suffix, scale, fyne.NewSize(1180, 760), window(h, page))
		}
		one := h.school.answers["/feed"]
		h.school.answers["/feed"] = client.Page[client.FeedEntry]{Items: inParts()}
		shoot(t, "main-parts"+suffix, scale, fyne.NewSize(1180, 760), window(h, "parts"))
		h.school.answers["/feed"] = one
		for name, object := range settingsScenes(t, h) {
			if scale == 1 || name == "main" { // the doubled tall pictures take seconds each
				shoot(t, "settings-"+name+suffix, scale, tall, object)
			}
		}
		shoot(t, "sign-in"+suffix, scale, fyne.NewSize(1180, 760), signin.New(h.text, "", "", nil))
	}
}
