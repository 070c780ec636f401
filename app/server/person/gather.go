package person

import (
	"context"
	"fmt"
	"path"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/store"
	"dozvon/client"
)

// gatherer puts a document together.
type gatherer struct {
	*Service
	ctx context.Context
	r   store.PersonReader
	doc *Document
}

// gather reads all that is kept about a person.
func (s *Service) gather(ctx context.Context, p Person) (*Document, error) {
	g := &gatherer{Service: s, ctx: ctx, r: s.Store.Person(ctx), doc: &Document{Format: 1, MadeAt: s.Now().UTC(), Person: p.Asked}}
	for _, n := range append(append([]phone.Number{}, p.Numbers...), p.Shared...) {
		g.doc.Numbers = append(g.doc.Numbers, string(n))
	}
	for _, c := range p.Cards {
		if err := g.card(c); err != nil {
			return nil, err
		}
	}
	h := p.Holding()
	ids, err := g.r.CallIDs(h, false)
	if err != nil {
		return nil, err
	}
	calls, err := g.r.Calls(ids)
	if err != nil {
		return nil, err
	}
	if err := g.calls(h, ids, calls); err != nil {
		return nil, err
	}
	if err := g.followups(h, ids); err != nil {
		return nil, err
	}
	return g.doc, g.requests(p, calls)
}

func nameOf(p *client.Person) string {
	if p == nil {
		return ""
	}
	return p.Name
}

func (g *gatherer) card(c crm.Card) error {
	out := Card{
		Kind: string(c.Kind), ID: c.ID, Fields: []Field{}, Responsible: nameOf(c.Responsible), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, DeletedAt: c.DeletedAt,
	}
	if c.MergedInto != nil {
		out.MergedInto = c.MergedInto.ID
	}
	for _, f := range crm.Fields(c.Kind) {
		if f.Name == crm.FieldPhones || f.Name == crm.FieldResponsible {
			continue
		}
		if value := f.Shown(c); value != "" {
			out.Fields = append(out.Fields, Field{f.Name, value})
		}
	}
	for _, p := range c.PhoneList {
		out.Telephones = append(out.Telephones, Phone{p.Number, p.Typed, p.Ext, p.Label})
	}
	steps, err := g.r.History(c.Ref())
	if err != nil {
		return err
	}
	for _, s := range steps {
		change := Change{At: s.At, By: nameOf(s.By), Action: s.Action}
		for _, d := range s.Fields {
			change.Fields = append(change.Fields, Delta{d.Field, d.From, d.To})
		}
		out.History = append(out.History, change)
	}
	g.doc.Cards = append(g.doc.Cards, out)
	return nil
}

// calls takes in the calls with all that was written on them, and the entries that belong to none.
func (g *gatherer) calls(h store.Holding, ids []string, calls []store.CallRecord) error {
	entries, err := g.r.Entries(h, ids)
	if err != nil {
		return err
	}
	var notes []string
	for _, e := range entries {
		if e.Type == entry.Note {
			notes = append(notes, e.ID)
		}
	}
	former, err := g.r.NoteVersions(notes)
	if err != nil {
		return err
	}
	flags, err := g.r.Flags(ids)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, rec := range calls {
		at[rec.ID] = i
		g.doc.Calls = append(g.doc.Calls, g.call(rec, flags[rec.ID]))
	}
	for _, e := range entries {
		if e.Type.OfCall() {
			continue
		}
		if i, ok := at[e.CallID]; ok {
			g.doc.Calls[i].Notes = append(g.doc.Calls[i].Notes, entryOf(e, former[e.ID]))
			continue
		}
		g.doc.Entries = append(g.doc.Entries, entryOf(e, former[e.ID]))
	}
	return nil
}

func entryOf(e entry.Entry, former []client.NoteVersion) Entry {
	out := Entry{Type: string(e.Type), At: e.At, By: nameOf(e.Employee), Text: e.Description, Outcome: e.Outcome, Delivery: string(e.Delivery)}
	for _, v := range former {
		out.Former = append(out.Former, Version{v.At, nameOf(v.By), v.Text})
	}
	return out
}

func (g *gatherer) call(rec store.CallRecord, flags []entry.Flag) Call {
	v := rec.View
	out := Call{
		ID: rec.ID, Direction: string(v.Direction), Result: string(v.Result), State: string(v.State), Number: v.Phone, Line: v.Line,
		StartedAt: v.StartedAt, AnsweredAt: v.AnsweredAt, EndedAt: v.EndedAt,
	}
	if v.TalkSeconds != nil {
		out.TalkSeconds = *v.TalkSeconds
	}
	for _, step := range v.Path {
		out.Course = append(out.Course, Step{nameOf(step.Employee), step.From, step.To, string(step.State)})
	}
	for _, e := range rec.Facts.Events {
		if e.Kind == call.KindDigits {
			out.Digits += e.Digits
		}
	}
	for _, f := range flags {
		out.Flags = append(out.Flags, Flag{f.Part, f.From.Seconds(), f.To.Seconds(), f.Word, nameOf(f.By)})
	}
	for i, r := range rec.Facts.View().Recordings {
		out.Recordings = append(out.Recordings, g.recording(rec, i+1, r))
	}
	return out
}

// Reasons for which a recording is not in the archive.
const (
	absentElsewhere = "pbx"
	absentGone      = "gone"
	absentPending   = "pending"
)

func (g *gatherer) recording(rec store.CallRecord, part int, r call.Recorded) Recording {
	out := Recording{}
	if !r.Began.IsZero() && r.Ended.After(r.Began) {
		out.Seconds = int(r.Ended.Sub(r.Began) / time.Second)
	}
	file, here := g.Recordings.Kept(rec.IntegrationID, r.ID)
	switch {
	case here:
		out.path = file
		out.File = path.Join("recordings", fmt.Sprintf("%s_%s_%d.mp3", rec.View.StartedAt.Format("2006-01-02_15-04-05"), tail(rec.ID), part))
	case r.Gone:
		out.Absent = absentGone
	case !r.Ready:
		out.Absent = absentPending
	default:
		out.Absent = absentElsewhere
	}
	return out
}

// tail tells calls of one second apart.
func tail(id string) string { return id[max(0, len(id)-8):] }

func (g *gatherer) followups(h store.Holding, ids []string) error {
	tasks, err := g.r.Tasks(h, ids)
	if err != nil {
		return err
	}
	moment := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		return &at
	}
	for _, t := range tasks {
		g.doc.Tasks = append(g.doc.Tasks, Task{
			Kind: t.Kind, State: t.State, Note: t.Note, By: g.Directory.EmployeeName(t.CreatedBy), Assignee: g.Directory.EmployeeName(t.Assignee),
			CreatedAt: t.CreatedAt, DueAt: moment(t.DueAt), DoneAt: moment(t.DoneAt),
		})
	}
	missed, err := g.r.Missed(h.Numbers)
	if err != nil {
		return err
	}
	for _, m := range missed {
		g.doc.Waiting = append(g.doc.Waiting, Waiting{m.Number, string(m.State), m.FirstAt, m.LastAt, m.Rings})
	}
	return nil
}

// requestsAtOnce is how many webhooks are read at a time.
const requestsAtOnce = 500

// requests looks through the webhooks that are kept for those about the person.
func (g *gatherer) requests(p Person, calls []store.CallRecord) error {
	var keys, own []string
	for _, rec := range calls {
		some, err := g.r.Keys(rec)
		if err != nil {
			return err
		}
		keys = append(keys, some...)
		own = append(own, digitsOf(phone.Number(rec.View.Line)))
	}
	wanted := tracesOf(p.Numbers, keys)
	own = append(own, tracesOf(append(p.Numbers, p.Shared...), nil).digits...)
	return eachRequest(g.ctx, g.r, store.Cursor{}, func(e store.RawEvent) error {
		if wanted.in(e.Payload) {
			g.doc.Requests = append(g.doc.Requests, Request{e.At, withoutOthers(e.Payload, own)})
		}
		return nil
	})
}

// eachRequest gives every webhook that is kept and came after one, in their order.
func eachRequest(ctx context.Context, r store.PersonReader, at store.Cursor, take func(store.RawEvent) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := r.RawEvents(at, requestsAtOnce)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := take(e); err != nil {
				return err
			}
			at = store.Cursor{At: e.At.UnixMilli(), ID: e.ID}
		}
		if len(page) < requestsAtOnce {
			return nil
		}
	}
}
