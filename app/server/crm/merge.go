package crm

import (
	"strings"
	"time"

	"dozvon/client"
)

// Merge joins two cards of one kind: into keeps what it has and takes from the other what it
// lacks, all numbers, tags and notes.
func Merge(into, from Card, now time.Time) Card {
	out := into.Clone()
	a, b := out.common(), from.common()
	for _, p := range *b.list {
		*a.list = withPhone(*a.list, p)
	}
	*a.phones = Numbers(*a.list)
	*a.tags = readTags(append(*a.tags, *b.tags...), &Invalid{})
	if note := strings.TrimSpace(*b.note); note != "" && !strings.Contains(*a.note, note) {
		*a.note = strings.TrimSpace(*a.note + "\n" + note)
	}
	fill(a.externalID, *b.externalID)
	if *a.responsible == nil {
		*a.responsible = *b.responsible
	}
	if out.Contract != nil {
		fill(&out.Contract.ClientID, from.Contract.ClientID)
		fill(&out.Contract.Category, from.Contract.Category)
		fill(&out.Contract.Group, from.Contract.Group)
		fill(&out.Contract.SignedOn, from.Contract.SignedOn)
	} else {
		fill(&out.Client.Email, from.Client.Email)
		// Somebody who is a client already does not become a lead again.
		if from.Client.Kind == Client {
			out.Client.Kind = Client
		}
	}
	*a.updated = now
	return out
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// MoveContract gives a contract to another client.
func MoveContract(c client.Contract, clientID string, now time.Time) client.Contract {
	c.ClientID, c.UpdatedAt = clientID, now
	return c
}
