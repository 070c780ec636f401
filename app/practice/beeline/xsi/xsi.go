// Package xsi writes the events of the practice PBX of Beeline: the XML of BroadWorks' XSI that
// Beeline forwards (reference, section 5), in the spellings that were seen. It is written from the
// reference and the samples alone and shares nothing with the code that reads such events, so that
// a test compares two readings of the reference and not one with itself.
package xsi

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// Types of events (section 5.1).
const (
	Received              = "CallReceivedEvent"
	Originating           = "CallOriginatingEvent"
	Originated            = "CallOriginatedEvent"
	Answered              = "CallAnsweredEvent"
	Updated               = "CallUpdatedEvent"
	Held                  = "CallHeldEvent"
	Retrieved             = "CallRetrievedEvent"
	Redirected            = "CallRedirectedEvent"
	Transferred           = "CallTransferredEvent"
	Releasing             = "CallReleasingEvent"
	Released              = "CallReleasedEvent"
	RecordingStopped      = "CallRecordingStoppedEvent"
	HookStatus            = "HookStatusEvent"
	Subscribed            = "CallSubscriptionEvent"
	Resynced              = "CallSubscriptionResyncEvent"
	SubscriptionTerminate = "SubscriptionTerminatedEvent"
)

// Personalities and states of a call's half, and who ended it (section 5.2).
const (
	Originator  = "Originator"
	Terminator  = "Terminator"
	ClickToDial = "Click-to-Dial"

	Alerting = "Alerting"
	Active   = "Active"
	OnHold   = "Held"
	Detached = "Detached"
	Ended    = "Released"

	LocalRelease  = "localRelease"
	RemoteRelease = "remoteRelease"
)

// Values of callType.
const (
	Network = "Network"
	Group   = "Group"
	Unknown = "Unknown"
)

// Party is the other side of a half, or who stood before it in the chain.
type Party struct {
	Name string
	// Number is an outside number, digits with the country code; Extension an internal one. Of a
	// hidden caller both are empty.
	Number, Extension string
	UserID            string
	// DN is a colleague's own number, digits with the country code; it comes with his extension.
	DN       string
	Hidden   bool
	CallType string
}

// Redirection is one step of a call's way to this abonent.
type Redirection struct {
	Party  Party
	Reason string
}

// Redirect says where a call went that left this abonent.
type Redirect struct {
	Number, Extension, Reason string
	At                        int64 // ms since the epoch
}

// ACD is what a call centre adds.
type ACD struct {
	UserID, Name, Number string
	InQueue              int
	Wait                 int64 // seconds
	Caller               Party
}

// Call is one half of a call. Times are ms since the epoch, 0 is never; TotalHeld is ms.
type Call struct {
	ID, Tracking, NetworkID, Personality, State string
	// Cause is internalReleaseCause, only of failures; Releasing who ended it otherwise.
	Cause, Releasing string
	Recall           string
	Remote           Party
	Redirections     []Redirection // newest first
	Redirect         *Redirect
	Endpoint         string
	Appearance       int
	HuntGroup        string

	Start, Answer, HeldAt, TotalHeld, DetachedAt, Release int64

	ACD                               *ACD
	Recorded                          bool
	RecordingControls, RecordingState string
}

// Event is one thing that happened to a target.
type Event struct {
	Type, Target string
	Calls        []Call
	Hook         string // On-Hook, Off-Hook
	Reason       string
}

// Envelope is what a subscription adds to an event.
type Envelope struct {
	ID                          string
	Sequence                    int64
	UserID, SubscriptionID, URL string
}

// Spelling is how events are written.
type Spelling struct {
	// Plain uses no prefix for elements, xsi:type for types, puts a lone call's fields straight under
	// eventData and writes times as ISO 8601; else elements have the prefix xsi, types are xsi1:type,
	// calls are in a call element and times are ms.
	Plain bool
	// SIP is the domain of sip: addresses that stand instead of tel: ones; "" is tel.
	SIP string
}

// node is an element.
type node struct {
	name  string
	attrs []string // name, value, name, value …
	text  string
	time  int64 // ms; instead of text
	kids  []node
}

func el(name string, kids ...node) node { return node{name: name, kids: kids} }
func text(name, value string) node      { return node{name: name, text: value} }
func when(name string, ms int64) node   { return node{name: name, time: ms} }
func number(name string, n int64) node  { return text(name, strconv.FormatInt(n, 10)) }
func typed(name, of string) node        { return node{name: name, attrs: []string{"type", of}} }
func (n node) with(kids ...node) node   { n.kids = append(n.kids, kids...); return n }
func (n node) empty() bool              { return n.text == "" && n.time == 0 && len(n.kids) == 0 }
func some(nodes []node, n node) []node  { return someIf(nodes, !n.empty(), n) }
func someIf(nodes []node, is bool, n node) []node {
	if is {
		return append(nodes, n)
	}
	return nodes
}

// Write writes an event of a subscription.
func (s Spelling) Write(to Envelope, e Event) []byte {
	root := typed("Event", "SubscriptionEvent").with(
		text("eventID", to.ID), number("sequenceNumber", to.Sequence), text("userId", to.UserID),
		text("externalApplicationId", "portal-api"), text("subscriptionId", to.SubscriptionID),
		el("httpContact", text("uri", to.URL)), text("targetId", e.Target), s.data(e),
	)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	s.write(&b, root, "", true)
	return b.Bytes()
}

func (s Spelling) data(e Event) node {
	data := typed("eventData", e.Type)
	switch {
	case e.Type == Redirected || (e.Type == Subscribed || e.Type == Resynced) && len(e.Calls) > 0 || len(e.Calls) > 1:
		calls := el("calls")
		for _, c := range e.Calls {
			calls.kids = append(calls.kids, el("call", s.call(c)...))
		}
		data.kids = append(data.kids, calls)
	case len(e.Calls) == 1 && s.Plain:
		data.kids = append(data.kids, s.call(e.Calls[0])...)
	case len(e.Calls) == 1:
		data.kids = append(data.kids, el("call", s.call(e.Calls[0])...))
	}
	data.kids = some(data.kids, text("hookStatus", e.Hook))
	data.kids = some(data.kids, text("reason", e.Reason))
	return data
}

// call is the fields of a half, in the order of the schema.
func (s Spelling) call(c Call) []node {
	n := some([]node{text("callId", c.ID), text("extTrackingId", c.Tracking)}, text("networkCallId", c.NetworkID))
	n = append(n, text("personality", c.Personality), text("state", c.State))
	if c.Cause != "" {
		n = append(n, el("releaseCause", text("internalReleaseCause", c.Cause), text("cdrTerminationCause", "111")))
	}
	n = some(n, text("releasingParty", c.Releasing))
	n = append(n, el("remoteParty", s.party(c.Remote)...))
	if len(c.Redirections) > 0 {
		chain := el("redirections")
		for _, r := range c.Redirections {
			chain.kids = append(chain.kids, el("redirection", el("party", s.party(r.Party)...), text("reason", r.Reason), text("counter", "1")))
		}
		n = append(n, chain)
	}
	if r := c.Redirect; r != nil {
		n = append(n, el("redirect", s.address("address", r.Number, r.Extension), text("reason", r.Reason), when("redirectTime", r.At)))
	}
	if c.Endpoint != "" {
		n = append(n, typed("endpoint", "AccessEndpoint").with(text("addressOfRecord", c.Endpoint)))
	}
	n = someIf(n, c.Appearance > 0, number("appearance", int64(c.Appearance)))
	n = some(n, text("huntGroupUserId", c.HuntGroup))
	n = some(n, text("recallType", c.Recall))
	for _, t := range []node{when("startTime", c.Start), when("answerTime", c.Answer), when("heldTime", c.HeldAt)} {
		n = some(n, t)
	}
	n = someIf(n, c.TotalHeld > 0, number("totalHeldTime", c.TotalHeld))
	n = some(n, when("detachedTime", c.DetachedAt))
	n = some(n, when("releaseTime", c.Release))
	if a := c.ACD; a != nil {
		n = append(n, el("acdCallInfo",
			text("acdUserId", a.UserID), text("acdName", a.Name), text("acdNumber", "tel:"+a.Number),
			number("numCallsInQueue", int64(a.InQueue)), number("waitTime", a.Wait), el("callingPartyInfo", s.party(a.Caller)...)))
	}
	n = someIf(n, c.Recorded, text("recorded", ""))
	n = some(n, text("allowedRecordingControls", c.RecordingControls))
	return some(n, text("recordingState", c.RecordingState))
}

func (s Spelling) party(p Party) []node {
	n := some(nil, text("name", p.Name))
	n = some(n, s.address("address", p.Number, p.Extension))
	n = some(n, text("userId", p.UserID))
	if p.DN != "" {
		n = append(n, node{name: "userDN", attrs: countryCode(p.DN), text: "tel:+" + p.DN + ";ext=" + p.Extension})
	}
	n = someIf(n, p.Hidden, text("privacy", ""))
	return some(n, text("callType", p.CallType))
}

func (s Spelling) address(name, number, extension string) node {
	switch {
	case number != "" && s.SIP != "":
		return text(name, "sip:+"+number+"@"+s.SIP+";user=phone")
	case number != "":
		return node{name: name, attrs: countryCode(number), text: "tel:+" + number}
	case extension != "":
		return text(name, "tel:"+extension)
	}
	return node{name: name}
}

func countryCode(number string) []string {
	if strings.HasPrefix(number, "7") {
		return []string{"countryCode", "7"}
	}
	return nil
}

// The namespaces of XSI and of XML's own types.
const (
	schema    = "http://schema.broadsoft.com/xsi"
	instances = "http://www.w3.org/2001/XMLSchema-instance"
)

func (s Spelling) write(b *bytes.Buffer, n node, indent string, root bool) {
	name, typeName, typePrefix := "xsi:"+n.name, "xsi1:type", "xsi:"
	if s.Plain {
		name, typeName, typePrefix = n.name, "xsi:type", ""
	}
	b.WriteString(indent + "<" + name)
	switch {
	case root && s.Plain:
		b.WriteString(` xmlns="` + schema + `" xmlns:xsi="` + instances + `"`)
	case root:
		b.WriteString(` xmlns:xsi="` + schema + `" xmlns:xsi1="` + instances + `"`)
	}
	for i := 0; i < len(n.attrs); i += 2 {
		attr, value := n.attrs[i], n.attrs[i+1]
		if attr == "type" {
			attr, value = typeName, typePrefix+value
		}
		b.WriteString(" " + attr + `="` + value + `"`)
	}
	value := n.text
	if n.time != 0 {
		value = s.moment(n.time)
	}
	switch {
	case len(n.kids) > 0:
		b.WriteString(">\n")
		for _, kid := range n.kids {
			s.write(b, kid, indent+"  ", false)
		}
		b.WriteString(indent + "</" + name + ">\n")
	case value == "":
		b.WriteString("/>\n")
	default:
		b.WriteString(">")
		_ = xml.EscapeText(b, []byte(value)) // a buffer takes everything
		b.WriteString("</" + name + ">\n")
	}
}

func (s Spelling) moment(ms int64) string {
	if s.Plain {
		return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00")
	}
	return strconv.FormatInt(ms, 10)
}
