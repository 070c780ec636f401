package beeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Decode reads an event in every spelling that section 5 tells. kept is the body without our own
// address, in which our secret word stands.
func Decode(body []byte) (e Event, kept []byte, err error) {
	root, addresses, err := readTree(body)
	if err != nil {
		return Event{}, nil, err
	}
	if root.name != "Event" {
		return Event{}, nil, fmt.Errorf("%w: its root is %q", ErrMalformed, clip(root.name))
	}
	e = Event{
		ID: root.value("eventID"), Owner: root.value("userId"), Application: root.value("externalApplicationId"),
		SubscriptionID: root.value("subscriptionId"), Target: root.value("targetId"), Address: root.child("httpContact").value("uri"),
		Type: EventType(root.kind),
	}
	e.Sequence, _ = strconv.ParseInt(root.value("sequenceNumber"), 10, 64)
	if data := root.child("eventData"); data != nil {
		e.Type, e.HookStatus = EventType(data.kind), data.value("hookStatus")
		e.Calls = callsIn(data)
	}
	return e, without(body, addresses), nil
}

// callsIn finds the calls of an event's data: one, several under <calls>, or its fields without a call
// of their own around them.
func callsIn(data *element) []Call {
	var all []Call
	var walk func(*element)
	walk = func(e *element) {
		for _, c := range e.children {
			switch c.name {
			case "call":
				all = append(all, readCall(c))
			case "calls":
				walk(c)
			}
		}
	}
	walk(data)
	if len(all) == 0 && (data.has("callId") || data.has("extTrackingId")) {
		all = append(all, readCall(data))
	}
	return all
}

func readCall(e *element) Call {
	c := Call{
		ID: e.value("callId"), Tracking: e.value("extTrackingId"), Network: e.value("networkCallId"),
		Personality: personality(e.value("personality")), State: state(e.value("state")),
		Releasing: e.value("releasingParty"), Remote: readParty(e.child("remoteParty")),
		Endpoint: e.child("endpoint").value("addressOfRecord"), HuntGroup: e.value("huntGroupUserId"), Recall: e.value("recallType"),
		Start: Time(e.value("startTime")), Answer: Time(e.value("answerTime")), HeldAt: Time(e.value("heldTime")),
		DetachedAt: Time(e.value("detachedTime")), Release: Time(e.value("releaseTime")),
		Recorded: e.has("recorded"), RecordingState: e.value("recordingState"),
	}
	if cause := e.child("releaseCause"); cause != nil {
		c.Cause = Cause{
			Word: cause.value("internalReleaseCause"), Q850: cause.value("q850Cause"),
			SIP: cause.value("sipStatus"), CDR: cause.value("cdrTerminationCause"),
		}
	}
	if ms, err := strconv.ParseInt(e.value("totalHeldTime"), 10, 64); err == nil && ms >= 0 && ms < maxMillis {
		c.TotalHeld, c.HasTotalHeld = time.Duration(ms)*time.Millisecond, true
	}
	if redirections := e.child("redirections"); redirections != nil {
		for _, r := range redirections.children {
			if r.name == "redirection" {
				n, _ := strconv.Atoi(r.value("counter"))
				c.Redirections = append(c.Redirections, Redirection{Party: readParty(r.child("party")), Reason: r.value("reason"), Counter: n})
			}
		}
	}
	if r := e.child("redirect"); r != nil {
		c.Redirect = &Redirect{Address: r.value("address"), Reason: r.value("reason"), At: Time(r.value("redirectTime"))}
	}
	if a := e.child("acdCallInfo"); a != nil {
		c.ACD = readACD(a)
	}
	return c
}

func readParty(e *element) Party {
	if e == nil {
		return Party{}
	}
	return Party{
		Name: e.value("name"), Address: e.value("address"), UserID: e.value("userId"), UserDN: e.value("userDN"),
		Private: e.has("privacy"), CallType: e.value("callType"),
	}
}

func readACD(e *element) *ACD {
	a := &ACD{
		UserID: e.value("acdUserId"), Name: e.value("acdName"), Number: e.value("acdNumber"), Caller: readParty(e.child("callingPartyInfo")),
	}
	a.Calls, _ = strconv.Atoi(e.value("numCallsInQueue"))
	if s, err := strconv.ParseInt(e.value("waitTime"), 10, 64); err == nil && s >= 0 && s < maxMillis/1000 {
		a.Waited = time.Duration(s) * time.Second
	}
	return a
}

// maxMillis bounds times and spans: the year 9999, beyond which no format of ours reaches.
const maxMillis = 253_402_300_800_000

// Time reads a point of time: a lone number of at least twelve digits is milliseconds since 1970, all
// else ISO 8601. Zero when it is neither.
func Time(text string) time.Time {
	if len(text) >= 12 && strings.Trim(text, "0123456789") == "" {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil || ms >= maxMillis {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 0 && t.Year() < 10000 {
			return t.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}

// personality reads a personality in any case; an unknown one stays as it is.
func personality(text string) Personality {
	for _, p := range []Personality{Originator, Terminator, ClickToDial} {
		if strings.EqualFold(text, string(p)) {
			return p
		}
	}
	return Personality(text)
}

func state(text string) State {
	for _, s := range []State{Alerting, Active, Held, RemoteHeld, Detached, Released, Idle} {
		if strings.EqualFold(text, string(s)) {
			return s
		}
	}
	return State(text)
}

// clip bounds what is quoted of a stranger's body.
func clip(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
