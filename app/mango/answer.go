package mango

import (
	"encoding/json"
	"fmt"
)

// Answer is the synchronous answer to a command. It means "taken", not "done":
// the outcome comes as a Result.
type Answer struct {
	// Result is the field result, or code where an answer has no result.
	Result Int
	// Status is the HTTP status that a rate-limit body repeats, else 0.
	Status Int
	// Message is the PBX's own text of an error, if it gave one.
	Message Text
	// told is false where nothing of it was there.
	told bool
}

// ReadAnswer reads the synchronous answer to a command. ErrMalformed: the body is none of the
// answers that Mango gives, whatever its HTTP status says.
func ReadAnswer(raw []byte) (Answer, error) {
	var a Answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return a, fmt.Errorf("%w: reading an answer: %w", ErrMalformed, err)
	}
	if !a.told {
		return a, fmt.Errorf("%w: an answer without a result", ErrMalformed)
	}
	return a, nil
}

// UnmarshalJSON reads the shapes Mango answers with: {"result":…} as a number or a list, {"code":…},
// the rate limit's, and the empty object.
func (a *Answer) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Result    json.RawMessage `json:"result"`
		Code      json.RawMessage `json:"code"`
		Status    any             `json:"status"`
		Message   any             `json:"message"`
		CommandID Text            `json:"command_id"`
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*a = Answer{}
	if text, ok := wire.Message.(string); ok {
		a.Message = Text(text)
	}
	code := wire.Result
	if code == nil {
		code = wire.Code
	}
	if code != nil {
		var codes Codes
		if err := json.Unmarshal(code, &codes); err != nil {
			return err
		}
		if len(codes) > 0 && string(code) != "null" && string(code) != `""` {
			a.Result, a.told = codes[0], true
		}
	}
	// status is a word ("complete") in statistics and a number in errors.
	if n, ok := wire.Status.(float64); ok {
		a.Status, a.told = Int(n), true
	}
	// An object with nothing else in it was seen as "taken"; null is none.
	delete(all, "command_id")
	a.told = a.told || all != nil && len(all) == 0
	return nil
}

// MarshalJSON writes {"result":…}.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Result Int `json:"result"`
	}{a.Result})
}

// Accepted reports whether the PBX took the command: 1000 or its like, or 0, or an empty object with HTTP 200.
func (a Answer) Accepted() bool {
	// The rate limit's body has code 0 as well; its status gives it away.
	return a.Status < 400 && (a.Result == 0 || Done(int(a.Result)))
}

// Done reports whether a code means that what was asked for was done, 1001 with remarks included.
func Done(code int) bool { return Class(code)/100 == CodeDone/100 }
