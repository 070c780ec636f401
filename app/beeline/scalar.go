package beeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Text is a string of the PBX's JSON that may come as a number, null or not at all.
type Text string

// UnmarshalJSON reads a string or a number's digits.
func (t *Text) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case bytes.Equal(raw, []byte("null")):
		*t = ""
		return nil
	case len(raw) > 0 && raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		// PostgreSQL refuses NUL in text.
		*t = Text(strings.ReplaceAll(s, "\x00", ""))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("%q is no text", clip(string(raw)))
	}
	*t = Text(n.String())
	return nil
}

// Int is a whole number that may come as a string, null or not at all.
type Int int64

// UnmarshalJSON reads a number in any of these ways.
func (i *Int) UnmarshalJSON(raw []byte) error {
	var t Text
	if err := t.UnmarshalJSON(raw); err != nil {
		return err
	}
	text := strings.TrimSpace(string(t))
	if text == "" {
		*i = 0
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		*i = Int(n)
		return nil
	}
	// 1.76e12 and 5.0 are whole numbers to a JSON writer; 2^53 is where a float stops being exact.
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return fmt.Errorf("%q is not a whole number", clip(text))
	}
	*i = Int(f)
	return nil
}

// Moment is a point of time in the PBX's JSON: milliseconds since 1970, or ISO 8601.
type Moment struct{ time.Time }

// UnmarshalJSON reads either; what is neither is an error, null is zero.
func (m *Moment) UnmarshalJSON(raw []byte) error {
	var t Text
	if err := t.UnmarshalJSON(raw); err != nil {
		return err
	}
	m.Time = Time(string(t))
	if m.IsZero() && t != "" && t != "0" {
		return fmt.Errorf("%q is not a time", clip(string(t)))
	}
	return nil
}

// MarshalJSON writes milliseconds, as the PBX does.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, m.UnixMilli(), 10), nil
}

// Millis is a span in milliseconds; 800 is 0.8 s (section 11).
type Millis time.Duration

// UnmarshalJSON reads a number of milliseconds; a negative or impossible one is 0.
func (d *Millis) UnmarshalJSON(raw []byte) error {
	var n Int
	if err := n.UnmarshalJSON(raw); err != nil {
		return err
	}
	*d = 0
	if n > 0 && n < maxMillis/1000 {
		*d = Millis(time.Duration(n) * time.Millisecond)
	}
	return nil
}

// MarshalJSON writes milliseconds.
func (d Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, time.Duration(d).Milliseconds(), 10), nil
}
