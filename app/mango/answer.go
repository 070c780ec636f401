package mango

import "encoding/json"

// Answer is the synchronous answer to a command. It means "taken", not "done":
// the outcome comes as a Result.
type Answer struct {
	// Result is the field result, or code where an answer has no result.
	Result Int
	// Status is the HTTP status that a rate-limit body repeats, else 0.
	Status Int
	// Message is the PBX's own text of an error, if it gave one.
	Message Text
}

// UnmarshalJSON reads the shapes Mango answers with: {"result":…} as a number or a list, {"code":…} and the rate limit's.
func (a *Answer) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Result  *Codes `json:"result"`
		Code    Int    `json:"code"`
		Status  any    `json:"status"`
		Message Text   `json:"message"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*a = Answer{Result: wire.Code, Message: wire.Message}
	if wire.Result != nil && len(*wire.Result) > 0 {
		a.Result = (*wire.Result)[0]
	}
	// status is a word ("complete") in statistics and a number in errors.
	if n, ok := wire.Status.(float64); ok {
		a.Status = Int(n)
	}
	return nil
}

// MarshalJSON writes {"result":…}.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Result Int `json:"result"`
	}{a.Result})
}

// Accepted reports whether the PBX took the command: 1000, or 0, or an empty object with HTTP 200.
func (a Answer) Accepted() bool {
	// The rate limit's body has code 0 as well; its status gives it away.
	return a.Status < 400 && (a.Result == 0 || a.Result == CodeDone)
}
