package present

import (
	"slices"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// applyInternal gives a call between employees its own words: the colleague's name, and nothing that is done with a
// client's number.
func (c cards) applyInternal(card *Card, call client.Call) {
	card.Subtitle = c.text.T("card.internal")
	if other := model.Colleague(call, c.me); other != nil {
		card.Title = c.text.T("conn.ext", "ext", other.Extension)
		if other.Employee != nil {
			card.Subtitle = joined(card.Subtitle, card.Title)
			card.Title, card.Initials = other.Employee.Name, Initials(other.Employee.Name)
		}
	}
	if card.Step == 2 {
		card.StepText = c.text.T("card.step2_colleague")
	}
	outside := func(act Act) bool { return act == ActNewLead || act == ActOpen || act == ActCallBack }
	card.Acts, card.More = slices.DeleteFunc(card.Acts, outside), slices.DeleteFunc(card.More, outside)
	card.Known, card.Detail = true, ""
}

// withWhom is who is at the other end of an employee's call.
func withWhom(call client.Call, employeeID string, text *i18n.Text) string {
	if call.Direction != client.Internal {
		return nameOf(call.Subject, call.Phone, text)
	}
	other := model.Colleague(call, employeeID)
	switch {
	case other == nil:
		return text.T("card.internal")
	case other.Employee == nil:
		return text.T("conn.ext", "ext", other.Extension)
	}
	return other.Employee.Name
}
