package itoolabs

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

// taken answers every request that was understood or may be of a later version (section 1).
var taken = pbx.Answer{Status: http.StatusOK, ContentType: "application/json", Body: []byte("{}")}

// Decode checks the token and reads what the request tells. Events have no time of their own (section
// 3.1): they are dated by their arrival, and equal content is one fact.
func (p *Provider) Decode(r pbx.Request) (pbx.Delivery, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return pbx.Delivery{Probe: true}, nil
	}
	fields, err := itoolabs.ReadFields(r.Body)
	if err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
	}
	if fields[itoolabs.FieldCommand] == "" {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, itoolabs.ErrNoCommand)
	}
	if !p.proves(fields[itoolabs.FieldToken]) {
		return pbx.Delivery{}, fmt.Errorf("%w: %s", pbx.ErrForged, itoolabs.FieldToken)
	}
	fields = fields.Without(itoolabs.FieldToken)
	d := pbx.Delivery{Payload: fields.Canonical(), Answer: taken}
	decoded, err := itoolabs.Decode(fields)
	if errors.Is(err, itoolabs.ErrMalformed) {
		// It is the PBX's own, which would show an error in its cabinet and send it again.
		slog.Warn("a request of the PBX tells nothing", "why", err)
		return d, nil
	}
	if err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
	}
	p.read(&d, decoded, fact(d.Payload))
	return d, nil
}

// proves compares the hashes, so that neither length nor letters of the token show in the time.
func (p *Provider) proves(token string) bool {
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(p.cfg.Token))
	return p.cfg.Token != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// fact names what a request tells: its content without the token.
func fact(payload []byte) string {
	sum := sha256.Sum256(payload)
	return "itoolabs:" + hex.EncodeToString(sum[:16])
}

func (p *Provider) read(d *pbx.Delivery, decoded any, fact string) {
	now := p.Clock().UTC().Truncate(time.Millisecond)
	switch m := decoded.(type) {
	case itoolabs.Event:
		d.Events, d.Stranger = p.legEvents(m, fact, now)
		if m.Type == itoolabs.TypeTransferred && m.SecondCallID != "" && m.SecondCallID != m.CallID {
			d.Joins = append(d.Joins, pbx.Join{Key: m.CallID, Other: m.SecondCallID})
		}
	case itoolabs.History:
		d.Events, d.Stranger = p.summary(m, fact, now)
	case itoolabs.Contact:
		// Who calls without a number, or from the next room, is nobody's client.
		if n := number(m.Phone); n != "" && p.staff.colleague(m.Phone, itoolabs.DirectionIn) == "" {
			d.Question = &pbx.Question{Key: m.CallID, Number: n, Line: string(number(m.Diversion))}
		}
	case itoolabs.Rating:
		slog.Debug("a mark of a client stays in the raw log") // Dozvon shows none
	case itoolabs.Unknown:
		slog.Info("the PBX sent a command that is not known", "cmd", m.Command)
	}
}

// employee is whom a request names.
type employee struct {
	ext string
	leg string // what the leg is called by: the login, however the request names its employee
	// stranger: the login is in no list that we have read.
	stranger bool
}

// who finds the employee by login and extension; false where a group is named, or nobody (section 3.1).
func (s *staff) who(user, ext string) (employee, bool) {
	ext = extension(ext)
	switch {
	case itoolabs.IsGroup(user) || user == "" && ext == "":
		return employee{}, false
	case user == "":
		if login, ok := s.known().byExt[ext]; ok {
			return employee{ext: ext, leg: itoolabs.Login(login)}, true
		}
		return employee{ext: ext, leg: ext}, true
	}
	login := itoolabs.Login(user)
	e := employee{ext: ext, leg: login}
	if ext == "" {
		a, ok := s.byLogin(user)
		e.ext, e.stranger = a.Ext, !ok
	}
	if e.ext == "" {
		// Until the list is read he is known by his login, and afterwards by his extension.
		e.ext = itoolabs.CleanText(login)
	}
	return e, true
}
