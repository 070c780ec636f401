package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/phone"
	"dozvon/client"
)

// Choice is one of several subjects that share the number.
type Choice struct {
	Subject               client.Subject
	Initials, Name, About string
	Kind                  string // "договор" or "клиент"
}

// Card is what the popup shows of one call; every string is ready for the screen.
type Card struct {
	Kind     model.CardKind
	ID       string // of the call or the task
	State    model.CardState
	Heading  string // «Входящий звонок»
	Title    string // the name, or the number of an unknown caller
	Subtitle string // «Договор № 123 · кат. B · группа 14»
	Detail   string // number, region and local time there, line
	Note     string // the last thing known of the caller
	Why      string
	Initials string // "?" for an unknown number
	Known    bool
	Phone    string // E.164, for calling back and copying
	Chat     bool   // a chat with the number can be opened
	Subject  *client.Subject
	Choices  []Choice
	At       time.Time // when the call began, or the task is due; local time
	Since    time.Time // the running timer starts here; zero: no timer
	Aside    string    // what stands where the timer would: «ждал 0:24»
	Step     int       // progress of a click-to-call, 1 to 3
	StepText string
	Acts     []Act // the first one is the likely one
	More     []Act // what stands in the second row
	// Blind and Consult tell in which ways the call can be handed over.
	Blind, Consult bool
	Test           bool   // the connectivity test of the settings, no call of the school's
	Consulting     string // «Консультация: Борисов Б. П.»; empty: nobody is asked
	// Outcomes tells that what the call came to can be noted now.
	Outcomes bool
	Practice bool   // of a practice: nothing of it is the school's
	About    string // a reminder's call; empty: it is about none
	Playable bool   // that call has a recording
}

// cards are what the cards of one moment are put in words with.
type cards struct {
	text   *i18n.Text
	now    time.Time
	me     string // the employee's id
	school client.School
}

// Cards puts the model's cards in words.
func Cards(m *model.Model, text *i18n.Text, now time.Time) []Card {
	c := cards{text, now, m.Me().ID, m.School()}
	all := m.Cards()
	out := make([]Card, 0, len(all))
	for _, one := range all {
		switch one.Kind {
		case model.CardOfTask:
			out = append(out, c.ofTask(one))
		case model.CardOfOutage:
			out = append(out, c.ofOutage(one))
		default:
			out = append(out, c.ofCall(one))
		}
	}
	return out
}

// Undisturbing are the cards that "do not disturb" lets through: it is about being rung, one's own talk keeps its bar.
func Undisturbing(all []Card) []Card {
	var out []Card
	for _, card := range all {
		switch card.State {
		case model.CardRinging, model.CardMissed, model.CardAnsweredByOther, model.CardReminder, model.CardOutage:
		default:
			out = append(out, card)
		}
	}
	return out
}

func (c cards) ofCall(of model.Card) Card {
	call, text := of.Call, c.text
	card := Card{Kind: of.Kind, ID: of.ID, State: of.State, Phone: call.Phone, Why: PrettyNumbers(text.Either(call.Why, call.WhyEN), text), Subject: call.Subject}
	card.At = call.StartedAt.In(c.now.Location())
	card.Chat = c.school.WhatsApp && WhatsAppLink(call.Phone) != ""
	pretty := PrettyPhone(call.Phone, text)
	card.Known = call.Subject != nil && !of.Several
	where := c.where(call)
	switch {
	case card.Known:
		card.Title, card.Subtitle = call.Subject.Name, SubjectDetail(*call.Subject, text)
		card.Detail = joined(pretty, where)
		card.Initials = Initials(call.Subject.Name)
	case of.Several:
		card.Title, card.Initials = pretty, "?"
		card.Subtitle = text.N("card.choose", len(call.Matches))
		card.Choices = choices(call.Matches, text)
	case call.Direction == client.Internal:
		card.Title, card.Initials = joined(pretty), "✆"
	default:
		card.Title, card.Initials = pretty, "?"
		card.Subtitle = text.T("card.unknown")
		if call.Before > 0 {
			card.Subtitle = joined(card.Subtitle, text.N("card.before", call.Before))
		}
		card.Detail = where
	}
	if call.LastNote != nil {
		at := text.Short(call.LastNote.At, c.now)
		card.Note = strings.ToUpper(string([]rune(at)[:1])) + string([]rune(at)[1:]) + " — " + PrettyNumbers(text.Either(call.LastNote.Text, call.LastNote.TextEN), text)
	}
	if call.Subject != nil && call.Subject.Responsible != nil {
		person := text.T("card.responsible", "name", ShortName(call.Subject.Responsible.Name))
		card.Note = strings.TrimSpace(strings.TrimSuffix(card.Note, ".") + ". " + person)
		card.Note = strings.TrimPrefix(card.Note, ". ")
	}
	c.applyState(&card, call)
	if call.Direction == client.Internal {
		c.applyInternal(&card, call)
	}
	if call.Test {
		c.applyTest(&card)
	}
	if card.Practice = call.Practice; card.Practice && card.State == model.CardRinging && len(card.Acts) > 0 {
		card.Acts = []Act{card.Acts[0], ActEndPractice}
	}
	return card
}

// applyState gives the card the face of its state.
func (c cards) applyState(card *Card, call client.Call) {
	text := c.text
	open := ActOpen
	if !card.Known {
		open = ActNewLead
	}
	switch card.State {
	case model.CardRinging:
		card.Heading, card.Since = text.T("card.incoming"), call.StartedAt
		card.Acts = []Act{open, ActNote, ActMore}
		if len(card.Choices) > 0 {
			card.Acts = nil
		}
	case model.CardDialling:
		card.Heading = text.T("card.outgoing")
		card.Step = max(1, call.Step)
		card.StepText = text.T("card.step" + string(rune('0'+min(card.Step, 3))))
		card.Subtitle = PrettyPhone(call.Phone, text)
		if !card.Known {
			card.Subtitle = text.T("card.unknown")
		}
		card.Detail, card.Note, card.Choices = "", "", nil
		card.Acts = []Act{ActHangup}
	case model.CardTalking, model.CardHeld:
		card.Heading = text.T("card.talking")
		if card.State == model.CardHeld {
			card.Heading = text.T("card.held")
		}
		if call.AnsweredAt != nil {
			card.Since = *call.AnsweredAt
		} else {
			card.Since = call.StartedAt
		}
		c.talkActs(card, call, open)
	default:
		c.applyOver(card, call, open)
	}
}

// applyOver gives the card of a call that is over for this employee its face.
func (c cards) applyOver(card *Card, call client.Call, open Act) {
	text := c.text
	switch card.State {
	case model.CardMissed:
		card.Heading = text.T("card.missed", "clock", text.Clock(call.StartedAt.In(c.now.Location())))
		if call.EndedAt != nil {
			card.Aside = text.T("card.waited", "time", text.Timer(call.EndedAt.Sub(call.StartedAt)))
		}
		card.Choices, card.Note = nil, ""
		card.Acts, card.More = []Act{open}, nil
		if call.Phone != "" { // a hidden number can be neither called nor taken
			card.Acts, card.More = []Act{ActCallBack, ActMore}, []Act{open, ActTake}
		}
	case model.CardAnsweredByOther:
		card.Heading, card.Choices, card.Note = text.T("card.elsewhere"), nil, ""
		if call.Employee != nil {
			card.Heading = text.T("card.elsewhere_by", "name", ShortName(call.Employee.Name))
			// A patronymic in -ич is a man's.
			if strings.HasSuffix(call.Employee.Name, "ич") {
				card.Heading = text.T("card.elsewhere_by_him", "name", ShortName(call.Employee.Name))
			}
		}
	case model.CardFailed:
		card.Heading = text.T("card.outgoing_failed")
		card.Subtitle, card.Note = ResultText(call, text), ""
		card.Acts, card.Choices = []Act{ActCallBack, open}, nil
	case model.CardEnded:
		card.Heading = text.T("card.ended")
		if call.Employee != nil && call.Employee.ID != c.me {
			card.Heading = text.T("card.handed_over", "name", ShortName(call.Employee.Name))
		}
		if call.TalkSeconds != nil {
			card.Aside = text.Timer(time.Duration(*call.TalkSeconds) * time.Second)
		}
		card.Outcomes = call.Direction != client.Internal
		card.Acts, card.Choices, card.Note, card.Why = []Act{open}, nil, "", ""
	}
}

// where tells the caller's region with the time there, and the line that was called.
func (c cards) where(call client.Call) string {
	var parts []string
	if number, err := phone.Parse(call.Phone); err == nil && call.Direction != client.Internal {
		region := number.Region(string(c.text.Lang()))
		if region == c.text.T("region.country") {
			// A mobile number says no more than the country, and nothing about the clock.
			region = ""
		}
		if at, ok := number.LocalTime(c.now); ok && region != "" {
			region = c.text.T("card.there", "region", region, "clock", c.text.Clock(at))
		}
		parts = append(parts, region)
	}
	line := call.LineName
	if line == "" && call.Line != "" {
		line = PrettyPhone(call.Line, c.text)
	}
	if line != "" {
		parts = append(parts, c.text.T("card.line", "line", line))
	}
	return joined(parts...)
}

func choices(matches []client.Subject, text *i18n.Text) []Choice {
	out := make([]Choice, 0, len(matches))
	for _, s := range matches {
		out = append(out, Choice{
			Subject: s, Initials: Initials(s.Name), Name: s.Name,
			About: SubjectDetail(s, text), Kind: text.T("kind." + string(s.Kind)),
		})
	}
	return out
}
