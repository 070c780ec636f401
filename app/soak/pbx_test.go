//go:build linux

package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline"
	"dozvon/app/practice/day"
	"dozvon/app/practice/itoolabs"
	"dozvon/app/practice/mango"
	"dozvon/client"
)

// The accounts of the practice PBXs.
const (
	pbxKey   = "soak-key"
	pbxSalt  = "soak-salt"
	pbxToken = "soak-token-of-the-school"
)

// practised is what the practice PBXs of all kinds have.
type practised interface {
	Kind() string
	Call(practice.CallRequest) (string, error)
	Ended(id string) (<-chan struct{}, error)
	Drain(context.Context) error
	List() []practice.CallTruth
	Close()
}

// pbx is a practice PBX that is connected to the server.
type pbx struct {
	practised
	integration client.Integration
	// play plays a day of so many calls in about so much time, and returns when its calls have ended.
	play func(ctx context.Context, calls int, lasts time.Duration, seed uint64) error
	// misbehave switches those faults on and off that such a PBX, or its own list of calls, makes up for.
	misbehave func(on bool) error
	// compares are the liberties that its events leave.
	compares  comparison
	scenarios sync.Map // of calls, by id
}

// quick are the pauses of calls that are played in real time.
var quick = practice.Timing{
	IVR: 10 * time.Millisecond, Ring: 40 * time.Millisecond, NoAnswer: 80 * time.Millisecond, Outside: 40 * time.Millisecond,
	Talk: 80 * time.Millisecond, Join: 10 * time.Millisecond, RecordingDelay: 10 * time.Millisecond,
	Hold: 30 * time.Millisecond, Consult: 30 * time.Millisecond,
}

// serveLater is the address of a handler that is made afterwards: PBX and server must know each other's.
func serveLater(t testing.TB) (address string, serve func(http.Handler)) {
	t.Helper()
	var handler atomic.Pointer[http.Handler]
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := handler.Load()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		(*h).ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func(h http.Handler) { handler.Store(&h) }
}

// connectMango starts Mango's practice PBX, whose days take no time of their own: its events tell when they were.
func connectMango(t testing.TB, api *client.API, front string) *pbx {
	t.Helper()
	address, serve := serveLater(t)
	p := mango.New(mango.Config{
		Key: pbxKey, Salt: pbxSalt, Target: front + "/mango", NoLimits: true, RecordEachEmployee: true, History: 500_000,
		StatsDelay: 10 * time.Millisecond,
	})
	t.Cleanup(p.Close)
	serve(p.Handler())
	made := connect(t, api, client.IntegrationInput{
		Kind: new("mango"), Active: new(true), APIKey: new(pbxKey), APISalt: new(pbxSalt), APIURL: new(address + "/vpbx/"),
	}, extensions(101))
	return &pbx{
		practised: p, integration: made, compares: comparison{exact: true, line: true, recordings: sameIDs},
		play: func(ctx context.Context, calls int, lasts time.Duration, seed uint64) error {
			// Time passes from event to event, so that stamps are exact however slow the machine is; a day comes in pieces.
			const piece, hours = 20, 2 // hours are as far back as every comparison looks anyway
			over := time.Now().Add(lasts)
			for n := uint64(0); time.Now().Before(over); n++ {
				next := time.Now().Add(lasts * piece / time.Duration(calls))
				played, err := p.Day(day.Request{Operators: 5, Calls: min(piece, calls), Seed: seed<<16 + n, Hours: hours})
				if err == nil {
					err = played.Wait(ctx)
				}
				if err != nil {
					return err
				}
				if !pause(ctx, time.Until(next)) {
					return ctx.Err()
				}
			}
			return nil
		},
		misbehave: func(on bool) error {
			if !on {
				return p.SetFaults(mango.Faults{})
			}
			return p.SetFaults(mango.Faults{
				Seed: 7, Drop: 0.05, Duplicate: 0.05, Reorder: 0.05, Cut: 0.03, LoseSummary: 0.05, APIError: 0.05, APICut: 0.02, RecordedFirst: 0.1,
			})
		},
	}
}

// connectBeeline starts Beeline's. It has no list of calls to compare with, so its faults lose nothing.
func connectBeeline(t testing.TB, api *client.API) *pbx {
	t.Helper()
	address, serve := serveLater(t)
	p := beeline.New(beeline.Config{Token: pbxToken, Timing: quick, AgentRing: 60 * time.Millisecond, FirstExtension: 201, History: 500_000})
	t.Cleanup(p.Close)
	serve(p.Handler())
	made := connect(t, api, client.IntegrationInput{
		Kind: new("beeline"), Active: new(true), APIURL: new(address + "/apis/portal/"), Credentials: map[string]string{"api_key": pbxToken},
	}, extensions(201))
	eventually(t, "Beeline's subscription", func() bool {
		i, err := api.Integration(t.Context(), made.ID)
		return err == nil && i.Subscription != nil && i.Subscription.State == client.SubscriptionOK
	})
	// Of a mobile outside no event tells; colleagues who are asked or called need seconds between their calls, as they
	// have, and here are none.
	scenarios := names(beeline.Scenarios(), "forwarded-mobile", "transfer-consult", "internal", "markup-in-name")
	b := &pbx{practised: p, integration: made, compares: comparison{recordings: noneMore}}
	b.play = b.inRealTime(1, "7900001", scenarios)
	b.misbehave = func(on bool) error {
		if !on {
			return p.SetFaults(beeline.Faults{})
		}
		return p.SetFaults(beeline.Faults{Seed: 7, Duplicate: 0.1, Reorder: 0.1, APIError: 0.05, APICut: 0.02})
	}
	return b
}

// connectITooLabs starts one of the ITooLabs family, whose events have no times.
func connectITooLabs(t testing.TB, api *client.API, front string) *pbx {
	t.Helper()
	address, serve := serveLater(t)
	made, err := api.CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: new("itoolabs"), Active: new(true), APIURL: new(address + "/"), Credentials: map[string]string{"api_key": pbxKey, "api_salt": pbxToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, hook, _ := strings.Cut(made.HookURL, "/hook/")
	timing := quick
	timing.Talk = 1200 * time.Millisecond // of less than a second its listing does not tell whether somebody talked
	p := itoolabs.New(itoolabs.Config{
		Key: pbxKey, Token: pbxToken, Address: address, Target: front + "/hook/" + hook, Timing: timing, History: 500_000, NoResponsible: true,
	})
	t.Cleanup(p.Close)
	serve(p.Handler())
	assign(t, api, made, extensions(701))
	f := &pbx{practised: p, integration: made, compares: comparison{recordings: asMany}}
	f.play = f.inRealTime(1, "7900002", names(itoolabs.Scenarios()))
	f.misbehave = func(on bool) error {
		if !on {
			return p.SetFaults(itoolabs.Faults{})
		}
		return p.SetFaults(itoolabs.Faults{Seed: 7, Duplicate: 0.1, Reorder: 0.1, HistoryTwice: 0.1, HistoryEarly: 0.1, APIError: 0.05, APICut: 0.02})
	}
	return f
}

// inRealTime plays calls in so many rows side by side until the day is over: of each row one call after another.
func (p *pbx) inRealTime(rows int, prefix string, scenarios []string) func(context.Context, int, time.Duration, uint64) error {
	var number atomic.Int64 // so that the same one calls again as late as can be
	return func(ctx context.Context, calls int, lasts time.Duration, seed uint64) error {
		over := time.Now().Add(lasts)
		every := time.Duration(rows) * lasts / time.Duration(calls)
		var all errgroup.Group
		for row := range rows {
			all.Go(func() error {
				random := rand.New(rand.NewPCG(seed, uint64(row)))
				for time.Now().Before(over) {
					next := time.Now().Add(every)
					caller := fmt.Sprintf("%s%04d", prefix, number.Add(1)%numbersOfAKind)
					if err := p.playCall(ctx, scenarios[random.IntN(len(scenarios))], caller); err != nil {
						return err
					}
					if !pause(ctx, time.Until(next)) {
						return ctx.Err()
					}
				}
				return nil
			})
		}
		return all.Wait()
	}
}

// playCall plays one call to its end.
func (p *pbx) playCall(ctx context.Context, scenario, number string) error {
	request := practice.CallRequest{Scenario: scenario, From: number}
	switch {
	case strings.HasPrefix(scenario, "outbound") && p.Kind() == "beeline":
		request.From, request.To = "", number
	case strings.HasPrefix(scenario, "internal"), scenario == "anonymous":
		request.From = ""
	}
	id, err := p.Call(request)
	if err != nil {
		return fmt.Errorf("playing %s: %w", scenario, err)
	}
	p.scenarios.Store(id, scenario)
	ended, err := p.Ended(id)
	if err != nil {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// scenarioOf is what a call was, where that is known.
func (p *pbx) scenarioOf(id string) string {
	name, _ := p.scenarios.LoadOrStore(id, "of a day")
	return fmt.Sprint(name)
}

// numbersOfAKind is how many clients call through one PBX.
const numbersOfAKind = 400

// names are those of scenarios but for some, told by their beginnings.
func names(all []practice.Scenario, without ...string) []string {
	var list []string
	for _, s := range all {
		if !slices.ContainsFunc(without, func(w string) bool { return strings.HasPrefix(s.Name, w) }) {
			list = append(list, s.Name)
		}
	}
	return list
}

// extensions are those of the five people of a practice PBX.
func extensions(first int) []string {
	var list []string
	for n := first; n < first+5; n++ {
		list = append(list, fmt.Sprint(n))
	}
	return list
}

func connect(t testing.TB, api *client.API, in client.IntegrationInput, extensions []string) client.Integration {
	t.Helper()
	made, err := api.CreateIntegration(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	assign(t, api, made, extensions)
	return made
}

// assign makes an employee for each extension of a PBX.
func assign(t testing.TB, api *client.API, to client.Integration, extensions []string) {
	t.Helper()
	var rows []client.ExtensionRow
	// As the settings window does; with it the server learns whom the PBX knows.
	if found, err := api.PBXExtensions(t.Context(), to.ID); err != nil || len(found) < len(extensions) {
		t.Fatalf("the PBX's people: %+v, %v", found, err)
	}
	for _, e := range extensions {
		who, err := api.CreateEmployee(t.Context(), client.EmployeeInput{Name: new("Сотрудник " + e)})
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, client.ExtensionRow{EmployeeID: who.ID, Extension: e})
	}
	if _, err := api.SetExtensions(t.Context(), to.ID, rows); err != nil {
		t.Fatal(err)
	}
}

// patience only ends what hangs.
const patience = 3 * time.Minute

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("waited %s for: %s", patience, what)
		case <-tick.C:
		}
	}
}
