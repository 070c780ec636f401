// Package morning decides when the page with which a day begins comes: once a day after five, for each person, when they
// come to the program and can see it, and never over what they are at.
package morning

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	uimorning "dozvon/app/desktop/ui/morning"
	"dozvon/app/desktop/xdg"
	"dozvon/client"
	"dozvon/client/mornings"
)

// Program is what is asked of the program.
type Program interface {
	ui.Base
	Config() config.Config
	// Whose is who is signed in, and where.
	Whose() string
	// Idle tells that the person looks at the feed, or at the page with which they began, and nothing else goes on.
	Idle(began string) bool
	// Cover shows the page in the place of all others, Covered tells whether it is in front, and Calm puts one line
	// over the others.
	Cover(page fyne.CanvasObject)
	Covered() bool
	Calm(title, hint string)

	SetConfig(cfg config.Config)
	Go(page string) bool
	Dial(phone string, subject *client.Subject)
	// Telephony opens the settings of a PBX; empty: of any.
	Telephony(integrationID string)
}

// Page is the name of the page, which the rail has not.
const Page = "morning"

// dayBegins is the hour at which a day begins.
const dayBegins = 5

// Dawn is the program's. All methods belong on Fyne's goroutine.
type Dawn struct {
	host   Program
	path   string          // where the days are kept
	days   map[string]days // of each person
	come   bool            // the person has come to the program since they saw a morning
	read   bool            // what they are told is known
	asking bool
	began  string // the page that was there when the person signed in
	view   *uimorning.View
}

// New keeps the days in the file at path.
func New(host Program, path string) *Dawn {
	d := &Dawn{host: host, path: path, days: map[string]days{}}
	raw, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(raw, &d.days)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("which mornings were seen is not known", "error", err)
		d.days = map[string]days{}
	}
	return d
}

// Come notes that the person has come: they signed in, or brought the window to the front.
func (d *Dawn) Come() { d.come = true; d.Look() }

// Read notes that the lists of whoever is signed in have been read.
func (d *Dawn) Read() { d.read = true; d.Look() }

// Gone forgets what was read: nobody is signed in, or somebody else, who begins with a page.
func (d *Dawn) Gone(began string) { d.read, d.come, d.began = false, true, began }

// Look shows the morning if it is its time.
func (d *Dawn) Look() {
	whose, today := d.host.Whose(), day(d.host.Now())
	if !d.come || !d.read || !d.host.Idle(d.began) { // nothing is kept of a practice, which is never idle
		return
	}
	d.came(whose, today)
	if d.asking || !d.host.Config().Morning || d.days[whose].Shown == today {
		return
	}
	d.asking = true
	uimorning.Ask(d.host, d.lastDay(), func(found *mornings.Morning, err error) {
		d.asking, d.come = false, false // what goes wrong is not asked again before the person comes again
		if err != nil {
			slog.Warn("the morning was not read", "error", err)
			return
		}
		if d.host.Whose() != whose || !d.host.Idle(d.began) {
			d.come = true // another time
			return
		}
		d.seen(whose, today)
		if len(present.Morning(d.host.Model(), found, d.host.Text(), d.host.Now(), d.lastDay())) == 0 {
			text := d.host.Text()
			d.host.Calm(present.QuietNight(d.lastDay(), d.host.Now(), text), text.T("morning.quiet_hint"))
			return
		}
		d.show(found)
	})
}

func (d *Dawn) show(found *mornings.Morning) {
	d.view = uimorning.New(cures{d.host, d}, found)
	d.host.Cover(d.view)
}

// Again shows the page when the person wants it.
func (d *Dawn) Again() {
	switch {
	case d.view == nil:
		d.show(nil)
	case !d.host.Covered():
		d.view.Load()
		d.host.Cover(d.view)
	}
}

// Rebuilt drops what was drawn with the words and colours of before; covered tells that the page was in front.
func (d *Dawn) Rebuilt(covered bool) {
	if d.view = nil; covered {
		d.show(nil)
	}
}

// Follow keeps the page up to date, and leaves it when somebody calls.
func (d *Dawn) Follow(cards []present.Card) {
	if d.view != nil && d.host.Covered() {
		d.view.Sync()
		for _, card := range cards {
			if card.State == model.CardRinging {
				cures{d.host, d}.Leave()
				return
			}
		}
	}
	d.Look()
}

// cures leads to where the lines of the page are cured.
type cures struct {
	Program
	dawn *Dawn
}

// LastDay is as far back as a morning looks.
func (c cures) LastDay() time.Time { return c.dawn.lastDay() }

// Leave shows the feed.
func (c cures) Leave() { c.Go("feed") }

// Open shows a page.
func (c cures) Open(page string) { c.Go(page) }

// CallQueue calls the first of those whom the page tells of, and shows the others.
func (c cures) CallQueue() {
	waiting := present.Overnight(c.Model(), c.LastDay())
	c.Go("missed")
	if len(waiting) > 0 {
		c.Dial(waiting[0].Phone, waiting[0].Subject)
	}
}

// day names the day that a moment belongs to.
func day(at time.Time) string { return at.Add(-dayBegins * time.Hour).Format(time.DateOnly) }

// daysMost is how many people's days are kept once they are over.
const daysMost = 20

// days are what is kept of a person: whose morning they saw last, the last day on which they came to the program, and
// the last one before it.
type days struct {
	Shown  string `json:"shown,omitempty"`
	Came   string `json:"came,omitempty"`
	Before string `json:"before,omitempty"`
}

// UnmarshalJSON reads what a former version kept as well: the last morning alone.
func (d *days) UnmarshalJSON(raw []byte) error {
	var shown string
	if json.Unmarshal(raw, &shown) == nil {
		*d = days{Shown: shown, Came: shown}
		return nil
	}
	type plain days
	return json.Unmarshal(raw, (*plain)(d))
}

// came notes that a person is there on a day.
func (d *Dawn) came(whose, today string) {
	if of := d.days[whose]; of.Came != today {
		of.Came, of.Before = today, of.Came
		d.keep(whose, of)
	}
}

// lastDay is the last day, before this one, of whoever is signed in, as far back as a morning looks.
func (d *Dawn) lastDay() time.Time {
	of, now := d.days[d.host.Whose()], d.host.Now()
	last := of.Before
	if of.Came != day(now) {
		last = of.Came
	}
	at, err := time.ParseInLocation(time.DateOnly, last, now.Location())
	if err != nil {
		at = time.Time{}
	}
	return present.LastDay(at, now)
}

func (d *Dawn) seen(whose, today string) {
	of := d.days[whose]
	of.Shown = today
	d.keep(whose, of)
}

func (d *Dawn) keep(whose string, of days) {
	d.days[whose] = of
	if len(d.days) > daysMost {
		maps.DeleteFunc(d.days, func(_ string, other days) bool { return other.Came != of.Came })
	}
	raw, err := json.Marshal(d.days)
	if err == nil {
		err = xdg.Write(d.path, string(raw), 0o600)
	}
	if err != nil {
		slog.Warn("the morning that was seen is not kept", "error", err)
	}
}
