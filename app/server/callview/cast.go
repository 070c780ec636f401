package callview

import (
	"cmp"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
)

// cast is who and what took part in a call: as it was told when each came into it, else as the tables
// say now. An integration, an extension, a line that is changed or deleted later changes nothing in it.
type cast struct {
	integration   *directory.Integration // nil: it is no more
	integrationID string
	now           *directory.Snapshot
	was           client.Call
	// told are the owners of the extensions that the call told of before; nil: nobody.
	told map[string]*client.Person
}

func castOf(now *directory.Snapshot, integration *directory.Integration, rec store.CallRecord) cast {
	c := cast{integration: integration, integrationID: rec.IntegrationID, now: now, was: rec.View, told: map[string]*client.Person{}}
	for _, step := range rec.View.Path {
		c.tell(step.Extension, step.Employee)
	}
	for _, r := range rec.View.Recordings {
		c.tell(r.Extension, r.Employee)
	}
	if asked := rec.View.Consulting; asked != nil {
		c.tell(asked.Extension, asked.Employee)
	}
	for _, end := range []*client.CallEnd{rec.View.Caller, rec.View.Called} {
		if end != nil {
			c.tell(end.Extension, end.Employee)
		}
	}
	if len(rec.View.Path) == 0 && rec.View.Employee != nil {
		c.tell(extensionOf(rec.Facts.Events), rec.View.Employee)
	}
	return c
}

func (c cast) tell(extension string, owner *client.Person) {
	if had, ok := c.told[extension]; extension != "" && (!ok || had == nil) {
		c.told[extension] = owner
	}
}

// extensionOf is whose call one without legs is: who dialled it, or whom the PBX's last word names.
func extensionOf(events []call.Event) string {
	last := ""
	for _, e := range events {
		switch e.Kind {
		case call.KindDialled:
			return e.From.Extension
		case call.KindSummary, call.KindHistory:
			last = cmp.Or(last, e.To.Extension, e.From.Extension)
		}
	}
	return last
}

// owner is who sat at an extension; nil when nobody did. Whose it is while the call goes on may still
// be entered.
func (c cast) owner(extension string) *client.Person {
	if p, ok := c.told[extension]; ok && (p != nil || c.was.State == client.StateEnded) {
		return p
	}
	return c.now.Owner(c.integration, extension)
}

// end is a side of an internal call; nil where it is none.
func (c cast) end(extension string) *client.CallEnd {
	if extension == "" {
		return nil
	}
	return &client.CallEnd{Extension: extension, Employee: c.owner(extension)}
}

func (c cast) lineName(line string) string {
	if c.was.ID != "" && c.was.Line == line && (c.was.LineName != "" || c.was.State == client.StateEnded) {
		return c.was.LineName
	}
	return c.now.LineName(c.integrationID, line)
}

func (c cast) source() string {
	if c.integration == nil || c.was.Source != "" {
		return c.was.Source
	}
	return c.integration.Kind
}

// reason is the PBX's own code in words, or its own words where it has no code.
func (c cast) reason(code int, said string) *client.Reason {
	if code == 0 {
		return &client.Reason{Text: said, TextEN: said}
	}
	if c.integration != nil && c.integration.Provider != nil {
		words := c.integration.Provider.Explain(code)
		return &client.Reason{Code: code, Text: words.RU, TextEN: words.EN}
	}
	if c.was.Reason != nil && c.was.Reason.Code == code {
		return c.was.Reason
	}
	return nil
}

// parts lists a call's recordings for the screen.
func (c cast) parts(all []call.Recorded) []client.RecordingPart {
	if len(all) == 0 {
		return nil
	}
	var out []client.RecordingPart
	for i, r := range all {
		p := client.RecordingPart{Part: i + 1, Ready: r.Ready && !r.Gone, Gone: r.Gone, Extension: r.Extension, Employee: c.owner(r.Extension)}
		if r.Ended.After(r.Began) {
			p.Seconds = int(r.Ended.Sub(r.Began) / time.Second)
		}
		out = append(out, p)
	}
	return out
}
