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
	mu   sync.Mutex
	told map[string]*refusal
	rest int // that have no row
}

type refusal struct {
	row  store.AuditRow
	more int // after the first, which was written at once
	last time.Time
}

func newRefusals() *refusals { return &refusals{told: map[string]*refusal{}} }

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

// collect makes rows of what was only counted, and begins anew.
func (r *refusals) collect(now time.Time) []store.AuditRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []store.AuditRow
	for _, one := range r.told {
		if one.more == 0 {
			continue
		}
		row := one.row
		row.ID, row.At = "", one.last
		row.Detail = map[string]string{"reason": one.row.Detail["reason"], "tries": strconv.Itoa(one.more)}
		rows = append(rows, row)
	}
	if r.rest > 0 {
		rows = append(rows, store.AuditRow{At: now, Action: access.ActionSignInRefused, Detail: map[string]string{"reason": "flood", "tries": strconv.Itoa(r.rest)}})
	}
	r.told, r.rest = map[string]*refusal{}, 0
	return rows
}
