package mango

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Paths of the statistics: the base one, a CSV row per leg, and the extended one, JSON per call.
const (
	PathStats            = "stats/request"
	PathStatsResult      = "stats/result"
	PathStatsCalls       = "stats/calls/request"
	PathStatsCallsResult = "stats/calls/result"
)

// Moscow is the zone of every date that Mango writes as text: UTC+3 all year since 2014.
var Moscow = time.FixedZone("MSK", 3*60*60)

const (
	// StatsDate is the layout of start_date and end_date, Moscow wall time. ISO dates give 3104.
	StatsDate = "02.01.2006 15:04:05"
	// StatsSpan bounds one request: the span must be strictly shorter than 30 days (3111 else).
	StatsSpan = 30 * 24 * time.Hour
	// StatsPoll is how often the result of one key may be asked for.
	StatsPoll = 5 * time.Second
)

// StatsLimits are the page sizes that the extended statistics takes.
var StatsLimits = [...]int{1, 5, 10, 20, 50, 100, 500, 1000, 2000, 5000}

// Fields of a row of the base statistics.
const (
	FieldRecords       = "records"
	FieldStart         = "start"
	FieldFinish        = "finish"
	FieldAnswer        = "answer"
	FieldFromExtension = "from_extension"
	FieldFromNumber    = "from_number"
	FieldToExtension   = "to_extension"
	FieldToNumber      = "to_number"
	FieldReason        = "disconnect_reason"
	FieldLine          = "line_number"
	FieldLocation      = "location"
	FieldEntryID       = "entry_id"
	FieldCreate        = "create"
)

// DefaultStatsFields is what the base statistics answers with when a request names no fields.
// It lacks entry_id, without which a row cannot be joined to the events.
var DefaultStatsFields = []string{
	FieldRecords, FieldStart, FieldFinish, FieldAnswer, FieldFromExtension, FieldFromNumber,
	FieldToExtension, FieldToNumber, FieldReason, FieldLine, FieldLocation,
}

// StatsParty narrows the base statistics to one end.
type StatsParty struct {
	Extension Text `json:"extension,omitempty"`
	Number    Text `json:"number,omitempty"`
}

// StatsRequest starts the base statistics; the answer is a StatsKey.
type StatsRequest struct {
	DateFrom Text `json:"date_from"` // Unix seconds
	DateTo   Text `json:"date_to"`   // Unix seconds; at most a month after DateFrom
	// Fields is a comma-separated list of the Field constants.
	Fields    Text        `json:"fields,omitempty"`
	From      *StatsParty `json:"from,omitempty"`
	To        *StatsParty `json:"to,omitempty"`
	CallParty *StatsParty `json:"call_party,omitempty"` // not together with From or To
	RequestID Text        `json:"request_id,omitempty"`
}

// StatsKey names a statistics that the PBX is computing. It is both an answer and the request
// for the result.
type StatsKey struct {
	Key Text `json:"key"`
}

// StatsRow is one leg of the base statistics.
type StatsRow struct {
	Records                   []string
	Start, Finish, Answer     int64 // Unix seconds; Answer 0: not answered
	FromExtension, FromNumber string
	ToExtension, ToNumber     string
	Reason                    int
	Line, Location, EntryID   string
	Create                    int64 // Unix seconds
}

// ReadStats parses the body of stats/result, whose columns are fields, in this order. Lines end
// in CRLF or LF; there is no header and no quoting (Mango VPBX API, section 3.4.1.2).
func ReadStats(body io.Reader, fields []string) ([]StatsRow, error) {
	r := csv.NewReader(body)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = ';', -1, true
	var rows []StatsRow
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: reading statistics: %w", ErrMalformed, err)
		}
		if len(record) < len(fields) {
			return nil, fmt.Errorf("%w: reading statistics: row %d has %d columns, %d expected", ErrMalformed, len(rows)+1, len(record), len(fields))
		}
		row, err := statsRow(record, fields)
		if err != nil {
			return nil, fmt.Errorf("%w: reading statistics: row %d: %w", ErrMalformed, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
}

func statsRow(record, fields []string) (StatsRow, error) {
	var row StatsRow
	number := func(into *int64, text string) error {
		if text = strings.TrimSpace(text); text == "" {
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", clip(text))
		}
		*into = n
		return nil
	}
	for i, field := range fields {
		var err error
		switch text := record[i]; field {
		case FieldRecords:
			row.Records = recordIDs(text)
		case FieldStart:
			err = number(&row.Start, text)
		case FieldFinish:
			err = number(&row.Finish, text)
		case FieldAnswer:
			err = number(&row.Answer, text)
		case FieldCreate:
			err = number(&row.Create, text)
		case FieldReason:
			var reason int64
			err = number(&reason, text)
			row.Reason = int(reason)
		case FieldFromExtension:
			row.FromExtension = text
		case FieldFromNumber:
			row.FromNumber = text
		case FieldToExtension:
			row.ToExtension = text
		case FieldToNumber:
			row.ToNumber = text
		case FieldLine:
			row.Line = text
		case FieldLocation:
			row.Location = text
		case FieldEntryID:
			row.EntryID = text
		}
		if err != nil {
			return row, fmt.Errorf("%s: %w", field, err)
		}
	}
	return row, nil
}

// recordIDs strips the brackets, which may be nested or quoted, off "[id1,id2]".
func recordIDs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(`[]", '`, r) })
}

// WriteStats writes rows the way the PBX does: no header, no quotes, CRLF.
func WriteStats(w io.Writer, rows []StatsRow, fields []string) error {
	for _, row := range rows {
		columns := make([]string, len(fields))
		for i, field := range fields {
			columns[i] = row.column(field)
		}
		if _, err := io.WriteString(w, strings.Join(columns, ";")+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

func (r StatsRow) column(field string) string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	switch field {
	case FieldRecords:
		return "[" + strings.Join(r.Records, ",") + "]"
	case FieldStart:
		return number(r.Start)
	case FieldFinish:
		return number(r.Finish)
	case FieldAnswer:
		return number(r.Answer)
	case FieldCreate:
		return number(r.Create)
	case FieldFromExtension:
		return r.FromExtension
	case FieldFromNumber:
		return r.FromNumber
	case FieldToExtension:
		return r.ToExtension
	case FieldToNumber:
		return r.ToNumber
	case FieldReason:
		return strconv.Itoa(r.Reason)
	case FieldLine:
		return r.Line
	case FieldLocation:
		return r.Location
	case FieldEntryID:
		return r.EntryID
	}
	return ""
}
