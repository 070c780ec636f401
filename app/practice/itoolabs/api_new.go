package itoolabs

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/practice/control"
)

// moscow is the zone of the old listing.
var moscow = time.FixedZone("+03:00", 3*60*60)

// newAPI takes the requests of crmapi/v1 (section 7).
func (a *api) newAPI() http.HandlerFunc {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+itoolabs.PathNew+itoolabs.NewAccounts, a.newUsers)
	mux.HandleFunc("POST /"+itoolabs.PathNew+itoolabs.NewMakeCall, a.newMakeCall)
	mux.HandleFunc("GET /"+itoolabs.PathNew+itoolabs.NewHistory, a.newHistory)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusNotFound) })
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(itoolabs.HeaderKey) != a.pbx.config.Key {
			refuse(w, r, http.StatusUnauthorized, "Invalid token")
			return
		}
		mux.ServeHTTP(w, r)
	}
}

// number reads a parameter of paging; what is none is otherwise.
func number(r *http.Request, name string, otherwise int) int {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

func (a *api) newUsers(w http.ResponseWriter, r *http.Request) {
	items := []map[string]string{}
	for _, e := range a.pbx.directory.All() {
		items = append(items, map[string]string{
			"login": Login(e.Extension), "name": e.Name, "email": "", "ext": e.Extension, "telnum": e.Mobile, "role": "user",
		})
	}
	start := min(number(r, "start", 0), len(items))
	end := min(start+number(r, "limit", len(items)), len(items))
	control.JSON(w, http.StatusOK, map[string]any{"items": items[start:end]})
}

func (a *api) newMakeCall(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Phone string `json:"phone"`
		User  string `json:"user"`
		CLID  string `json:"clid"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
		refuse(w, r, http.StatusBadRequest, "Invalid JSON")
		return
	}
	callID, parameter, err := a.pbx.order(in.User, in.Phone)
	if err != nil {
		invalid(w, r, parameter)
		return
	}
	if !a.slow(r, a.pbx.luck.Get().CallAnswerMS) {
		return
	}
	if a.pbx.config.Answer != AnswerText {
		control.JSON(w, http.StatusOK, struct{}{})
		return
	}
	control.JSON(w, http.StatusOK, map[string]string{"callid": callID})
}

func (a *api) newHistory(w http.ResponseWriter, r *http.Request) {
	rows, ok := a.asked(w, r)
	if !ok {
		return
	}
	list := []map[string]any{}
	for _, row := range rows {
		list = append(list, row.JSON())
	}
	control.JSON(w, http.StatusOK, list)
}

// asked are the rows of a listing, the newest first, no more than limit: what is left out nobody says.
func (a *api) asked(w http.ResponseWriter, r *http.Request) ([]itoolabs.Row, bool) {
	from, to, ok := period(r, a.pbx.config.Now())
	if !ok {
		invalid(w, r, "start")
		return nil, false
	}
	if !a.slow(r, a.pbx.luck.Get().ListingSlowMS) {
		return nil, false
	}
	kind := cmp.Or(r.FormValue("type"), "all")
	var rows []itoolabs.Row
	for _, c := range a.pbx.history() {
		if a.pbx.config.Now().Sub(c.finished) < a.pbx.config.ListingDelay {
			continue
		}
		for _, part := range c.parts {
			row := a.pbx.row(c, part)
			if !row.Start.Before(from) && !row.Start.After(to) && (kind == "all" || kind == row.Type) {
				rows = append(rows, row)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b itoolabs.Row) int { return b.Start.Compare(a.Start) })
	return rows[:min(len(rows), number(r, "limit", len(rows)))], true
}

// period is the time that a listing is asked for: start and end, or a name.
func period(r *http.Request, now time.Time) (from, to time.Time, ok bool) {
	now = now.In(moscow)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, moscow)
	monday := today.AddDate(0, 0, -int(today.Weekday()+6)%7)
	first := today.AddDate(0, 0, 1-today.Day())
	switch r.FormValue("period") {
	case "":
		from, begins := itoolabs.ReadMoment(r.FormValue("start"))
		to, ends := itoolabs.ReadMoment(r.FormValue("end"))
		if r.FormValue("end") == "" {
			to, ends = now, true
		}
		return from, to, begins && ends
	case "today":
		return today, now, true
	case "yesterday":
		return today.AddDate(0, 0, -1), today, true
	case "this_week":
		return monday, now, true
	case "last_week":
		return monday.AddDate(0, 0, -7), monday, true
	case "this_month":
		return first, now, true
	case "last_month":
		return first.AddDate(0, -1, 0), first, true
	}
	return from, to, false
}
