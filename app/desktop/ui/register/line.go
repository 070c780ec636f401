package register

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

// line is one record of the list.
type line struct {
	id, name, about, phone string
	deleted                bool
	cells                  []string // of the chosen columns
}

// record is a card of the register; one of the two is set.
type record struct {
	client   *client.Client
	contract *client.Contract
}

// linesOf puts records in words.
func (v *View) linesOf(records []record) []line {
	text, now := v.host.Text(), v.host.Now()
	out := make([]line, 0, len(records))
	for _, r := range records {
		var l line
		if r.client != nil {
			l = lineOfClient(*r.client, text, now)
		} else {
			l = lineOfContract(*r.contract, text, now)
		}
		l.cells = v.cells(r)
		out = append(out, l)
	}
	return out
}

func lineOfClient(c client.Client, text *i18n.Text, now time.Time) line {
	about := present.SubjectDetail(client.Subject{Kind: client.KindClient, Detail: c.Kind}, text)
	about += extra(client.KindClient, c.Status, c.Tags, c.Removed, text, now)
	return line{id: c.ID, name: c.Name, about: about, phone: first(c.Phones), deleted: c.DeletedAt != nil}
}

func lineOfContract(c client.Contract, text *i18n.Text, now time.Time) line {
	about := present.ContractWords(c, text) + extra(client.KindContract, c.Status, c.Tags, c.Removed, text, now)
	return line{id: c.ID, name: c.Name, about: about, phone: first(c.Phones), deleted: c.DeletedAt != nil}
}

// extra is what stands behind a record's kind: its status, its tags, and when it was deleted.
func extra(kind client.SubjectKind, status string, tags []string, removed client.Removed, text *i18n.Text, now time.Time) string {
	var parts []string
	if removed.DeletedAt != nil {
		key := "crd.deleted"
		if removed.MergedInto != nil {
			key = "crd.merged"
		}
		parts = append(parts, text.T(key, "when", text.Short(*removed.DeletedAt, now)))
	} else if says(status) {
		parts = append(parts, present.StatusWord(kind, status, text))
	}
	if len(tags) > 0 {
		parts = append(parts, strings.Join(tags, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + strings.Join(parts, " · ")
}

// says tells whether a status is worth its room: nearly every contract is active, and every card
// begins as a new one.
func says(status string) bool {
	return status != "" && status != client.StatusActive && status != client.StatusNew
}

func first(phones []string) string {
	if len(phones) == 0 {
		return ""
	}
	return phones[0]
}

func person(p *client.Person) string {
	if p == nil {
		return ""
	}
	return present.ShortName(p.Name)
}
