package addressbook

import (
	"encoding/json"
	"net/http"
	"slices"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
)

// mango.BookWrite's on_error decides what becomes of duplicates.
const (
	onErrorSkip      mango.Text = "skip"
	onErrorDuplicate mango.Text = "duplicate"
)

// Create takes ab/contacts/create. Its answer has the result as a list, and names the skipped
// duplicates by their place in the request.
func (b *Book) Create(w http.ResponseWriter, raw []byte) int {
	r, code := readWrite(raw)
	if code != mango.CodeDone {
		return code
	}
	for _, c := range r.Data {
		if c.Name == "" {
			return mango.CodeMissingParam
		}
	}
	answer, list := newWritten(), []mango.Contact{}
	b.mu.Lock()
	for i, c := range r.Data {
		if r.OnError != onErrorDuplicate && b.duplicate(c) {
			answer.Skipped = append(answer.Skipped, mango.Int(i))
			continue
		}
		stored := b.insert(c)
		answer.Data[stored.ContactID] = stored
		list = append(list, stored)
	}
	b.mu.Unlock()
	control.JSON(w, http.StatusOK, answer)
	if len(list) > 0 {
		b.changed("new", list)
	}
	return mango.CodeDone
}

// Update takes ab/contacts/update; unknown contacts are skipped (inferred).
func (b *Book) Update(w http.ResponseWriter, raw []byte) int {
	r, code := readWrite(raw)
	if code != mango.CodeDone {
		return code
	}
	answer, list := newWritten(), []mango.Contact{}
	b.mu.Lock()
	for i, c := range r.Data {
		stored, ok := b.change(c)
		if !ok {
			answer.Skipped = append(answer.Skipped, mango.Int(i))
			continue
		}
		answer.Data[stored.ContactID] = stored
		list = append(list, stored)
	}
	b.mu.Unlock()
	control.JSON(w, http.StatusOK, answer)
	if len(list) > 0 {
		b.changed("updated", list)
	}
	return mango.CodeDone
}

// Delete takes ab/contacts/delete; ids that are not there do not matter (inferred).
func (b *Book) Delete(w http.ResponseWriter, raw []byte) int {
	var r mango.BookDelete
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if code := batch(len(r.Data)); code != mango.CodeDone {
		return code
	}
	gone := []mango.Text{}
	b.mu.Lock()
	b.contacts = slices.DeleteFunc(b.contacts, func(c mango.Contact) bool {
		goes := slices.Contains(r.Data, c.ContactID)
		if goes {
			gone = append(gone, c.ContactID)
		}
		return goes
	})
	b.mu.Unlock()
	control.JSON(w, http.StatusOK, mango.StatsRefusal{Result: mango.CodeDone})
	if len(gone) > 0 {
		b.changed("deleted", gone)
	}
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

// written is mango.BookWritten as it travels: skipped is [] when nothing was.
type written struct {
	Result  []mango.Int                  `json:"result"`
	Data    map[mango.Text]mango.Contact `json:"data"`
	Skipped []mango.Int                  `json:"skipped"`
}

func newWritten() *written {
	return &written{Result: []mango.Int{mango.CodeDone}, Data: map[mango.Text]mango.Contact{}, Skipped: []mango.Int{}}
}
