package store

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Cursor is a place in a list that is ordered newest first: what follows is strictly older.
type Cursor struct {
	At int64 // milliseconds
	ID string
}

// Start is before the newest.
var Start = Cursor{At: math.MaxInt64, ID: ""}

// ErrCursor says that a cursor is not one of ours.
var ErrCursor = errors.New("not a cursor of this list")

// String is the cursor as it travels.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d:%s", c.At, c.ID))
}

// ParseCursor reads what String wrote; empty is Start.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Start, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	at, id, ok := strings.Cut(string(raw), ":")
	var c Cursor
	if _, err := fmt.Sscan(at, &c.At); err != nil || !ok {
		return Cursor{}, ErrCursor
	}
	c.ID = id
	return c, nil
}

// compare orders places: by time, then by id.
func (c Cursor) compare(o Cursor) int {
	return cmp.Or(cmp.Compare(c.At, o.At), cmp.Compare(c.ID, o.ID))
}

// jsonText is text as it stands inside a JSON string.
func jsonText(text string) string {
	raw, _ := json.Marshal(text) // a string always has a JSON form
	return strings.Trim(string(raw), `"`)
}

// escapeLike makes text match itself inside a LIKE … ESCAPE '!'.
func escapeLike(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}
