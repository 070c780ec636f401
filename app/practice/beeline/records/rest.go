package records

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"dozvon/app/practice/beeline/portal"
	"dozvon/app/practice/control"
	"dozvon/app/practice/recordings"
)

// pageSize is the most recordings in one answer (section 10).
const pageSize = 100

// info is a recording as the portal writes it.
type info struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId"`
	CallID     string `json:"callId"`
	Phone      string `json:"phone"`
	Direction  string `json:"direction"`
	Date       int64  `json:"date"`
	Duration   int64  `json:"duration"`
	FileSize   int    `json:"fileSize"`
	Comment    string `json:"comment"`
	Abonent    any    `json:"abonent"`
}

func (a *Archive) infoOf(r Record) info {
	sound, _ := a.Sounds.Sound(r.key())
	direction := "OUTBOUND"
	if r.Inbound {
		direction = "INBOUND"
	}
	return info{
		ID: r.key(), ExternalID: r.Tracking, CallID: r.CallID, Phone: portal.Ten(r.Client), Direction: direction,
		Date: r.Start, Duration: r.length, FileSize: len(sound), Abonent: a.directory.AbonentInfo(r.Extension),
	}
}

// List answers with at most 100, oldest first, beginning after id.
func (a *Archive) List(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	span, ok := portal.SpanOf(q.Get("dateFrom"), q.Get("dateTo"))
	after := int64(0)
	if id := q.Get("id"); id != "" {
		var err error
		after, err = strconv.ParseInt(id, 10, 64)
		ok = ok && err == nil
	}
	if !ok {
		portal.RefuseBad(w, "Некорректный запрос")
		return
	}
	extension := ""
	if user := q.Get("userId"); user != "" {
		var known bool
		if extension, known = a.directory.ExtensionOf(user); !known {
			portal.Refuse(w, http.StatusBadRequest, portal.AbonentNotFound, "Абонент не найден")
			return
		}
	}
	list := []info{}
	for _, one := range a.page(after, pageSize, func(one Record) bool {
		return span.Has(one.Start) && (extension == "" || one.Extension == extension)
	}) {
		list = append(list, a.infoOf(one))
	}
	control.JSON(w, http.StatusOK, list)
}

// Handler answers about one recording.
type Handler func(w http.ResponseWriter, r *http.Request, one Record)

// ByID finds the recording of a path by its id.
func (a *Archive) ByID(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		one, ok := a.find(r.PathValue("id"))
		a.found(w, r, one, ok, h)
	}
}

// ByCall finds it by its call and its employee.
func (a *Archive) ByCall(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		extension, known := a.directory.ExtensionOf(r.PathValue("user"))
		one, ok := a.of(r.PathValue("ext"), extension)
		a.found(w, r, one, known && ok, h)
	}
}

func (*Archive) found(w http.ResponseWriter, r *http.Request, one Record, ok bool, h Handler) {
	if !ok {
		portal.Refuse(w, http.StatusNotFound, portal.RecordNotFound, "Запись не найдена")
		return
	}
	h(w, r, one)
}

// Info answers with a recording's description.
func (a *Archive) Info(w http.ResponseWriter, _ *http.Request, one Record) {
	control.JSON(w, http.StatusOK, a.infoOf(one))
}

// Download answers with the sound; whether the real PBX knows ranges is unknown, here it does.
func (a *Archive) Download(w http.ResponseWriter, r *http.Request, one Record) {
	sound, ok := a.Sounds.Sound(one.key())
	if !ok {
		portal.Refuse(w, http.StatusNotFound, portal.RecordNotFound, "Запись не найдена")
		return
	}
	w.Header().Set("Content-Type", "audio/mpeg")
	http.ServeContent(w, r, one.key()+".mp3", time.Time{}, bytes.NewReader(sound))
}

// ReferenceV1 answers with a temporary address, ReferenceV2 with more about it.
func (a *Archive) ReferenceV1(w http.ResponseWriter, r *http.Request, one Record) {
	if address, ok := a.link(r, one); ok {
		control.JSON(w, http.StatusOK, map[string]string{"url": address})
		return
	}
	portal.Refuse(w, http.StatusNotFound, portal.RecordNotFound, "Запись не найдена")
}

func (a *Archive) ReferenceV2(w http.ResponseWriter, r *http.Request, one Record) {
	address, ok := a.link(r, one)
	if !ok {
		portal.Refuse(w, http.StatusNotFound, portal.RecordNotFound, "Запись не найдена")
		return
	}
	control.JSON(w, http.StatusOK, map[string]any{
		"url": address, "fileSize": a.infoOf(one).FileSize, "fileType": "MP3",
		"expirationDate": a.now().Add(recordings.LinkLife).UnixMilli(),
	})
}

// link makes a temporary address that needs no token.
func (a *Archive) link(r *http.Request, one Record) (string, bool) {
	token, ok := a.Sounds.Link(one.key())
	return "http://" + r.Host + "/files/" + token, ok
}

// Delete removes a recording.
func (a *Archive) Delete(w http.ResponseWriter, r *http.Request) {
	if !a.Remove(r.PathValue("id")) {
		portal.Refuse(w, http.StatusNotFound, portal.RecordNotFound, "Запись не найдена")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
