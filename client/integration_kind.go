package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// PBXKind is one make of PBX that can be connected: all that a settings window needs to draw it.
type PBXKind struct {
	Kind       string `json:"kind" doc:"As integrations name it"`
	Title      string `json:"title"`
	DefaultURL string `json:"default_url" doc:"Empty: every customer has an address of their own"`
	// Source is how the feed names it, in Russian and English.
	Source       string            `json:"source"`
	SourceEN     string            `json:"source_en"`
	Credentials  []CredentialField `json:"credentials"`
	Capabilities []Capability      `json:"capabilities"`
	Steps        []KindStep        `json:"steps"`
	// Brands are the names under which operators sell this PBX; none where the kind is one.
	Brands []Brand `json:"brands,omitempty"`
}

// CredentialField is one field of a PBX's account.
type CredentialField struct {
	Name     string `json:"name" doc:"As credentials of an integration name it"`
	Label    string `json:"label"`
	LabelEN  string `json:"label_en"`
	Hint     string `json:"hint,omitempty" doc:"Where the PBX's cabinet shows it"`
	HintEN   string `json:"hint_en,omitempty"`
	Secret   bool   `json:"secret" doc:"Write-only: it is never told back"`
	Optional bool   `json:"optional,omitempty"`
}

// KindStep is one thing to do in the PBX's cabinet.
type KindStep struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
}

// Brand is an operator's name for a PBX.
type Brand struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Address string `json:"address,omitempty" doc:"What a customer's own address looks like"`
}

// Capability is one thing that a PBX can do. Others than these may come; a program shows what it knows.
type Capability string

// Capabilities of a PBX.
const (
	CapDial           Capability = "dial"
	CapDialColleague  Capability = "dial_colleague"
	CapDialGroup      Capability = "dial_group"
	CapHangup         Capability = "hangup"
	CapHold           Capability = "hold"
	CapTransfer       Capability = "transfer"
	CapConsult        Capability = "consult"
	CapConnect        Capability = "connect"
	CapSMS            Capability = "sms"
	CapRecord         Capability = "record"
	CapRecordings     Capability = "recordings"
	CapHistory        Capability = "history"
	CapDirectory      Capability = "directory"
	CapAddressBook    Capability = "address_book"
	CapDisplayName    Capability = "display_name"
	CapRoute          Capability = "route"
	CapRouteRules     Capability = "route_rules"
	CapRouteAnswer    Capability = "route_answer"
	CapSubscription   Capability = "subscription"
	CapPasteAddress   Capability = "paste_address"
	CapCheck          Capability = "check"
	CapFindRecordings Capability = "find_recordings"
)

// SubscriptionState is how the subscription to a PBX's events stands.
type SubscriptionState string

// States of a subscription: SubscriptionOverdue was not renewed in time, SubscriptionEnded brings
// no events any more.
const (
	SubscriptionOK      SubscriptionState = "ok"
	SubscriptionOverdue SubscriptionState = "overdue"
	SubscriptionEnded   SubscriptionState = "ended"
	SubscriptionOff     SubscriptionState = "off"
)

// Subscription is how we get a PBX's events, where it sends them only for a time.
type Subscription struct {
	State SubscriptionState `json:"state" enum:"ok,overdue,ended,off"`
	// Began, Until and RenewAt are absent before the first one was made.
	Began   *time.Time `json:"began,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
	RenewAt *time.Time `json:"renew_at,omitempty"`
	Level   string     `json:"level,omitempty" doc:"What the PBX tells by it, in its own word"`
	// LostAt and RestoredAt are when one ended before its time last, and when the next one began.
	LostAt     *time.Time `json:"lost_at,omitempty"`
	RestoredAt *time.Time `json:"restored_at,omitempty"`
	// Error says why the last attempt to make one failed.
	Error   string `json:"error,omitempty"`
	ErrorEN string `json:"error_en,omitempty"`
}

// RouteRules is how the PBX's rules that send callers to their responsible stand.
type RouteRules struct {
	Ours    int        `json:"ours"`
	Foreign int        `json:"foreign" doc:"Rules of others, which stay as they are"`
	Waiting int        `json:"waiting"`
	Refused int        `json:"refused,omitempty"`
	At      *time.Time `json:"at,omitempty" doc:"When they were compared last"`
	Error   string     `json:"error,omitempty"`
	ErrorEN string     `json:"error_en,omitempty"`
}

// PBXKinds lists the makes of PBX that can be connected (accountant).
func (a *API) PBXKinds(ctx context.Context) ([]PBXKind, error) {
	return send[[]PBXKind](ctx, a, http.MethodGet, "/integrations/kinds", nil)
}

// RenewSubscription makes a PBX's subscription anew now (accountant); an integration event tells the end.
func (a *API) RenewSubscription(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/subscription", struct{}{})
	return err
}
