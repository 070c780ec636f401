package mango

import (
	"bytes"
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
// A payload that cannot be trusted is ErrMalformed; one that is an object, but not of this
// path, or that tells of a time when it cannot have happened, is ErrUnfit as well.
func Decode(path string, payload []byte) (any, error) {
	path = strings.Trim(path, "/")
	payload = bytes.TrimPrefix(payload, []byte("\ufeff")) // some programs begin every text with a byte order mark
	event, err := decode(path, payload)
	if err != nil {
		return nil, fmt.Errorf("%w: decoding %s: %w", ErrMalformed, clip(path), err)
	}
	return event, nil
}

func decode(path string, payload []byte) (any, error) {
	switch path {
	case PathCall:
		return read(payload, callFields, CallEvent.check)
	case PathSummary:
		return read(payload, summaryFields, Summary.check)
	case PathRecording:
		return read(payload, recordingFields, RecordingEvent.check)
	case PathRecordAdded:
		return read(payload, addedFields, RecordAdded.check)
	case PathRecordTagged:
		return read(payload, addedFields, func(e RecordTagged) (RecordTagged, error) {
			added, err := RecordAdded(e).check()
			return RecordTagged(added), err
		})
	case PathDTMF:
		return read(payload, dtmfFields, DTMF.check)
	case PathSMS:
		return read(payload, smsFields, SMSStatus.check)
	case PathRecognized:
		return read(payload, recognizedFields, func(e Recognized) (Recognized, error) { return e, nil })
	}
	if command, ok := strings.CutPrefix(path, PathResult); ok && command != "" {
		r, err := read(payload, resultFields, func(r Result) (Result, error) { return r, nil })
		r.Command = command
		return r, err
	}
	if err := text(payload); err != nil {
		return nil, err
	}
	return Unknown{Path: path}, nil
}

// read parses one object of a path, looks for the path's own fields, and lets check find what is
// wrong with them.
func read[T any](payload []byte, own fields, check func(T) (T, error)) (T, error) {
	var event T
	if err := bounded(payload); err != nil {
		return event, err
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(payload, &given); err != nil {
		return event, fmt.Errorf("reading JSON: %w", err)
	}
	if err := own.check(given); err != nil {
		return event, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return event, fmt.Errorf("%w: reading JSON: %w", ErrUnfit, err)
	}
	event, err := check(event)
	if err != nil {
		return event, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	return event, nil
}

// bounded refuses what a parser should not be asked to read.
func bounded(payload []byte) error {
	if len(payload) > MaxJSON {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(payload))
	}
	if err := text(payload); err != nil {
		return err
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

// text refuses what is no text. encoding/json would silently put U+FFFD in place of bad bytes, and
// ids would stop being equal; a database's text knows no NUL.
func text(payload []byte) error {
	if !utf8.Valid(payload) || bytes.IndexByte(payload, 0) >= 0 {
		return fmt.Errorf("reading JSON: not UTF-8")
	}
	return nil
}
