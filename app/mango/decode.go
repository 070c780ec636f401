package mango

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// MaxJSON bounds a payload in bytes. Live events are under 2 KiB.
	MaxJSON = 64 << 10
	// MaxDepth bounds nesting. Documented events reach 3.
	MaxDepth = 16
	// MaxID bounds an id in bytes; the document promises 128.
	MaxID = 256
)

// Decode reads the payload of a webhook. path is what follows the address in
// the cabinet, such as "events/call", with or without slashes around it.
//
// The value is CallEvent, Summary, RecordingEvent, RecordAdded, RecordTagged,
// DTMF, SMSStatus, Recognized, Result or Unknown, never a pointer. An unknown
// path is no error: Mango adds events, and refusing them would only make noise.
// A payload that cannot be trusted is ErrMalformed.
func Decode(path string, payload []byte) (any, error) {
	path = strings.Trim(path, "/")
	event, err := decode(path, payload)
	if err != nil {
		return nil, fmt.Errorf("%w: decoding %s: %w", ErrMalformed, clip(path), err)
	}
	return event, nil
}

func decode(path string, payload []byte) (any, error) {
	switch path {
	case PathCall:
		return read(payload, func(e CallEvent) error {
			return ids("entry_id", e.EntryID, "call_id", e.CallID, "call_state", e.State)
		})
	case PathSummary:
		return read(payload, func(e Summary) error { return ids("entry_id", e.EntryID) })
	case PathRecording:
		return read(payload, func(e RecordingEvent) error {
			return ids("entry_id", e.EntryID, "recording_id", e.RecordingID)
		})
	case PathRecordAdded:
		return read(payload, func(e RecordAdded) error {
			return ids("entry_id", e.EntryID, "recording_id", e.RecordingID)
		})
	case PathRecordTagged:
		return read(payload, func(e RecordTagged) error {
			return ids("entry_id", e.EntryID, "recording_id", e.RecordingID)
		})
	case PathDTMF:
		return read(payload, func(e DTMF) error { return ids("entry_id", e.EntryID, "call_id", e.CallID) })
	case PathSMS:
		return read(payload, func(e SMSStatus) error { return ids("command_id", e.CommandID) })
	case PathRecognized:
		return read(payload, func(Recognized) error { return nil })
	}
	if command, ok := strings.CutPrefix(path, PathResult); ok && command != "" {
		r, err := read(payload, func(Result) error { return nil })
		r.Command = command
		return r, err
	}
	return Unknown{Path: path}, nil
}

// read parses one object and lets check find what is missing.
func read[T any](payload []byte, check func(T) error) (T, error) {
	var event T
	if err := bounded(payload); err != nil {
		return event, err
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return event, fmt.Errorf("reading JSON: %w", err)
	}
	return event, check(event)
}

// bounded refuses what a parser should not be asked to read.
func bounded(payload []byte) error {
	if len(payload) > MaxJSON {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(payload))
	}
	// encoding/json would silently put U+FFFD in place of bad bytes, and ids would stop being equal.
	if !utf8.Valid(payload) {
		return fmt.Errorf("reading JSON: not UTF-8")
	}
	trimmed := strings.TrimLeft(string(payload), " \t\r\n")
	if !strings.HasPrefix(trimmed, "{") {
		return fmt.Errorf("reading JSON: not an object")
	}
	depth, inString, escaped := 0, false, false
	for _, c := range payload {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fmt.Errorf("%w: nested deeper than %d", ErrTooLarge, MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// ids takes name, value pairs that must be there and of a sane length.
func ids(pairs ...Text) error {
	for i := 0; i < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if value == "" {
			return fmt.Errorf("%s is missing", name)
		}
		if len(value) > MaxID {
			return fmt.Errorf("%w: %s has %d bytes", ErrTooLarge, name, len(value))
		}
	}
	return nil
}
