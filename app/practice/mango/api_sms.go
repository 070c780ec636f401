package mango

import (
	"net/http"
	"unicode/utf8"

	"dozvon/app/mango"
	"dozvon/app/practice/sim"
)

// The longest message: four segments of 153 or 67 characters (section 3.2.4).
const (
	maxLatinSMS    = 612
	maxCyrillicSMS = 268
)

// smsCommand takes commands/sms; the delivery is told later by events/sms.
func (p *PBX) smsCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.SMSRequest
	if code := read(raw, &r, &r.CommandID, &r.FromExtension, &r.Text, &r.ToNumber); code != mango.CodeDone {
		return code
	}
	to, ok := p.staff.Resolve(string(r.ToNumber))
	switch {
	case !ok || to.Outside == "":
		return mango.CodeBadNumber // an internal number gets no message
	case tooLong(string(r.Text)):
		return mango.CodeBadParameters
	}
	p.accepted(w)
	cmd := command{kind: kindSMS, id: r.CommandID}
	if _, ok := p.staff.Employee(string(r.FromExtension)); !ok {
		p.result(cmd, mango.CodeNumberNotFound)
		return mango.CodeDone
	}
	p.result(cmd, mango.CodeDone)
	p.life.Background(func() { p.deliverSMS(r.CommandID) })
	return mango.CodeDone
}

func (p *PBX) deliverSMS(commandID mango.Text) {
	if !sim.Pause(p.life.Context(), p.config.SMSDelay) {
		return
	}
	reason := mango.Int(mango.CodeDone)
	if p.luck.Strikes("sms", func(f Faults) float64 { return f.SMSFailed }) {
		reason = codeSMSNotSent
	}
	p.post(mango.PathSMS, mango.SMSStatus{
		CommandID: commandID, Timestamp: mango.Int(p.config.Now().Unix()) + p.luck.skew(), Reason: reason,
	})
}

// tooLong counts characters; one that is not ASCII makes the whole message a "Cyrillic" one.
func tooLong(text string) bool {
	n := utf8.RuneCountInString(text)
	if n == len(text) {
		return n > maxLatinSMS
	}
	return n > maxCyrillicSMS
}
