package signin

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/asked"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// pause is how long nothing was typed before the address is asked.
const pause = 400 * time.Millisecond

// Greeter asks servers whose they are.
type Greeter interface {
	Text() *i18n.Text
	Greet(server string, done func(client.Welcome, error))
	After(wait time.Duration, do func())
}

// Greeting asks the server at a typed address whose it is, and says so under the field.
type Greeting struct {
	host   Greeter
	field  *asked.Field
	settle func()
	// OnAnswer hears of every server that answered; may be nil.
	OnAnswer func(client.Welcome)
	turn     int // counts what was typed: an answer about a former address says nothing
}

// NewGreeting is about a field; settle lays out the page around it.
func NewGreeting(host Greeter, field *asked.Field, settle func()) *Greeting {
	return &Greeting{host: host, field: field, settle: settle}
}

// Typed asks once nothing was typed for a while.
func (g *Greeting) Typed() {
	g.turn++
	turn := g.turn
	g.field.Say(theme.ToneMuted, "")
	g.host.After(pause, func() {
		if turn == g.turn {
			g.Ask()
		}
	})
}

// Ask asks the server at the address that stands there now.
func (g *Greeting) Ask() {
	g.turn++
	turn, server := g.turn, strings.TrimSpace(g.field.Text)
	if server == "" {
		return
	}
	g.host.Greet(server, func(w client.Welcome, err error) {
		if turn != g.turn {
			return
		}
		g.say(w, err)
		g.settle()
	})
}

func (g *Greeting) say(w client.Welcome, err error) {
	text := g.host.Text()
	switch {
	case err == nil && w.FirstAccount:
		g.field.Say(theme.ToneRing, text.T("sign.new_server"))
	case err == nil && w.School != "":
		g.field.Say(theme.ToneRing, text.T("sign.answers", "school", w.School))
	case err == nil:
		g.field.Say(theme.ToneRing, text.T("sign.answers_nameless"))
	case Older(err): // whose it is, the sign-in will tell
	case AboutServer(err):
		g.field.Say(theme.ToneMiss, Explain(err, text))
	}
	if err == nil && g.OnAnswer != nil {
		g.OnAnswer(w)
	}
}
