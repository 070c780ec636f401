package itoolabs

import (
	"bytes"
	"encoding/json"
	"net/http"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

// longestName is how many letters of a name are sent: no telephone shows more.
const longestName = 64

// Answer writes what the school knows of a caller: the name for the telephone's display, and the login
// of the employee whom the call goes to (section 3.3).
func (p *Provider) Answer(_ pbx.Question, r pbx.Reply) pbx.Answer {
	out := itoolabs.ContactAnswer{Name: itoolabs.CleanText(r.Name)}
	if letters := []rune(out.Name); len(letters) > longestName {
		out.Name = string(letters[:longestName])
	}
	// A login alone: an extension is none, and a group's would be refused.
	if login, ok := p.staff.known().byExt[r.Extension]; ok && r.Extension != "" {
		out.Responsible = login
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return taken // text alone: it cannot fail
	}
	return pbx.Answer{Status: http.StatusOK, ContentType: "application/json", Body: bytes.TrimSpace(b.Bytes())}
}
