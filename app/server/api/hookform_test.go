package api

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzHookForm: a body is read, or refused for a reason, and never as a form that has a field twice.
func FuzzHookForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "", "vpbx_api_key=k&sign=s&json=%7B%7D")
	f.Add("multipart/form-data; boundary=b", "", "--b\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n{}\r\n--b--\r\n")
	f.Add("", "gzip", "\x1f\x8b")
	f.Add("application/json", "", `{"json":1}`)
	f.Fuzz(func(t *testing.T, kind, encoding, body string) {
		r := httptest.NewRequest("POST", "/mango/events/call", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Content-Encoding", encoding)
		form, err := hookForm(httptest.NewRecorder(), r)
		if err != nil {
			if status := bodyStatus(err); status < 400 || status > 499 {
				t.Errorf("%v is answered %d", err, status)
			}
			return
		}
		for _, name := range hookFields {
			if len(form[name]) > 1 {
				t.Errorf("%s is there twice", name)
			}
		}
	})
}
