// Package crm holds the rules of the school's cards: whose number it is, what a
// card must have, how its text is folded for search. Plain functions over the wire's
// types; it knows no SQL and no HTTP.
package crm

import (
	"cmp"
	"slices"
	"strings"

	"dozvon/app/bilingual"
	"dozvon/app/server/search"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Subjects puts the owners of a number in order: contracts first, then clients, in just this
// order; active contracts before finished ones, the newest first in each. The first is whom the
// call is bound to.
func Subjects(contracts []client.Contract, clients []client.Client) []client.Subject {
	slices.SortFunc(contracts, func(a, b client.Contract) int {
		return cmp.Or(cmp.Compare(over(a), over(b)), b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(clients, func(a, b client.Client) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	var all []client.Subject
	for _, c := range contracts {
		all = append(all, OfContract(c))
	}
	for _, c := range clients {
		all = append(all, OfClient(c))
	}
	return all
}

// over is 0 for a contract that is active, 1 for one that is finished or cancelled.
func over(c client.Contract) int {
	if c.Status == client.StatusFinished || c.Status == client.StatusCancelled {
		return 1
	}
	return 0
}

// OfContract is a contract as somebody who calls: «Договор № 123 · кат. B · группа 14».
func OfContract(c client.Contract) client.Subject {
	parts := []bilingual.Text{labelled(texts.Of("subject.contract"), c.Number)}
	if c.Category != "" {
		parts = append(parts, labelled(texts.Of("subject.category"), c.Category))
	}
	if c.Group != "" {
		parts = append(parts, labelled(texts.Of("subject.group"), c.Group))
	}
	switch c.Status {
	case client.StatusFinished:
		parts = append(parts, texts.Of("subject.finished").Both())
	case client.StatusCancelled:
		parts = append(parts, texts.Of("subject.cancelled").Both())
	}
	detail := bilingual.Join(parts, " · ")
	return client.Subject{
		Status: c.Status,
		Kind:   client.KindContract, ID: c.ID, Name: c.Name, Responsible: c.Responsible,
		Detail: detail.RU, DetailEN: detail.EN,
	}
}

// labelled puts a label before a value. No template: a page of the feed tells hundreds of contracts.
func labelled(label texts.Message, value string) bilingual.Text {
	return bilingual.Join([]bilingual.Text{label.Both(), bilingual.Same(value)}, " ")
}

// OfClient is a client as somebody who calls: «Клиент» or «Клиент · лид».
func OfClient(c client.Client) client.Subject {
	detail := texts.Of("subject.client").Both()
	if c.Kind == Lead {
		detail = texts.Of("subject.lead_since", texts.Args{"date": c.CreatedAt.Format("02.01")}).Both()
	}
	return client.Subject{
		Kind: client.KindClient, ID: c.ID, Name: c.Name, Responsible: c.Responsible, Status: c.Status, Detail: detail.RU, DetailEN: detail.EN,
	}
}

// Fold makes texts comparable as the search does, with single spaces.
func Fold(parts ...string) string {
	return strings.Join(strings.Fields(search.Fold(strings.Join(parts, " "))), " ")
}
