package crm

import (
	"strings"
	"time"

	"dozvon/app/server/texts"
)

// Merge joins two cards of one kind: into keeps what it has and takes from the other what it
// lacks, all numbers, tags and notes. *Invalid: together they have more than one card may, and nothing is lost.
func Merge(into, from Card, now time.Time) (Card, error) {
	out, bad := into.Clone(), &Invalid{}
	for _, p := range from.PhoneList {
		out.PhoneList = withPhone(out.PhoneList, p)
	}
	out.Tags = withTags(out.Tags, from.Tags)
	// What has too many already, of former versions, may take a card that adds none.
	if n := len(out.Tags); n > tagsLimit && n > len(into.Tags) {
		bad.Add(FieldTags, texts.Of("fault.merged_tags", texts.Args{"n": n, "most": tagsLimit}))
	}
	if n := len(out.PhoneList); n > phonesLimit && n > len(into.PhoneList) {
		bad.Add(FieldPhones, texts.Of("fault.merged_numbers", texts.Args{"n": n, "most": phonesLimit}))
	}
	if note := strings.TrimSpace(from.Note); note != "" && !strings.Contains(out.Note, note) {
		out.Note = strings.TrimSpace(out.Note + "\n" + note)
	}
	for _, f := range Fields(into.Kind) {
		if f.Text != nil && !f.Own {
			fill(f.Text(&out), *f.Text(&from))
		}
	}
	if out.Responsible == nil {
		out.Responsible = from.Responsible
	}
	// Somebody who is a client already does not become a lead again.
	if from.ClientKind == Client {
		out.ClientKind = Client
	}
	out.UpdatedAt = now
	return out, bad.OrNil()
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// MoveContract gives a contract to another client.
func MoveContract(c Card, clientID string, now time.Time) Card {
	out := c.Clone()
	out.ClientID, out.UpdatedAt = clientID, now
	return out
}
