package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Account is that of the school at its second PBX, which is Beeline's.
type Account struct{ URL, Token string }

// beelinePast is what calls of the past need to come by the second PBX.
type beelinePast struct {
	integration, subscription string
	userIDs                   map[string]string // by extension
}

// connectBeeline connects the second PBX. Without an answer of it nobody knows what its events call
// people: ErrSilent, and the past has no calls of it.
func connectBeeline(ctx context.Context, in Rooms, cfg Config, staff []client.Employee) (*beelinePast, error) {
	kind, name, on := "beeline", "Билайн", true
	lines := []client.Line{{Number: "+79610000010", Name: "Авито"}, {Number: "+79610000020", Name: "2ГИС"}}
	made, err := in.Directory.SaveIntegration(ctx, client.Employee{}, "", client.IntegrationInput{
		Kind: &kind, Name: &name, Active: &on, APIURL: &cfg.Second.URL, Lines: &lines,
		Credentials: map[string]string{pbx.KeyField: cfg.Second.Token},
	})
	if err != nil {
		return nil, fmt.Errorf("connecting the second practice PBX: %w", err)
	}
	var table []client.ExtensionRow
	for _, e := range staff {
		if e.Extension != "" { // everybody has the same at both
			table = append(table, client.ExtensionRow{EmployeeID: e.ID, Extension: e.Extension})
		}
	}
	if _, err := in.Directory.SetExtensions(ctx, client.Employee{}, made.ID, table); err != nil {
		return nil, fmt.Errorf("giving extensions at the second practice PBX: %w", err)
	}
	return askBeeline(ctx, in, made.ID)
}

// ErrSilent means that the second practice PBX does not answer.
var ErrSilent = errors.New("the second practice PBX does not answer, so the past has no calls of it")

// askBeeline learns whom its events will name, and remembers a subscription that they came by.
func askBeeline(ctx context.Context, in Rooms, id string) (*beelinePast, error) {
	integration := in.Directory.Snapshot().Integration(id)
	refresher, ok := integration.Provider.(pbx.Refresher)
	lister, lists := integration.Provider.(pbx.Directory)
	if !ok || !lists {
		return nil, fmt.Errorf("%s keeps no directory", id)
	}
	if err := refresher.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSilent, err)
	}
	people, err := lister.Extensions(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSilent, err)
	}
	p := &beelinePast{integration: id, subscription: uuid.NewString(), userIDs: map[string]string{}}
	for _, e := range people {
		p.userIDs[e.Number] = e.ID
	}
	return p, in.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutSubscription(store.Subscription{
			IntegrationID: id, ID: p.subscription, Account: integration.Account, HookPrint: integration.HookPrint, Level: beeline.AdvancedCall,
		})
	})
}

// end notes that the subscription of the past is over: the server makes its own when it runs.
func (p *beelinePast) end(ctx context.Context, in Rooms) error {
	if p == nil {
		return nil
	}
	return in.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSubscription(p.integration, p.subscription) })
}

// call delivers a call of the past as the second PBX would have sent it.
func (p *beelinePast) call(ctx context.Context, in Rooms, r *rand.Rand, i int, at time.Time) error {
	userID := p.userIDs[[]string{"101", "102", "103"}[r.IntN(3)]]
	half := beeline.Call{
		ID: fmt.Sprintf("callhalf-%d:0", i), Tracking: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "demo-%d", i)).String(),
		Personality: beeline.Terminator, State: beeline.Alerting, Start: at,
		Remote: beeline.Party{Address: "tel:+" + caller(r, i), Country: "7", CallType: beeline.Network},
		Redirections: []beeline.Redirection{{Reason: "deflection", Counter: 1, Party: beeline.Party{
			Name: "9610000010 9610000010", Address: "tel:+79610000010", Country: "7", CallType: beeline.Group,
		}}},
	}
	first := beeline.CallReceived
	if i%3 == 1 {
		first, half.Personality, half.Redirections = beeline.CallOriginated, beeline.Originator, nil
	}
	events := []beeline.Event{{Type: first, Calls: []beeline.Call{half}}}
	half.Releasing, half.Release = beeline.RemoteRelease, at.Add(time.Duration(12+r.IntN(30))*time.Second)
	if i%5 != 2 {
		half.State, half.Answer = beeline.Active, at.Add(8*time.Second)
		talks := half
		talks.Releasing, talks.Release = "", time.Time{}
		events = append(events, beeline.Event{Type: beeline.CallAnswered, Calls: []beeline.Call{talks}})
		half.Release = half.Answer.Add(time.Duration(40+r.IntN(400)) * time.Second)
	}
	half.State = beeline.Released
	events = append(events, beeline.Event{Type: beeline.CallReleased, Calls: []beeline.Call{half}})
	for _, e := range events {
		e.ID, e.SubscriptionID, e.Target = uuid.NewString(), p.subscription, userID
		body := spelling.Encode(e, spelling.XSI)
		if _, err := in.Calls.DeliverTo(ctx, p.integration, pbx.Request{Method: "POST", Body: body}); err != nil {
			return err
		}
	}
	return nil
}
