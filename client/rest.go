package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// requestTimeout bounds every call but the stream and recordings.
const requestTimeout = 15 * time.Second

// maxAnswer bounds what is read of one JSON answer.
const maxAnswer = 16 << 20

// API speaks to one server with one token. It is safe for concurrent use.
type API struct {
	base  string
	token string
	http  *http.Client
	lang  atomic.Pointer[string]
	// ifMatch is sent with changes, see IfMatch.
	ifMatch string
}

// IfMatch is the same API whose changes hold only while the record still stands as etag tells; else they
// are refused with the code conflict, which names who changed it.
func (a *API) IfMatch(etag string) *API {
	out := &API{base: a.base, token: a.token, http: a.http, ifMatch: etag}
	out.lang.Store(a.lang.Load())
	return out
}

// SetLanguage asks for errors in a language, "ru" or "en". Without it the server speaks Russian.
func (a *API) SetLanguage(lang string) { a.lang.Store(&lang) }

func (a *API) language() string {
	if lang := a.lang.Load(); lang != nil {
		return *lang
	}
	return ""
}

// New returns an API for the server at base, e.g. "http://127.0.0.1:8420". A token may be
// empty for SignIn.
func New(base, token string) *API {
	return &API{base: strings.TrimRight(base, "/"), token: token, http: &http.Client{CheckRedirect: sameServer}}
}

// Base is the server's address without a trailing slash.
func (a *API) Base() string { return a.base }

// SignIn opens a session; its token is what New wants.
func (a *API) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	out, err := send[SignedIn](ctx, a, http.MethodPost, "/sessions", in)
	if err == nil && out.Token == "" {
		return out, &ForeignAnswer{Status: http.StatusOK}
	}
	return out, err
}

// SignOut kills the token at once.
func (a *API) SignOut(ctx context.Context) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/sessions/current", nil)
	return err
}

// Me tells whose token it is.
func (a *API) Me(ctx context.Context) (Employee, error) {
	me, err := send[Employee](ctx, a, http.MethodGet, "/me", nil)
	if err == nil && me.ID == "" {
		return me, &ForeignAnswer{Status: http.StatusOK}
	}
	return me, err
}

// Lookup finds whom a number belongs to, contract first.
func (a *API) Lookup(ctx context.Context, phone string) ([]Subject, error) {
	out, err := send[struct {
		Matches []Subject `json:"matches"`
	}](ctx, a, http.MethodGet, "/lookup?phone="+url.QueryEscape(phone), nil)
	return out.Matches, err
}

// ActiveCalls lists the calls that go on now and of which the stream tells this employee.
func (a *API) ActiveCalls(ctx context.Context) ([]Call, error) {
	page, err := send[Page[Call]](ctx, a, http.MethodGet, "/calls?state=active&told=true&limit=200", nil)
	return page.Items, err
}

// Call reads one call.
func (a *API) Call(ctx context.Context, id string) (Call, error) {
	return send[Call](ctx, a, http.MethodGet, "/calls/"+url.PathEscape(id), nil)
}

// Dial asks the PBX to ring the operator first and then phone.
func (a *API) Dial(ctx context.Context, in Dial) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls", in)
}

// Hangup ends a call.
func (a *API) Hangup(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/hangup", struct{}{})
	return err
}

// Transfer hands a talking call to a colleague's extension.
func (a *API) Transfer(ctx context.Context, id string, in Transfer) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/transfer", in)
	return err
}

// HoldCall puts the client on hold.
func (a *API) HoldCall(ctx context.Context, id string) error { return a.act(ctx, id, "hold") }

// ResumeCall takes the client back from hold.
func (a *API) ResumeCall(ctx context.Context, id string) error { return a.act(ctx, id, "resume") }

// ConnectTransfer joins the client with the colleague who was asked.
func (a *API) ConnectTransfer(ctx context.Context, id string) error {
	return a.act(ctx, id, "transfer/connect")
}

// ReturnTransfer gives the consultation up and goes back to the client.
func (a *API) ReturnTransfer(ctx context.Context, id string) error {
	return a.act(ctx, id, "transfer/return")
}

// RecordCall begins to record a talk.
func (a *API) RecordCall(ctx context.Context, id string) error { return a.act(ctx, id, "record") }

func (a *API) act(ctx context.Context, id, what string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/"+what, struct{}{})
	return err
}

// SendSMS sends a message through the PBX; its feed entry follows what becomes of it.
func (a *API) SendSMS(ctx context.Context, in SMSInput) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/sms", in)
}

// NoteCall writes a note that lands in the feed, tied to the call.
func (a *API) NoteCall(ctx context.Context, id string, in CallNote) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/note", in)
}

// BindCall chooses which of several subjects a call belongs to.
func (a *API) BindCall(ctx context.Context, id string, in SubjectRef) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/subject", in)
}

// Values are the filters as the server takes them.
func (q FeedQuery) Values() url.Values {
	v := url.Values{}
	for key, value := range map[string]string{
		"type": q.Type, "subject": q.Subject, "q": q.Q, "employee": q.Employee, "phone": q.Phone,
		"from": q.From, "to": q.To, "bound": q.Bound, "cursor": q.Cursor, "line": q.Line, "result": q.Result,
	} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v
}

// Feed reads a page, newest first.
func (a *API) Feed(ctx context.Context, q FeedQuery) (Page[FeedEntry], error) {
	return send[Page[FeedEntry]](ctx, a, http.MethodGet, "/feed?"+q.Values().Encode(), nil)
}

// AddNote writes a note on a contract or client.
func (a *API) AddNote(ctx context.Context, in NewNote) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/feed", in)
}

// Clients lists clients and leads by name; q filters by name or number.
func (a *API) Clients(ctx context.Context, q, cursor string) (Page[Client], error) {
	return send[Page[Client]](ctx, a, http.MethodGet, listPath("/clients", q, cursor), nil)
}

// Client reads one client.
func (a *API) Client(ctx context.Context, id string) (Client, error) {
	return send[Client](ctx, a, http.MethodGet, "/clients/"+url.PathEscape(id), nil)
}

// CreateClient makes a lead or client; earlier calls of its numbers bind to it.
func (a *API) CreateClient(ctx context.Context, in ClientInput) (Client, error) {
	return send[Client](ctx, a, http.MethodPost, "/clients", in)
}

// UpdateClient changes the given fields.
func (a *API) UpdateClient(ctx context.Context, id string, in ClientInput) (Client, error) {
	return send[Client](ctx, a, http.MethodPatch, "/clients/"+url.PathEscape(id), in)
}

// DeleteClient hides a client; its calls go to whom the lookup finds then.
func (a *API) DeleteClient(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/clients/"+url.PathEscape(id), nil)
	return err
}

// Contracts lists contracts, newest first; q filters by name, number or phone.
func (a *API) Contracts(ctx context.Context, q, cursor string) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, listPath("/contracts", q, cursor), nil)
}

// Contract reads one contract.
func (a *API) Contract(ctx context.Context, id string) (Contract, error) {
	return send[Contract](ctx, a, http.MethodGet, "/contracts/"+url.PathEscape(id), nil)
}

// CreateContract makes a contract; earlier calls of its numbers bind to it.
func (a *API) CreateContract(ctx context.Context, in ContractInput) (Contract, error) {
	return send[Contract](ctx, a, http.MethodPost, "/contracts", in)
}

// UpdateContract changes the given fields.
func (a *API) UpdateContract(ctx context.Context, id string, in ContractInput) (Contract, error) {
	return send[Contract](ctx, a, http.MethodPatch, "/contracts/"+url.PathEscape(id), in)
}

// Employees lists the school's people with their presence.
func (a *API) Employees(ctx context.Context) ([]Employee, error) {
	page, err := send[Page[Employee]](ctx, a, http.MethodGet, "/employees?limit=500", nil)
	return page.Items, err
}

// CreateEmployee adds somebody, with an account when a login is given.
func (a *API) CreateEmployee(ctx context.Context, in EmployeeInput) (Employee, error) {
	return send[Employee](ctx, a, http.MethodPost, "/employees", in)
}

// UpdateEmployee changes the given fields.
func (a *API) UpdateEmployee(ctx context.Context, id string, in EmployeeInput) (Employee, error) {
	return send[Employee](ctx, a, http.MethodPatch, "/employees/"+url.PathEscape(id), in)
}

// Integrations lists the connected PBXs.
func (a *API) Integrations(ctx context.Context) ([]Integration, error) {
	page, err := send[Page[Integration]](ctx, a, http.MethodGet, "/integrations", nil)
	return page.Items, err
}

// CreateIntegration connects a PBX.
func (a *API) CreateIntegration(ctx context.Context, in IntegrationInput) (Integration, error) {
	return send[Integration](ctx, a, http.MethodPost, "/integrations", in)
}

// UpdateIntegration changes the given fields.
func (a *API) UpdateIntegration(ctx context.Context, id string, in IntegrationInput) (Integration, error) {
	return send[Integration](ctx, a, http.MethodPatch, "/integrations/"+url.PathEscape(id), in)
}

// SetExtensions replaces the table of employees' extensions.
func (a *API) SetExtensions(ctx context.Context, id string, rows []ExtensionRow) ([]ExtensionRow, error) {
	return send[[]ExtensionRow](ctx, a, http.MethodPut, "/integrations/"+url.PathEscape(id)+"/extensions", rows)
}

// CheckIntegration tells in words what works and what does not.
func (a *API) CheckIntegration(ctx context.Context, id string) ([]Check, error) {
	page, err := send[Page[Check]](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/check", struct{}{})
	return page.Items, err
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

// Employee reads one of the school's people.
func (a *API) Employee(ctx context.Context, id string) (Employee, error) {
	return send[Employee](ctx, a, http.MethodGet, "/employees/"+url.PathEscape(id), nil)
}

// Integration reads one connected PBX.
func (a *API) Integration(ctx context.Context, id string) (Integration, error) {
	return send[Integration](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id), nil)
}

// PBXExtensions asks the PBX for its own list of employees.
func (a *API) PBXExtensions(ctx context.Context, id string) ([]PBXExtension, error) {
	page, err := send[Page[PBXExtension]](ctx, a, http.MethodGet, "/integrations/"+url.PathEscape(id)+"/pbx-extensions", nil)
	return page.Items, err
}

// BellTest rings the own telephone and follows the call on its way.
func (a *API) BellTest(ctx context.Context, id string) (BellTest, error) {
	return send[BellTest](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/bell", struct{}{})
}

// Reconcile compares our calls with the PBX's statistics now. It begins the work and returns;
// an integration event tells the end.
func (a *API) Reconcile(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/reconcile", struct{}{})
	return err
}

// PlanBook tells what a synchronisation of the address book would change.
func (a *API) PlanBook(ctx context.Context, id string) (BookPlan, error) {
	return send[BookPlan](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/address-book/plan", struct{}{})
}

func listPath(path, q, cursor string) string {
	v := url.Values{}
	if q != "" {
		v.Set("q", q)
	}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (a *API) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.base+"/api/v1"+path, body)
	if err != nil {
		return nil, fmt.Errorf("building %s %s: %w", method, path, err)
	}
	if lang := a.language(); lang != "" {
		req.Header.Set("Accept-Language", lang)
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	if a.ifMatch != "" && method != http.MethodGet {
		req.Header.Set("If-Match", a.ifMatch)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func send[T any](ctx context.Context, a *API, method, path string, in any) (T, error) {
	out, _, err := exchange[T](ctx, a, method, path, in)
	return out, err
}

// exchange is send that also gives the answer's header.
func exchange[T any](ctx context.Context, a *API, method, path string, in any) (T, http.Header, error) {
	var out T
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return out, nil, fmt.Errorf("encoding the body of %s %s: %w", method, path, err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := a.request(ctx, method, path, body)
	if err != nil {
		return out, nil, err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return out, nil, fmt.Errorf("calling %s %s: %w", method, path, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return out, resp.Header, problemOf(resp)
	}
	if resp.StatusCode == http.StatusNoContent {
		return out, resp.Header, nil
	}
	err = json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&out)
	if err == nil || err == io.EOF {
		return out, resp.Header, nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && !isJSON(resp) {
		return out, nil, foreign(resp)
	}
	return out, nil, fmt.Errorf("reading the answer of %s %s: %w", method, path, err)
}
