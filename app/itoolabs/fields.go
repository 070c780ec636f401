package itoolabs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrMalformed says that what came is not of the documented shape.
var ErrMalformed = errors.New("not of the documented shape")

// Names of the fields that every request of the PBX has (section 1).
const (
	FieldCommand = "cmd"
	FieldToken   = "crm_token"
)

// Commands of the PBX to us, the values of FieldCommand (section 3).
const (
	CommandEvent   = "event"
	CommandHistory = "history"
	CommandContact = "contact"
	CommandRating  = "rating"
)

// Fields are those of a request of the PBX, all as text: some brands send a form, others JSON, and
// numbers come as either.
type Fields map[string]string

// maxFields is more than any request of the PBX has.
const maxFields = 100

// ReadFields reads the body of a request, a form or a JSON object, whatever its Content-Type says.
// ErrMalformed.
func ReadFields(body []byte) (Fields, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	read := readForm
	if bytes.HasPrefix(body, []byte("{")) {
		read = readObject
	}
	f, err := read(body)
	if err != nil {
		return nil, err
	}
	if len(f) > maxFields {
		return nil, fmt.Errorf("%w: it has %d fields", ErrMalformed, len(f))
	}
	for name, value := range f {
		// PostgreSQL refuses NUL in text.
		if strings.ContainsRune(name+value, 0) || !utf8.ValidString(name) {
			return nil, fmt.Errorf("%w: a field is no text", ErrMalformed)
		}
		f[name] = strings.ToValidUTF8(strings.TrimSpace(value), "\ufffd")
	}
	return f, nil
}

func readForm(body []byte) (Fields, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	f := Fields{}
	for name, all := range values {
		// Which of two different ones is meant nobody can tell.
		if slices.ContainsFunc(all, func(v string) bool { return v != all[0] }) {
			return nil, fmt.Errorf("%w: it has a field twice", ErrMalformed)
		}
		f[name] = all[0]
	}
	return f, nil
}

// readObject takes scalars; lists and objects are of no known field.
func readObject(body []byte) (Fields, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var all map[string]any
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the object", ErrMalformed)
	}
	f := Fields{}
	for name, value := range all {
		if text, ok := scalarText(value); ok {
			f[name] = text
		}
	}
	return f, nil
}

func scalarText(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// Without are the fields but for one.
func (f Fields) Without(name string) Fields {
	out := Fields{}
	for n, v := range f {
		if n != name {
			out[n] = v
		}
	}
	return out
}

// Canonical writes the fields as JSON in the order of their names: equal content is equal text, however
// it was sent.
func (f Fields) Canonical() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]string(f)) // text to a buffer: it cannot fail
	return bytes.TrimSpace(b.Bytes())
}

// Form writes the fields as a form.
func (f Fields) Form() string {
	values := url.Values{}
	for name, value := range f {
		values.Set(name, value)
	}
	return values.Encode()
}

// put sets a field that has a value: the PBX leaves empty ones out.
func (f Fields) put(name, value string) {
	if value != "" {
		f[name] = value
	}
}
