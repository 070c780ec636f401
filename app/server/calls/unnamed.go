package calls

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

const (
	// longestWait is how much later than its call a leg may begin: callers wait in queues.
	longestWait = 2 * time.Hour
	// lateAfter is from when on an event may be of a call that the statistics told of before.
	lateAfter = 10 * time.Second
	// lateTolerance is how far the statistics and an event may differ about when a leg began.
	lateTolerance = 5 * time.Second
)

// row is what a row of the statistics tells of the leg that it is about.
type row struct {
	extension string // empty: a group's
	outgoing  bool
	number    phone.Number
	began     time.Time
}

// rowsOf reads the legs of a record that names no call: where it tells of none, it is itself the row.
func rowsOf(c pbx.HistoryCall) []row {
	var all []row
	for _, kind := range []call.Kind{call.KindHistoryLeg, call.KindHistory} {
		for _, e := range c.Events {
			if e.Kind == kind && !e.Began.IsZero() {
				all = append(all, rowOf(e))
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return all
}

func rowOf(e call.Event) row {
	outgoing := e.From.Extension != "" && e.To.Extension == ""
	if e.Direction != "" {
		outgoing = e.Direction == call.Out
	}
	if outgoing {
		return row{e.From.Extension, true, e.To.Number, e.Began}
	}
	return row{e.To.Extension, false, e.From.Number, e.Began}
}

// fits tells how far a row is from a leg, and whether it may be about it.
func (r row) fits(p call.Part, tolerance time.Duration) (time.Duration, bool) {
	apart := r.began.Sub(p.Began).Abs()
	return apart, apart <= tolerance && r.outgoing == p.Outgoing && (r.extension == "" || p.Extension == "" || r.extension == p.Extension)
}

// lastDigits are those by which numbers in several spellings are compared.
func lastDigits(n phone.Number) string {
	digits := strings.TrimPrefix(string(n), "+")
	return digits[max(len(digits)-10, 0):]
}

// spellings are those in which a number may stand in a call.
func spellings(n phone.Number) []phone.Number {
	last := lastDigits(n)
	if len(last) < 10 {
		return []phone.Number{n}
	}
	all := []phone.Number{n, phone.Number("+7" + last), phone.Number(last)}
	slices.Sort(all)
	return slices.Compact(all)
}

// takeUnnamed folds what the statistics told without naming the calls, the rows of one number at a time: so
// many rows and so many calls of it that are near each other have to be parted.
func (m *merger) takeUnnamed(ctx context.Context) error {
	byNumber := map[string][]pbx.HistoryCall{}
	for _, c := range m.unnamed {
		number := ""
		if rows := rowsOf(c); len(rows) > 0 {
			number = lastDigits(rows[0].number)
		}
		byNumber[number] = append(byNumber[number], c)
	}
	numbers := make([]string, 0, len(byNumber))
	for n := range byNumber {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		for some := range slices.Chunk(byNumber[n], reconcileBatch) {
			if err := m.write(ctx, len(some), func(tx *store.Tx) ([][]call.Event, error) { return m.named(tx, some) }); err != nil {
				return err
			}
		}
	}
	m.unnamed = nil
	return nil
}

// named gives the events of records their calls' keys.
func (m *merger) named(tx *store.Tx, all []pbx.HistoryCall) ([][]call.Event, error) {
	keys, err := m.keysOf(tx, all)
	if err != nil {
		return nil, err
	}
	out := make([][]call.Event, len(all))
	for i, c := range all {
		out[i] = slices.Clone(c.Events)
		for j := range out[i] {
			out[i][j].Key = keys[i]
		}
	}
	return out, nil
}

// keysOf finds the key of each record's call: the one that it was found to be before, else the nearest
// call that no other row is about, else the made-up one.
func (m *merger) keysOf(tx *store.Tx, all []pbx.HistoryCall) ([]string, error) {
	keys := make([]string, len(all))
	near, err := m.near(tx, all)
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		if keys[i], err = m.knownKey(tx, c, near); err != nil {
			return nil, err
		}
	}
	pairs, err := m.pairs(tx, all, keys, near)
	if err != nil {
		return nil, err
	}
	taken := map[[2]string]bool{}
	for _, p := range pairs {
		id := [2]string{p.call.ID, p.part}
		if keys[p.record] != "" || taken[id] {
			continue
		}
		taken[id] = true
		if p.call.Key == "" { // a click-to-call of which the PBX told nothing else
			p.call.Key = all[p.record].MadeKey
			if err := tx.SaveCall(*p.call); err != nil {
				return nil, err
			}
		}
		keys[p.record] = p.call.Key
		if err := tx.NameRow(m.integration.ID, all[p.record].MadeKey, p.call.Key, p.part); err != nil {
			return nil, err
		}
	}
	for i, c := range all {
		if keys[i] != "" {
			continue
		}
		keys[i] = c.MadeKey
		if err := tx.NameRow(m.integration.ID, c.MadeKey, c.MadeKey, ""); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// near are the calls of the records' number around them.
func (m *merger) near(tx *store.Tx, all []pbx.HistoryCall) ([]store.CallRecord, error) {
	var from, to time.Time
	var number phone.Number
	tolerance := time.Duration(0)
	for _, c := range all {
		tolerance = max(tolerance, c.Tolerance)
		for _, r := range rowsOf(c) {
			number = cmp.Or(number, r.number)
			if from.IsZero() || r.began.Before(from) {
				from = r.began
			}
			if r.began.After(to) {
				to = r.began
			}
		}
	}
	if from.IsZero() {
		return nil, nil
	}
	if number == "" && slices.ContainsFunc(all, betweenColleagues) {
		// A colleague who was asked is part of the client's call, whatever its number.
		return tx.CallsWithin(m.integration.ID, from.Add(-longestWait), to.Add(tolerance))
	}
	return tx.CallsOfNumbers(m.integration.ID, spellings(number), from.Add(-longestWait), to.Add(tolerance))
}

// betweenColleagues reports whether a record has employees at both ends.
func betweenColleagues(c pbx.HistoryCall) bool {
	return slices.ContainsFunc(c.Events, func(e call.Event) bool { return e.From.Extension != "" && e.To.Extension != "" })
}

// knownKey is the key of the call that a record was found to be before; empty when it is new.
func (m *merger) knownKey(tx *store.Tx, c pbx.HistoryCall, near []store.CallRecord) (string, error) {
	root, err := tx.RootKey(m.integration.ID, c.MadeKey)
	if err != nil || root != c.MadeKey {
		return root, err
	}
	if made, err := tx.MadeUp(m.integration.ID, c.MadeKey); made || err != nil {
		return c.MadeKey, err
	}
	// The same row, which another reading has put into another group.
	for _, rec := range near {
		for _, e := range c.Events {
			told := e.Kind == call.KindHistoryLeg || e.Kind == call.KindHistory && len(rowsOf(c)) == 1
			if told && rec.Key != "" && rec.Facts.Knows(e) {
				return rec.Key, tx.NameRow(m.integration.ID, c.MadeKey, rec.Key, "")
			}
		}
	}
	return "", nil
}

// pair is a record that may be about a leg of a call.
type pair struct {
	record int
	call   *store.CallRecord
	part   string
	apart  time.Duration
}

// pairs lists which records may be about which legs that none is about yet, the nearest first.
func (m *merger) pairs(tx *store.Tx, all []pbx.HistoryCall, keys []string, near []store.CallRecord) ([]pair, error) {
	var out []pair
	for n := range near {
		rec := &near[n]
		taken, err := tx.PartsTaken(m.integration.ID, rec.Key)
		if err != nil {
			return nil, err
		}
		for _, part := range rec.Facts.Parts() {
			if slices.Contains(taken, part.ID) {
				continue
			}
			for i, c := range all {
				if keys[i] != "" {
					continue
				}
				for _, r := range rowsOf(c) {
					if apart, ok := r.fits(part, c.Tolerance); ok {
						out = append(out, pair{i, rec, part.ID, apart})
					}
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.apart, b.apart), cmp.Compare(all[a.record].MadeKey, all[b.record].MadeKey), cmp.Compare(a.call.ID, b.call.ID), cmp.Compare(a.part, b.part))
	})
	return out, nil
}

// restoredAs finds the call that the statistics told of before, without its key, of which an event tells
// now with the key: a webhook came late. Nil: there is none.
func (s *Service) restoredAs(tx *store.Tx, integration *directory.Integration, rec store.CallRecord, events []call.Event) (*store.CallRecord, error) {
	if _, ok := integration.Provider.(pbx.Historian); !ok || rec.Confirmed {
		return nil, nil
	}
	for _, e := range events {
		r, ok := s.lateRow(integration, e)
		if !ok {
			continue
		}
		near, err := tx.CallsOfNumbers(integration.ID, spellings(r.number), r.began.Add(-longestWait), r.began.Add(lateTolerance))
		if err != nil {
			return nil, err
		}
		for _, had := range near {
			if had.ID == rec.ID || !slices.ContainsFunc(had.Facts.Parts(), func(p call.Part) bool { _, ok := r.fits(p, lateTolerance); return ok }) {
				continue
			}
			made, err := tx.MadeUp(integration.ID, had.Key)
			if made || err != nil {
				return &had, err
			}
		}
	}
	return nil, nil
}

// lateRow is what an event tells as a row of the statistics would, if it is so late that one may have told
// it before.
func (s *Service) lateRow(integration *directory.Integration, e call.Event) (row, bool) {
	began := e.At
	switch e.Kind {
	case call.KindSummary:
		began = e.Began
	case call.KindLeg:
		if e.State == call.LegEnded || e.Place != call.PlaceEmployee {
			return row{}, false
		}
	default:
		return row{}, false
	}
	if began.IsZero() || integration.Clock(s.Now()).Sub(began) < lateAfter {
		return row{}, false
	}
	e.Began = began
	return rowOf(e), true
}

// giveName makes a call that only the statistics told of, under a made-up key, the one that has a key.
func (s *Service) giveName(tx *store.Tx, integration *directory.Integration, rec, restored *store.CallRecord) (*store.CallRecord, error) {
	made := restored.Key
	if err := tx.JoinKeys(integration.ID, rec.Key, made); err != nil {
		return nil, err
	}
	if rec.View.ID == "" { // it is new, and nobody knows of it
		restored.Key = rec.Key
		return restored, nil
	}
	_, err := s.merges.merge(tx, integration, rec, *restored)
	return rec, err
}
