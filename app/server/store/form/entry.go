package form

import (
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/entry"
)

// entryForm is a feed entry (feed.view). Whose it is, and whether a person chose that, stands in
// columns alone: a number's ten thousand calls are bound by changing those.
type entryForm struct {
	V             int        `json:"v,omitempty"`
	ID            string     `json:"id"`
	Type          string     `json:"type"`
	At            time.Time  `json:"at"`
	Phone         string     `json:"phone,omitempty"`
	Employee      *person    `json:"employee"`
	Description   string     `json:"description"`
	DescriptionEN string     `json:"description_en,omitempty"`
	Result        string     `json:"result,omitempty"`
	Source        string     `json:"source,omitempty"`
	SourceName    string     `json:"source_name,omitempty"`
	CallID        string     `json:"call_id,omitempty"`
	TalkSeconds   *int       `json:"talk_seconds,omitempty"`
	WaitSeconds   *int       `json:"wait_seconds,omitempty"`
	AnswerSeconds *int       `json:"answer_seconds,omitempty"`
	Line          string     `json:"line,omitempty"`
	EditedAt      *time.Time `json:"edited_at,omitempty"`
	Outcome       string     `json:"outcome,omitempty"`
	Recording     *recording `json:"recording,omitempty"`
	Recordings    []part     `json:"recordings,omitempty"`
	Restored      bool       `json:"restored,omitempty"`
	Delivery      string     `json:"delivery,omitempty"`
	Why           string     `json:"why,omitempty"`
	WhyEN         string     `json:"why_en,omitempty"`
	Settled       *settled   `json:"settled,omitempty"`
}

type settled struct {
	By     *person   `json:"by,omitempty"`
	At     time.Time `json:"at"`
	CallID string    `json:"call_id"`
}

// Entry is what is kept of a feed entry beside its columns.
func Entry(e entry.Entry) (string, error) {
	return encode("feed entry "+e.ID, entryForm{
		V: version, ID: e.ID, Type: string(e.Type), At: e.At, Phone: e.Phone, Employee: perhaps(e.Employee, personOf),
		Description: e.Description, DescriptionEN: e.DescriptionEN, Result: string(e.Result), Source: e.Source, SourceName: e.SourceName,
		CallID: e.CallID, TalkSeconds: e.TalkSeconds, WaitSeconds: e.WaitSeconds, AnswerSeconds: e.AnswerSeconds, Line: e.Line,
		EditedAt: e.EditedAt, Outcome: e.Outcome, Recording: perhaps(e.Recording, func(r entry.Recording) recording { return recording{r.Ready, r.Seconds} }), Recordings: each(e.Recordings, entryPartOf),
		Restored: e.Restored, Delivery: string(e.Delivery), Why: e.Why, WhyEN: e.WhyEN,
		Settled: perhaps(e.Settled, func(s entry.Settled) settled { return settled{perhaps(s.By, personOf), s.At, s.CallID} }),
	})
}

// ReadEntry reads what Entry wrote, also in former versions; its columns are the caller's.
func ReadEntry(raw string) (entry.Entry, error) {
	var f entryForm
	if err := decode("a feed entry", raw, &f); err != nil {
		return entry.Entry{}, err
	}
	return entry.Entry{
		ID: f.ID, Type: entry.Type(f.Type), At: f.At, Phone: f.Phone, Employee: perhaps(f.Employee, person.wire),
		Description: f.Description, DescriptionEN: f.DescriptionEN, Result: call.Result(f.Result), Source: f.Source, SourceName: f.SourceName,
		CallID: f.CallID, TalkSeconds: f.TalkSeconds, WaitSeconds: f.WaitSeconds, AnswerSeconds: f.AnswerSeconds, Line: f.Line,
		EditedAt: f.EditedAt, Outcome: f.Outcome, Recording: perhaps(f.Recording, func(r recording) entry.Recording { return entry.Recording{Ready: r.Ready, Seconds: r.Seconds} }), Recordings: each(f.Recordings, part.entry),
		Restored: f.Restored, Delivery: entry.Delivery(f.Delivery), Why: f.Why, WhyEN: f.WhyEN,
		Settled: perhaps(f.Settled, func(s settled) entry.Settled {
			return entry.Settled{By: perhaps(s.By, person.wire), At: s.At, CallID: s.CallID}
		}),
	}, readable("feed entry "+f.ID, f.V)
}

func entryPartOf(p entry.Part) part {
	return part{p.Part, p.Ready, p.Gone, p.Seconds, p.Extension, perhaps(p.Employee, personOf)}
}

func (p part) entry() entry.Part {
	return entry.Part{
		Part: p.Part, Ready: p.Ready, Gone: p.Gone, Seconds: p.Seconds, Extension: p.Extension, Employee: perhaps(p.Employee, person.wire),
	}
}
