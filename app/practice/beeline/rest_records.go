package beeline

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/control"
	"dozvon/app/practice/recordings"
	"dozvon/app/practice/staff"
)

// recordPage is the most recordings in one answer (section 10).
const recordPage = 100

// recordInfo is a recording as the portal writes it.
type recordInfo struct {
	ID         string  `json:"id"`
	ExternalID string  `json:"externalId"`
	CallID     string  `json:"callId"`
	Phone      string  `json:"phone"`
	Direction  string  `json:"direction"`
	Date       int64   `json:"date"`
	Duration   int64   `json:"duration"`
	FileSize   int     `json:"fileSize"`
	Comment    string  `json:"comment"`
	Abonent    abonent `json:"abonent"`
}

func (a rest) infoOf(r record) recordInfo {
	e, _ := a.directory.Employee(r.extension)
	sound, _ := a.archive.sounds.Sound(r.key())
	return recordInfo{
		ID: r.key(), ExternalID: r.tracking, CallID: r.callID, Phone: ten(r.client), Direction: directionWord(r.direction),
		Date: r.start, Duration: r.length, FileSize: len(sound), Abonent: a.directory.abonentOf(e, ten),
	}
}

func directionWord(direction int) string {
	if direction == practice.Inbound {
		return "INBOUND"
	}
	return "OUTBOUND"
}

// records answers with at most 100, oldest first, beginning after id.
func (a rest) records(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	span, ok := spanOf(q.Get("dateFrom"), q.Get("dateTo"))
	after := int64(0)
	if id := q.Get("id"); id != "" {
		var err error
		after, err = strconv.ParseInt(id, 10, 64)
		ok = ok && err == nil
	}
	if !ok {
		refuseBad(w, "Некорректный запрос")
		return
	}
	extension := ""
	if user := q.Get("userId"); user != "" {
		e, known := a.directory.abonent(user)
		if !known {
			refuse(w, http.StatusBadRequest, abonentNotFound, "Абонент не найден")
			return
		}
		extension = e.Extension
	}
	list := []recordInfo{}
	for _, one := range a.archive.page(after, recordPage, func(one record) bool {
		return span.has(one.start) && (extension == "" || one.extension == extension)
	}) {
		list = append(list, a.infoOf(one))
	}
	control.JSON(w, http.StatusOK, list)
}

// span is a part of time in ms; 0 is open.
type span struct{ from, to int64 }

func (s span) has(ms int64) bool { return ms >= s.from && (s.to == 0 || ms <= s.to) }

// spanOf reads dates in every form that was seen: with or without ms, with or without zone (UTC then).
func spanOf(from, to string) (s span, ok bool) {
	s.from, ok = dateOf(from)
	if !ok {
		return s, false
	}
	s.to, ok = dateOf(to)
	return s, ok
}

func dateOf(text string) (ms int64, ok bool) {
	if text == "" {
		return 0, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}

type recordHandler func(w http.ResponseWriter, r *http.Request, one record)

// byID finds the recording of a path by its id.
func (a rest) byID(h recordHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		one, ok := a.archive.find(r.PathValue("id"))
		a.found(w, r, one, ok, h)
	}
}

// byCall finds it by its call and its employee.
func (a rest) byCall(h recordHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e, known := a.directory.abonent(r.PathValue("user"))
		one, ok := a.archive.of(r.PathValue("ext"), e.Extension)
		a.found(w, r, one, known && ok, h)
	}
}

func (rest) found(w http.ResponseWriter, r *http.Request, one record, ok bool, h recordHandler) {
	if !ok {
		refuse(w, http.StatusNotFound, recordNotFound, "Запись не найдена")
		return
	}
	h(w, r, one)
}

func (a rest) recordInfo(w http.ResponseWriter, _ *http.Request, one record) {
	control.JSON(w, http.StatusOK, a.infoOf(one))
}

// download answers with the sound; whether the real PBX knows ranges is unknown, here it does.
func (a rest) download(w http.ResponseWriter, r *http.Request, one record) {
	sound, ok := a.archive.sounds.Sound(one.key())
	if !ok {
		refuse(w, http.StatusNotFound, recordNotFound, "Запись не найдена")
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, one.key()+".mp3", time.Time{}, bytes.NewReader(sound))
}

func (a rest) referenceV1(w http.ResponseWriter, r *http.Request, one record) {
	if address, ok := a.link(r, one); ok {
		control.JSON(w, http.StatusOK, map[string]string{"url": address})
		return
	}
	refuse(w, http.StatusNotFound, recordNotFound, "Запись не найдена")
}

func (a rest) referenceV2(w http.ResponseWriter, r *http.Request, one record) {
	address, ok := a.link(r, one)
	if !ok {
		refuse(w, http.StatusNotFound, recordNotFound, "Запись не найдена")
		return
	}
	control.JSON(w, http.StatusOK, map[string]any{
		"url": address, "fileSize": a.infoOf(one).FileSize, "fileType": "MP3",
		"expirationDate": a.config.Now().Add(recordings.LinkLife).UnixMilli(),
	})
}

// link makes a temporary address that needs no token.
func (a rest) link(r *http.Request, one record) (string, bool) {
	token, ok := a.archive.sounds.Link(one.key())
	return "http://" + r.Host + "/files/" + token, ok
}

func (a rest) deleteRecord(w http.ResponseWriter, r *http.Request) {
	if a.DeleteRecording(r.PathValue("id")) != nil {
		refuse(w, http.StatusNotFound, recordNotFound, "Запись не найдена")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

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

func (a rest) statisticsV1(w http.ResponseWriter, r *http.Request) {
	a.statistics(w, r, func(e staff.Employee, l *leg, one row) row {
		one.Abonent, one.Phone = a.directory.abonentOf(e, ten), tenOr(l)
		if one.Status != "RECIEVED" {
			one.Direction = "" // missing in some rows of one source
		}
		return one
	})
}

func (a rest) statisticsV2(w http.ResponseWriter, r *http.Request) {
	a.statistics(w, r, func(e staff.Employee, l *leg, one row) row {
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
		return ten(l.Remote.Number)
	}
	return l.Remote.Extension
}

// statistics answers with a page of rows, oldest first (the order is inferred).
func (a rest) statistics(w http.ResponseWriter, r *http.Request, as func(staff.Employee, *leg, row) row) {
	q := r.URL.Query()
	span, ok := spanOf(q.Get("dateFrom"), q.Get("dateTo"))
	page, errPage := strconv.Atoi(orZero(q.Get("page")))
	size, errSize := strconv.Atoi(orZero(q.Get("pageSize")))
	if !ok || span.from == 0 || span.to == 0 || errPage != nil || errSize != nil || page < 0 {
		refuseBad(w, "Не заданы обязательные параметры")
		return
	}
	size = min(max(size, minRows), maxRows)
	rows := []row{}
	for _, c := range a.history() {
		for _, l := range c.legs {
			e, ok := a.directory.Employee(l.extension)
			if !ok || !span.has(l.Start) || q.Get("userId") != "" && q.Get("userId") != l.target {
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
	if l.Personality != terminator {
		one.Direction, one.Status = "OUTBOUND", "PLACED"
	}
	return one
}
