// Package crm holds the school's cards and their rules: what fields a client and a contract have,
// whose a number is, what a card must have, what two merged ones make, how a text is folded for
// search. Plain types and functions; it knows no SQL and no HTTP.
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
func Subjects(cards []Card) []client.Subject {
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	var all []client.Subject
	for _, c := range cards {
		all = append(all, c.Subject())
	}
	return all
}

// place orders kinds: contracts that are active, those that are over, clients.
func place(c Card) int {
	switch {
	case c.Kind != client.KindContract:
		return 2
	case c.Status == client.StatusFinished, c.Status == client.StatusCancelled:
		return 1
	}
	return 0
}

// Subject is the card as somebody who calls: «Договор № 123 · кат. B · группа 14», «Клиент» or
// «Клиент · лид от 24.11».
func (c Card) Subject() client.Subject {
	detail := clientDetail(c)
	if c.Kind == client.KindContract {
		detail = contractDetail(c)
	}
	return client.Subject{
		Kind: c.Kind, ID: c.ID, Name: c.Name, Responsible: c.Responsible, Status: c.Status, Detail: detail.RU, DetailEN: detail.EN,
	}
}

func contractDetail(c Card) bilingual.Text {
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
	return bilingual.Join(parts, " · ")
}

// labelled puts a label before a value. No template: a page of the feed tells hundreds of contracts.
func labelled(label texts.Message, value string) bilingual.Text {
	return bilingual.Join([]bilingual.Text{label.Both(), bilingual.Same(value)}, " ")
}

func clientDetail(c Card) bilingual.Text {
	if c.ClientKind == Lead {
		return texts.Of("subject.lead_since", texts.Args{"date": c.CreatedAt.Format("02.01")}).Both()
	}
	return texts.Of("subject.client").Both()
}

// Fold makes texts comparable as the search does, with single spaces.
func Fold(parts ...string) string {
	return strings.Join(strings.Fields(search.Fold(strings.Join(parts, " "))), " ")
}
