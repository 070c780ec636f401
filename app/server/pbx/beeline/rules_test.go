package beeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"dozvon/app/beeline"
	"dozvon/app/server/pbx"
)

// rulesPBX keeps rules with a verb that merges or replaces.
type rulesPBX struct {
	*fakePBX
	mu       sync.Mutex // guards what follows
	replaces bool
	greedy   bool                        // DELETE takes a rule of others along
	lose     func(w http.ResponseWriter) // answers changes in the place of the PBX
	rules    []beeline.Rule
	lines    []string
}

func newRulesPBX(tb testing.TB, rules ...string) *rulesPBX {
	f := &rulesPBX{fakePBX: newFakePBX(tb, "numbers")}
	for _, r := range rules {
		f.rules = append(f.rules, wire(r))
	}
	f.handle("GET icr/route", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		json.NewEncoder(w).Encode(append([]beeline.Rule{}, f.rules...))
	})
	f.handle("PUT icr/route", func(w http.ResponseWriter, r *http.Request) { f.change(w, r, true) })
	f.handle("DELETE icr/route", func(w http.ResponseWriter, r *http.Request) { f.change(w, r, false) })
	f.handle("POST icr/route", func(http.ResponseWriter, *http.Request) { tb.Error("POST may replace the whole list") })
	f.handle("GET icr/numbers", func(w http.ResponseWriter, _ *http.Request) {
		all := []beeline.Number{}
		for _, n := range f.lines {
			all = append(all, beeline.Number{Phone: beeline.Text(n)})
		}
		json.NewEncoder(w).Encode(all)
	})
	f.handle("PUT icr/numbers", func(w http.ResponseWriter, r *http.Request) {
		var in []string
		json.NewDecoder(r.Body).Decode(&in)
		f.lines = append(f.lines, in...)
		io.WriteString(w, `[{"phoneNumber":"9610000010","status":"SUCCESS"}]`)
	})
	return f
}

// wire reads "9000000201>101".
func wire(text string) beeline.Rule {
	number, ext, _ := strings.Cut(text, ">")
	return beeline.Rule{InboundNumber: beeline.Text(number), Extension: beeline.Text(ext)}
}

func rules(texts ...string) []pbx.Rule {
	all := []pbx.Rule{}
	for _, t := range texts {
		all = append(all, ruleOf(wire(t)))
	}
	return all
}

func (f *rulesPBX) change(w http.ResponseWriter, r *http.Request, put bool) {
	var in []beeline.Rule
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		f.tb.Errorf("no array: %v", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if put && f.replaces {
		f.rules = nil
	}
	if !put && f.greedy && len(f.rules) > 0 {
		f.greedy, f.rules = false, f.rules[1:]
	}
	if lose := f.lose; lose != nil {
		defer lose(w)
		w = httptest.NewRecorder()
	}
	results := []beeline.RuleResult{}
	for _, rule := range in {
		if put && rule.Extension == "999" {
			results = append(results, beeline.RuleResult{Rule: rule, Status: beeline.Fault, Error: &beeline.Error{Code: "BadRequest", Description: "Добавочный номер не найден"}})
			continue
		}
		f.rules = slices.DeleteFunc(f.rules, func(had beeline.Rule) bool { return had.InboundNumber == rule.InboundNumber })
		if put {
			f.rules = append(f.rules, rule)
		}
		results = append(results, beeline.RuleResult{Rule: rule, Status: beeline.Success})
	}
	json.NewEncoder(w).Encode(results)
}

func (f *rulesPBX) lying() string {
	var all []string
	for _, r := range f.rules {
		all = append(all, fmt.Sprintf("%s>%s", r.InboundNumber, r.Extension))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// order is of who keeps no note.
func order(ours, want []pbx.Rule) pbx.RuleOrder {
	return pbx.RuleOrder{Ours: ours, Want: want, Note: func(context.Context, []byte) error { return nil }}
}

func shown(all []pbx.Rule) string {
	var out []string
	for _, r := range all {
		w := wireRule(r)
		out = append(out, string(w.InboundNumber)+">"+string(w.Extension))
	}
	return strings.Join(out, " ")
}

func TestSyncRules_makesOursWhatIsWanted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                 string
		there                []string
		ours, want           []pbx.Rule
		lying, left, refused string
		foreign              int
		writes               int
	}{
		{
			name: "the first ones", there: nil, want: rules("9000000201>101", "9000000202>102"),
			lying: "9000000201>101 9000000202>102", left: "9000000201>101 9000000202>102", writes: 1,
		},
		{
			name: "beside others'", there: []string{"9000000300>104"}, want: rules("9000000201>101"),
			lying: "9000000201>101 9000000300>104", left: "9000000201>101", foreign: 1, writes: 1,
		},
		{
			name: "another employee", there: []string{"9000000201>101", "9000000300>104"}, ours: rules("9000000201>101"), want: rules("9000000201>102"),
			lying: "9000000201>102 9000000300>104", left: "9000000201>102", foreign: 1, writes: 2,
		},
		{
			name: "nothing changed", there: []string{"9000000201>101", "+79000000300>104"}, ours: rules("9000000201>101"), want: rules("+79000000201>101"),
			lying: "+79000000300>104 9000000201>101", left: "9000000201>101", foreign: 1,
		},
		{
			name: "off", there: []string{"9000000201>101", "9000000300>104"}, ours: rules("9000000201>101"),
			lying: "9000000300>104", foreign: 1, writes: 1,
		},
		{
			name: "a number that others route", there: []string{"9000000300>104"}, want: rules("9000000300>101", "9000000201>101"),
			lying: "9000000201>101 9000000300>104", left: "9000000201>101", foreign: 1, refused: "9000000300>101", writes: 1,
		},
		{
			name: "others route it as we want", there: []string{"9000000300>101"}, want: rules("9000000300>101"),
			lying: "9000000300>101", foreign: 1,
		},
		{
			name: "ours was deleted in the cabinet", ours: rules("9000000201>101"), want: rules("9000000201>101"),
			lying: "9000000201>101", left: "9000000201>101", writes: 1,
		},
		{
			name: "somebody changed ours in the cabinet", there: []string{"9000000201>104"}, ours: rules("9000000201>101"), want: rules("9000000201>101"),
			lying: "9000000201>104", foreign: 1, refused: "9000000201>101",
		},
		{
			name: "one that the PBX refuses", want: rules("9000000201>999", "9000000202>102"),
			lying: "9000000202>102", left: "9000000202>102", refused: "9000000201>999", writes: 1,
		},
		{
			name: "abroad", want: rules("+375291234567>101"), lying: "+375291234567>101", left: "+375291234567>101", writes: 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newRulesPBX(t, tt.there...)
			report, err := f.provider().SyncRules(t.Context(), order(tt.ours, tt.want))
			if err != nil {
				t.Fatal(err)
			}
			var refused []pbx.Rule
			for _, r := range report.Refused {
				refused = append(refused, r.Rule)
				if r.Said == "" {
					t.Error("a refusal without words")
				}
			}
			if f.lying() != tt.lying || shown(report.Ours) != tt.left || report.Foreign != tt.foreign || shown(refused) != tt.refused {
				t.Errorf("there lie %q; the report: ours %q, foreign %d, refused %q", f.lying(), shown(report.Ours), report.Foreign, shown(refused))
			}
			if len(tt.want) > len(refused) && len(f.lines) == 0 && tt.left != "" {
				t.Error("the rules are on for no line")
			}
			writes := 0
			for _, line := range f.log() {
				if strings.Contains(line, " icr/route ") {
					writes++
				}
			}
			if writes != tt.writes {
				t.Errorf("%d writes", writes)
			}
		})
	}
}

// TestSyncRules_putsBackWhatTheVerbTook: should PUT be the one that replaces, nobody's rule is lost.
func TestSyncRules_putsBackWhatTheVerbTook(t *testing.T) {
	t.Parallel()
	f := newRulesPBX(t, "9000000300>104", "9000000301>103", "9000000201>101")
	f.replaces = true
	p := f.provider()
	report, err := p.SyncRules(t.Context(), order(rules("9000000201>101"), rules("9000000201>101", "9000000202>102")))
	if err != nil || f.lying() != "9000000201>101 9000000202>102 9000000300>104 9000000301>103" || shown(report.Ours) != "9000000201>101 9000000202>102" || report.Foreign != 2 {
		t.Errorf("there lie %q, ours %q, %v", f.lying(), shown(report.Ours), err)
	}
	f.mu.Lock()
	f.replaces, f.greedy = false, true
	f.mu.Unlock()
	report, err = p.SyncRules(t.Context(), order(report.Ours, rules("9000000201>101")))
	if err != nil || f.lying() != "9000000201>101 9000000300>104 9000000301>103" || shown(report.Ours) != "9000000201>101" {
		t.Errorf("a DELETE that took more: there lie %q, ours %q, %v", f.lying(), shown(report.Ours), err)
	}
}

// TestSyncRules_remembersItsOwnWhenItFails: what may lie in the PBX is ours at the next comparison.
func TestSyncRules_remembersItsOwnWhenItFails(t *testing.T) {
	t.Parallel()
	f := newFakePBX(t, "numbers", "icr-route-list")
	f.handle("PUT icr/route", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") })
	report, err := f.provider().SyncRules(t.Context(), order(nil, rules("9000000202>102")))
	if err == nil || shown(report.Ours) != "9000000202>102" || report.Foreign != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	unread := newFakePBX(t)
	unread.handle("GET icr/route", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"errorCode":"Forbidden","description":"нет доступа"}`)
	})
	report, err = unread.provider().SyncRules(t.Context(), order(rules("9000000202>102"), nil))
	if err == nil || shown(report.Ours) != "9000000202>102" {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestSyncRules_othersOutliveALostAnswer: a change was carried out, and nobody heard of it, or nobody lives
// any more who asked for it. Who compares next knows others' rules by the note, and puts them back.
func TestSyncRules_othersOutliveALostAnswer(t *testing.T) {
	t.Parallel()
	const others = "9000000300>104 9000000301>103"
	cut := func(w http.ResponseWriter) {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
	}
	for name, lose := range map[string]func(w http.ResponseWriter, kill func()){
		"unwell": func(w http.ResponseWriter, _ func()) { w.WriteHeader(http.StatusServiceUnavailable) },
		"page":   func(w http.ResponseWriter, _ func()) { io.WriteString(w, "<html>") },
		"cut":    func(w http.ResponseWriter, _ func()) { cut(w) },
		"killed": func(w http.ResponseWriter, kill func()) { kill(); cut(w) },
	} {
		for verb, tt := range map[string]struct {
			there      string
			ours, want []pbx.Rule
			after      string
		}{
			"PUT":    {others, nil, rules("9000000201>101"), "9000000201>101 " + others},
			"DELETE": {"9000000300>104 9000000301>103 9000000201>101", rules("9000000201>101"), nil, others},
		} {
			t.Run(name+" "+verb, func(t *testing.T) {
				t.Parallel()
				f := newRulesPBX(t, strings.Fields(tt.there)...)
				f.replaces, f.greedy = verb == "PUT", verb == "DELETE"
				ctx, kill := context.WithCancel(t.Context())
				defer kill()
				f.lose = func(w http.ResponseWriter) { lose(w, kill) }
				var noted []byte
				o := pbx.RuleOrder{Ours: tt.ours, Want: tt.want, Note: func(_ context.Context, others []byte) error { noted = others; return nil }}
				report, err := f.provider().SyncRules(ctx, o)
				if err == nil || report.Settled || len(noted) == 0 {
					t.Fatalf("%+v, %v, noted %s", report, err, noted)
				}
				f.mu.Lock()
				f.lose = nil
				f.mu.Unlock()
				o.Ours, o.Others = slices.Concat(tt.ours, tt.want), noted
				report, err = f.provider().SyncRules(t.Context(), o)
				if err != nil || !report.Settled || report.Foreign != 2 || f.lying() != tt.after {
					t.Errorf("there lie %q; %+v, %v", f.lying(), report, err)
				}
			})
		}
	}
}

// TestSyncRules_changesNothingThatIsNotNoted, and puts nothing back that somebody has changed since.
func TestSyncRules_changesNothingThatIsNotNoted(t *testing.T) {
	t.Parallel()
	f := newRulesPBX(t, "9000000300>104")
	o := order(nil, rules("9000000201>101"))
	full := errors.New("the disk is full")
	o.Note = func(context.Context, []byte) error { return full }
	if _, err := f.provider().SyncRules(t.Context(), o); !errors.Is(err, full) || f.lying() != "9000000300>104" {
		t.Errorf("there lie %q, %v", f.lying(), err)
	}
	o = order(nil, nil)
	o.Others = []byte(`[{"inboundNumber":"9000000300","extension":"103"}]`)
	if report, err := f.provider().SyncRules(t.Context(), o); err != nil || !report.Settled || f.lying() != "9000000300>104" {
		t.Errorf("changed since: there lie %q, %+v, %v", f.lying(), report, err)
	}
}
