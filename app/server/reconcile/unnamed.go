package reconcile

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/match"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// takeUnnamed folds what the statistics told without naming the calls, the rows of one number at a time: so
// many rows and so many calls of it that are near each other have to be parted.
func (m *merger) takeUnnamed(ctx context.Context) error {
	byNumber := map[string][]pbx.HistoryCall{}
	for _, c := range m.unnamed {
		number := ""
		if rows := match.RowsOf(c.Events); len(rows) > 0 {
			number = match.LastDigits(rows[0].Number)
		}
		byNumber[number] = append(byNumber[number], c)
	}
	numbers := make([]string, 0, len(byNumber))
	for n := range byNumber {
		numbers = append(numbers, n)
	}
	// Rows without a number come last: a colleague's call, whose row may be about a leg of any client's call, must not
	// take one that a row of that client's is about.
	slices.SortFunc(numbers, func(a, b string) int {
		if (a == "") != (b == "") {
			return strings.Compare(b, a)
		}
		return strings.Compare(a, b)
	})
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
		id, made := [2]string{p.call.ID, p.part}, all[p.record].MadeKey
		if keys[p.record] != "" && keys[p.record] != made || taken[id] {
			continue
		}
		taken[id] = true
		if keys[p.record], err = m.give(tx, p, made, keys[p.record] == made); err != nil {
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

// give makes a record's call the one that it was found to be, and tells that one's key. A record may have
// been a call of its own until now.
func (m *merger) give(tx *store.Tx, p pair, made string, own bool) (string, error) {
	if own {
		return p.call.Key, m.reconciler.cfg.Calls.Join(tx, m.integration, pbx.Join{Key: p.call.Key, Other: made})
	}
	if p.call.Key == "" { // a click-to-call of which the PBX told nothing else
		p.call.Key = made
		if err := tx.SaveCall(*p.call); err != nil {
			return "", err
		}
	}
	return p.call.Key, tx.NameRow(m.integration.ID, made, p.call.Key, p.part)
}

// near are the calls of the records' number around them.
func (m *merger) near(tx *store.Tx, all []pbx.HistoryCall) ([]store.CallRecord, error) {
	var from, to time.Time
	var number phone.Number
	tolerance := time.Duration(0)
	for _, c := range all {
		tolerance = max(tolerance, c.Tolerance)
		for _, r := range match.RowsOf(c.Events) {
			number = cmp.Or(number, r.Number)
			if from.IsZero() || r.Began.Before(from) {
				from = r.Began
			}
			if r.Began.After(to) {
				to = r.Began
			}
		}
	}
	if from.IsZero() {
		return nil, nil
	}
	tolerance = max(tolerance, longestDelay)
	if number == "" && slices.ContainsFunc(all, betweenColleagues) {
		// A colleague who was asked is part of the client's call, whatever its number.
		return tx.CallsWithin(m.integration.ID, from.Add(-match.LongestWait), to.Add(tolerance))
	}
	return tx.CallsOfNumbers(m.integration.ID, match.Spellings(number), from.Add(-match.LongestWait), to.Add(tolerance))
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
			told := e.Kind == call.KindHistoryLeg || e.Kind == call.KindHistory && len(match.RowsOf(c.Events)) == 1
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

// longestDelay is how much later than it happened an event of a PBX that tells no times may come, because
// the PBX could not deliver it at first, and still be found to be of a row.
const longestDelay = 10 * time.Minute

// pairs lists which records may be about which legs that none is about yet, the nearest first.
func (m *merger) pairs(tx *store.Tx, all []pbx.HistoryCall, keys []string, near []store.CallRecord) ([]pair, error) {
	var out []pair
	for n := range near {
		rec := &near[n]
		taken, err := tx.PartsTaken(m.integration.ID, rec.Key)
		if err != nil {
			return nil, err
		}
		view := rec.Facts.View()
		for _, part := range rec.Facts.Parts() {
			if slices.Contains(taken, part.ID) {
				continue
			}
			// What goes on or is listed already did not begin before it was heard of.
			part.Heard = part.Heard && view.State == call.Ended && !view.Listed
			for i, c := range all {
				// A record that has been a call of its own until now is one that is listed nowhere else.
				if keys[i] != "" && (keys[i] != c.MadeKey || view.Listed || rec.Key == "") {
					continue
				}
				for _, r := range match.RowsOf(c.Events) {
					if apart, ok := fits(r, part, c.Tolerance); ok {
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

// fits tells how far a row is from a leg, and whether it may be about it. Of a leg of which we only heard the
// row may have begun earlier: its events may have come late.
func fits(r match.Row, part call.Part, tolerance time.Duration) (time.Duration, bool) {
	apart, ok := r.Fits(part, tolerance)
	if ok || !part.Heard || r.Began.After(part.Began) || apart > longestDelay {
		return apart, ok
	}
	part.Began = r.Began
	_, ok = r.Fits(part, tolerance)
	return apart, ok
}
