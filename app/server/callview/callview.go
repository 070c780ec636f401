// Package callview makes what people see of a call: who took part, as it was told when each came into it,
// what can be done with it now, and who decided what by which rule. It changes nothing and reads nothing
// but the directory of the moment.
package callview

import (
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Of makes the wire's call of what is known. integration is nil where it is no more. What only the first event looked up (matches,
// the past) is taken over from the view that the record had, and so is who took part: the tables of
// today say nothing of a call of yesterday.
func Of(now *directory.Snapshot, integration *directory.Integration, rec store.CallRecord, v call.View) client.Call {
	k := castOf(now, integration, rec)
	c := client.Call{
		ID: rec.ID, Direction: client.Direction(v.Direction), State: client.CallState(v.State), Phone: string(v.Phone),
		Line: v.Line, LineName: k.lineName(v.Line), Source: k.source(), Subject: rec.View.Subject, Matches: rec.View.Matches,
		StartedAt: v.StartedAt, AnsweredAt: moment(v.AnsweredAt), EndedAt: moment(v.EndedAt),
		Result: client.Result(v.Result), Step: v.Step, Note: rec.Note,
		LastNote: rec.View.LastNote, Before: rec.View.Before, Ringing: []string{},
	}
	c.Employee = k.owner(v.Extension)
	c.Caller, c.Called = k.end(v.Caller), k.end(v.Called)
	for _, ext := range v.Ringing {
		if p := k.owner(ext); p != nil {
			c.Ringing = append(c.Ringing, p.ID)
		}
	}
	if c.State == client.StateEnded {
		renderEnd(&c, k, v)
	}
	for _, step := range v.Path {
		c.Path = append(c.Path, client.PathStep{
			Employee: k.owner(step.Extension), Extension: step.Extension,
			From: step.From, To: moment(step.To), State: client.CallState(step.State),
		})
	}
	c.Test, c.Restored, c.Unconfirmed, c.Practice = v.Test, v.Restored, v.Unconfirmed, sandbox.Is(rec.ID)
	if integration != nil {
		c.Can = abilities(integration.Provider, v)
	}
	if v.Consulting != nil {
		c.Consulting = &client.Consultation{
			Extension: v.Consulting.Extension, Employee: k.owner(v.Consulting.Extension), State: client.CallState(v.Consulting.State),
		}
	}
	c.Recordings = k.parts(v.Recordings)
	if len(v.Recordings) > 0 {
		c.Recording = &client.Recording{}
		for _, r := range c.Recordings {
			c.Recording.Ready = c.Recording.Ready || r.Ready
		}
		if c.TalkSeconds != nil {
			c.Recording.Seconds = *c.TalkSeconds
		}
	}
	parts := whyRest(k, c, v)
	if !v.Test {
		parts = append([]bilingual.Text{subject.Why(rec.ByHand, c)}, parts...)
	}
	why := joined(parts)
	c.Why, c.WhyEN = why.RU, why.EN
	return c
}

func renderEnd(c *client.Call, k cast, v call.View) {
	for _, ext := range v.Rang {
		if p := k.owner(ext); p != nil {
			c.Rang = append(c.Rang, p.ID)
		}
	}
	talk := int(v.Talk / time.Second)
	c.TalkSeconds = &talk
	if v.Cause != 0 || v.Said != "" {
		c.Reason = k.reason(v.Cause, v.Said)
	}
}

// whyRest says who decided what beside whose name it is: that may change with every card, and is
// said when somebody looks.
func whyRest(k cast, c client.Call, v call.View) []bilingual.Text {
	if v.Test {
		return []bilingual.Text{texts.Of("why.test").Both()}
	}
	var parts []bilingual.Text
	if w, ok := whyRouted(k, v); ok {
		parts = append(parts, w)
	}
	if v.Unconfirmed {
		parts = append(parts, texts.Of("why.unconfirmed").Both())
	}
	if v.Restored {
		parts = append(parts, texts.Of("why.restored").Both())
	}
	switch {
	case c.State == client.StateEnded && c.AnsweredAt == nil && c.Reason != nil:
		reason := bilingual.Text{RU: c.Reason.Text, EN: c.Reason.TextEN}
		switch code := c.Reason.Code; {
		case pbx.OwnCode(code):
			parts = append(parts, reason)
		case code == 0:
			parts = append(parts, texts.Of("why.reason_said", texts.Args{"reason": reason}).Both())
		default:
			parts = append(parts, texts.Of("why.reason", texts.Args{"reason": reason, "code": code}).Both())
		}
	case c.Direction == client.In && len(v.Ringing) > 0 && !forwarded(v):
		list := strings.Join(v.Ringing, ", ")
		parts = append(parts, texts.Of("why.own_scheme", texts.Args{"extensions": list}).Both())
	}
	for _, ext := range append(append([]string{}, v.Ringing...), v.Rang...) {
		if k.owner(ext) == nil {
			parts = append(parts, texts.Of("why.nobodys_extension", texts.Args{"extension": ext}).Both())
			break
		}
	}
	return parts
}

func forwarded(v call.View) bool { return v.Routed != nil && v.Routed.To != "" && v.Routed.Cause == 0 }

// whyRouted says that we sent the call to the responsible employee, or why that did not work.
func whyRouted(k cast, v call.View) (bilingual.Text, bool) {
	switch {
	case v.Routed == nil:
		return bilingual.Text{}, false
	case v.Routed.Said != "":
		return texts.Of("why.name_refused_said", texts.Args{"said": v.Routed.Said}).Both(), true
	case v.Routed.Cause != 0:
		return texts.Of("why.name_refused", texts.Args{"code": v.Routed.Cause}).Both(), true
	case v.Routed.To == "":
		return bilingual.Text{}, false
	}
	who := texts.Args{"who": v.Routed.Whom}
	if v.Routed.Whom == "" {
		who["who"] = texts.Of("why.extension", texts.Args{"extension": v.Routed.To})
		if p := k.owner(v.Routed.To); p != nil {
			who["who"] = p.Name
		}
	}
	switch v.Routed.For {
	case call.RoutedForContract:
		return texts.Of("why.sent_for_contract", who).Both(), true
	case call.RoutedForClient:
		return texts.Of("why.sent_for_client", who).Both(), true
	case call.RoutedForTask:
		return texts.Of("why.sent_for_task", who).Both(), true
	}
	if former, ok := subject.FormerWhyRouted(k.was); ok {
		return former, true
	}
	return texts.Of("why.sent", who).Both(), true
}

func joined(parts []bilingual.Text) bilingual.Text { return bilingual.Join(parts, "; ") }

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
