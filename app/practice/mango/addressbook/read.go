package addressbook

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
)

// defaultPage is the number of rows when a request names none.
const defaultPage = 10

// Codes of the reference's table of results.
const (
	codeNoObject = 3300
	codeQuantity = 3107
)

// maxCursors bounds the reads that are open; the oldest go first.
const maxCursors = 100

// cursor is a read of the book that may turn pages. It holds what the book was when it began.
type cursor struct {
	number   int64
	contacts []mango.Contact
	limit    int
	page     int // from 1
}

// Init takes ab/contact/init and answers with the first page. query is required, if only as "".
func (b *Book) Init(w http.ResponseWriter, raw []byte) int {
	var r struct {
		mango.BookInit
		Query *mango.Text `json:"query"`
	}
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	limit := cmp.Or(int(r.Limit), defaultPage)
	switch {
	case r.Query == nil:
		return mango.CodeMissingParam
	case limit < 0 || limit > mango.MaxBookBatch:
		return codeQuantity
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c := &cursor{limit: limit, page: 1}
	for _, contact := range b.contacts {
		if matches(contact, string(*r.Query)) {
			c.contacts = append(c.contacts, cloneContact(contact))
		}
	}
	order(c.contacts, r.Order)
	key := b.nextID()
	b.lastID++
	c.number = b.lastID
	b.cursors[key] = c
	b.closeOldest()
	control.JSON(w, http.StatusOK, c.answer(key, bool(r.ExtFields)))
	return mango.CodeDone
}

// closeOldest keeps the open reads few. The caller holds mu.
func (b *Book) closeOldest() {
	for len(b.cursors) > maxCursors {
		var oldest mango.Text
		for key, c := range b.cursors {
			if oldest == "" || c.number < b.cursors[oldest].number {
				oldest = key
			}
		}
		delete(b.cursors, oldest)
	}
}

// order sorts by name; the document knows other keys, which stay as they are here.
func order(contacts []mango.Contact, by []map[string]string) {
	for _, key := range by {
		switch strings.ToLower(key["name"]) {
		case "asc":
			slices.SortStableFunc(contacts, func(a, b mango.Contact) int { return cmp.Compare(a.Name, b.Name) })
		case "desc":
			slices.SortStableFunc(contacts, func(a, b mango.Contact) int { return cmp.Compare(b.Name, a.Name) })
		}
	}
}

// Cursor takes ab/contact/cursor and answers with another page.
func (b *Book) Cursor(w http.ResponseWriter, raw []byte) int {
	var r mango.BookCursor
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.Cursor == "" || r.Mode == "" {
		return mango.CodeMissingParam
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.cursors[r.Cursor]
	if !ok {
		return codeNoObject
	}
	if !c.turn(string(r.Mode)) {
		return mango.CodeBadFormat
	}
	control.JSON(w, http.StatusOK, c.answer(r.Cursor, bool(r.ExtFields)))
	return mango.CodeDone
}

// turn goes to the page that mode says; it reports false for an unknown mode.
func (c *cursor) turn(mode string) bool {
	switch mode {
	case "first-page":
		c.page = 1
		return true
	case "last-page":
		c.page = max(c.pages(), 1)
		return true
	case "current-page":
		return true
	}
	for prefix, sign := range map[string]int{"next-page-": 1, "prev-page-": -1} {
		if text, ok := strings.CutPrefix(mode, prefix); ok {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > 9 {
				return false
			}
			// A page beyond the last is empty (inferred).
			c.page = min(max(c.page+sign*n, 1), c.pages()+1)
			return true
		}
	}
	return false
}

func (c *cursor) pages() int { return (len(c.contacts) + c.limit - 1) / c.limit }

func (c *cursor) answer(key mango.Text, extended bool) mango.BookPage {
	from := min((c.page-1)*c.limit, len(c.contacts))
	rows := slices.Clone(c.contacts[from:min(from+c.limit, len(c.contacts))])
	if rows == nil {
		rows = []mango.Contact{}
	}
	if !extended {
		for i := range rows {
			rows[i].UserID = 0
		}
	}
	return mango.BookPage{
		Result: mango.CodeDone, Data: rows,
		State: mango.BookState{Cursor: key, Info: mango.BookInfo{
			Page: mango.Int(c.page), From: mango.Int(from), Size: mango.Int(len(rows)), Limit: mango.Int(c.limit),
			Total: mango.Int(len(c.contacts)), Pages: mango.Int(c.pages()),
		}},
	}
}
