package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Line is a trunk line of the PBX as people name it.
type Line struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
}

// Integration is one connected PBX, without its secrets.
type Integration struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" doc:"One of GET /integrations/kinds"`
	Name    string `json:"name"`
	Active  bool   `json:"active"`
	APIKey  string `json:"api_key"`
	HasSalt bool   `json:"has_salt"`
	APIURL  string `json:"api_url"`
	// Credentials are the account's fields that are no secret, by the names that the kind tells.
	Credentials map[string]string `json:"credentials,omitempty"`
	// Secrets are the names of the secret fields that are set; their values are never told.
	Secrets    []string `json:"secrets,omitempty"`
	Forwarding bool     `json:"forwarding"`
	Lines      []Line   `json:"lines"`
	HookURL    string   `json:"hook_url" doc:"The address to paste into the cabinet"`
	// HookSecret says that the address holds a secret word, without which webhooks are refused.
	HookSecret bool `json:"hook_secret"`
	// AddressBook says that our cards are kept in the PBX's own address book.
	AddressBook bool       `json:"address_book"`
	Book        *BookState `json:"book,omitempty"`
	Health      Health     `json:"health"`
	// Subscription is absent for kinds whose events come without one.
	Subscription *Subscription `json:"subscription,omitempty"`
	// Rules is absent for kinds that route without rules.
	Rules      *RouteRules `json:"rules,omitempty"`
	Reconciled *Reconciled `json:"reconciled,omitempty"`
	LastEvent  *time.Time  `json:"last_event_at,omitempty"`
	UpdatedAt  time.Time   `json:"updated_at"`
	UpdatedBy  *Person     `json:"updated_by,omitempty"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// IntegrationInput creates or changes an integration; the salt is never sent back.
type IntegrationInput struct {
	Kind    *string `json:"kind,omitempty" maxLength:"50" doc:"One of GET /integrations/kinds"`
	Name    *string `json:"name,omitempty" maxLength:"200"`
	Active  *bool   `json:"active,omitempty"`
	APIKey  *string `json:"api_key,omitempty" maxLength:"200"`
	APISalt *string `json:"api_salt,omitempty" maxLength:"200"`
	APIURL  *string `json:"api_url,omitempty" maxLength:"500"`
	// Credentials are the kind's fields by name; what is not given stays. api_key and api_salt may stand
	// here as well as beside.
	Credentials map[string]string `json:"credentials,omitempty"`
	Forwarding  *bool             `json:"forwarding,omitempty"`
	// HookSecret puts a secret word into the address to paste, or takes it out.
	HookSecret  *bool   `json:"hook_secret,omitempty"`
	AddressBook *bool   `json:"address_book,omitempty"`
	Lines       *[]Line `json:"lines,omitempty"`
}

// HealthState is whether commands may go to the PBX now.
type HealthState string

// States of health: in HealthCareful only what people ask for is sent, in HealthBlocked nothing.
const (
	HealthOK      HealthState = "ok"
	HealthCareful HealthState = "careful"
	HealthBlocked HealthState = "blocked"
)

// Health says whether the PBX takes our commands, and if not, why and until when.
type Health struct {
	State  HealthState `json:"state" enum:"ok,careful,blocked"`
	Until  *time.Time  `json:"until,omitempty"`
	Code   int         `json:"code,omitempty"`
	Text   string      `json:"text,omitempty"`
	TextEN string      `json:"text_en,omitempty"`
}

// Reconciled is how our calls compare with the PBX's own statistics.
type Reconciled struct {
	// Until is the moment up to which both agree.
	Until time.Time `json:"until"`
	At    time.Time `json:"at"`
	// Calls is how many the PBX listed in the last run, Restored how many of them no webhook had told.
	Calls    int `json:"calls"`
	Restored int `json:"restored"`
	// Error says why the last run failed; Until stays then.
	Error   string `json:"error,omitempty"`
	ErrorEN string `json:"error_en,omitempty"`
}

// PBXExtension is an employee in the PBX's own list.
type PBXExtension struct {
	Extension string `json:"extension"`
	Name      string `json:"name"`
	// EmployeeID is who has it in our table; Suggested is whose name it looks like.
	EmployeeID string `json:"employee_id,omitempty"`
	Suggested  string `json:"suggested_id,omitempty"`
}

// ExtensionRow is one row of the table of employees' extensions.
type ExtensionRow struct {
	EmployeeID string `json:"employee_id"`
	Extension  string `json:"extension"`
}

// Lines lists the school's trunk lines.
func (a *API) Lines(ctx context.Context) ([]Line, error) {
	page, err := send[Page[Line]](ctx, a, http.MethodGet, "/lines", nil)
	return page.Items, err
}

// Integrations lists the connected PBXs.
func (a *API) Integrations(ctx context.Context) ([]Integration, error) {
	page, err := send[Page[Integration]](ctx, a, http.MethodGet, "/integrations", nil)
	return page.Items, err
}

// Integration reads one connected PBX.
func (a *API) Integration(ctx context.Context, id string) (Integration, error) {
	return send[Integration](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id), nil)
}

// CreateIntegration connects a PBX.
func (a *API) CreateIntegration(ctx context.Context, in IntegrationInput) (Integration, error) {
	return send[Integration](ctx, a, http.MethodPost, "/integrations", in)
}

// UpdateIntegration changes the given fields.
func (a *API) UpdateIntegration(ctx context.Context, id string, in IntegrationInput) (Integration, error) {
	return send[Integration](ctx, a, http.MethodPatch, "/integrations/"+url.PathEscape(id), in)
}

// DeleteIntegration disconnects a PBX; its calls stay.
func (a *API) DeleteIntegration(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/integrations/"+url.PathEscape(id), nil)
	return err
}

// Extensions reads the table of employees' extensions.
func (a *API) Extensions(ctx context.Context, id string) ([]ExtensionRow, error) {
	return send[[]ExtensionRow](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id)+"/extensions", nil)
}

// ExtensionTable reads the table of employees' extensions with its ETag, for IfMatch.
func (a *API) ExtensionTable(ctx context.Context, id string) (rows []ExtensionRow, etag string, err error) {
	rows, header, err := exchange[[]ExtensionRow](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id)+"/extensions", nil)
	return rows, header.Get("ETag"), err
}

// SetExtensions replaces the table of employees' extensions.
func (a *API) SetExtensions(ctx context.Context, id string, rows []ExtensionRow) ([]ExtensionRow, error) {
	return send[[]ExtensionRow](ctx, a, http.MethodPut, "/integrations/"+url.PathEscape(id)+"/extensions", rows)
}

// PBXExtensions asks the PBX for its own list of employees.
func (a *API) PBXExtensions(ctx context.Context, id string) ([]PBXExtension, error) {
	page, err := send[Page[PBXExtension]](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id)+"/pbx-extensions", nil)
	return page.Items, err
}

// Reconcile compares our calls with the PBX's statistics now. It begins the work and returns;
// an integration event tells the end.
func (a *API) Reconcile(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/reconcile", struct{}{})
	return err
}
