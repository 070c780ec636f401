package present

import (
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// ofTask is a reminder.
func (c cards) ofTask(of model.Card) Card {
	t, text := of.Task, c.text
	row := taskRow(t, true, "", text, c.now)
	card := Card{
		Kind: of.Kind, ID: of.ID, State: of.State, Heading: text.T("task.reminder"), Phone: t.Phone, Subject: t.Subject,
		Title: row.Name, Subtitle: row.About, Note: row.Note, Known: true, Initials: "✓", Playable: row.Playable, About: t.CallID,
	}
	if t.Kind == client.TaskCallback && t.By != nil {
		card.Heading = text.T("task.asks", "name", ShortName(t.By.Name))
	}
	card.At = t.At
	if t.DueAt != nil {
		card.At = *t.DueAt
		card.Aside = row.When
	}
	if t.Subject != nil {
		card.Initials = Initials(t.Subject.Name)
	}
	if t.Phone != "" {
		card.Chat = c.school.WhatsApp && WhatsAppLink(t.Phone) != ""
		card.Acts = append(card.Acts, ActCallBack)
	}
	card.Acts = append(card.Acts, ActSnooze, ActDone)
	return card
}
