package uitest

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/release"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/queue"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/settings"
	"dozvon/client"
)

// Where the pictures go; the folder is not under version control.
var Where = filepath.Join(here(), "../../../../build/screenshots")

// Cards are the six states of the design, by name.
func Cards() map[string]client.Call {
	ringing := client.Call{ID: "c", Direction: client.In, State: client.StateRinging, Ringing: []string{"e1"}, LineName: "Сайт"}
	known, unknown, several, dialling := ringing, ringing, ringing, ringing
	known.Phone, known.Subject, known.StartedAt = "+79645550190", &Shangutov, Ago(7*time.Second)
	known.LastNote = &client.LastNote{At: Ago(20 * time.Hour), Text: "«Просил перенести вождение на субботу»"}
	unknown.Phone, unknown.Before, unknown.StartedAt = "+74232555148", 2, Ago(3*time.Second)
	several.Phone, several.StartedAt = "+79165550167", Ago(5*time.Second)
	several.Matches = []client.Subject{
		{Kind: client.KindContract, ID: "1", Name: "Петрова Мария", Detail: "Договор № 207 · кат. A1"},
		{Kind: client.KindClient, ID: "2", Name: "Петров Игорь", Detail: "lead"},
	}
	dialling.Direction, dialling.Ringing, dialling.Employee = client.Out, nil, Person(Kireeva)
	dialling.Phone, dialling.Subject, dialling.Step, dialling.StartedAt = "+79035550152", &Zaitseva, 1, Now
	talking := known
	talking.State, talking.Ringing, talking.Employee, talking.AnsweredAt = client.StateTalking, nil, Person(Kireeva), At(Ago(222*time.Second))
	able := talking
	able.Can = []client.Ability{client.CanHangup, client.CanHold, client.CanTransfer, client.CanConsult, client.CanRecord}
	held := talking
	held.State, held.Can = client.StateHeld, []client.Ability{client.CanHangup, client.CanResume, client.CanTransfer}
	consulting := held
	consulting.Can = []client.Ability{client.CanHangup, client.CanConnect, client.CanReturn}
	consulting.Consulting = &client.Consultation{Extension: "102", Employee: Person(Borisov), State: client.StateTalking}
	missed := known
	missed.Phone, missed.Subject, missed.StartedAt = "+79035550153", &Kuznetsov, Ago(24*time.Second)
	return map[string]client.Call{
		"1-known": known, "2-unknown": unknown, "3-several": several, "4-talking": talking, "5-dialling": dialling, "6-missed": missed,
		"7-able": able, "7-more": able, "7-transfer": able, "7-refused": able, "8-held": held, "9-consulting": consulting,
	}
}

// Program stands in for the running one, for the settings.
type Program struct{ *Living }

// Living is what a made-up system says of the program, and what it was told; nil: nothing, of either.
type Living struct {
	Choices     config.Config
	Starts      bool
	Opens       links.State
	Fault       error // of every change
	Refused     error // of the combination of keys for the clipboard,
	CardRefused error // and for the call card
	Out         release.Release
	Told        []string
}

// Autostart is what the settings ask.
func (l *Living) Autostart() (bool, error) { return l != nil && l.Starts, nil }

// Links is what the settings ask.
func (l *Living) Links() (links.State, error) {
	if l == nil {
		return links.State{}, nil
	}
	return l.Opens, nil
}

// HotkeyRefused is what the settings ask.
func (l *Living) HotkeyRefused(setting string) error {
	switch {
	case l == nil:
		return nil
	case setting == config.CardHotkey:
		return l.CardRefused
	}
	return l.Refused
}

// Release is what the settings ask.
func (l *Living) Release() release.Release {
	if l == nil {
		return release.Release{Own: "0.6.0"}
	}
	return l.Out
}

// OpenRelease is what the settings ask.
func (l *Living) OpenRelease() { l.told("open "+l.Out.Link(), func(error) {}) }

// SetAutostart does it, unless there is a fault.
func (l *Living) SetAutostart(on bool, done func(error)) {
	if l.Fault == nil {
		l.Starts = on
	}
	l.told(fmt.Sprintf("autostart %t", on), done)
}

// SetLinks does it, unless there is a fault.
func (l *Living) SetLinks(on bool, done func(error)) {
	if l.Fault == nil {
		l.Opens.Registered = on
	}
	l.told(fmt.Sprintf("links %t", on), done)
}

// ChooseLinks does it, unless there is a fault.
func (l *Living) ChooseLinks(done func(error)) {
	if l.Fault == nil {
		l.Opens.Others = nil
	}
	l.told("choose", done)
}

func (l *Living) told(what string, done func(error)) {
	l.Told = append(l.Told, what)
	done(l.Fault)
}

func (p Program) Config() config.Config {
	if p.Living != nil && p.Choices.Language != "" {
		return p.Choices
	}
	return config.Config{Language: "ru", Theme: "light", Notifications: true, Links: config.LinksAsk, Hotkey: config.HotkeyNone}
}

func (p Program) SetConfig(cfg config.Config) {
	if p.Living != nil {
		p.Choices = cfg
	}
}

func (Program) SignOut() {}

func (Program) After(time.Duration, func()) {}

func (Program) State() session.State {
	return session.State{Connection: session.Live, Since: Now, Server: "https://phone.autoschool.example", Login: "kireeva", Me: Kireeva, InKeyring: true}
}

// Window is the main window with a page in front, and perhaps the card at the right.
func Window(h *Host, page string) fyne.CanvasObject {
	play := player.New(h, os.TempDir())
	feedView := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	missed := queue.New(h, &queue.State{})
	contracts := register.New(h, client.KindContract, &register.State{}, func(string) {})
	clients := register.New(h, client.KindClient, &register.State{}, func(string) {})
	people := colleagues.New(h, &colleagues.State{})
	choices := settings.New(SettingsHost{h, Program{}}, &settings.State{})
	frame := mainwin.New(h.Words, []mainwin.Page{
		{Name: "feed", Object: feedView, Shown: feedView.Reload, Card: true},
		{Name: "missed", Object: missed, Shown: missed.Sync},
		{Name: "clients", Object: clients, Shown: clients.Shown, Card: true},
		{Name: "contracts", Object: contracts, Shown: contracts.Shown, Card: true},
		{Name: "colleagues", Object: people, Shown: people.Sync},
		{Name: "settings", Object: choices, Shown: choices.Shown, Filled: true},
	}, func() {})
	frame.SetCount("missed", 3)
	frame.SetState(Program{}.State())
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
		frame.SetTrouble(present.HealthWords(Second().Health, h.Words, Now), func() {})
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
