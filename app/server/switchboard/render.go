package switchboard

import (
	"fmt"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// render makes the wire's call of what is known. What only the first event looked up (matches,
// the past) is taken over from the view that the record had, and so is who took part: the tables of
// today say nothing of a call of yesterday.
func (s *Switchboard) render(t *trunk, rec store.CallRecord, v call.View) client.Call {
	k := s.castOf(t, rec)
	c := client.Call{
		ID: rec.ID, Direction: client.Direction(v.Direction), State: client.CallState(v.State), Phone: string(v.Phone),
		Line: v.Line, LineName: k.lineName(v.Line), Source: k.source(), Subject: rec.View.Subject, Matches: rec.View.Matches,
		StartedAt: v.StartedAt, AnsweredAt: moment(v.AnsweredAt), EndedAt: moment(v.EndedAt),
		Result: client.Result(v.Result), Step: v.Step, Note: rec.Note,
		LastNote: rec.View.LastNote, Before: rec.View.Before, Ringing: []string{},
	}
	c.Employee = k.owner(v.Extension)
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
	c.Test, c.Restored, c.Unconfirmed = v.Test, v.Restored, v.Unconfirmed
	if t != nil {
		c.Can = abilities(t.provider, v)
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
	why := joined(append([]pbx.Words{subject.Why(rec.ByHand, c)}, whyRest(k, c, v)...))
	if v.Test {
		why = joined(whyRest(k, c, v))
	}
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
	if v.Cause != 0 {
		c.Reason = k.reason(v.Cause)
	}
}

// whyRest says who decided what beside whose name it is: that may change with every card, and is
// said when somebody looks.
func whyRest(k cast, c client.Call, v call.View) []pbx.Words {
	if v.Test {
		return []pbx.Words{{RU: "Проверка связи из настроек: трубку можно не снимать", EN: "The connection test of the settings: no need to pick up"}}
	}
	var parts []pbx.Words
	if w, ok := whyRouted(k, v); ok {
		parts = append(parts, w)
	}
	if v.Unconfirmed {
		parts = append(parts, pbx.Words{RU: "конца звонка АТС не сообщила, он закрыт по времени", EN: "the PBX never told the end, a time limit closed the call"})
	}
	if v.Restored {
		parts = append(parts, pbx.Words{RU: "дополнено сверкой с АТС", EN: "completed from the PBX's statistics"})
	}
	switch {
	case c.State == client.StateEnded && c.AnsweredAt == nil && c.Reason != nil:
		parts = append(parts, pbx.Words{
			RU: fmt.Sprintf("АТС: %s (%d)", c.Reason.Text, c.Reason.Code),
			EN: fmt.Sprintf("PBX: %s (%d)", c.Reason.TextEN, c.Reason.Code),
		})
	case c.Direction == client.In && len(v.Ringing) > 0 && !forwarded(v):
		list := strings.Join(v.Ringing, ", ")
		parts = append(parts, pbx.Words{RU: "звонит по схеме АТС: доб. " + list, EN: "rings by the PBX's own scheme: ext. " + list})
	}
	for _, ext := range append(append([]string{}, v.Ringing...), v.Rang...) {
		if k.owner(ext) == nil {
			parts = append(parts, pbx.Words{RU: "доб. " + ext + " ни с кем не связан", EN: "ext. " + ext + " belongs to nobody here"})
			break
		}
	}
	return parts
}

func forwarded(v call.View) bool { return v.Routed != nil && v.Routed.To != "" && v.Routed.Cause == 0 }

// Beginnings of the sentence that tells to whom a call was sent.
const (
	sentTo   = "переведён на "
	sentToEN = "sent to "
)

// whyRouted says that we sent the call to the responsible employee, or why that did not work.
func whyRouted(k cast, v call.View) (pbx.Words, bool) {
	switch {
	case v.Routed == nil:
		return pbx.Words{}, false
	case v.Routed.Cause != 0:
		return pbx.Words{RU: fmt.Sprintf("имя на телефон АТС не приняла (%d)", v.Routed.Cause), EN: fmt.Sprintf("the PBX did not take the name (%d)", v.Routed.Cause)}, true
	case v.Routed.To == "":
		return pbx.Words{}, false
	}
	who, whoEN := v.Routed.Whom, v.Routed.Whom
	if p := k.owner(v.Routed.To); who == "" && p != nil {
		who, whoEN = p.Name, p.Name
	}
	if who == "" {
		who, whoEN = "доб. "+v.Routed.To, "ext. "+v.Routed.To
	}
	switch v.Routed.For {
	case call.RoutedForContract:
		return pbx.Words{RU: sentTo + "ответственного за договор: " + who, EN: sentToEN + "who is responsible for the contract: " + whoEN}, true
	case call.RoutedForClient:
		return pbx.Words{RU: sentTo + "ответственного за клиента: " + who, EN: sentToEN + "who is responsible for the client: " + whoEN}, true
	case call.RoutedForTask:
		return pbx.Words{RU: sentTo + "того, кого просили перезвонить: " + who, EN: sentToEN + "who was asked to call back: " + whoEN}, true
	}
	// A former version did not note why: what it told then stays.
	if ru, en := partOf(k.was.Why, sentTo), partOf(k.was.WhyEN, sentToEN); ru != "" && en != "" {
		return pbx.Words{RU: ru, EN: en}, true
	}
	return pbx.Words{RU: sentTo + who, EN: sentToEN + whoEN}, true
}

// partOf finds the part of why that begins with the given words.
func partOf(why, begins string) string {
	for part := range strings.SplitSeq(why, "; ") {
		if strings.HasPrefix(part, begins) {
			return part
		}
	}
	return ""
}

func joined(parts []pbx.Words) pbx.Words { return bilingual.Join(parts, "; ") }

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
