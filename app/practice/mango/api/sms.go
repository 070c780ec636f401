package api

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

// codeSMSNotSent is of the reference's table of results.
const codeSMSNotSent mango.Int = 4300

// smsCommand takes commands/sms; the delivery is told later by events/sms.
func (s *Server) smsCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.SMSRequest
	if code := read(raw, &r, &r.CommandID, &r.FromExtension, &r.Text, &r.ToNumber); code != mango.CodeDone {
		return code
	}
	to, ok := s.config.Staff.Resolve(string(r.ToNumber))
	switch {
	case !ok || to.Outside == "":
		return mango.CodeBadNumber // an internal number gets no message
	case tooLong(string(r.Text)):
		return mango.CodeBadParameters
	}
	s.accepted(w)
	cmd := Command{Kind: KindSMS, ID: r.CommandID}
	if _, ok := s.config.Staff.Employee(string(r.FromExtension)); !ok {
		s.exchange.Result(cmd, mango.CodeNumberNotFound)
		return mango.CodeDone
	}
	s.exchange.Result(cmd, mango.CodeDone)
	s.config.Life.Background(func() { s.deliverSMS(r.CommandID) })
	return mango.CodeDone
}

func (s *Server) deliverSMS(commandID mango.Text) {
	if !sim.Pause(s.config.Life.Context(), s.config.SMSDelay) {
		return
	}
	reason := mango.Int(mango.CodeDone)
	if s.config.SMSFails() {
		reason = codeSMSNotSent
	}
	s.exchange.Post(mango.PathSMS, mango.SMSStatus{
		CommandID: commandID, Timestamp: s.config.Stamp(), Reason: reason,
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
