package present

import (
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// SubjectOfContract is a contract as lists of subjects show it.
func SubjectOfContract(c client.Contract, text *i18n.Text) client.Subject {
	category := ""
	if c.Category != "" {
		category = text.T("subject.category", "name", c.Category)
	}
	group := ""
	if c.Group != "" {
		group = text.T("subject.group", "name", c.Group)
	}
	return client.Subject{
		Kind: client.KindContract, ID: c.ID, Name: c.Name,
		Detail: joined(text.T("subject.contract")+" № "+c.Number, category, group),
	}
}

// SubjectOfClient is a client or lead as lists of subjects show it.
func SubjectOfClient(c client.Client) client.Subject {
	return client.Subject{Kind: client.KindClient, ID: c.ID, Name: c.Name, Detail: c.Kind}
}

// ContractValue is what a field of a contract holds, as people write it.
func ContractValue(f model.ContractField, fields model.CardFields) string {
	value := *f.At(&fields)
	if f.Day {
		return ShownDay(value)
	}
	return value
}
