package mango

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/sim"
)

// statsFields are the columns that the base statistics knows.
var statsFields = append(slices.Clone(mango.DefaultStatsFields), mango.FieldEntryID, mango.FieldCreate)

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

// statsRequest takes stats/request; result/stat tells when it is ready (section 3.4.1.1).
func (p *PBX) statsRequest(w http.ResponseWriter, raw []byte) int {
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
		if !slices.Contains(statsFields, f) {
			return mango.CodeBadFormat
		}
	}
	var csv bytes.Buffer
	if err := mango.WriteStats(&csv, p.statsRows(r, from, to), fields); err != nil {
		return mango.CodeServerMalfunction
	}
	key := p.stats.add(&statsJob{ready: time.Now().Add(p.config.StatsDelay), csv: csv.Bytes()})
	writeJSON(w, http.StatusOK, mango.StatsKey{Key: key})
	p.life.Background(func() {
		if sim.Pause(p.life.Context(), p.config.StatsDelay) {
			p.post(mango.PathResult+"stat", mango.Result{Key: key, RequestID: r.RequestID})
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

// statsRows lists the legs of the ended calls that began in the span. That the span is of the
// call's beginning, and that a voice menu's stay is a row too, is inferred.
func (p *PBX) statsRows(r baseRequest, from, to int64) []mango.StatsRow {
	var rows []mango.StatsRow
	for _, c := range p.history() {
		if c.began < from || c.began > to {
			continue
		}
		for _, l := range c.legs {
			if row := c.row(l); r.wants(row) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func (c *call) row(l *leg) mango.StatsRow {
	e := l.event
	line := e.To.LineNumber
	if line == "" && c.direction == mango.DirectionOutbound {
		line = c.line
	}
	return mango.StatsRow{
		Records: l.records, Start: l.began, Finish: l.ended, Answer: l.answered,
		FromExtension: string(e.From.Extension), FromNumber: string(e.From.Number),
		ToExtension: string(e.To.Extension), ToNumber: string(e.To.Number), Reason: int(l.reason),
		Line: string(line), Location: string(e.Location), EntryID: c.entryID, Create: c.began,
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
