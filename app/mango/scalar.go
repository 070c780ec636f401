package mango

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Mango's document, its examples and its live events disagree about which
// scalars are numbers and which are strings. These types read either; they
// write what live events carry.

// Int is a whole number that may arrive as 5, "5", "", null or not at all; the
// last three are 0.
type Int int64

// UnmarshalJSON reads a number in any of the ways Mango writes one.
func (i *Int) UnmarshalJSON(raw []byte) error {
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		*i = 0
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		*i = Int(n)
		return nil
	}
	// 1.76e9 and 5.0 are the same whole numbers to a JSON writer; 2^53 is where a float stops being exact.
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return fmt.Errorf("%q is not a whole number", clip(text))
	}
	*i = Int(f)
	return nil
}

// Text is a string that may arrive as "101", 101, null or not at all. Leading
// zeros of a string stay: "0511" is an extension.
type Text string

// UnmarshalJSON reads a string or the digits of a number.
func (t *Text) UnmarshalJSON(raw []byte) error {
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	// PostgreSQL refuses NUL in text: one such event would fail its whole batch.
	if strings.ContainsRune(text, 0) {
		return fmt.Errorf("%q holds a NUL", clip(text))
	}
	*t = Text(text)
	return nil
}

// String returns the text itself.
func (t Text) String() string { return string(t) }

// isOneOf compares without regard to capitals.
func (t Text) isOneOf(words ...Text) bool {
	return slices.ContainsFunc(words, func(w Text) bool { return strings.EqualFold(string(t), string(w)) })
}

// Flag is a truth that may arrive as true, 1, "1", "true", "", null or not at all.
type Flag bool

// UnmarshalJSON reads a boolean in any of the ways Mango writes one.
func (f *Flag) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	if string(raw) == "true" || string(raw) == "false" {
		*f = Flag(string(raw) == "true")
		return nil
	}
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	switch strings.ToLower(text) {
	case "1", "true":
		*f = true
	case "", "0", "false":
		*f = false
	default:
		return fmt.Errorf("%q is not a truth value", clip(text))
	}
	return nil
}

// scalar returns a string's content, a number's digits, or "" for null.
func scalar(raw []byte) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	switch c := raw[0]; {
	case c == '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case c == '-' || c >= '0' && c <= '9':
		return string(raw), nil
	default:
		return "", fmt.Errorf("%s is neither text nor number", clip(string(raw)))
	}
}

// clip keeps a hostile value from filling the log.
func clip(s string) string {
	const limit = 40
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
