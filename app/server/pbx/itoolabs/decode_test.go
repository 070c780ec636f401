package itoolabs

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

// post is a request of the PBX as a form; pairs are its fields beside the token.
func post(pairs ...string) pbx.Request {
	f := itoolabs.Fields{itoolabs.FieldToken: token}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = pairs[i+1]
	}
	return pbx.Request{Method: http.MethodPost, Body: []byte(f.Form())}
}

func mustDecode(t *testing.T, p *Provider, pairs ...string) pbx.Delivery {
	t.Helper()
	d, err := p.Decode(post(pairs...))
	if err != nil {
		t.Fatalf("%v: %v", pairs, err)
	}
	return d
}

// TestDecode_believesTheTokenAlone: whoever lacks it is told nothing and changes nothing.
func TestDecode_believesTheTokenAlone(t *testing.T) {
	t.Parallel()
	p := started(t)
	event := "cmd=event&type=INCOMING&callid=c&phone=79000000401&user=anna"
	for name, tt := range map[string]struct {
		body string
		want error
	}{
		"right":         {event + "&crm_token=" + token, nil},
		"none":          {event, pbx.ErrForged},
		"empty":         {event + "&crm_token=", pbx.ErrForged},
		"longer":        {event + "&crm_token=" + token + "x", pbx.ErrForged},
		"a part":        {event + "&crm_token=" + token[:5], pbx.ErrForged},
		"our other key": {event + "&crm_token=" + key, pbx.ErrForged},
		"JSON":          {`{"cmd":"event","callid":"c","crm_token":"x"}`, pbx.ErrForged},
		"an object":     {`{"cmd":"event","callid":"c","crm_token":{"$ne":""}}`, pbx.ErrForged},
		"two":           {event + "&crm_token=x&crm_token=" + token, pbx.ErrUnreadable},
		"unknown cmd":   {"cmd=new&crm_token=x", pbx.ErrForged},
		"no cmd":        {"crm_token=" + token, pbx.ErrUnreadable},
		"nothing":       {"", pbx.ErrUnreadable},
		"broken JSON":   {`{"cmd":"event","crm_token":"` + token + `"`, pbx.ErrUnreadable},
		"a page":        {"<html></html>", pbx.ErrUnreadable},
		"a bad escape":  {event + "&crm_token=%zz", pbx.ErrUnreadable},
	} {
		d, err := p.Decode(pbx.Request{Method: http.MethodPost, Body: []byte(tt.body)})
		if !errors.Is(err, tt.want) || err != nil && len(d.Events)+len(d.Payload) > 0 {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		if err != nil && strings.Contains(err.Error(), token) {
			t.Errorf("%s: the token is told: %v", name, err)
		}
	}
	if _, err := New(Config{}).Decode(pbx.Request{Method: http.MethodPost, Body: []byte(event + "&crm_token=")}); !errors.Is(err, pbx.ErrForged) {
		t.Errorf("an account without a token takes an empty one: %v", err)
	}
}

func TestDecode_answersTheCabinetsLook(t *testing.T) {
	t.Parallel()
	p := started(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if d, err := p.Decode(pbx.Request{Method: method}); err != nil || !d.Probe {
			t.Errorf("%s: %+v, %v", method, d, err)
		}
	}
}

func TestDecode_keepsThePayloadWithoutTheToken(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, started(t), "cmd", "event", "type", "INCOMING", "callid", "c", "phone", "anonymous", "user", "anna", "zz", "<b>")
	if string(d.Payload) != `{"callid":"c","cmd":"event","phone":"anonymous","type":"INCOMING","user":"anna","zz":"<b>"}` {
		t.Errorf("kept %s", d.Payload)
	}
	if d.Answer.Status != http.StatusOK || string(d.Answer.Body) != "{}" {
		t.Errorf("answered %+v", d.Answer)
	}
}

// TestDecode_takesWhatItDoesNotKnow: 200, and no effect (section 6).
func TestDecode_takesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	p := started(t)
	for name, pairs := range map[string][]string{
		"a command of tomorrow": {"cmd", "chat", "callid", "c"}, "a type of tomorrow": {"cmd", "event", "type", "PARKED", "callid", "c", "user", "anna", "phone", "79000000401"},
		"a group rings":        {"cmd", "event", "type", "INCOMING", "callid", "c", "user", "g_0f0e@demo.example", "phone", "79000000401"},
		"nobody rings":         {"cmd", "event", "type", "INCOMING", "callid", "c", "phone", "79000000401"},
		"a call without an id": {"cmd", "event", "type", "INCOMING", "user", "anna"}, "an id that is none": {"cmd", "history", "callid", "<script>"}, "a mark": {"cmd", "rating", "callid", "c", "rating", "5"},
	} {
		if d := mustDecode(t, p, pairs...); len(d.Events)+len(d.Joins) > 0 || d.Question != nil || d.Stranger || d.Unfit != nil || d.Answer.Status != http.StatusOK || len(d.Payload) == 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// callOf decodes requests in order and shows their call.
func callOf(t *testing.T, p *Provider, requests ...[]string) call.View {
	t.Helper()
	var c call.Call
	for _, pairs := range requests {
		for _, e := range mustDecode(t, p, pairs...).Events {
			c = call.Fold(c, e)
		}
	}
	return c.View()
}

func TestDecode_numbersInEverySpelling(t *testing.T) {
	t.Parallel()
	p := started(t)
	for phone, want := range map[string]string{
		"79000000401": "+79000000401", "+79000000401": "+79000000401", "89000000401": "+79000000401", "9000000401": "+79000000401", "+7 (900) 000-04-01": "+79000000401",
		"sip:79000000401@demo.example": "+79000000401", "anonymous": "", "": "", "Anonymous@demo": "", "112": "112", "37322123456": "+37322123456",
	} {
		v := callOf(t, p, []string{"cmd", "event", "type", "INCOMING", "callid", "c", "user", "anna", "phone", phone, "direction", "in"})
		if string(v.Phone) != want || v.Direction != call.In {
			t.Errorf("%q: %s %q", phone, v.Direction, v.Phone)
		}
	}
}

// TestDecode_colleaguesAreNoClients: a number of the table is an employee's, in either direction.
func TestDecode_colleaguesAreNoClients(t *testing.T) {
	t.Parallel()
	p := started(t)
	in := []string{"cmd", "event", "type", "INCOMING", "callid", "c", "user", "boris", "ext", "702", "phone", "701", "direction", "in"}
	out := []string{"cmd", "event", "type", "OUTGOING", "callid", "c", "user", "anna", "phone", "702", "direction", "internal"}
	for _, requests := range [][][]string{{in}, {out}, {out, in}, {in, out}} {
		v := callOf(t, p, requests...)
		if v.Direction != call.Internal || v.Phone != "" || v.State != call.Ringing {
			t.Errorf("%v: %s %q %s", requests, v.Direction, v.Phone, v.State)
		}
	}
	v := callOf(t, p, in, out, []string{"cmd", "event", "type", "ACCEPTED", "callid", "c", "user", "boris", "phone", "701", "direction", "internal"},
		[]string{"cmd", "history", "callid", "c", "type", "out", "status", "Success", "phone", "702", "user", "anna", "start", "20251009T090000Z", "duration", "5"})
	if v.Direction != call.Internal || v.Phone != "" || v.Result != call.Answered || v.Talk != 5*time.Second {
		t.Errorf("the whole of it: %+v", v)
	}
	if d := mustDecode(t, p, "cmd", "contact", "callid", "c", "phone", "701"); d.Question != nil {
		t.Errorf("asked who a colleague is: %+v", d.Question)
	}
	if v := callOf(t, p, []string{"cmd", "event", "type", "OUTGOING", "callid", "c", "user", "anna", "phone", "112", "direction", "out"}); v.Direction != call.Out || v.Phone != "112" {
		t.Errorf("a service: %s %q", v.Direction, v.Phone)
	}
}

// TestDecode_withoutADirection: old PBXs leave it out; whoever was dialled for was not rung (section 3.1).
func TestDecode_withoutADirection(t *testing.T) {
	t.Parallel()
	p := started(t)
	event := func(kind string) []string {
		return []string{"cmd", "event", "type", kind, "callid", "c", "user", "boris", "phone", "79000000405"}
	}
	for _, order := range [][]string{{"OUTGOING", "ACCEPTED"}, {"ACCEPTED", "OUTGOING"}, {"OUTGOING", "ACCEPTED", "COMPLETED"}, {"COMPLETED", "OUTGOING"}} {
		var requests [][]string
		for _, kind := range order {
			requests = append(requests, event(kind))
		}
		v := callOf(t, p, requests...)
		if v.Direction != call.Out || v.Extension != "702" || len(v.Rang) > 0 || v.AnsweredAt.IsZero() {
			t.Errorf("%v: %s by %s, rang %v", order, v.Direction, v.Extension, v.Rang)
		}
	}
	if v := callOf(t, p, event("INCOMING"), event("ACCEPTED")); v.Direction != call.In || len(v.Rang) != 1 {
		t.Errorf("inbound: %s, rang %v", v.Direction, v.Rang)
	}
	v := callOf(t, p, event("OUTGOING"), event("CANCELLED"), []string{"cmd", "history", "callid", "c", "type", "out", "status", "NotFound", "phone", "79000000405", "user", "boris", "start", "20251009T090000Z"})
	if v.Result != call.Failed || v.Cause != 404 {
		t.Errorf("a wrong number: %s, %d", v.Result, v.Cause)
	}
}

// TestDecode_resultsOfHistory: section 6.
func TestDecode_resultsOfHistory(t *testing.T) {
	t.Parallel()
	p := started(t)
	for _, tt := range []struct {
		kind, status string
		want         call.Result
		cause        int
		said         string
	}{
		{"in", "Success", call.Answered, 0, ""},
		{"in", "success", call.Answered, 0, ""},
		{"in", "Missed", call.Missed, 408, ""},
		{"in", "Cancel", call.Missed, 487, ""},
		{"in", "NotAvailable", call.Missed, 480, ""},
		{"out", "Success", call.Answered, 0, ""},
		{"out", "Busy", call.Busy, 486, ""},
		{"out", "Cancel", call.NoAnswer, 487, ""},
		{"out", "NotAvailable", call.NoAnswer, 480, ""},
		{"out", "missed", call.NoAnswer, 408, ""},
		{"out", "NotAllowed", call.Failed, 403, ""},
		{"out", "NotFound", call.Failed, 404, ""},
		{"out", "<i>Voodoo</i>", call.NoAnswer, 0, "Voodoo"},
		{"", "Success", call.Answered, 0, ""},
	} {
		v := callOf(t, p, []string{"cmd", "history", "callid", "c", "type", tt.kind, "status", tt.status, "phone", "79000000405", "user", "boris", "start", "20251009T090000Z", "duration", "40", "wait", "5"})
		if v.Result != tt.want || v.Cause != tt.cause || v.Said != tt.said || v.State != call.Ended {
			t.Errorf("%s %s: %s, %d, %q", tt.kind, tt.status, v.Result, v.Cause, v.Said)
		}
		if tt.want == call.Answered && (v.Talk != 40*time.Second || !v.AnsweredAt.Equal(arrival.Add(5*time.Second)) || v.Extension != "702") {
			t.Errorf("%s %s: talked %s from %s by %s", tt.kind, tt.status, v.Talk, v.AnsweredAt, v.Extension)
		}
	}
}

// TestDecode_anAnswerIsNotUndone: neither by a late missed, nor by a CANCELLED of another ringing.
func TestDecode_anAnswerIsNotUndone(t *testing.T) {
	t.Parallel()
	p := started(t)
	event := func(kind string) []string {
		return []string{"cmd", "event", "type", kind, "callid", "c", "user", "anna", "phone", "79000000405", "direction", "in"}
	}
	missed := []string{"cmd", "history", "callid", "c", "type", "in", "status", "missed", "phone", "79000000405", "start", "20251009T085900Z", "duration", "20"}
	for _, requests := range [][][]string{{event("INCOMING"), event("ACCEPTED"), missed}, {missed, event("ACCEPTED")}, {event("COMPLETED"), missed}} {
		if v := callOf(t, p, requests...); v.Result != call.Answered || v.Extension != "701" || v.State != call.Ended {
			t.Errorf("%v: %s %s by %s", requests, v.State, v.Result, v.Extension)
		}
	}
	for _, order := range [][]string{{"INCOMING", "CANCELLED", "ACCEPTED"}, {"CANCELLED", "ACCEPTED", "INCOMING"}} {
		if v := callOf(t, p, event(order[0]), event(order[1]), event(order[2])); v.State != call.Talking || v.Idle {
			t.Errorf("rung again and answered, as %v: %s, idle %v", order, v.State, v.Idle)
		}
	}
}

func TestDecode_datesByArrivalWhatCannotBe(t *testing.T) {
	t.Parallel()
	p := started(t)
	for _, start := range []string{"", "yesterday", "19700101T000000Z", "20990101T000000Z"} {
		v := callOf(t, p, []string{"cmd", "history", "callid", "c", "type", "in", "status", "Success", "phone", "79000000405", "user", "anna", "start", start, "duration", "30", "wait", "5"})
		if v.Talk != 30*time.Second || v.EndedAt.Sub(arrival).Abs() > time.Minute {
			t.Errorf("%q: talked %s until %s", start, v.Talk, v.EndedAt)
		}
	}
	// Equal content is one fact, whenever it comes.
	missed := []string{"cmd", "history", "callid", "c", "type", "in", "status", "missed", "phone", "79000000405"}
	var c call.Call
	for range 3 {
		for _, e := range mustDecode(t, p, missed...).Events {
			c = call.Fold(c, e)
		}
	}
	if len(c.Events) != 1 {
		t.Errorf("%d events of one history", len(c.Events))
	}
}

func TestDecode_marksUpNothing(t *testing.T) {
	t.Parallel()
	p := New(Config{Key: key, Token: token, URL: "https://demo.example/"})
	d := mustDecode(t, p, "cmd", "event", "type", "INCOMING", "callid", "c", "user", "<script>alert(1)</script>", "phone", "79000000401", "groupRealName", "<b>x", "telnum", "<b>7")
	if len(d.Events) != 1 || !d.Stranger || strings.ContainsAny(d.Events[0].To.Extension+d.Events[0].To.Device, "<>") {
		t.Errorf("%+v", d)
	}
}

func TestDecode_recordings(t *testing.T) {
	t.Parallel()
	p := started(t)
	for link, want := range map[string]int{"https://files.example.ru/mp3/1.mp3": 1, "": 0, "none": 0, "https://x/" + strings.Repeat("a", 2000): 0, "::": 0} {
		d := mustDecode(t, p, "cmd", "history", "callid", "c", "type", "in", "status", "Success", "user", "anna", "phone", "79000000401", "start", "20251009T090000Z", "link", link)
		v := call.FoldAll(d.Events).View()
		if len(v.Recordings) != want || want == 1 && (v.Recordings[0].ID != link || !v.Recordings[0].Ready || v.Recordings[0].Extension != "701") {
			t.Errorf("%q: %+v", link, v.Recordings)
		}
	}
}

// FuzzDecode: whatever comes with the token is taken or refused, and never told with it.
func FuzzDecode(f *testing.F) {
	f.Add("cmd=event&type=TRANSFERRED&callid=c&second_callid=d&user=anna&phone=701&crm_token=" + token)
	f.Add("cmd=history&type=in&status=Success&callid=c&start=20251009T090000Z&duration=1e9&link=https%3A%2F%2Fx&crm_token=" + token)
	f.Add(`{"cmd":"contact","callid":"c","phone":79000000401,"crm_token":"` + token + `"}`)
	f.Fuzz(func(t *testing.T, body string) {
		p := started(t)
		d, err := p.Decode(pbx.Request{Method: http.MethodPost, Body: []byte(body)})
		if err != nil && !errors.Is(err, pbx.ErrForged) && !errors.Is(err, pbx.ErrUnreadable) {
			t.Errorf("%v", err)
		}
		for _, e := range d.Events {
			if e.Key == "" || e.At.IsZero() || e.Fact == "" {
				t.Errorf("%+v", e)
			}
		}
		if v := call.FoldAll(d.Events).View(); v.Talk < 0 {
			t.Errorf("talked %s", v.Talk)
		}
	})
}
