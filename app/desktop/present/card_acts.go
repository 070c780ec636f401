package present

import (
	"slices"
	"strconv"
	"strings"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// talkActs gives a talking or held card what this PBX and this moment allow. A server that
// does not tell allows what every PBX can.
func (c cards) talkActs(card *Card, call client.Call, open Act) {
	card.Outcomes = call.Direction != client.Internal
	if len(call.Can) == 0 {
		card.Blind = true
		card.Acts = []Act{open, ActTransfer}
		c.endActs(card, true)
		return
	}
	can := func(a client.Ability) bool { return slices.Contains(call.Can, a) }
	card.Blind, card.Consult = can(client.CanTransfer), can(client.CanConsult)
	if call.Consulting != nil {
		c.consultActs(card, call, open)
		return
	}
	var acts []Act
	for _, one := range []struct {
		may bool
		act Act
	}{
		{card.Blind || card.Consult, ActTransfer}, {can(client.CanHold), ActHold}, {can(client.CanRecord), ActRecord},
	} {
		if one.may {
			acts = append(acts, one.act)
		}
	}
	first := open
	if can(client.CanResume) {
		// The client waits: taking them back comes before anything else.
		first, acts = ActResume, append([]Act{open}, acts...)
	}
	card.Acts = []Act{first}
	if len(acts) > 0 {
		card.Acts, card.More = append(card.Acts, acts[0]), acts[1:]
	}
	c.endActs(card, can(client.CanHangup))
}

// consultActs are for the time in which a colleague is asked and the client waits.
func (c cards) consultActs(card *Card, call client.Call, open Act) {
	who := c.text.T("conn.ext", "ext", call.Consulting.Extension)
	if call.Consulting.Employee != nil {
		who = ShortName(call.Consulting.Employee.Name)
	}
	key := "card.consulting"
	if call.Consulting.State == client.StateRinging {
		key = "card.consult_rings"
	}
	card.Consulting = c.text.T(key, "name", who)
	for ability, act := range map[client.Ability]Act{client.CanConnect: ActConnect, client.CanReturn: ActReturn} {
		if slices.Contains(call.Can, ability) {
			card.Acts = append(card.Acts, act)
		}
	}
	slices.Sort(card.Acts) // connect before return
	card.More = []Act{open}
	c.endActs(card, slices.Contains(call.Can, client.CanHangup))
}

// endActs puts hanging up last, and the way to the second row before it.
func (c cards) endActs(card *Card, hangup bool) {
	if card.Consulting != "" {
		// Two long words fill the row: hanging up stands in the second one.
		if hangup {
			card.More = append(card.More, ActHangup)
		}
		card.Acts = append(card.Acts, ActMore)
		return
	}
	if len(card.More) > 0 || card.Outcomes {
		card.Acts = append(card.Acts, ActMore)
	}
	if hangup {
		card.Acts = append(card.Acts, ActHangup)
	}
}

// applyTest gives the call of a connectivity test its own words: it is nobody's call, so there is
// nobody to open, to call back or to make a client of.
func (c cards) applyTest(card *Card) {
	card.Test, card.Title, card.Initials = true, c.text.T("bell.title"), "✓"
	card.Subtitle, card.Detail, card.Note, card.Choices, card.More = "", "", "", nil, nil
	card.Outcomes = false
	card.Known = true // the tone of a known caller, not of a question
	card.Acts = []Act{ActHangup}
	if card.State == model.CardEnded {
		card.Heading, card.Acts = c.text.T("card.test_over"), nil
	}
}

// CommandWords tells why the PBX refused a command.
func CommandWords(c client.Command, text *i18n.Text) string {
	words := text.Either(c.Text, c.TextEN)
	switch {
	case c.Code == 0 && words == "":
		return text.T("card.refused")
	case c.Code == 0 || strings.Contains(words, strconv.Itoa(c.Code)):
		return words
	case words == "":
		return text.T("card.answered_code", "code", c.Code)
	}
	return text.T("card.answered", "code", c.Code, "why", words)
}
