// Package cardstatus puts what stands at the corner of the screen, and what the main window shows, into the form that
// `dozvon status` tells.
package cardstatus

import (
	"fmt"
	"log/slog"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/control"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/widgets"
)

// taskName begins the name of a reminder's card where cards are named for scripts.
const taskName = "task:"

// Name is how commands and the status name a card: by its call, or by its task.
func Name(c present.Card) string {
	if c.Kind == model.CardOfTask {
		return taskName + c.ID
	}
	return c.ID
}

// At is a place on the screen.
func At(r platform.Rect) control.Place {
	return control.Place{X: r.X, Y: r.Y, Width: r.Width, Height: r.Height}
}

// Focus is what has the keyboard in a window.
func Focus(over fyne.Canvas) string {
	switch at := over.Focused().(type) {
	case nil:
		return ""
	case *widgets.Button:
		return at.Label
	case *widgets.Entry:
		return "field " + at.PlaceHolder
	default:
		_, kind, _ := strings.Cut(fmt.Sprintf("%T", at), ".")
		return strings.ToLower(kind)
	}
}

// Of is what is told of a card, or of what stands for several.
func Of(shown popup.Shown) control.Card {
	card := control.Card{
		State: string(shown.Card.State), Title: shown.Card.Title, Subtitle: shown.Card.Subtitle, Heading: shown.Card.Heading,
		Place: At(shown.Place),
	}
	switch shown.Form {
	case stacking.Line:
		card.Form = "line"
	case stacking.Fold:
		card.Form = "fold"
	case stacking.Strip:
		card.Form = "strip"
	default:
		card.CallID = Name(shown.Card)
	}
	if card.Form != "" {
		for _, one := range shown.Cards {
			card.Calls = append(card.Calls, Name(one))
		}
	}
	for _, spot := range shown.Spots {
		card.Buttons = append(card.Buttons, control.Spot(spot))
	}
	return card
}

// Playing is what is told of the recording that plays; nil: nobody is signed in.
func Playing(p *player.Player) control.Player {
	if p == nil {
		return control.Player{State: string(player.None), Speed: 1}
	}
	state, position, duration, speed := p.Status()
	return control.Player{
		State: string(state), Position: position.Seconds(), Duration: duration.Seconds(), Speed: speed, Part: p.Part(), Waiting: p.Waiting(),
	}
}

// Main is what is told of the main window; without a screen its place is not known.
func Main(name string, visible bool, screen *platform.Desktop, window fyne.Window) control.Window {
	out := control.Window{Name: name, Visible: visible}
	if screen == nil || !visible {
		return out
	}
	at, focused, err := screen.Geometry(window)
	if err != nil {
		slog.Warn("place of the main window unknown", "error", err)
	}
	out.Place, out.Focused = At(at), focused
	return out
}
