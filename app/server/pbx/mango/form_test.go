package mango

import (
	"errors"
	"net/http"
	"testing"

	"dozvon/app/server/pbx"
)

// FuzzForm: a body is read, or refused for a reason, and never as a form that has a field twice.
func FuzzForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "vpbx_api_key=k&sign=s&json=%7B%7D")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n{}\r\n--b--\r\n")
	f.Add("", "\x1f\x8b")
	f.Add("application/json", `{"json":1}`)
	f.Fuzz(func(t *testing.T, kind, body string) {
		fields, err := form(pbx.Request{Header: http.Header{"Content-Type": {kind}}, Body: []byte(body)})
		if err != nil {
			if !errors.Is(err, pbx.ErrForeign) && !errors.Is(err, pbx.ErrUnreadable) {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		for _, name := range formFields {
			if len(fields[name]) > 1 {
				t.Errorf("%s is there twice", name)
			}
		}
	})
}
