package routing

import (
	"net/http"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/control"
	"dozvon/app/practice/staff"
)

const (
	success = "SUCCESS"
	fault   = "FAULT"
)

// NumberInfo is a multichannel number as the portal writes it.
type NumberInfo struct {
	ID    string `json:"numberId"`
	Phone string `json:"phone"`
}

// changed is what became of one part of a change of the routing.
type changed struct {
	Phone  string          `json:"phoneNumber,omitempty"`
	Rule   *Rule           `json:"rule,omitempty"`
	Status string          `json:"status"`
	Error  *portal.Refusal `json:"error,omitempty"`
}

// Numbers answers with the lines for which the rules act.
func (r *Table) Numbers(w http.ResponseWriter, _ *http.Request) {
	list := []NumberInfo{}
	for _, line := range r.activeLines() {
		list = append(list, NumberInfo{ID: r.directory.LineID(line), Phone: portal.Ten(line)})
	}
	control.JSON(w, http.StatusOK, list)
}

// Switch lets the rules act for lines, or no more.
func (r *Table) Switch(on bool) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		var numbers []string
		if !portal.ReadJSON(w, request, &numbers) {
			return
		}
		list := []changed{}
		for _, number := range numbers {
			line, ok := r.directory.Line(number)
			if !ok {
				list = append(list, changed{Phone: number, Status: fault, Error: &portal.Refusal{Code: portal.BadRequest, Description: "Номер не найден"}})
				continue
			}
			r.act(line, on)
			list = append(list, changed{Phone: number, Status: success})
		}
		control.JSON(w, http.StatusOK, list)
	}
}

// Rules answers with the rules.
func (r *Table) Rules(w http.ResponseWriter, _ *http.Request) {
	control.JSON(w, http.StatusOK, r.List())
}

// Set takes POST and PUT icr/route: one of the two forgets all other rules (section 12).
func (r *Table) Set(w http.ResponseWriter, request *http.Request) {
	var asked []Rule
	if !portal.ReadJSON(w, request, &asked) {
		return
	}
	list, good := []changed{}, []Rule{}
	for _, rule := range asked {
		client := staff.Digits(rule.Number)
		switch {
		case client == "":
			list = append(list, changed{Rule: &rule, Status: fault, Error: &portal.Refusal{Code: portal.BadRequest, Description: "Некорректный номер"}})
		case !r.directory.HasExtension(rule.Extension):
			list = append(list, changed{Rule: &rule, Status: fault, Error: &portal.Refusal{Code: portal.BadRequest, Description: "Добавочный номер не найден"}})
		default:
			rule.Number = portal.Ten(client)
			good = append(good, rule)
			list = append(list, changed{Rule: &rule, Status: success})
		}
	}
	r.change(good, request.Method == r.replaces)
	control.JSON(w, http.StatusOK, list)
}

// Delete removes rules; the employee that a request names does not matter (inferred).
func (r *Table) Delete(w http.ResponseWriter, request *http.Request) {
	var asked []Rule
	if !portal.ReadJSON(w, request, &asked) {
		return
	}
	list := []changed{}
	for _, rule := range asked {
		one := changed{Rule: &rule, Status: success}
		if client := staff.Digits(rule.Number); client == "" || !r.remove(Rule{Number: portal.Ten(client)}) {
			one.Status, one.Error = fault, &portal.Refusal{Code: portal.BadRequest, Description: "Правило не найдено"}
		}
		list = append(list, one)
	}
	control.JSON(w, http.StatusOK, list)
}
