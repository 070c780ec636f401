package itoolabs

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

const (
	samples = "../../../itoolabs/testdata/samples/"
	key     = "pbx-key-of-the-practice-pbx"
	token   = "crm-token-of-the-practice-pbx"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// arrival is when the first request of a flow comes; each further one is a second later.
var arrival = time.Date(2025, 10, 9, 9, 0, 0, 0, time.UTC)

// colleagues are the employees of the samples.
func colleagues(tb testing.TB) []itoolabs.Account {
	tb.Helper()
	var file struct {
		Response struct {
			JSON json.RawMessage `json:"json"`
		} `json:"response"`
	}
	load(tb, samples+"commands/accounts.json", &file)
	all, err := itoolabs.ReadAccounts(file.Response.JSON)
	if err != nil || len(all) != 3 {
		tb.Fatalf("%v, %v", all, err)
	}
	return all
}

func load(tb testing.TB, file string, into any) {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
}

// started is a provider that has read the employees, with a clock of its own: a second a look.
func started(tb testing.TB) *Provider {
	tb.Helper()
	var looks atomic.Int64
	p := New(Config{Key: key, Token: token, URL: "https://demo.example/", Now: func() time.Time { return arrival.Add(time.Duration(looks.Add(1)) * time.Second) }})
	if err := p.staff.keep(tb.Context(), colleagues(tb)); err != nil {
		tb.Fatal(err)
	}
	return p
}

type flowRequest struct {
	Form   itoolabs.Fields `json:"form"`
	Answer *struct {
		Status int             `json:"status"`
		JSON   json.RawMessage `json:"json"`
	} `json:"answer"`
}

type expected struct {
	EntryID     string   `json:"entry_id"`
	Direction   string   `json:"direction"`
	Phone       string   `json:"phone"`
	Result      string   `json:"result"`
	Rang        []string `json:"rang"`
	Talked      *string  `json:"talked"`
	TalkSeconds *int     `json:"talk_seconds"`
	TalkedAll   []string `json:"talked_all"`
	Aliases     []string `json:"aliases"`
}

func readFlow(tb testing.TB, dir string) (requests []flowRequest, want expected) {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[0-9]*.json"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no requests in %s: %v", dir, err)
	}
	slices.Sort(files)
	for _, file := range files {
		var r flowRequest
		load(tb, file, &r)
		requests = append(requests, r)
	}
	load(tb, filepath.Join(dir, "expect.json"), &want)
	return requests, want
}

// told decodes requests in an order, as forms and as JSON in turn, and folds all that they tell.
func told(tb testing.TB, p *Provider, requests []flowRequest, order []int) (c call.Call, keys map[string]bool, joins []pbx.Join) {
	tb.Helper()
	keys = map[string]bool{}
	for n, i := range order {
		body := requests[i].Form.Form()
		if n%2 == 1 {
			body = string(requests[i].Form.Canonical())
		}
		d, err := p.Decode(pbx.Request{Method: http.MethodPost, Body: []byte(body)})
		if err != nil {
			tb.Fatal(err)
		}
		joins = append(joins, d.Joins...)
		for _, e := range d.Events {
			keys[e.Key] = true
			c = call.Fold(c, e)
		}
	}
	return c, keys, joins
}

// TestFlows_areTheCallThatTheReferenceTells: as they came, shuffled, and doubled.
func TestFlows_areTheCallThatTheReferenceTells(t *testing.T) {
	t.Parallel()
	dirs, _ := filepath.Glob(samples + "flows/*")
	if len(dirs) != 8 {
		t.Fatalf("%d flows found", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			requests, want := readFlow(t, dir)
			for round := range 40 {
				order := make([]int, len(requests))
				for i := range order {
					order[i] = i
				}
				r := rand.New(rand.NewPCG(uint64(round), 1))
				if round%2 == 1 {
					order = append(order, order...)
				}
				if round > 1 {
					r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				}
				c, keys, joins := told(t, started(t), requests, order)
				check(t, fmt.Sprintf("round %d, %v", round, order), c.View(), want)
				checkKeys(t, keys, joins, want)
			}
		})
	}
}

func check(t *testing.T, name string, v call.View, want expected) {
	t.Helper()
	rang := slices.Sorted(slices.Values(v.Rang))
	if v.State != call.Ended || v.Unconfirmed || v.Restored || string(v.Direction) != want.Direction || string(v.Phone) != want.Phone || string(v.Result) != want.Result || !slices.Equal(rang, want.Rang) {
		t.Fatalf("%s: %s %s %s %s, rang %v, want %+v", name, v.State, v.Direction, v.Phone, v.Result, rang, want)
	}
	if want.TalkSeconds != nil && int(v.Talk.Seconds()) != *want.TalkSeconds {
		t.Fatalf("%s: they talked %s", name, v.Talk)
	}
	var talked []string
	for _, step := range v.Path {
		if step.State == call.Talking {
			talked = append(talked, step.Extension)
		}
	}
	slices.Sort(talked)
	switch {
	case want.TalkedAll != nil && !slices.Equal(talked, want.TalkedAll):
		t.Fatalf("%s: %v talked", name, talked)
	case want.Talked != nil && *want.Talked != "" && (v.Extension != *want.Talked || !slices.Equal(talked, []string{*want.Talked})):
		t.Fatalf("%s: %s and %v talked", name, v.Extension, talked)
	case want.Talked != nil && *want.Talked == "" && len(talked) > 0:
		t.Fatalf("%s: %v talked", name, talked)
	}
}

func checkKeys(t *testing.T, keys map[string]bool, joins []pbx.Join, want expected) {
	t.Helper()
	all := append([]string{want.EntryID}, want.Aliases...)
	if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, all) {
		t.Fatalf("its keys are %v", got)
	}
	for _, other := range want.Aliases {
		if !slices.Contains(joins, pbx.Join{Key: want.EntryID, Other: other}) {
			t.Fatalf("joined are %v", joins)
		}
	}
	if len(want.Aliases) == 0 && len(joins) > 0 {
		t.Fatalf("joined are %v", joins)
	}
}

// TestFlows_areThatCallWithoutAnyOneRequest: whichever was lost, but the summary where nothing else tells
// the end.
func TestFlows_areThatCallWithoutAnyOneRequest(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"inbound-answered", "inbound-group-answered", "outbound-answered", "history-before-event"} {
		requests, want := readFlow(t, samples+"flows/"+flow)
		for lost := range requests {
			if flow == "history-before-event" && lost == 0 {
				continue
			}
			var order []int
			for i := range requests {
				if i != lost {
					order = append(order, i)
				}
			}
			c, _, _ := told(t, started(t), requests, order)
			v := c.View()
			if v.State != call.Ended || v.Unconfirmed || string(v.Result) != want.Result || v.Extension != *want.Talked || string(v.Direction) != want.Direction {
				t.Errorf("%s without %v: %s %s %s by %s", flow, requests[lost].Form["type"], v.State, v.Direction, v.Result, v.Extension)
			}
			if requests[lost].Form["cmd"] != itoolabs.CommandHistory && int(v.Talk.Seconds()) != *want.TalkSeconds {
				t.Errorf("%s without %v: they talked %s", flow, requests[lost].Form["type"], v.Talk)
			}
		}
	}
}

// TestFlows_sayAtEachStepWhatIsSo, for the cards on the screens.
func TestFlows_sayAtEachStepWhatIsSo(t *testing.T) {
	t.Parallel()
	for flow, want := range map[string][]string{
		"inbound-answered":       {"nothing", "ringing 701", "talking", "ended answered", "ended answered"},
		"inbound-missed":         {"nothing", "ringing 702", "ringing, idle", "ended missed"},
		"inbound-group-answered": {"ringing 701", "ringing 701 702", "ringing 701 702 703", "ringing 702 703", "talking", "talking", "ended answered", "ended answered"},
		"inbound-group-missed":   {"ringing 701", "ringing 701 702", "ringing 702", "ringing, idle", "ended missed"},
		"outbound-answered":      {"ringing", "talking", "ended answered", "ended answered"},
		"outbound-busy":          {"ringing", "ringing, idle", "ended busy"},
		"transferred":            {"ringing 701", "talking", "talking 702", "talking", "talking", "ended answered", "ended answered", "ended answered"},
		"history-before-event":   {"ended answered", "ended answered", "ended answered"},
	} {
		requests, _ := readFlow(t, samples+"flows/"+flow)
		p := started(t)
		for n := range requests {
			order := make([]int, n+1)
			for i := range order {
				order[i] = i
			}
			c, _, _ := told(t, p, requests, order)
			got := "nothing"
			if v := c.View(); len(c.Events) > 0 {
				got = strings.Join(append([]string{string(v.State)}, v.Ringing...), " ")
				if v.Idle {
					got += ", idle"
				}
				if v.Result != "" {
					got += " " + string(v.Result)
				}
			}
			if got != want[n] {
				t.Errorf("%s after %d: %s, want %s", flow, n+1, got, want[n])
			}
		}
	}
}
