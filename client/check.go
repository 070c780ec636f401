package client

import (
	"context"
	"net/http"
	"net/url"
)

// CheckState is how one thing stands.
type CheckState string

// States of a check; CheckUnknown is what could not be tried yet.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning"
	CheckFailed  CheckState = "failed"
	CheckUnknown CheckState = "unknown"
)

// Check is one line of an integration's check, in words.
type Check struct {
	ID     string     `json:"id" doc:"Stable name, e.g. webhook"`
	Name   string     `json:"name"`
	NameEN string     `json:"name_en"`
	State  CheckState `json:"state" enum:"ok,warning,failed,unknown"`
	Text   string     `json:"text"`
	TextEN string     `json:"text_en"`
	// MS is how long a hop of the connectivity test took, in milliseconds from its start.
	MS *float64 `json:"ms,omitempty"`
}

// BellTest is a call to one's own telephone that shows every hop on its way. The last hop, the
// own screen, is for the app to see: the event of CallID.
type BellTest struct {
	CallID string  `json:"call_id"`
	Hops   []Check `json:"hops"`
}

// CheckIntegration tells in words what works and what does not.
func (a *API) CheckIntegration(ctx context.Context, id string) ([]Check, error) {
	page, err := send[Page[Check]](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/check", struct{}{})
	return page.Items, err
}

// BellTest rings the own telephone and follows the call on its way.
func (a *API) BellTest(ctx context.Context, id string) (BellTest, error) {
	return send[BellTest](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/bell", struct{}{})
}
