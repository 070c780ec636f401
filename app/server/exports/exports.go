// Package exports turns cards and entries into rows of a table for people. What it writes of cards
// package imports reads back. Plain functions: it writes no file and knows no SQL and no HTTP.
package exports

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/crm"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// heading names columns.
func heading(language string, columns ...string) []string {
	named := make([]string, len(columns))
	for i, c := range columns {
		named[i] = texts.Of("column." + c).In(language)
	}
	return named
}

// ContractHeading names the columns of ContractRow.
func ContractHeading(language string) []string {
	return heading(language, "number", "name", "phone", "category", "group", "signed_on", "status", "responsible", "tags", "note", "external_id", "created")
}

// ClientHeading names the columns of ClientRow.
func ClientHeading(language string) []string {
	return heading(language, "name", "phone", "email", "kind", "status", "responsible", "tags", "note", "external_id", "created")
}

// Row is a card as a row, under the heading of its kind.
func Row(c crm.Card, language string, zone *time.Location) []string {
	if c.Contract != nil {
		return contractRow(*c.Contract, language, zone)
	}
	return clientRow(*c.Client, language, zone)
}

func contractRow(c client.Contract, language string, zone *time.Location) []string {
	return []string{
		c.Number, c.Name, Phones(c.PhoneList), c.Category, c.Group, day(c.SignedOn), value(c.Status, language),
		person(c.Responsible), Tags(c.Tags), c.Note, c.ExternalID, moment(c.CreatedAt, zone),
	}
}

func clientRow(c client.Client, language string, zone *time.Location) []string {
	kind := "client"
	if c.Kind == crm.Lead {
		kind = "lead"
	}
	return []string{
		c.Name, Phones(c.PhoneList), c.Email, value(kind, language), value(c.Status, language), person(c.Responsible),
		Tags(c.Tags), c.Note, c.ExternalID, moment(c.CreatedAt, zone),
	}
}

// Tags are all tags in one cell.
func Tags(list []string) string { return strings.Join(list, ", ") }

// Phones are all numbers in one cell, as an import reads them: «+79644399095, +79145550148 (жена)».
func Phones(list []client.Phone) string {
	var all []string
	for _, p := range list {
		text := p.Number
		if text == "" {
			text = p.Typed
		}
		if p.Ext != "" {
			text += " доб. " + p.Ext
		}
		if p.Label != "" {
			text += " (" + p.Label + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func person(p *client.Person) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// day is a date as it is written in Russia, and as an import reads it.
func day(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return at.Format("02.01.2006")
}

func moment(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("02.01.2006 15:04:05")
}

// value is a code of ours as people read it; what is none stays.
func value(code, language string) string {
	if !texts.Has("value." + code) {
		return code
	}
	return texts.Of("value." + code).In(language)
}

// FeedHeading names the columns of FeedRow.
func FeedHeading(language string) []string {
	return heading(language, "time", "type", "phone", "who", "card", "employee", "result", "wait", "talk", "line", "description", "settled_by", "settled_at")
}

// FeedRow is an entry of the feed.
func FeedRow(e client.FeedEntry, language string, zone *time.Location) []string {
	who, card := "", ""
	if s := e.Subject; s != nil {
		who, card = s.Name, bilingual.Text{RU: s.Detail, EN: s.DetailEN}.In(language)
	}
	text := e.Description
	if language == "en" && e.DescriptionEN != "" {
		text = e.DescriptionEN
	}
	wait := e.WaitSeconds
	if wait == nil {
		wait = e.AnswerSeconds
	}
	by, at := "", ""
	if e.Settled != nil {
		by, at = person(e.Settled.By), moment(e.Settled.At, zone)
	}
	return []string{
		moment(e.At, zone), value(string(e.Type), language), e.Phone, who, card, person(e.Employee), value(string(e.Result), language),
		seconds(wait), seconds(e.TalkSeconds), e.Line, text, by, at,
	}
}

func seconds(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
