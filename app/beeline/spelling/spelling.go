// Package spelling writes events of Beeline's PBX in the ways that were seen or told of, so that tests can
// say one event in all of them. What it writes is made of what the protocol's own package has read; the
// practice PBX writes its events by itself.
package spelling

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"dozvon/app/beeline"
)

// Spelling is one of the ways in which the same event is written (section 5).
type Spelling struct {
	Prefix    string // of the elements: "xsi"; empty: none
	Attribute string // the name of the type attribute: "xsi1:type"
	Flat      bool   // the fields of the call stand straight under eventData
	ISO       bool   // times are ISO 8601 instead of milliseconds
}

// The two spellings that were seen.
var (
	XSI  = Spelling{Prefix: "xsi", Attribute: "xsi1:type"}
	Flat = Spelling{Attribute: "xsi:type", Flat: true, ISO: true}
)

// Encode writes an event. A flat spelling has room for one call only.
func Encode(e beeline.Event, s Spelling) []byte {
	w := &writer{spelling: s}
	w.out.WriteString(xml.Header)
	w.open("Event", `xmlns:xsi="http://schema.broadsoft.com/xsi" xmlns:xsi1="http://www.w3.org/2001/XMLSchema-instance" `+w.typed("SubscriptionEvent"))
	w.text("eventID", e.ID)
	if e.Sequence != 0 {
		w.text("sequenceNumber", strconv.FormatInt(e.Sequence, 10))
	}
	w.text("userId", e.Owner)
	w.text("externalApplicationId", e.Application)
	w.text("subscriptionId", e.SubscriptionID)
	if e.Address != "" {
		w.open("httpContact", "")
		w.text("uri", e.Address)
		w.close("httpContact")
	}
	w.text("targetId", e.Target)
	w.open("eventData", w.typed(string(e.Type)))
	w.text("hookStatus", e.HookStatus)
	w.calls(e.Calls)
	w.close("eventData")
	w.close("Event")
	return w.out.Bytes()
}

type writer struct {
	out      bytes.Buffer
	spelling Spelling
}

func (w *writer) typed(kind string) string {
	if w.spelling.Prefix != "" {
		kind = w.spelling.Prefix + ":" + kind
	}
	return w.spelling.Attribute + `="` + escaped(kind) + `"`
}

func (w *writer) name(local string) string {
	if w.spelling.Prefix == "" {
		return local
	}
	return w.spelling.Prefix + ":" + local
}

func (w *writer) open(local, attributes string) {
	w.out.WriteString("<" + w.name(local))
	if attributes != "" {
		w.out.WriteString(" " + attributes)
	}
	w.out.WriteString(">")
}

func (w *writer) close(local string) { w.out.WriteString("</" + w.name(local) + ">") }

// text writes an element unless it would be empty.
func (w *writer) text(local, value string) {
	if value == "" {
		return
	}
	w.open(local, "")
	w.out.WriteString(escaped(value))
	w.close(local)
}

func (w *writer) flag(local string, on bool) {
	if on {
		w.out.WriteString("<" + w.name(local) + "/>")
	}
}

func (w *writer) time(local string, at time.Time) {
	switch {
	case at.IsZero():
	case w.spelling.ISO:
		w.text(local, at.UTC().Format("2006-01-02T15:04:05.000Z"))
	default:
		w.text(local, strconv.FormatInt(at.UnixMilli(), 10))
	}
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

func (w *writer) calls(all []beeline.Call) {
	switch {
	case len(all) == 1 && w.spelling.Flat:
		w.call(all[0])
	case len(all) == 1:
		w.open("call", "")
		w.call(all[0])
		w.close("call")
	case len(all) > 1:
		w.open("calls", "")
		for _, c := range all {
			w.open("call", "")
			w.call(c)
			w.close("call")
		}
		w.close("calls")
	}
}

func (w *writer) call(c beeline.Call) {
	w.text("callId", c.ID)
	w.text("extTrackingId", c.Tracking)
	w.text("networkCallId", c.Network)
	w.text("personality", string(c.Personality))
	w.text("state", string(c.State))
	if c.Cause != (beeline.Cause{}) {
		w.open("releaseCause", "")
		w.text("internalReleaseCause", c.Cause.Word)
		w.text("q850Cause", c.Cause.Q850)
		w.text("sipStatus", c.Cause.SIP)
		w.text("cdrTerminationCause", c.Cause.CDR)
		w.close("releaseCause")
	}
	w.text("releasingParty", c.Releasing)
	w.party("remoteParty", c.Remote)
	if len(c.Redirections) > 0 {
		w.open("redirections", "")
		for _, r := range c.Redirections {
			w.open("redirection", "")
			w.party("party", r.Party)
			w.text("reason", r.Reason)
			if r.Counter != 0 {
				w.text("counter", strconv.Itoa(r.Counter))
			}
			w.close("redirection")
		}
		w.close("redirections")
	}
	if c.Redirect != nil {
		w.open("redirect", "")
		w.text("address", c.Redirect.Address)
		w.text("reason", c.Redirect.Reason)
		w.time("redirectTime", c.Redirect.At)
		w.close("redirect")
	}
	if c.Endpoint != "" {
		w.open("endpoint", w.typed("AccessEndpoint"))
		w.text("addressOfRecord", c.Endpoint)
		w.close("endpoint")
	}
	w.text("huntGroupUserId", c.HuntGroup)
	w.text("recallType", c.Recall)
	w.times(c)
	w.acd(c.ACD)
	w.flag("recorded", c.Recorded)
	w.text("recordingState", c.RecordingState)
}

func (w *writer) times(c beeline.Call) {
	w.time("startTime", c.Start)
	w.time("answerTime", c.Answer)
	w.time("heldTime", c.HeldAt)
	if c.HasTotalHeld {
		w.text("totalHeldTime", strconv.FormatInt(c.TotalHeld.Milliseconds(), 10))
	}
	w.time("detachedTime", c.DetachedAt)
	w.time("releaseTime", c.Release)
}

func (w *writer) acd(a *beeline.ACD) {
	if a == nil {
		return
	}
	w.open("acdCallInfo", "")
	w.text("acdUserId", a.UserID)
	w.text("acdName", a.Name)
	w.text("acdNumber", a.Number)
	w.text("numCallsInQueue", strconv.Itoa(a.Calls))
	w.text("waitTime", strconv.FormatInt(int64(a.Waited/time.Second), 10))
	w.party("callingPartyInfo", a.Caller)
	w.close("acdCallInfo")
}

func (w *writer) party(local string, p beeline.Party) {
	if p == (beeline.Party{}) {
		return
	}
	w.open(local, "")
	w.text("name", p.Name)
	if p.Address != "" {
		attributes := ""
		if p.Country != "" {
			attributes = `countryCode="` + escaped(p.Country) + `"`
		}
		w.open("address", attributes)
		w.out.WriteString(escaped(p.Address))
		w.close("address")
	}
	w.text("userId", p.UserID)
	w.text("userDN", p.UserDN)
	w.flag("privacy", p.Private)
	w.text("callType", p.CallType)
	w.close(local)
}
