package mango

import (
	"crypto/subtle"
	"net/url"
)

// The fields of every form, in both directions.
const (
	FieldKey  = "vpbx_api_key"
	FieldSign = "sign"
	FieldJSON = "json"
)

// Form is the body of every POST between Mango and us. JSON is kept as it
// travelled, because the signature covers its bytes.
type Form struct {
	Key  string
	Sign string
	JSON string
}

// NewForm signs json with key and salt.
func NewForm(key, salt, json string) Form {
	return Form{Key: key, Sign: Sign(key, json, salt), JSON: json}
}

// Values returns the form as application/x-www-form-urlencoded fields.
func (f Form) Values() url.Values {
	return url.Values{FieldKey: {f.Key}, FieldSign: {f.Sign}, FieldJSON: {f.JSON}}
}

// ParseForm reads the three fields. A missing one is empty: the cabinet's
// connection check posts a form without json.
func ParseForm(v url.Values) Form {
	return Form{Key: v.Get(FieldKey), Sign: v.Get(FieldSign), JSON: v.Get(FieldJSON)}
}

// Verify reports ErrKey or ErrSign if the form was not made with key and salt.
// Both comparisons take the same time wherever the texts first differ.
func (f Form) Verify(key, salt string) error {
	if subtle.ConstantTimeCompare([]byte(f.Key), []byte(key)) != 1 {
		return ErrKey
	}
	if subtle.ConstantTimeCompare([]byte(f.Sign), []byte(Sign(key, f.JSON, salt))) != 1 {
		return ErrSign
	}
	return nil
}
