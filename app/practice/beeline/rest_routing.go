package beeline

import (
	"net/http"

	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/control"
	"dozvon/app/practice/staff"
)

const (
	terminator = xsi.Terminator

	success = "SUCCESS"
	fault   = "FAULT"
)

// changed is what became of one part of a change of the routing.
type changed struct {
	Phone  string   `json:"phoneNumber,omitempty"`
	Rule   *Rule    `json:"rule,omitempty"`
	Status string   `json:"status"`
	Error  *refusal `json:"error,omitempty"`
}

// icrNumbers answers with the lines for which the rules act.
func (a rest) icrNumbers(w http.ResponseWriter, _ *http.Request) {
	list := []numberInfo{}
	for _, line := range a.routing.activeLines() {
		list = append(list, a.numberInfo(line))
	}
	control.JSON(w, http.StatusOK, list)
}

func (a rest) switchICR(on bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var numbers []string
		if !readJSON(w, r, &numbers) {
			return
		}
		list := []changed{}
		for _, number := range numbers {
			line, ok := a.directory.line(number)
			if !ok {
				list = append(list, changed{Phone: number, Status: fault, Error: &refusal{badRequest, "Номер не найден"}})
				continue
			}
			a.routing.act(line, on)
			list = append(list, changed{Phone: number, Status: success})
		}
		control.JSON(w, http.StatusOK, list)
	}
}

func (a rest) rules(w http.ResponseWriter, _ *http.Request) {
	control.JSON(w, http.StatusOK, a.routing.list())
}

// setRules takes POST and PUT icr/route: one of the two forgets all other rules (section 12).
func (a rest) setRules(w http.ResponseWriter, r *http.Request) {
	var asked []Rule
	if !readJSON(w, r, &asked) {
		return
	}
	list, good := []changed{}, []Rule{}
	for _, rule := range asked {
		client := staff.Digits(rule.Number)
		_, known := a.directory.Employee(rule.Extension)
		switch {
		case client == "":
			list = append(list, changed{Rule: &rule, Status: fault, Error: &refusal{badRequest, "Некорректный номер"}})
		case !known:
			list = append(list, changed{Rule: &rule, Status: fault, Error: &refusal{badRequest, "Добавочный номер не найден"}})
		default:
			rule.Number = ten(client)
			good = append(good, rule)
			list = append(list, changed{Rule: &rule, Status: success})
		}
	}
	a.routing.change(good, r.Method == a.config.ICRReplaces)
	control.JSON(w, http.StatusOK, list)
}

func (a rest) removeRules(w http.ResponseWriter, r *http.Request) {
	var asked []Rule
	if !readJSON(w, r, &asked) {
		return
	}
	list := []changed{}
	for _, rule := range asked {
		one := changed{Rule: &rule, Status: success}
		if client := staff.Digits(rule.Number); client == "" || !a.routing.remove(Rule{Number: ten(client)}) {
			one.Status, one.Error = fault, &refusal{badRequest, "Правило не найдено"}
		}
		list = append(list, one)
	}
	control.JSON(w, http.StatusOK, list)
}
