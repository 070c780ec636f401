package wire

import (
	"dozvon/app/server/entry"
	"dozvon/app/server/revision"
	"dozvon/app/server/sandbox"
	"dozvon/client"
)

// Entry is a feed entry as it travels.
func Entry(e entry.Entry) client.FeedEntry {
	out := client.FeedEntry{
		ID: e.ID, Type: client.EntryType(e.Type), At: e.At, Phone: e.Phone, Subject: e.Subject, Employee: e.Employee,
		Description: e.Description, DescriptionEN: e.DescriptionEN, Result: client.Result(e.Result), Source: e.Source,
		SourceName: e.SourceName, CallID: e.CallID, TalkSeconds: e.TalkSeconds, WaitSeconds: e.WaitSeconds,
		AnswerSeconds: e.AnswerSeconds, Line: e.Line, Shared: e.Shared, ByHand: e.ByHand, EditedAt: e.EditedAt, Outcome: e.Outcome,
		Recordings: parts(e.Recordings), Flags: flags(e.Flags), Restored: e.Restored, Delivery: client.SMSState(e.Delivery), Why: e.Why, WhyEN: e.WhyEN, Practice: sandbox.Is(e.ID),
	}
	if r := e.Recording; r != nil {
		out.Recording = &client.Recording{Ready: r.Ready, Seconds: r.Seconds}
	}
	if s := e.Settled; s != nil {
		out.Settled = &client.Settled{By: s.By, At: s.At, CallID: s.CallID}
	}
	if e.Type == entry.Note {
		out.ETag = NoteTag(e)
	}
	return out
}

// Entries are several.
func Entries(all []entry.Entry) []client.FeedEntry {
	if all == nil {
		return nil
	}
	out := make([]client.FeedEntry, len(all))
	for i, e := range all {
		out[i] = Entry(e)
	}
	return out
}

// NoteTag is the ETag of a note: of its text, for whose it is may change with its card.
func NoteTag(e entry.Entry) string { return revision.Of([]any{e.Description, e.EditedAt}) }

func parts(all []entry.Part) []client.RecordingPart {
	if all == nil {
		return nil
	}
	out := make([]client.RecordingPart, len(all))
	for i, p := range all {
		out[i] = client.RecordingPart{
			Part: p.Part, Ready: p.Ready, Gone: p.Gone, Seconds: p.Seconds, Extension: p.Extension, Employee: p.Employee,
		}
	}
	return out
}

// Flag is a flag of a recording as it travels.
func Flag(f entry.Flag) client.Flag {
	return client.Flag{
		ID: f.ID, Part: f.Part, FromMS: f.From.Milliseconds(), ToMS: f.To.Milliseconds(), Word: f.Word, By: f.By, At: f.At,
	}
}

func flags(all []entry.Flag) []client.Flag {
	var out []client.Flag
	for _, f := range all {
		out = append(out, Flag(f))
	}
	return out
}
