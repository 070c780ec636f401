package itoolabs

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Row is one call of the PBX's own listing (section 9). UID is another id than the callid of events.
type Row struct {
	UID    string
	Type   string // DirectionIn, DirectionOut or TypeMissed
	Result Result // ResultUnknown: the old listing does not tell
	Client string
	User   string // login, perhaps with the tenant; a group's; empty
	Line   string
	Start  time.Time
	// Wait is what was before the talk, Duration the talk.
	Wait, Duration time.Duration
	Record         string // address of the recording
}

// rowJSON is a row of the new listing.
type rowJSON struct {
	UID       text `json:"uid"`
	Type      text `json:"type"`
	Status    text `json:"status"`
	Client    text `json:"client"`
	User      text `json:"user"`
	Diversion text `json:"diversion"`
	Start     text `json:"start"`
	Wait      text `json:"wait"`
	Duration  text `json:"duration"`
	Record    text `json:"record"`
}

// columns of the old listing: uid,type,client,account,via,start,wait,duration,record[,quality].
const columns = 9

// ReadListing reads either listing: JSON, or CSV without a header. faulty counts the rows that could not
// be read. ErrMalformed: it is no listing at all.
func ReadListing(body []byte) (rows []Row, faulty int, err error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) == 0:
		return nil, 0, nil
	case IsPage(body):
		return nil, 0, fmt.Errorf("reading the listing: %w: a page", ErrMalformed)
	case body[0] == '[' || body[0] == '{':
		rows, faulty, err = readJSONRows(body)
	default:
		rows, faulty, err = readCSVRows(body)
	}
	if err == nil && len(rows) == 0 && faulty > 0 {
		err = fmt.Errorf("%w: none of %d rows", ErrMalformed, faulty)
	}
	if err != nil {
		return nil, faulty, fmt.Errorf("reading the listing: %w", err)
	}
	return rows, faulty, nil
}

func readJSONRows(body []byte) (rows []Row, faulty int, err error) {
	var all []rowJSON
	if err := readItems(body, &all); err != nil {
		return nil, 0, err
	}
	for _, r := range all {
		row, ok := newRow(string(r.UID), string(r.Type), string(r.Client), string(r.User), string(r.Diversion), string(r.Start), string(r.Wait), string(r.Duration), string(r.Record))
		if !ok {
			faulty++
			continue
		}
		row.Result = ReadResult(string(r.Status))
		rows = append(rows, row)
	}
	return rows, faulty, nil
}

func readCSVRows(body []byte) (rows []Row, faulty int, err error) {
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for {
		c, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, faulty, nil
		}
		if err != nil {
			return nil, faulty, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		if len(c) < columns-1 { // the last may be left out with its comma
			faulty++
			continue
		}
		c = append(c, "")
		row, ok := newRow(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8])
		if !ok {
			faulty++
			continue
		}
		rows = append(rows, row)
	}
}

func newRow(uid, kind, client, user, line, start, wait, duration, record string) (Row, bool) {
	at, ok := ReadMoment(start)
	kind = strings.ToLower(strings.TrimSpace(kind))
	ok = ok && uid != "" && len(uid) <= 200 && !strings.ContainsRune(uid, 0) && (kind == DirectionIn || kind == DirectionOut || kind == TypeMissed)
	return Row{
		UID: strings.TrimSpace(uid), Type: kind, Client: strings.TrimSpace(client), User: strings.TrimSpace(user), Line: strings.TrimSpace(line),
		Start: at, Wait: readSeconds(wait), Duration: readSeconds(duration), Record: strings.TrimSpace(record),
	}, ok
}

// CSV writes the row as the old listing has it; zone is the PBX's own.
func (r Row) CSV(zone *time.Location) []string {
	return []string{
		r.UID, r.Type, r.Client, r.User, r.Line, r.Start.In(zone).Format(time.RFC3339),
		strconv.Itoa(int(r.Wait.Seconds())), strconv.Itoa(int(r.Duration.Seconds())), r.Record,
	}
}

// JSON is the row as the new listing has it.
func (r Row) JSON() map[string]any {
	return map[string]any{
		"uid": r.UID, "type": r.Type, "status": strings.ToLower(string(r.Result)), "client": r.Client, "user": r.User, "diversion": r.Line,
		"start": r.Start.UTC().Format(time.RFC3339), "wait": int(r.Wait.Seconds()), "duration": int(r.Duration.Seconds()), "record": r.Record,
	}
}
