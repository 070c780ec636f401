package api

import (
	"net/http"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/staff"
)

// Callback asks to ring two parties one after the other and to join them.
type Callback struct {
	Command
	Line mango.Text
	// Operator is the employee's extension, Client the outside number ("" is a colleague) and To who
	// is rung second.
	Operator, Client string
	To               staff.Destination
	Headers          map[string]string
	// Group stands in for the operator; ClientFirst turns the order round (section 3.2.2).
	Group, ClientFirst bool
}

// callbackCommand takes commands/callback. What the reference calls asynchronous
// comes as a result: an unknown employee is accepted here and told there.
func (s *Server) callbackCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.CallbackRequest
	if code := read(raw, &r, &r.CommandID, &r.From.Extension, &r.ToNumber); code != mango.CodeDone {
		return code
	}
	to, ok := s.config.Staff.Resolve(string(r.ToNumber))
	if !ok || to.Group != "" {
		return mango.CodeBadNumber
	}
	s.accepted(w)
	cmd := Command{Kind: KindCallback, ID: r.CommandID}
	if _, ok := s.config.Staff.Employee(string(r.From.Extension)); !ok {
		s.exchange.Result(cmd, mango.CodeNumberNotFound)
		return mango.CodeDone
	}
	s.exchange.CallBack(Callback{
		Command: cmd, Line: lineOf(string(r.LineNumber)), Operator: string(r.From.Extension), Client: to.Outside, To: to,
		Headers: r.SIPHeaders,
	})
	return mango.CodeDone
}

// groupCallbackCommand takes commands/callback_group: an outside number and a group, either way
// round; the first of the two is rung first (section 3.2.2).
func (s *Server) groupCallbackCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.GroupCallbackRequest
	if code := read(raw, &r, &r.CommandID, &r.From, &r.To, &r.LineNumber); code != mango.CodeDone {
		return code
	}
	from, known := s.config.Staff.Resolve(string(r.From))
	to, alsoKnown := s.config.Staff.Resolve(string(r.To))
	if !known || !alsoKnown || (from.Group != "") == (to.Group != "") || from.Outside == "" && to.Outside == "" {
		return mango.CodeBadNumber
	}
	s.accepted(w)
	s.exchange.CallBack(Callback{
		Command: Command{Kind: KindCallbackGroup, ID: r.CommandID},
		Line:    lineOf(string(r.LineNumber)), Client: from.Outside + to.Outside, To: to,
		Group: true, ClientFirst: from.Outside != "",
	})
	return mango.CodeDone
}

// lineOf reads a line_number: digits, the name or the address of a SIP line, or nothing for the first line.
func lineOf(number string) mango.Text {
	switch {
	case number == cast.SIPLine, number == "line01":
		return cast.SIPLine
	case mango.Digits(number) != "":
		return mango.Text(mango.Digits(number))
	}
	return mango.Text(cast.Lines[0].Number)
}
