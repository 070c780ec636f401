package beeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

// oldFor is for how long the PBX is taken to have no click-to-call of the second version.
const oldFor = time.Hour

// Dial rings the employee's telephone and then the number, and returns the call's extTrackingId. Its
// events may come before that (section 9).
func (p *Provider) Dial(ctx context.Context, o pbx.DialOrder) (string, error) {
	if o.Extension == "" || o.Number.Digits() == "" {
		return "", pbx.ErrNotDialable
	}
	return p.clickToCall(ctx, o.Extension, o.Number)
}

// CallsColleague is true for whoever has a number: that a click-to-call takes an extension is told nowhere
// (section 9), and an abonent's own number is his telephone (section 6).
func (p *Provider) CallsColleague(extension string) bool {
	who, ok := p.who.withExtension(extension)
	return ok && who.Phone != ""
}

// DialColleague rings the employee's telephone and then the colleague's, by the colleague's own number.
func (p *Provider) DialColleague(ctx context.Context, o pbx.DialOrder) (string, error) {
	who, ok := p.who.withExtension(o.Colleague)
	if o.Extension == "" || !ok || who.Phone == "" {
		return "", pbx.ErrNotDialable
	}
	return p.clickToCall(ctx, o.Extension, who.Phone)
}

func (p *Provider) clickToCall(ctx context.Context, extension string, number phone.Number) (string, error) {
	who := p.userID(extension)
	query := url.Values{"phoneNumber": {beeline.Dialable(string(number))}}
	now := p.now().Unix()
	if now >= p.oldCalls.Load() {
		key, err := p.dial(ctx, beeline.PathCall(who), query)
		if status := statusOf(err); status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			return key, err
		} else if !isGone(err) {
			p.oldCalls.Store(now + int64(oldFor/time.Second))
		}
	}
	return p.dial(ctx, beeline.PathCallV1(who), query)
}

func (p *Provider) dial(ctx context.Context, path string, query url.Values) (string, error) {
	var key string
	err := p.api.do(ctx, request{method: http.MethodPost, path: path, query: query, read: func(body []byte) error {
		if key = readKey(body); key == "" {
			return fmt.Errorf("%w: it does not name the call", pbx.ErrUnclear)
		}
		return nil
	}})
	return key, err
}

// readKey finds the call's extTrackingId in the answer of either version.
func readKey(body []byte) string {
	var answer beeline.CallAnswer
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		if json.Unmarshal(body, &answer) != nil || len(answer.Tracking) > maxID {
			return ""
		}
		return string(answer.Tracking)
	}
	return beeline.ReadTracking(body)
}

// MatchSeconds is for an order whose answer was lost: its call is known by the employee and the number.
func (p *Provider) MatchSeconds() int { return 30 }

// Transfer hands the talking half on, without asking.
func (p *Provider) Transfer(ctx context.Context, o pbx.TransferOrder) error {
	return p.api.do(ctx, request{method: http.MethodPost, path: beeline.PathTransfer(p.userID(o.From)), query: url.Values{
		"callId": {o.Leg}, "phoneNumber": {p.dialled(o.To)},
	}})
}

// dialled is a transfer's destination: a number as the PBX wants it, or an extension as it is.
func (p *Provider) dialled(to string) string {
	if _, known := p.who.withExtension(to); known {
		return to
	}
	if n := numberOf(to); n != "" {
		return beeline.Dialable(string(n))
	}
	return to
}

// errNotOurs says that a consultation was not made of two halves of one employee.
var errNotOurs = errors.New("the two halves are not one employee's")

// Connect joins the client with the colleague who was asked: two halves of the asking employee, whose
// userId is the Device.
func (p *Provider) Connect(ctx context.Context, _ string, c call.Consultation) error {
	if c.Device == "" || c.HeldLeg == "" || c.Leg == "" {
		return errors.Join(pbx.ErrNotSupported, errNotOurs)
	}
	return p.api.do(ctx, request{method: http.MethodPost, path: beeline.PathConnect(c.Device), query: url.Values{
		"callId": {c.HeldLeg}, "callIdConsult": {c.Leg},
	}})
}
