package stats

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
	"dozvon/app/practice/sim"
)

// columns are what that the base statistics knows.
var columns = append(slices.Clone(mango.DefaultStatsFields), mango.FieldEntryID, mango.FieldCreate)

// fieldList is the columns of a request, as the comma string of today's document or the JSON array of version 1.10.
type fieldList []string

// UnmarshalJSON reads either.
func (f *fieldList) UnmarshalJSON(raw []byte) error {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		*f = list
		return nil
	}
	var text mango.Text
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	for name := range strings.SplitSeq(string(text), ",") {
		if name = strings.TrimSpace(name); name != "" {
			*f = append(*f, name)
		}
	}
	return nil
}

// baseRequest is mango.StatsRequest with the columns in either form.
type baseRequest struct {
	mango.StatsRequest
	Fields fieldList `json:"fields"`
}

// Codes of the reference's table of results.
const (
	codeDateSpan = 3111
	codeOnlyOne  = 3123
	codeTooSmall = 3108
)

// Request takes stats/request; result/stat tells when it is ready (section 3.4.1.1).
func (s *Service) Request(w http.ResponseWriter, raw []byte) int {
	var r baseRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	from, to, code := r.span()
	if code != mango.CodeDone {
		return code
	}
	if code := r.checkParties(); code != mango.CodeDone {
		return code
	}
	fields := []string(r.Fields)
	if len(fields) == 0 {
		fields = mango.DefaultStatsFields
	}
	for _, f := range fields {
		if !slices.Contains(columns, f) {
			return mango.CodeBadFormat
		}
	}
	var csv bytes.Buffer
	if err := mango.WriteStats(&csv, s.rows(r, from, to), fields); err != nil {
		return mango.CodeServerMalfunction
	}
	key := s.add(&job{ready: time.Now().Add(s.config.Delay), csv: csv.Bytes()})
	control.JSON(w, http.StatusOK, mango.StatsKey{Key: key})
	s.config.Life.Background(func() {
		if sim.Pause(s.config.Life.Context(), s.config.Delay) {
			s.config.Ready(key, r.RequestID)
		}
	})
	return mango.CodeDone
}

func (r baseRequest) span() (from, to int64, code int) {
	if r.DateFrom == "" || r.DateTo == "" {
		return 0, 0, mango.CodeMissingParam
	}
	from, errFrom := strconv.ParseInt(string(r.DateFrom), 10, 64)
	to, errTo := strconv.ParseInt(string(r.DateTo), 10, 64)
	switch {
	case errFrom != nil || errTo != nil:
		return 0, 0, mango.CodeBadFormat
	case to < from, time.Unix(from, 0).In(mango.Moscow).AddDate(0, 1, 0).Before(time.Unix(to, 0)):
		return 0, 0, codeDateSpan
	}
	return from, to, mango.CodeDone
}

// checkParties refuses call_party beside from or to, and values that are no numbers.
func (r baseRequest) checkParties() int {
	if r.CallParty != nil && (r.From != nil || r.To != nil) {
		return codeOnlyOne
	}
	for _, party := range []*mango.StatsParty{r.From, r.To, r.CallParty} {
		if party == nil {
			continue
		}
		if party.Extension != "" && !allDigits(string(party.Extension)) ||
			party.Number != "" && !allDigits(string(party.Number)) && !mango.IsSIP(string(party.Number)) {
			return mango.CodeBadFormat
		}
	}
	return mango.CodeDone
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// rows lists the legs of the ended calls that began in the span. That the span is of the
// call's beginning, and that a voice menu's stay is a row too, is inferred.
func (s *Service) rows(r baseRequest, from, to int64) []mango.StatsRow {
	var rows []mango.StatsRow
	for _, c := range s.config.History() {
		if c.Began < from || c.Began > to {
			continue
		}
		for _, l := range c.Legs {
			if row := c.row(l); r.wants(row) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func (c Call) row(l Leg) mango.StatsRow {
	e := l.Event
	line := e.To.LineNumber
	if line == "" && c.Direction == mango.DirectionOutbound {
		line = c.Line
	}
	return mango.StatsRow{
		Records: l.Records, Start: l.Began, Finish: l.Ended, Answer: l.Answered,
		FromExtension: string(e.From.Extension), FromNumber: string(e.From.Number),
		ToExtension: string(e.To.Extension), ToNumber: string(e.To.Number), Reason: int(l.Reason),
		Line: string(line), Location: string(e.Location), EntryID: c.EntryID, Create: c.Began,
	}
}

func (r baseRequest) wants(row mango.StatsRow) bool {
	from := func(p *mango.StatsParty) bool { return partyIs(p, row.FromExtension, row.FromNumber) }
	to := func(p *mango.StatsParty) bool { return partyIs(p, row.ToExtension, row.ToNumber) }
	if r.CallParty != nil {
		return from(r.CallParty) || to(r.CallParty)
	}
	return from(r.From) && to(r.To)
}

func partyIs(p *mango.StatsParty, extension, number string) bool {
	return p == nil ||
		(p.Extension == "" || string(p.Extension) == extension) && (p.Number == "" || string(p.Number) == number)
}
