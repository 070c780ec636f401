package server_test

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// toyKind is a make of PBX that stands in this file alone: its account, its events, its commands.
// Nothing else in the program knows of it.
var toyKind = pbx.Kind{
	Name: "acme-9_x", Title: "Акме 9", Source: bilingual.Text{RU: "АТС «Акме»", EN: "PBX “Acme”"},
	Credentials: []pbx.Credential{
		{Name: pbx.KeyField, Label: bilingual.Text{RU: "Жетон", EN: "Token"}, Hint: bilingual.Text{RU: "Кабинет → Ключи", EN: "Cabinet → Keys"}, Secret: true},
		{Name: "office", Label: bilingual.Text{RU: "Номер офиса", EN: "Office number"}},
		{Name: "pin", Label: bilingual.Text{RU: "Код", EN: "Code"}, Secret: true, Optional: true},
	},
	Steps: []bilingual.Text{{RU: "Скопируйте жетон.", EN: "Copy the token."}},
	Capabilities: []pbx.Capability{
		pbx.CanDial, pbx.CanRouteByAnswer, pbx.CanBeSubscribed, pbx.CanHistory,
	},
	Grace: time.Minute,
	New:   func(a pbx.Account) pbx.Provider { return newToy(a) },
}

// toy is the adapter of one account.
type toy struct {
	account pbx.Account
	http    *http.Client
	people  atomic.Pointer[map[string]string] // the PBX's id of an employee → extension
}

func newToy(a pbx.Account) *toy {
	return &toy{account: a, http: &http.Client{Transport: a.Outbound.Transport(), Timeout: 20 * time.Second}}
}

// toyEvent is what this PBX sends.
type toyEvent struct {
	Sub  string `json:"sub"`
	What string `json:"what"` // ring, talk, end; ask; lost; over; probe
	Call string `json:"call"`
	From string `json:"from"`
	Who  string `json:"who"`
	At   int64  `json:"at"` // milliseconds
	Pin  string `json:"pin,omitempty"`
}

func (p *toy) Decode(r pbx.Request) (pbx.Delivery, error) {
	var e toyEvent
	if err := json.Unmarshal(r.Body, &e); err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
	}
	if pin := p.account.Credentials["pin"]; pin != "" && subtle.ConstantTimeCompare([]byte(pin), []byte(e.Pin)) != 1 {
		return pbx.Delivery{}, pbx.ErrForged
	}
	e.Pin = ""
	kept, err := json.Marshal(e)
	if err != nil {
		return pbx.Delivery{}, err
	}
	d := pbx.Delivery{Payload: kept, Subscription: e.Sub, Answer: pbx.Answer{Status: 202, ContentType: "text/plain", Body: []byte("ok " + r.Path + " " + r.Query.Get("shard"))}}
	number, _ := phone.Parse(e.From)
	switch e.What {
	case "probe":
		d.Probe = true
	case "lost":
		d.Gap = true
	case "over":
		d.Ended = true
	case "ask":
		d.Question = &pbx.Question{Key: e.Call, Number: number}
	default:
		who, known := p.extension(e.Who)
		d.Stranger = !known
		d.Events = []call.Event{toyLeg(e, number, who)}
	}
	return d, nil
}

func toyLeg(e toyEvent, number phone.Number, who string) call.Event {
	state := map[string]call.LegState{"ring": call.LegRinging, "talk": call.LegTalking, "end": call.LegEnded}[e.What]
	out := call.Event{
		Kind: call.KindLeg, Key: e.Call, Leg: e.Call + "/1", At: time.UnixMilli(e.At).UTC(), State: state, Place: call.PlaceEmployee,
		Seq:  map[call.LegState]int64{call.LegRinging: 1, call.LegTalking: 2, call.LegEnded: 3}[state],
		From: call.Party{Number: number}, To: call.Party{Extension: who},
	}
	if strings.HasPrefix(e.Call, "out-") {
		out.From, out.To = out.To, out.From
	}
	if state == call.LegEnded {
		out.End = call.EndByCaller
	}
	return out
}

func (p *toy) extension(who string) (string, bool) {
	if all := p.people.Load(); all != nil && (*all)[who] != "" {
		return (*all)[who], true
	}
	return strings.TrimPrefix(who, "u-"), false
}

func (p *toy) Explain(code int) bilingual.Text {
	return bilingual.Text{RU: fmt.Sprint("код ", code), EN: fmt.Sprint("code ", code)}
}

func (p *toy) Answer(_ pbx.Question, r pbx.Reply) pbx.Answer {
	return pbx.Answer{ContentType: "text/plain", Body: []byte(r.Name + "|" + r.Extension)}
}

func (p *toy) Dial(ctx context.Context, o pbx.DialOrder) (string, error) {
	var out struct{ Key string }
	err := p.ask(ctx, http.MethodPost, "calls", map[string]string{"who": "u-" + o.Extension, "to": string(o.Number)}, &out)
	return out.Key, err
}

func (p *toy) Subscribe(ctx context.Context, hookURL string) (pbx.Subscription, error) {
	var out struct {
		ID      string
		Seconds int
	}
	began := p.account.Now()
	err := p.ask(ctx, http.MethodPost, "subscriptions", map[string]string{"url": hookURL}, &out)
	return pbx.Subscription{ID: out.ID, Began: began, Until: began.Add(time.Duration(out.Seconds) * time.Second), Level: "ALL"}, err
}

func (p *toy) Subscribed(ctx context.Context, s pbx.Subscription) error {
	return p.ask(ctx, http.MethodGet, "subscriptions/"+s.ID, nil, nil)
}

func (p *toy) FindSubscription(ctx context.Context, id, hookURL string) (pbx.Subscription, error) {
	var out struct{ URL string }
	err := p.ask(ctx, http.MethodGet, "subscriptions/"+id, nil, &out)
	if err == nil && out.URL != hookURL {
		err = pbx.ErrUnsubscribed
	}
	now := p.account.Now()
	return pbx.Subscription{ID: id, Began: now, Until: now.Add(time.Hour), Level: "ALL"}, err
}

func (p *toy) Unsubscribe(ctx context.Context, s pbx.Subscription) error {
	err := p.ask(ctx, http.MethodDelete, "subscriptions/"+s.ID, nil, nil)
	if err == pbx.ErrUnsubscribed {
		return nil
	}
	return err
}

func (p *toy) History(ctx context.Context, _, _ time.Time, take func(pbx.HistoryCall) error) error {
	var calls []toyEvent
	if err := p.ask(ctx, http.MethodGet, "history", nil, &calls); err != nil {
		return err
	}
	for _, e := range calls {
		number, _ := phone.Parse(e.From)
		at := time.UnixMilli(e.At).UTC()
		err := take(pbx.HistoryCall{Events: []call.Event{{
			Kind: call.KindHistory, Key: e.Call, At: at.Add(time.Minute), Began: at, Direction: call.In,
			From: call.Party{Number: number}, To: call.Party{Extension: e.Who}, End: call.EndNoAnswer,
		}}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *toy) Refresh(ctx context.Context) error {
	all := map[string]string{}
	if err := p.ask(ctx, http.MethodGet, "people", nil, &all); err != nil {
		return err
	}
	p.people.Store(&all)
	return nil
}

// ask sends a command, and reads its answer.
func (p *toy) ask(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, p.account.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("X-Token", p.account.Credentials[pbx.KeyField]+"@"+p.account.Credentials["office"])
	resp, err := p.http.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", pbx.ErrUnreachable, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", pbx.ErrUnreachable, err)
	case resp.StatusCode == http.StatusNotFound:
		return pbx.ErrUnsubscribed
	case resp.StatusCode != http.StatusOK:
		return &pbx.Refused{Said: strings.TrimSpace(string(raw))}
	case out == nil:
		return nil
	}
	return json.Unmarshal(raw, out)
}

// toySite is the PBX itself, as its customers' servers see it.
type toySite struct {
	*httptest.Server
	mu       sync.Mutex
	tokens   map[string]bool // those that it knows
	people   map[string]string
	history  []toyEvent
	life     time.Duration
	fails    string              // what it says to every wish for a subscription; empty: it makes one
	subs     map[string]string   // id → the address
	madeBy   map[string]string   // id → the token; no other one ends it
	made     []string            // ids, in order
	ended    []string            // ids that were ended on request, in order
	asked    map[string]int      // requests by method and first part of the path
	dialled  []map[string]string // the orders
	sameID   bool                // the one that lives is made longer, under its id
	making   func(id, address string)
	unmaking func(id string)
	calling  func() // beside the answer to an order
}

func openToySite(t testing.TB) *toySite {
	t.Helper()
	s := &toySite{
		tokens: map[string]bool{"secret-token@77": true}, life: time.Hour, subs: map[string]string{}, madeBy: map[string]string{}, asked: map[string]int{},
		people: map[string]string{"u-ann": "101", "u-bob": "102"},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /subscriptions", s.subscribe)
	mux.HandleFunc("GET /subscriptions/{id}", s.subscribed)
	mux.HandleFunc("DELETE /subscriptions/{id}", s.unsubscribe)
	mux.HandleFunc("GET /people", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		json.NewEncoder(w).Encode(s.people)
	})
	mux.HandleFunc("GET /history", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		json.NewEncoder(w).Encode(append([]toyEvent{}, s.history...))
	})
	mux.HandleFunc("POST /calls", s.call)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		known := s.tokens[r.Header.Get("X-Token")]
		s.asked[r.Method+" "+strings.Split(r.URL.Path, "/")[1]]++
		s.mu.Unlock()
		if !known {
			http.Error(w, "жетон не подходит", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *toySite) subscribe(w http.ResponseWriter, r *http.Request) {
	var in struct{ URL string }
	json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	if s.fails != "" {
		defer s.mu.Unlock()
		http.Error(w, s.fails, http.StatusServiceUnavailable)
		return
	}
	id := fmt.Sprint("sub-", len(s.made)+1)
	if s.sameID && len(s.made) > 0 {
		id = "sub-1"
	}
	s.made, s.subs[id], s.madeBy[id] = append(s.made, id), in.URL, r.Header.Get("X-Token")
	life, making := s.life, s.making
	s.mu.Unlock()
	if making != nil {
		making(id, in.URL)
	}
	json.NewEncoder(w).Encode(map[string]any{"id": id, "seconds": int(life / time.Second)})
}

func (s *toySite) subscribed(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	address := s.subs[r.PathValue("id")]
	if address == "" {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(map[string]string{"url": address})
}

func (s *toySite) unsubscribe(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	unmaking := s.unmaking
	s.mu.Unlock()
	if unmaking != nil {
		unmaking(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.subs[id] == "":
		http.NotFound(w, r)
		return
	case s.madeBy[id] != r.Header.Get("X-Token") || s.fails != "":
		http.Error(w, "не ваша подписка", http.StatusForbidden)
		return
	}
	delete(s.subs, id)
	s.ended = append(s.ended, id)
}

func (s *toySite) call(w http.ResponseWriter, r *http.Request) {
	var in map[string]string
	json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialled = append(s.dialled, in)
	if s.calling != nil {
		go s.calling()
	}
	json.NewEncoder(w).Encode(map[string]string{"key": fmt.Sprint("out-", len(s.dialled))})
}

// requests counts those of a method and path.
func (s *toySite) requests(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

// newest is the id of the subscription that was made last.
func (s *toySite) newest() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made[len(s.made)-1]
}

// madeIDs are the ids of all subscriptions that were made, in order.
func (s *toySite) madeIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.made)
}

// living is what lives there, by id.
func (s *toySite) living() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.subs)
}

// set changes something of the site.
func (s *toySite) set(change func(*toySite)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// TestToy_aKindOfItsOwnFileIsConnectedRungAndDialled: through the API and real HTTP, with all that runs
// beside; nothing but toy_test.go knows of the kind.
func TestToy_aKindOfItsOwnFileIsConnectedRungAndDialled(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.parts.Run(ctx) })
	defer running.Wait()
	defer stop()
	api := s.api("105")
	i, err := api.CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: ptr(site.URL + "/"), Credentials: map[string]string{"api_key": "secret-token", "office": "77"},
	})
	if err != nil {
		t.Fatal(err)
	}
	ann := s.hire("ann", client.RoleOperator)
	if _, err := api.SetExtensions(t.Context(), i.ID, []client.ExtensionRow{{EmployeeID: ann.ID, Extension: "101"}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the subscription and the directory", func() bool { return len(site.living()) == 1 && site.requests("GET people") > 0 })
	told := make(chan client.Call, 100)
	live := make(chan struct{})
	var once sync.Once
	watching, unwatch := context.WithCancel(t.Context())
	defer unwatch()
	go client.New(s.http.URL, s.signIn("ann", password)).Stream(watching, client.StreamConfig{
		State: func(st client.StreamState) {
			if st.Live {
				once.Do(func() { close(live) })
			}
		},
		Handle: func(e client.StreamEvent) {
			if c, ok := e.Data.(*client.Call); ok {
				told <- *c
			}
		},
	})
	<-live
	tell := func(what string) {
		t.Helper()
		status, _, _ := s.send(http.MethodPost, hookPathOf(t, i)+"/null", toyBody(toyEvent{Sub: "sub-1", What: what, Call: "c1", From: "+79000000501", Who: "u-ann"}), nil)
		if status != 202 {
			t.Fatalf("%s: answered %d", what, status)
		}
	}
	tell("ring")
	if c := <-told; c.Phone != "+79000000501" || !slices.Equal(c.Ringing, []string{ann.ID}) {
		t.Errorf("the stream tells %+v", c)
	}
	tell("talk")
	tell("end")
	eventually(t, "the call in the feed", func() bool {
		page, err := api.Feed(t.Context(), client.FeedQuery{})
		return err == nil && len(page.Items) == 1 && page.Items[0].Phone == "+79000000501" && page.Items[0].SourceName == "АТС «Акме»"
	})
	dialled, err := client.New(s.http.URL, s.signIn("ann", password)).Dial(t.Context(), client.Dial{Phone: "+79000000502"})
	if err != nil {
		t.Fatal(err)
	}
	if len(site.dialled) != 1 || site.dialled[0]["who"] != "u-101" || site.dialled[0]["to"] != "+79000000502" {
		t.Errorf("the PBX was told to dial %v", site.dialled)
	}
	for _, what := range []string{"ring", "talk", "end"} {
		status, _, _ := s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: "sub-1", What: what, Call: "out-1", From: "+79000000502", Who: "u-ann"}), nil)
		if status != 202 {
			t.Fatalf("%s: answered %d", what, status)
		}
	}
	c, err := api.Call(t.Context(), dialled.ID)
	if err != nil || c.AnsweredAt == nil || c.Direction != client.Out || len(s.calls()) != 2 {
		t.Errorf("the dialled call is %+v, %v; %d calls are known, want two", c, err, len(s.calls()))
	}
}
