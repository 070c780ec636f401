package beeline

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/beeline/routing"
	"dozvon/app/practice/control"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// abonent is an employee as the portal writes him.
type abonent struct {
	UserID     string `json:"userId"`
	Phone      string `json:"phone"` // "" of an abonent without SIM
	FirstName  string `json:"firstName,omitempty"`
	LastName   string `json:"lastName,omitempty"`
	Department string `json:"department,omitempty"`
	Extension  string `json:"extension,omitempty"`
	Email      string `json:"email,omitempty"`
}

// abonentOf writes an employee; phone says how his number is written, which differs from answer to answer.
func (d *directory) abonentOf(e staff.Employee, phone func(string) string) abonent {
	last, first := names(e)
	a := abonent{
		UserID: d.userID(e), FirstName: first, LastName: last, Department: e.Department, Extension: e.Extension,
	}
	if e.Mobile != "" {
		a.Phone = phone(e.Mobile)
	}
	if !e.NoEmail {
		a.Email = "e" + e.Extension + "@example.com"
	}
	return a
}

// plus writes a number as +7….
func plus(digits string) string { return "+" + digits }

type abonentHandler func(w http.ResponseWriter, r *http.Request, e staff.Employee)

// ofAbonent finds the employee of a path.
func (a rest) ofAbonent(h abonentHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, root+"/v2/") && a.config.NoV2Call {
			portal.Refuse(w, http.StatusNotFound, portal.NotFound, "Ресурс не найден")
			return
		}
		e, ok := a.directory.abonent(r.PathValue("p"))
		if !ok {
			portal.Refuse(w, http.StatusBadRequest, portal.AbonentNotFound, "Абонент не найден")
			return
		}
		h(w, r, e)
	}
}

func (a rest) abonents(w http.ResponseWriter, _ *http.Request) {
	list := []abonent{}
	for _, e := range a.directory.All() {
		list = append(list, a.directory.abonentOf(e, portal.Ten))
	}
	control.JSON(w, http.StatusOK, list)
}

func (a rest) abonentInfo(w http.ResponseWriter, _ *http.Request, e staff.Employee) {
	control.JSON(w, http.StatusOK, a.directory.abonentOf(e, portal.Ten))
}

func (a rest) numberInfo(line string) routing.NumberInfo {
	return routing.NumberInfo{ID: a.directory.LineID(line), Phone: portal.Ten(line)}
}

func (a rest) numbers(w http.ResponseWriter, _ *http.Request) {
	list := []routing.NumberInfo{}
	for _, line := range Lines() {
		list = append(list, a.numberInfo(line))
	}
	control.JSON(w, http.StatusOK, list)
}

func (a rest) number(w http.ResponseWriter, r *http.Request) {
	line, ok := a.directory.Line(r.PathValue("p"))
	if !ok {
		portal.RefuseBad(w, "Номер не найден")
		return
	}
	control.JSON(w, http.StatusOK, a.numberInfo(line))
}

// callV1 answers with the call's extTrackingId as plain text (section 9).
func (a rest) callV1(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	tracking, _, ok := a.clickToCall(w, r, e)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, tracking) // a client that went away needs no answer
}

func (a rest) callV2(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	tracking, callID, ok := a.clickToCall(w, r, e)
	if ok {
		control.JSON(w, http.StatusOK, map[string]string{"callId": callID, "externalTrackingId": tracking})
	}
}

// clickToCall starts the call. Its first event goes out before the answer, whose way may be long.
func (a rest) clickToCall(w http.ResponseWriter, r *http.Request, e staff.Employee) (tracking, callID string, ok bool) {
	to, known := a.directory.resolve(r.URL.Query().Get("phoneNumber"))
	if !known || to.Group != "" || to.Outside == "" && to.Extensions[0] == e.Extension {
		portal.RefuseBad(w, "Абонент не зарегистрирован")
		return "", "", false
	}
	c := a.newCallback(e.Extension, to)
	began := make(chan *leg, 1)
	tracking, err := a.start(c, func() {
		own := outbound{c}.clickToCall()
		began <- own
		outbound{c}.calledBack(own)
	})
	if err != nil {
		portal.Refuse(w, http.StatusServiceUnavailable, portal.BadRequest, err.Error())
		return "", "", false
	}
	select {
	case own := <-began:
		callID = own.ID
	case <-a.life.Closed():
		return "", "", false
	}
	slow := time.Duration(a.luck.Get().CallAnswerMS) * time.Millisecond
	return tracking, callID, sim.Pause(r.Context(), slow)
}

// transfer takes callTransfer: blind, of a leg that talks.
func (a rest) transfer(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	to, ok := a.directory.resolve(r.URL.Query().Get("phoneNumber"))
	if !ok || to.Group != "" || to.Outside == "" && to.Extensions[0] == e.Extension {
		portal.RefuseBad(w, "Некорректный номер")
		return
	}
	a.command(w, e, command{kind: commandTransfer, leg: r.URL.Query().Get("callId"), to: to})
}

// transferConsult takes callTransferConsult: it joins two calls of the abonent. The second one is a
// consultation that he began on his telephone, or a call of the API's command.
func (a rest) transferConsult(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	cmd := command{kind: commandConnect, leg: r.URL.Query().Get("callId"), other: r.URL.Query().Get("callIdConsult")}
	first, _ := a.ownCall(e, cmd.leg)
	if second, ok := a.ownCall(e, cmd.other); ok && second != first {
		cmd.with = second
	}
	a.command(w, e, cmd)
}

// command hands a command to the call of a leg, which must be the abonent's.
func (a rest) command(w http.ResponseWriter, e staff.Employee, cmd command) {
	err := errNotTalking
	if c, ok := a.ownCall(e, cmd.leg); ok {
		err = a.ask(c, cmd)
	}
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.Is(err, practice.ErrClosed):
		portal.Refuse(w, http.StatusServiceUnavailable, portal.BadRequest, err.Error())
	default:
		portal.RefuseBad(w, "Вызов не найден")
	}
}

func (a rest) ownCall(e staff.Employee, callID string) (*call, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.legs[callID]
	if !ok {
		return nil, false
	}
	for _, l := range c.legs {
		if l.ID == callID && l.extension == e.Extension {
			return c, true
		}
	}
	return nil, false
}

// agent answers with a bare JSON string.
func (a rest) agent(w http.ResponseWriter, _ *http.Request, e staff.Employee) {
	portal.BareString(w, a.cabinet.agent(e.Extension))
}

// setAgent reads the state from the query, or from the body.
func (a rest) setAgent(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	state := r.URL.Query().Get("status")
	if state == "" && json.NewDecoder(r.Body).Decode(&state) != nil {
		portal.RefuseBad(w, "Не задан статус")
		return
	}
	if state != agentOnline && state != agentOffline && state != agentBreak {
		portal.RefuseBad(w, "Некорректный статус")
		return
	}
	a.cabinet.change(e.Extension, func(s *switches) { s.agent = state })
	w.WriteHeader(http.StatusOK)
}

func (a rest) recording(w http.ResponseWriter, _ *http.Request, e staff.Employee) {
	state := "OFF"
	if a.cabinet.recorded(e.Extension) {
		state = "ON"
	}
	portal.BareString(w, state)
}

func (a rest) switchRecording(on bool) abonentHandler {
	return func(w http.ResponseWriter, _ *http.Request, e staff.Employee) {
		a.cabinet.change(e.Extension, func(s *switches) { s.unrecorded = !on })
		w.WriteHeader(http.StatusOK)
	}
}

// addNumber gives an abonent an additional number; schedule says when it rings.
func (a rest) addNumber(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	number, schedule := staff.Digits(r.URL.Query().Get("phoneNumber")), r.URL.Query().Get("schedule")
	switch schedule {
	case "ROUND_THE_CLOCK", "WORKING_TIME", "NON_WORKING_TIME_AND_HOLIDAYS":
	default:
		portal.RefuseBad(w, "Некорректное расписание")
		return
	}
	if number == "" {
		portal.RefuseBad(w, "Некорректный номер")
		return
	}
	a.cabinet.change(e.Extension, func(s *switches) { s.extra[number] = schedule })
	w.WriteHeader(http.StatusOK)
}

func (a rest) removeNumber(w http.ResponseWriter, r *http.Request, e staff.Employee) {
	number := staff.Digits(r.URL.Query().Get("phoneNumber"))
	a.cabinet.change(e.Extension, func(s *switches) { delete(s.extra, number) })
	w.WriteHeader(http.StatusOK)
}
