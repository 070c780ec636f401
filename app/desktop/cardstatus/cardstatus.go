// Package cardstatus puts what stands at the corner of the screen into the form that `dozvon status` tells.
package cardstatus

import (
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/popup"
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
