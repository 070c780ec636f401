package form

import (
	"time"

	"dozvon/client"
)

// callForm is a call as people saw it when it was last written (calls.view). What it was folded from stands
// beside it.
type callForm struct {
	V           int           `json:"v,omitempty"`
	ID          string        `json:"id"`
	Direction   string        `json:"direction"`
	State       string        `json:"state"`
	Phone       string        `json:"phone"`
	Line        string        `json:"line,omitempty"`
	LineName    string        `json:"line_name,omitempty"`
	Subject     *subject      `json:"subject"`
	Matches     []subject     `json:"matches,omitempty"`
	Ringing     []string      `json:"ringing"`
	Rang        []string      `json:"rang,omitempty"`
	Employee    *person       `json:"employee,omitempty"`
	Caller      *callEnd      `json:"caller,omitempty"`
	Called      *callEnd      `json:"called,omitempty"`
	StartedAt   time.Time     `json:"started_at"`
	AnsweredAt  *time.Time    `json:"answered_at,omitempty"`
	EndedAt     *time.Time    `json:"ended_at,omitempty"`
	TalkSeconds *int          `json:"talk_seconds,omitempty"`
	Result      string        `json:"result,omitempty"`
	Reason      *reason       `json:"reason,omitempty"`
	Recording   *recording    `json:"recording,omitempty"`
	Recordings  []part        `json:"recordings,omitempty"`
	Path        []step        `json:"path,omitempty"`
	Can         []string      `json:"can,omitempty"`
	Consulting  *consultation `json:"consulting,omitempty"`
	Unconfirmed bool          `json:"unconfirmed,omitempty"`
	Restored    bool          `json:"restored,omitempty"`
	Why         string        `json:"why,omitempty"`
	WhyEN       string        `json:"why_en,omitempty"`
	LastNote    *lastNote     `json:"last_note,omitempty"`
	Before      int           `json:"before,omitempty"`
	Practice    bool          `json:"practice,omitempty"`
	Test        bool          `json:"test,omitempty"`
	Step        int           `json:"step,omitempty"`
	Note        string        `json:"note,omitempty"`
	Source      string        `json:"source"`
}

type callEnd struct {
	Extension string  `json:"extension"`
	Employee  *person `json:"employee,omitempty"`
}

type reason struct {
	Code   int    `json:"code"`
	Text   string `json:"text"`
	TextEN string `json:"text_en,omitempty"`
}

type step struct {
	Employee  *person    `json:"employee,omitempty"`
	Extension string     `json:"extension"`
	From      time.Time  `json:"from"`
	To        *time.Time `json:"to,omitempty"`
	State     string     `json:"state"`
}

type consultation struct {
	Extension string  `json:"extension"`
	Employee  *person `json:"employee,omitempty"`
	State     string  `json:"state"`
}

type lastNote struct {
	At     time.Time `json:"at"`
	Type   string    `json:"type"`
	Text   string    `json:"text"`
	TextEN string    `json:"text_en,omitempty"`
}

// Call is what is kept of a call's view.
func Call(c client.Call) (string, error) {
	return encode("call "+c.ID, callForm{
		V: version, ID: c.ID, Direction: string(c.Direction), State: string(c.State), Phone: c.Phone, Line: c.Line, LineName: c.LineName,
		Subject: perhaps(c.Subject, subjectOf), Matches: each(c.Matches, subjectOf), Ringing: c.Ringing, Rang: c.Rang,
		Employee: perhaps(c.Employee, personOf), Caller: perhaps(c.Caller, endOf), Called: perhaps(c.Called, endOf), StartedAt: c.StartedAt, AnsweredAt: c.AnsweredAt, EndedAt: c.EndedAt,
		TalkSeconds: c.TalkSeconds, Result: string(c.Result), Reason: perhaps(c.Reason, func(r client.Reason) reason { return reason{r.Code, r.Text, r.TextEN} }),
		Recording: perhaps(c.Recording, recordingOf), Recordings: each(c.Recordings, partOf), Path: each(c.Path, stepOf),
		Can:        each(c.Can, func(a client.Ability) string { return string(a) }),
		Consulting: perhaps(c.Consulting, consultationOf), Unconfirmed: c.Unconfirmed, Restored: c.Restored, Why: c.Why, WhyEN: c.WhyEN,
		LastNote: perhaps(c.LastNote, func(n client.LastNote) lastNote { return lastNote{n.At, n.Type, n.Text, n.TextEN} }),
		Before:   c.Before, Practice: c.Practice, Test: c.Test, Step: c.Step, Note: c.Note, Source: c.Source,
	})
}

// ReadCall reads what Call wrote, also in former versions.
func ReadCall(raw string) (client.Call, error) {
	var f callForm
	if err := decode("a call", raw, &f); err != nil {
		return client.Call{}, err
	}
	return client.Call{
		ID: f.ID, Direction: client.Direction(f.Direction), State: client.CallState(f.State), Phone: f.Phone, Line: f.Line, LineName: f.LineName,
		Subject: perhaps(f.Subject, subject.wire), Matches: each(f.Matches, subject.wire), Ringing: f.Ringing, Rang: f.Rang,
		Employee: perhaps(f.Employee, person.wire), Caller: perhaps(f.Caller, callEnd.wire), Called: perhaps(f.Called, callEnd.wire), StartedAt: f.StartedAt, AnsweredAt: f.AnsweredAt, EndedAt: f.EndedAt,
		TalkSeconds: f.TalkSeconds, Result: client.Result(f.Result),
		Reason:    perhaps(f.Reason, func(r reason) client.Reason { return client.Reason{Code: r.Code, Text: r.Text, TextEN: r.TextEN} }),
		Recording: perhaps(f.Recording, recording.wire), Recordings: each(f.Recordings, part.wire), Path: each(f.Path, step.wire),
		Can:        each(f.Can, func(a string) client.Ability { return client.Ability(a) }),
		Consulting: perhaps(f.Consulting, consultation.wire), Unconfirmed: f.Unconfirmed, Restored: f.Restored, Why: f.Why, WhyEN: f.WhyEN,
		LastNote: perhaps(f.LastNote, func(n lastNote) client.LastNote {
			return client.LastNote{At: n.At, Type: n.Type, Text: n.Text, TextEN: n.TextEN}
		}),
		Before: f.Before, Test: f.Test, Step: f.Step, Note: f.Note, Source: f.Source, Practice: f.Practice,
	}, readable("call "+f.ID, f.V)
}

func stepOf(s client.PathStep) step {
	return step{perhaps(s.Employee, personOf), s.Extension, s.From, s.To, string(s.State)}
}

func (s step) wire() client.PathStep {
	return client.PathStep{
		Employee: perhaps(s.Employee, person.wire), Extension: s.Extension, From: s.From, To: s.To, State: client.CallState(s.State),
	}
}

func endOf(e client.CallEnd) callEnd { return callEnd{e.Extension, perhaps(e.Employee, personOf)} }

func (e callEnd) wire() client.CallEnd {
	return client.CallEnd{Extension: e.Extension, Employee: perhaps(e.Employee, person.wire)}
}

func consultationOf(c client.Consultation) consultation {
	return consultation{c.Extension, perhaps(c.Employee, personOf), string(c.State)}
}

func (c consultation) wire() client.Consultation {
	return client.Consultation{Extension: c.Extension, Employee: perhaps(c.Employee, person.wire), State: client.CallState(c.State)}
}
