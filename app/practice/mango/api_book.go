package mango

import (
	"encoding/json"
	"net/http"
	"slices"

	"dozvon/app/mango"
)

// bookWrite is mango.BookWrite; on_error decides what becomes of duplicates.
const (
	onErrorSkip      mango.Text = "skip"
	onErrorDuplicate mango.Text = "duplicate"
)

// bookCreate takes ab/contacts/create. Its answer has the result as a list, and names the skipped
// duplicates by their place in the request.
func (p *PBX) bookCreate(w http.ResponseWriter, raw []byte) int {
	r, code := readWrite(raw)
	if code != mango.CodeDone {
		return code
	}
	for _, c := range r.Data {
		if c.Name == "" {
			return mango.CodeMissingParam
		}
	}
	written, list := newWritten(), []mango.Contact{}
	p.book.mu.Lock()
	for i, c := range r.Data {
		if r.OnError != onErrorDuplicate && p.book.duplicate(c) {
			written.Skipped = append(written.Skipped, mango.Int(i))
			continue
		}
		stored := p.book.insert(c)
		written.Data[stored.ContactID] = stored
		list = append(list, stored)
	}
	p.book.mu.Unlock()
	writeJSON(w, http.StatusOK, written)
	p.echo("new", list)
	return mango.CodeDone
}

// bookUpdate takes ab/contacts/update; unknown contacts are skipped (inferred).
func (p *PBX) bookUpdate(w http.ResponseWriter, raw []byte) int {
	r, code := readWrite(raw)
	if code != mango.CodeDone {
		return code
	}
	written, list := newWritten(), []mango.Contact{}
	p.book.mu.Lock()
	for i, c := range r.Data {
		stored, ok := p.book.change(c)
		if !ok {
			written.Skipped = append(written.Skipped, mango.Int(i))
			continue
		}
		written.Data[stored.ContactID] = stored
		list = append(list, stored)
	}
	p.book.mu.Unlock()
	writeJSON(w, http.StatusOK, written)
	p.echo("updated", list)
	return mango.CodeDone
}

// bookDelete takes ab/contacts/delete; ids that are not there do not matter (inferred).
func (p *PBX) bookDelete(w http.ResponseWriter, raw []byte) int {
	var r mango.BookDelete
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if code := batch(len(r.Data)); code != mango.CodeDone {
		return code
	}
	gone := []mango.Text{}
	p.book.mu.Lock()
	p.book.contacts = slices.DeleteFunc(p.book.contacts, func(c mango.Contact) bool {
		doomed := slices.Contains(r.Data, c.ContactID)
		if doomed {
			gone = append(gone, c.ContactID)
		}
		return doomed
	})
	p.book.mu.Unlock()
	writeJSON(w, http.StatusOK, mango.StatsRefusal{Result: mango.CodeDone})
	p.echo("deleted", gone)
	return mango.CodeDone
}

func readWrite(raw []byte) (mango.BookWrite, int) {
	var r mango.BookWrite
	if json.Unmarshal(raw, &r) != nil {
		return r, mango.CodeBadFormat
	}
	if r.OnError != "" && r.OnError != onErrorSkip && r.OnError != onErrorDuplicate {
		return r, mango.CodeBadFormat
	}
	return r, batch(len(r.Data))
}

// batch judges how many contacts one write names.
func batch(n int) int {
	switch {
	case n == 0:
		return mango.CodeMissingParam
	case n > mango.MaxBookBatch:
		return codeQuantity
	}
	return mango.CodeDone
}

// bookWritten is mango.BookWritten as it travels: skipped is [] when nothing was.
type bookWritten struct {
	Result  []mango.Int                  `json:"result"`
	Data    map[mango.Text]mango.Contact `json:"data"`
	Skipped []mango.Int                  `json:"skipped"`
}

func newWritten() *bookWritten {
	return &bookWritten{Result: []mango.Int{mango.CodeDone}, Data: map[mango.Text]mango.Contact{}, Skipped: []mango.Int{}}
}

// echo tells the server of a change of the book, its own included (section 3.9.4). That the path
// ends in the kind of object is inferred.
func (p *PBX) echo(action string, data any) {
	if p.config.SilentBook {
		return
	}
	switch list := data.(type) {
	case []mango.Contact:
		if len(list) == 0 {
			return
		}
	case []mango.Text:
		if len(list) == 0 {
			return
		}
	}
	p.post(mango.PathBookEvents+"contact", map[string]any{"action": action, "data": data})
}
