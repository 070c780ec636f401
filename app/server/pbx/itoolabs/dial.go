package itoolabs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
)

const (
	// A number of E.164 has up to 15 digits; a service's has three.
	shortestDial, longestDial = 3, 15
)

// Dial rings the employee and then the number, and returns the call's id where the PBX tells it: some
// answer with the id, some with an empty object, some with NULL (section 13).
func (p *Provider) Dial(ctx context.Context, o pbx.DialOrder) (string, error) {
	digits := o.Number.Digits()
	if len(digits) < shortestDial || len(digits) > longestDial || o.Extension == "" {
		return "", pbx.ErrNotDialable
	}
	user := o.Extension
	if login, ok := p.staff.known().byExt[o.Extension]; ok {
		user = login
	}
	body, err := p.do(ctx, command{
		name: itoolabs.OldMakeCall, once: true,
		old:    url.Values{"user": {user}, "phone": {digits}},
		method: http.MethodPost, path: itoolabs.NewMakeCall, body: itoolabs.MakeCall{Phone: digits, User: user},
	})
	if err != nil {
		return "", fmt.Errorf("ordering a call: %w", err)
	}
	return itoolabs.ReadMadeCall(body), nil
}
