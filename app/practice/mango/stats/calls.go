package stats

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
)

// callsRequest is mango.StatsCallsRequest with the filters that only a PBX needs to know.
type callsRequest struct {
	mango.StatsCallsRequest
	GroupIDs []mango.Int `json:"group_ids"`
	// RecallStatus is 0 called back in vain, 1 called back, 2 not called back; only of missed inbound calls.
	RecallStatus *mango.Int `json:"recall_status"`

	from, to      time.Time
	limit, offset int
}

// minSearch is the shortest search_string in characters.
const minSearch = 3

// CallsRequest takes stats/calls/request (section 3.4.2.2). Wrong fields are named in the
// answer, which comes with HTTP 200.
func (s *Service) CallsRequest(w http.ResponseWriter, raw []byte) int {
	var r callsRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if wrong := r.check(); len(wrong) > 0 {
		s.config.Wrong(mango.CodeBadParameters)
		control.JSON(w, http.StatusOK, mango.StatsRefusal{Result: mango.CodeBadParameters, Fields: wrong})
		return mango.CodeDone
	}
	page := s.page(&r)
	key := s.add(&job{ready: time.Now().Add(s.config.Delay), page: page})
	control.JSON(w, http.StatusOK, mango.StatsKey{Key: key})
	return mango.CodeDone
}

// check parses the fields and names the wrong ones with their codes.
func (r *callsRequest) check() map[mango.Text]mango.Int {
	wrong := map[mango.Text]mango.Int{}
	for _, f := range []struct {
		name  mango.Text
		value mango.Text
		parse func(string) bool
	}{
		{"start_date", r.StartDate, r.date(&r.from)},
		{"end_date", r.EndDate, r.date(&r.to)},
		{"limit", r.Limit, number(&r.limit)},
		{"offset", r.Offset, number(&r.offset)},
	} {
		switch {
		case f.value == "":
			wrong[f.name] = mango.CodeMissingParam
		case !f.parse(string(f.value)):
			wrong[f.name] = mango.CodeBadFormat
		}
	}
	if _, bad := wrong["limit"]; !bad && !slices.Contains(mango.StatsLimits[:], r.limit) {
		wrong["limit"] = mango.CodeBadFormat
	}
	if r.SearchString != "" && utf8.RuneCountInString(string(r.SearchString)) < minSearch {
		wrong["search_string"] = codeTooSmall
	}
	if len(wrong) == 0 && (r.to.Before(r.from) || r.to.Sub(r.from) >= mango.StatsSpan) {
		wrong["end_date"] = codeDateSpan
	}
	return wrong
}

func (*callsRequest) date(into *time.Time) func(string) bool {
	return func(text string) bool {
		t, err := time.ParseInLocation(mango.StatsDate, text, mango.Moscow)
		*into = t
		return err == nil
	}
}

func number(into *int) func(string) bool {
	return func(text string) bool {
		n, err := strconv.Atoi(text)
		*into = n
		return err == nil && n >= 0
	}
}

// callsPage is what one request asked for: a page of calls, and the totals of their days.
type callsPage struct {
	calls []statsCall
	total map[string]*mango.StatsDay
}

// page picks the calls of a request, oldest first (the order is inferred).
func (s *Service) page(r *callsRequest) *callsPage {
	history := s.config.History()
	recalls := recallsOf(history)
	page := &callsPage{total: map[string]*mango.StatsDay{}}
	seen := 0
	for _, c := range history {
		began := time.Unix(c.Began, 0)
		if began.Before(r.from) || began.After(r.to) {
			continue
		}
		call := s.call(c, recalls)
		if !r.wants(call) {
			continue
		}
		page.count(call)
		if seen++; seen > r.offset && len(page.calls) < r.limit {
			page.calls = append(page.calls, call)
		}
	}
	return page
}

// count adds a call to its day's totals, which are the whole day's and not the page's (inferred).
func (p *callsPage) count(c statsCall) {
	day := p.total[c.day()]
	if day == nil {
		day = &mango.StatsDay{}
		p.total[c.day()] = day
	}
	day.Count++
	day.Calls += c.Duration
	day.Talks += c.Talk
}

// days groups the page.
func (p *callsPage) days() []statsDay {
	days := []statsDay{}
	for _, c := range p.calls {
		if n := len(days); n == 0 || string(days[n-1].Period) != c.day() {
			d := statsDay{StatsDay: *p.total[c.day()]}
			d.Period = mango.Text(c.day())
			days = append(days, d)
		}
		last := &days[len(days)-1]
		last.List = append(last.List, c)
	}
	return days
}

// wants applies the filters.
func (r *callsRequest) wants(c statsCall) bool {
	switch {
	case r.ContextType != 0 && r.ContextType != c.Type,
		r.ContextStatus != nil && *r.ContextStatus != c.Status,
		len(r.UserIDs) > 0 && !c.involves("user", r.UserIDs),
		len(r.GroupIDs) > 0 && !c.involves("group", r.GroupIDs),
		r.RecallStatus != nil && (*r.RecallStatus != c.RecallStatus || c.Type != mango.ContextIn || c.Status != 0):
		return false
	}
	search := strings.ToLower(string(r.SearchString))
	if search == "" {
		return true
	}
	for _, text := range []mango.Text{c.CallerName, c.CallerNumber, c.CalledNumber} {
		if strings.Contains(strings.ToLower(string(text)), search) {
			return true
		}
	}
	return slices.ContainsFunc(c.Legs, func(l statsLeg) bool {
		return strings.Contains(strings.ToLower(string(l.AbonentInfo)), search)
	})
}
