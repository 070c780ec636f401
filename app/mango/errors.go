package mango

import "errors"

// The refusals of this package. Callers tell them apart with errors.Is.
var (
	// ErrKey means that a form carries somebody else's vpbx_api_key (Mango's code 3105).
	ErrKey = errors.New("mango: unknown vpbx_api_key")
	// ErrSign means that the signature does not belong to the json and our salt (Mango's code 3102).
	ErrSign = errors.New("mango: signature mismatch")
	// ErrMalformed means that a payload is not a JSON object of the documented shape.
	ErrMalformed = errors.New("mango: malformed payload")
	// ErrUnfit means that a payload is a JSON object, but not one of its path, or tells of a time at
	// which it cannot have happened. It is also ErrMalformed.
	ErrUnfit = errors.New("the payload does not belong here")
	// ErrTooLarge means that a payload exceeds MaxJSON bytes or MaxDepth levels. It is also ErrMalformed.
	ErrTooLarge = errors.New("payload too large")
)
