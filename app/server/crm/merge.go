package crm

import (
	"strings"
	"time"
)

// Merge joins two cards of one kind: into keeps what it has and takes from the other what it
// lacks, all numbers, tags and notes.
func Merge(into, from Card, now time.Time) Card {
	out := into.Clone()
	for _, p := range from.PhoneList {
		out.PhoneList = withPhone(out.PhoneList, p)
	}
	out.Tags = readTags(append(out.Tags, from.Tags...), &Invalid{})
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
	return out
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
