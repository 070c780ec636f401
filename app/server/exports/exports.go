// Package exports turns cards and entries into rows of a table for people. What it writes of cards
// package imports reads back. Plain functions: it writes no file and knows no SQL and no HTTP.
package exports

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/server/entry"

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

// CardHeading names the columns of CardRow.
func CardHeading(kind client.SubjectKind, language string) []string {
	var columns []string
	for _, f := range crm.Fields(kind) {
		switch {
		case f.Name == crm.FieldPhones:
			columns = append(columns, "phone")
		case f.Exported:
			columns = append(columns, f.Name)
		}
	}
	return heading(language, append(columns, "created")...)
}

// CardRow is a card as a row, under the heading of its kind.
func CardRow(c crm.Card, language string, zone *time.Location) []string {
	var row []string
	for _, f := range crm.Fields(c.Kind) {
		if f.Exported {
			row = append(row, cell(f, c, language))
		}
	}
	return append(row, moment(c.CreatedAt, zone))
}

func cell(f crm.Field, c crm.Card, language string) string {
	shown := f.Shown(c)
	switch {
	case f.Name == crm.FieldPhones:
		return Phones(c.PhoneList)
	case f.Name == crm.FieldTags:
		return Tags(c.Tags)
	case f.Name == crm.FieldStatus, f.Name == crm.FieldKind:
		return value(shown, language)
	case f.Date:
		return day(shown)
	}
	return shown
}

// Tags are all tags in one cell.
func Tags(list []string) string { return strings.Join(list, ", ") }

// Phones are all numbers in one cell, as an import reads them: «+79644399095, +79145550148 (жена)».
func Phones(list []crm.Phone) string {
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
func FeedRow(e entry.Entry, language string, zone *time.Location) []string {
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
