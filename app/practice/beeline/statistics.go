package beeline

import (
	"net/http"
	"strconv"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/control"
	"dozvon/app/practice/staff"
)

// statistics answers with what the PBX counted (section 11).
type statistics struct{ *PBX }

// Numbers of rows in one answer of the statistics (section 11).
const (
	minRows = 10
	maxRows = 100
)

// row is one leg of an abonent in the statistics: no id, no answer time, no line, no cause.
type row struct {
	Start      int64   `json:"startDate"`
	Abonent    abonent `json:"abonent"`
	Direction  string  `json:"direction,omitempty"`
	Status     string  `json:"status"`
	Duration   int64   `json:"duration"`
	Phone      string  `json:"phone,omitempty"`
	From       string  `json:"phone_from,omitempty"`
	To         string  `json:"phone_to,omitempty"`
	Department string  `json:"department,omitempty"`
	Forward    string  `json:"callForward,omitempty"`
}

func (a statistics) v1(w http.ResponseWriter, r *http.Request) {
	a.answer(w, r, func(e staff.Employee, l *leg, one row) row {
		one.Abonent, one.Phone = a.directory.abonentOf(e, portal.Ten), tenOr(l)
		if one.Status != "RECIEVED" {
			one.Direction = "" // missing in some rows of one source
		}
		return one
	})
}

func (a statistics) v2(w http.ResponseWriter, r *http.Request) {
	a.answer(w, r, func(e staff.Employee, l *leg, one row) row {
		one.Abonent = a.directory.abonentOf(e, plus)
		number := l.Remote.Extension
		if l.Remote.Number != "" {
			number = plus(l.Remote.Number)
		}
		if one.Direction == "INBOUND" {
			one.From = number
		} else {
			one.To = number
		}
		return one
	})
}

func tenOr(l *leg) string {
	if l.Remote.Number != "" {
		return portal.Ten(l.Remote.Number)
	}
	return l.Remote.Extension
}

// answer answers with a page of rows, oldest first (the order is inferred).
func (a statistics) answer(w http.ResponseWriter, r *http.Request, as func(staff.Employee, *leg, row) row) {
	q := r.URL.Query()
	span, ok := portal.SpanOf(q.Get("dateFrom"), q.Get("dateTo"))
	page, errPage := strconv.Atoi(orZero(q.Get("page")))
	size, errSize := strconv.Atoi(orZero(q.Get("pageSize")))
	if !ok || span.From == 0 || span.To == 0 || errPage != nil || errSize != nil || page < 0 {
		portal.RefuseBad(w, "Не заданы обязательные параметры")
		return
	}
	size = min(max(size, minRows), maxRows)
	rows := []row{}
	for _, c := range a.history() {
		for _, l := range c.legs {
			e, ok := a.directory.Employee(l.extension)
			if !ok || !span.Has(l.Start) || q.Get("userId") != "" && q.Get("userId") != l.target {
				continue
			}
			rows = append(rows, as(e, l, rowOf(l)))
		}
	}
	from := min(page*size, len(rows))
	control.JSON(w, http.StatusOK, rows[from:min(from+size, len(rows))])
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// rowOf is what the statistics keep of a leg. A dialled one that nobody answered lasts 0.
func rowOf(l *leg) row {
	one := row{Start: l.Start, Direction: "INBOUND", Status: "MISSED", Forward: l.forwarded}
	if l.Answer > 0 {
		end := l.Release
		if l.DetachedAt > 0 {
			end = l.DetachedAt
		}
		one.Status, one.Duration = "RECIEVED", end-l.Answer // sic
	}
	if l.Personality != xsi.Terminator {
		one.Direction, one.Status = "OUTBOUND", "PLACED"
	}
	return one
}
