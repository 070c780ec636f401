package sessions

import (
	"strconv"
	"sync"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
)

// refusalsTold is how many refused sign-ins the audit tells one by one in a minute. A flood gets one
// row for each address and account that was tried, with the number of tries, and one for the rest.
const refusalsTold = 50

// refusals counts refused sign-ins between two rounds of Tidy.
type refusals struct {
	mu sync.Mutex
	tally
}

// tally is what was refused in one round.
type tally struct {
	told map[string]*refusal
	rest int // that have no row
}

type refusal struct {
	row  store.AuditRow
	more int // after the first, which was written at once
	last time.Time
}

func newRefusals() *refusals { return &refusals{tally: tally{told: map[string]*refusal{}}} }

// first reports whether this refusal is to be written now; else it is counted.
func (r *refusals) first(key string, row store.AuditRow) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.told[key]; known != nil {
		known.more++
		known.last = row.At
		return false
	}
	if len(r.told) >= refusalsTold {
		r.rest++
		return false
	}
	r.told[key] = &refusal{row: row}
	return true
}

// empty returns what was counted, and begins anew.
func (r *refusals) empty() tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.tally
	r.tally = tally{told: map[string]*refusal{}}
	return was
}

// putBack counts again what could not be written down.
func (r *refusals) putBack(was tally) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest += was.rest
	for key, one := range was.told {
		switch newer := r.told[key]; {
		case newer != nil:
			newer.more += one.more // the first of them has a row of its own
			if newer.last.IsZero() {
				newer.last = one.last
			}
		case len(r.told) < refusalsTold:
			r.told[key] = one
		default:
			r.rest += one.more
		}
	}
}

// rows tells what was only counted.
func (c tally) rows(now time.Time) []store.AuditRow {
	var rows []store.AuditRow
	for _, one := range c.told {
		if one.more == 0 {
			continue
		}
		row := one.row
		row.ID, row.At = "", one.last
		row.Detail = map[string]string{"reason": one.row.Detail["reason"], "tries": strconv.Itoa(one.more)}
		rows = append(rows, row)
	}
	if c.rest > 0 {
		rows = append(rows, store.AuditRow{At: now, Action: access.ActionSignInRefused, Detail: map[string]string{"reason": "flood", "tries": strconv.Itoa(c.rest)}})
	}
	return rows
}
