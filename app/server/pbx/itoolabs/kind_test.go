package itoolabs

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

func TestKind_tellsWhatItsAdapterCan(t *testing.T) {
	t.Parallel()
	p := Kind.New(pbx.Account{Now: time.Now, URL: "https://name.megapbx.ru/"})
	can := append(pbx.CapabilitiesOf(p), pbx.CanShowName, pbx.CanPasteAddress)
	slices.Sort(can)
	if told := slices.Sorted(slices.Values(Kind.Capabilities)); !slices.Equal(can, told) {
		t.Errorf("the kind tells %v, its adapter can %v", told, can)
	}
	if _, ok := p.(pbx.Matcher); !ok {
		t.Error("a call without a key is found by nobody")
	}
	if _, ok := p.(pbx.Refresher); !ok {
		t.Error("the employees are never read again")
	}
}

// TestKind_brandsLeadToTheSameAPI: each address is one that may be entered.
func TestKind_brandsLeadToTheSameAPI(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, b := range Kind.Brands {
		if fault := (outbound.Policy{}).CheckURL(b.Address); !fault.IsZero() || baseOf(b.Address).String() != b.Address || names[b.Name] || b.Title == "" {
			t.Errorf("%+v: %v", b, fault)
		}
		names[b.Name] = true
	}
	if len(names) < 5 {
		t.Errorf("only %v", names)
	}
}

func TestConfigOf_readsTheFields(t *testing.T) {
	t.Parallel()
	cfg := ConfigOf(pbx.Account{URL: "u", Credentials: map[string]string{"api_key": "k", "api_salt": "s", "generation": " NEW ", "recording_hosts": "a.example.com, b.example.com;\nc.example.com"}})
	if cfg.Key != "k" || cfg.Token != "s" || cfg.URL != "u" || cfg.Generation != newAPI || !slices.Equal(cfg.Hosts, []string{"a.example.com", "b.example.com", "c.example.com"}) {
		t.Errorf("%+v", cfg)
	}
	for _, s := range []string{"", "auto", "third"} {
		if readGeneration(s) != unknownAPI {
			t.Errorf("%q is a generation", s)
		}
	}
}

func TestExplain_hasWordsForEveryCode(t *testing.T) {
	t.Parallel()
	p := started(t)
	for _, code := range []int{200, 301, 400, 401, 403, 404, 408, 429, 480, 486, 487, codeNoAddress, codeOtherHost} {
		if w := p.Explain(code); w.RU == "" || w.EN == "" || w == explain(-1) {
			t.Errorf("%d: %+v", code, w)
		}
	}
	if w := p.Explain(999); w.RU == "" || p.Advise(999) != (bilingual.Text{}) {
		t.Errorf("an unknown one: %+v", w)
	}
}

func TestCheck_saysWhatToDo(t *testing.T) {
	t.Parallel()
	accounts := commandOf(t, "accounts")
	well := func(w http.ResponseWriter, _ *http.Request) { accounts.answer(w) }
	facts := pbx.CheckFacts{HookURL: "https://school.example/hook/x", Now: arrival, LastEvent: arrival.Add(-5 * time.Minute), Owners: map[string]string{"701": "Анна", "702": "Борис", "703": "Вера"}, Answered: 4, Recorded: 3}
	strange := facts
	strange.LastEvent, strange.Owners, strange.Recorded = time.Time{}, map[string]string{"701": "Анна", "709": "Пётр"}, 0
	empty := facts
	empty.Owners, empty.Answered = nil, 0
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		facts  pbx.CheckFacts
		want   string // id=state, and words that must stand in it
		words  []string
	}{
		"all well":     {well, facts, "api=ok keys=ok webhook=ok extensions=ok recordings=ok routing=unknown", []string{"старое API", "5 мин назад", "Все на месте: 3", "3 из 4"}},
		"strange":      {well, strange, "api=ok keys=ok webhook=warning extensions=warning recordings=warning routing=unknown", []string{"https://school.example/hook/x", "709 (Пётр)"}},
		"no table":     {well, empty, "api=ok keys=ok webhook=ok extensions=failed recordings=unknown routing=unknown", []string{"Взять из АТС"}},
		"wrong key":    {says(401, `{"error":"Invalid token"}`), facts, "api=ok keys=failed webhook=ok recordings=ok routing=unknown", []string{"Invalid token", "Скопируйте ключ"}},
		"wrong tenant": {says(301, ""), facts, "api=failed keys=unknown webhook=ok recordings=ok routing=unknown", []string{"Проверьте адрес"}},
		"a page":       {says(200, "<html>"), facts, "api=failed keys=unknown webhook=ok recordings=ok routing=unknown", []string{"не API"}},
		"unwell":       {says(500, ""), facts, "api=failed keys=unknown webhook=ok recordings=ok routing=unknown", []string{"Не отвечает"}},
	} {
		p, _ := pbxOf(t, bothAPIs(says(404, "<html>"), tt.answer))
		if name == "unwell" {
			p.generation.Store(oldAPI)
		}
		var states []string
		words := ""
		for _, f := range p.Check(t.Context(), tt.facts) {
			states = append(states, f.ID+"="+string(f.State))
			words += f.Words.RU + "\n"
			if f.Name.RU == "" || f.Name.EN == "" || f.Words.RU == "" || f.Words.EN == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if got := strings.Join(states, " "); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
		for _, want := range tt.words {
			if !strings.Contains(words, want) {
				t.Errorf("%s: %q is not said in\n%s", name, want, words)
			}
		}
		if strings.Contains(words, key) || strings.Contains(words, token) {
			t.Errorf("%s: a secret is told", name)
		}
	}
	p := started(t)
	for _, stage := range []string{"command", "webhook", "signature"} {
		if w := p.Switch(stage); w.RU == "" || w.EN == "" {
			t.Errorf("%s: nothing is said", stage)
		}
	}
}
