package mango

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// formFields are the fields of the PBX's forms; a body without any of them is none.
var formFields = []string{mango.FieldKey, mango.FieldSign, mango.FieldJSON}

// form reads a webhook's form, however it was sent: Content-Type is believed only where it names a
// multipart form. Programs between the PBX and us have been seen to drop or change it, and a
// stricter reader would then find an empty form, that is, nothing to complain about.
func form(r pbx.Request) (url.Values, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	fields, err := url.Values{}, error(nil)
	if strings.HasPrefix(kind, "multipart/") {
		fields, err = multipartForm(r.Body, params["boundary"])
	} else if len(r.Body) > 0 {
		fields, err = url.ParseQuery(strings.TrimSpace(string(r.Body)))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", pbx.ErrForeign, kind, err)
	}
	known := 0
	for _, name := range formFields {
		known += min(len(fields[name]), 1)
		if len(fields[name]) > 1 {
			// Which of them was signed nobody can tell.
			return nil, fmt.Errorf("%w: the form has the field %s twice", pbx.ErrUnreadable, name)
		}
	}
	if len(r.Body) > 0 && known == 0 {
		return nil, fmt.Errorf("%w: Content-Type %q", pbx.ErrForeign, kind)
	}
	return fields, nil
}

// multipartForm reads every part as a field, also those that were sent as files.
func multipartForm(raw []byte, boundary string) (url.Values, error) {
	fields := url.Values{}
	if boundary == "" {
		return nil, errors.New("no boundary")
	}
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		fields.Add(part.FormName(), string(value))
	}
}

// accountOf tells the key of the account that a request is of, and the cabinet's «Проверить
// подключение», which carries nothing and only wants a 200.
func accountOf(r pbx.Request) (key string, probe bool, err error) {
	ping := isPing(r.Path)
	fields, err := form(r)
	switch {
	case errors.Is(err, pbx.ErrForeign) && ping:
		return "", true, nil
	case err != nil:
		return "", false, err
	case fields.Has(mango.FieldJSON):
		return fields.Get(mango.FieldKey), false, nil
	case !ping && (fields.Has(mango.FieldSign) || r.Query.Has(mango.FieldSign)):
		// A probe carries no signature. What does was cut short, or put where nobody may read it.
		return "", false, fmt.Errorf("%w: it is signed and its body has no json", pbx.ErrUnreadable)
	}
	return "", true, nil
}

func isPing(path string) bool {
	path = strings.Trim(path, "/")
	return path == "" || path == "ping" || path == "events/ping"
}
