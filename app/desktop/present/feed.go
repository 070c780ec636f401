package present

import (
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// Row is one feed entry ready for the screen.
type Row struct {
	Entry           client.FeedEntry
	Symbol          string // an arrow or a sign that says the same as the tone
	Tone            string // "ring", "miss", "accent" or "hold"
	Name, About     string
	What, WhatAbout string
	Who, When       string
	Source, Why     string
	CanPlay         bool
	Preparing       bool
	Gone            bool // the PBX has deleted every recording
	NotRecorded     bool // they talked, and there is no recording
	Course          bool // it has a course to be looked at
	Unsettled       bool
}

// entrySigns say by a sign and a tone what an entry is.
var entrySigns = map[client.EntryType]struct{ symbol, tone string }{
	client.EntryCallIn:          {"↙", "ring"},
	client.EntryCallMissed:      {"↙", "miss"},
	client.EntryCallOut:         {"↗", "ring"},
	client.EntryNote:            {"✎", "accent"},
	client.EntrySMS:             {"≡", "hold"},
	client.EntryClientCreated:   {"+", "accent"},
	client.EntryContractCreated: {"+", "accent"},
}

// RowOf makes the row of an entry.
func RowOf(e client.FeedEntry, text *i18n.Text, now time.Time) Row {
	row := Row{Entry: e, When: text.Clock(e.At.In(now.Location())), Who: "—", Why: PrettyNumbers(text.Either(e.Why, e.WhyEN), text), Source: e.SourceName}
	if e.Subject != nil {
		row.Name, row.About = e.Subject.Name, SubjectDetail(*e.Subject, text)
	} else {
		row.Name, row.About = PrettyPhone(e.Phone, text), text.T("feed.unbound")
	}
	if e.Employee != nil {
		row.Who = ShortName(e.Employee.Name)
	}
	if e.Practice {
		row.About = joined(text.T("practice.word"), row.About)
	}
	row.What, row.WhatAbout = text.T("type."+string(e.Type)), PrettyNumbers(text.Either(e.Description, e.DescriptionEN), text)
	sign := entrySigns[e.Type]
	row.Symbol, row.Tone = sign.symbol, sign.tone
	talk := ""
	if e.TalkSeconds != nil {
		talk = text.Length(time.Duration(*e.TalkSeconds) * time.Second)
	}
	talk = joined(talk, row.recorded(text), flagged(e, text))
	row.NotRecorded = NotRecorded(e, now)
	row.Course = e.CallID != "" && (e.Type == client.EntryCallIn || e.Type == client.EntryCallMissed || e.Type == client.EntryCallOut)
	waited := ""
	if e.WaitSeconds != nil {
		waited = text.T("card.waited", "time", text.Timer(time.Duration(*e.WaitSeconds)*time.Second))
	}
	switch e.Type {
	case client.EntryCallIn:
		row.WhatAbout = talk
	case client.EntryCallOut:
		row.WhatAbout = talk
		if e.Result != client.Answered && e.Result != "" {
			row.Tone, row.WhatAbout = "hold", text.T("result."+string(e.Result))
		}
	case client.EntryCallMissed:
		settled := text.T("feed.nobody_called")
		row.Unsettled = e.Settled == nil
		if e.Settled != nil {
			settled = text.T("feed.settled")
			if e.Settled.By != nil {
				settled = text.T("feed.settled_by", "name", ShortName(e.Settled.By.Name))
			}
		}
		row.WhatAbout = joined(waited, settled)
	case client.EntryNote:
		if e.EditedAt != nil {
			row.What = joined(row.What, text.T("feed.edited"))
		}
	case client.EntrySMS:
		words := strings.TrimPrefix(row.WhatAbout, "SMS: ")
		if e.Delivery != "" {
			words = joined(text.T("sms."+string(e.Delivery)), words)
		}
		if e.Delivery == client.SMSFailed {
			row.Tone = "miss"
		}
		row.WhatAbout = words
	}
	return row
}

// flagged tells the words that people set in a call's recordings.
func flagged(e client.FeedEntry, text *i18n.Text) string {
	if len(e.Flags) == 0 {
		return ""
	}
	words := make([]string, len(e.Flags))
	for n, f := range e.Flags {
		words[n] = f.Word
	}
	return text.T("feed.flags", "words", strings.Join(words, ", "))
}
