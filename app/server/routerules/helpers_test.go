package routerules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/routerules"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/wire"
	"dozvon/client"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// ruling is a PBX that rules lie in, also somebody else's.
type ruling struct {
	most int

	mu    sync.Mutex // guards what follows
	there map[pbx.Rule]bool
	syncs int
	fail  error  // after all was done, without saying what
	away  error  // before anything was done
	slow  func() // called before anything is done
	takes bool   // the next change takes the rules of others along, and its answer is lost
	dies  func() // called then
}

func newRuling(rules ...pbx.Rule) *ruling {
	r := &ruling{there: map[pbx.Rule]bool{}}
	for _, rule := range rules {
		r.there[rule] = true
	}
	return r
}

func (*ruling) Decode(pbx.Request) (pbx.Delivery, error) { return pbx.Delivery{}, nil }
func (*ruling) Explain(int) bilingual.Text               { return bilingual.Text{RU: "отказ", EN: "refused"} }
func (r *ruling) MaxRules() int                          { return r.most }

// SyncRules does as an adapter does: what lies there and is not of ours is somebody else's, also when it is
// what is wanted.
func (r *ruling) SyncRules(ctx context.Context, o pbx.RuleOrder) (pbx.RuleReport, error) {
	ours, want := o.Ours, o.Want
	r.mu.Lock()
	slow := r.slow
	r.slow = nil
	r.mu.Unlock()
	if slow != nil {
		slow()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.syncs++
	if err := ctx.Err(); err != nil {
		return pbx.RuleReport{}, err
	}
	if r.away != nil {
		return pbx.RuleReport{}, r.away
	}
	theirs := map[phone.Number]bool{}
	for rule := range r.there {
		switch {
		case !slices.Contains(ours, rule):
			theirs[rule.Number] = true
		case !slices.Contains(want, rule):
			delete(r.there, rule)
		}
	}
	report, err := r.keepOthers(ctx, o)
	if err != nil {
		return report, err
	}
	for _, rule := range want {
		if theirs[rule.Number] || rule.Number == refusedNumber {
			report.Refused = append(report.Refused, pbx.RefusedRule{Rule: rule, Said: "no"})
			continue
		}
		r.there[rule] = true
		report.Ours = append(report.Ours, rule)
	}
	report.Foreign = len(r.there) - len(report.Ours)
	if r.fail != nil {
		return pbx.RuleReport{}, r.fail
	}
	return report, nil
}

// keepOthers puts back what a change has taken away before, and takes others' rules away where that is wanted.
func (r *ruling) keepOthers(ctx context.Context, o pbx.RuleOrder) (pbx.RuleReport, error) {
	report := pbx.RuleReport{Ours: []pbx.Rule{}, Settled: true}
	var others []pbx.Rule
	if len(o.Others) > 0 {
		if err := json.Unmarshal(o.Others, &others); err != nil {
			return report, err
		}
	}
	for _, rule := range others {
		r.there[rule] = true
	}
	if !r.takes {
		return report, nil
	}
	r.takes = false
	others = nil
	for rule := range r.there {
		if !slices.Contains(o.Ours, rule) {
			others = append(others, rule)
		}
	}
	raw, err := json.Marshal(others)
	if err == nil {
		err = o.Note(ctx, raw)
	}
	if err != nil {
		return report, err
	}
	clear(r.there)
	for _, rule := range o.Want {
		r.there[rule] = true
	}
	if r.dies != nil {
		r.dies()
	}
	return pbx.RuleReport{}, pbx.ErrUnreachable
}

// shown are the rules that lie there, in the order of their numbers.
func (r *ruling) shown() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for rule := range r.there {
		all = append(all, strings.TrimPrefix(string(rule.Number), "+7914555")+"→"+rule.Extension)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (r *ruling) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.syncs
}

// set changes how the PBX answers.
func (r *ruling) set(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

// foreignRule is somebody else's; refusedNumber is one that the PBX takes no rule for.
var foreignRule = pbx.Rule{Number: "+79145550999", Extension: "900"}

const refusedNumber = "+79145550666"

// site is a school with employees at 101 and 102, one integration, and several nodes.
type site struct {
	t     *testing.T
	url   string
	ahead atomic.Int64 // of noon
	ids   atomic.Int64
	pbxs  map[string]*ruling // by the key of the account
	seal  string
	nodes []*node
	pbx   string // the integration's id
	staff map[string]client.Employee
}

// node is one server of a site.
type node struct {
	st    *store.Store
	dir   *directory.Directory
	hub   *stream.Hub
	rules *routerules.Syncer
}

func (s *site) now() time.Time {
	return time.Date(2026, 11, 27, 12, 0, 0, 0, time.Local).Add(time.Duration(s.ahead.Load()))
}
func (s *site) later(d time.Duration) { s.ahead.Add(int64(d)) }

// open makes a site whose PBX is p under the key "key"; others are known by other keys.
func open(t *testing.T, url string, p *ruling, nodes int) *site {
	t.Helper()
	folder := t.TempDir()
	if url == "" {
		url = "sqlite://" + filepath.Join(folder, "dozvon.db")
	}
	s := &site{t: t, url: url, pbxs: map[string]*ruling{"key": p}, seal: filepath.Join(folder, "seal.key"), staff: map[string]client.Employee{}}
	for range nodes {
		s.node()
	}
	first := s.nodes[0]
	i, err := first.dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Active: ptr(true), APIKey: ptr("key")})
	if err != nil {
		t.Fatal(err)
	}
	s.pbx = i.ID
	for _, ext := range []string{"101", "102"} {
		s.staff[ext] = s.employee("", client.EmployeeInput{Name: ptr("Сотрудник " + ext), Extension: ptr(ext)})
	}
	return s
}

// node starts one more server on the site's database.
func (s *site) node() *node {
	s.t.Helper()
	t := s.t
	st, err := store.Open(t.Context(), s.url, s.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	sealer, err := access.NewSealer(s.seal)
	if err != nil {
		t.Fatal(err)
	}
	newID := func() string { return fmt.Sprintf("id-%04d", s.ids.Add(1)) }
	kinds := []pbx.Kind{{
		Name: "kept", Title: "Kept", DefaultURL: "http://127.0.0.1:1/", Credentials: []pbx.Credential{{Name: pbx.KeyField, Secret: true}},
		New: func(a pbx.Account) pbx.Provider { return s.pbxs[a.Credentials[pbx.KeyField]] },
	}}
	n := &node{st: st}
	name := newID()
	n.dir, err = directory.New(t.Context(), directory.Config{
		Store: st, Audit: &audit.Log{Store: st, Now: s.now, NewID: newID}, Sealer: sealer, Kinds: kinds, PublicURL: "http://127.0.0.1:8420",
		Outbound: outbound.Policy{Loopback: true}, Now: s.now, NewID: newID, Node: name,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.dir.Close() })
	if n.hub, err = stream.NewHub(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	n.rules = routerules.New(routerules.Config{
		Store: st, Sealer: sealer, Kinds: kinds, Directory: n.dir, Outbound: outbound.Policy{Loopback: true}, Now: s.now, Node: name,
	})
	n.hub.Follow(n.rules.Follow)
	s.nodes = append(s.nodes, n)
	return n
}

// follow lets the rules follow on each node whatever has changed until now.
func (s *site) follow() {
	s.t.Helper()
	for _, n := range s.nodes {
		s.hear(n)
	}
	s.later(time.Minute) // nothing has changed for so long
	for _, n := range s.nodes {
		if err := n.rules.Step(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// hear lets a node learn what others have written.
func (s *site) hear(n *node) {
	s.t.Helper()
	if err := n.hub.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := n.dir.Reload(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// expect lets the rules follow and looks what lies in a PBX then.
func (s *site) expect(what string, p *ruling, want string) {
	s.t.Helper()
	s.follow()
	if got := p.shown(); got != want {
		s.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// told is how the rules stand, as people are shown it.
func (s *site) told() client.RouteRules {
	s.t.Helper()
	all, err := s.nodes[0].dir.Integrations(s.t.Context())
	if err != nil || len(all) != 1 || all[0].Rules == nil {
		s.t.Fatalf("told as %+v, %v", all, err)
	}
	return *all[0].Rules
}

func (s *site) change(in client.IntegrationInput) {
	s.t.Helper()
	if _, err := s.nodes[0].dir.SaveIntegration(s.t.Context(), client.Employee{}, s.pbx, in); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) forwarding(on bool) {
	s.t.Helper()
	s.change(client.IntegrationInput{Forwarding: &on})
}

func (s *site) employee(id string, in client.EmployeeInput) client.Employee {
	s.t.Helper()
	e, err := directory.NewStaff(s.nodes[0].dir, access.NewPasswords(nil)).SaveEmployee(s.t.Context(), id, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// card saves a client or contract whose responsible is at an extension, and tells the journal of it.
func (s *site) card(kind client.SubjectKind, id, extension string, numbers ...string) {
	s.t.Helper()
	s.save(s.cardOf(kind, id, extension, numbers...), true)
}

func (s *site) cardOf(kind client.SubjectKind, id, extension string, numbers ...string) crm.Card {
	c := crm.Card{Kind: kind, ID: id, Name: id, Number: id, Version: 1, ClientKind: "client", CreatedAt: s.now(), UpdatedAt: s.now()}
	c.Responsible = &client.Person{ID: s.staff[extension].ID}
	for _, n := range numbers {
		c.PhoneList = append(c.PhoneList, crm.Phone{Number: "+7914555" + n})
	}
	return c
}

func (s *site) save(c crm.Card, tell bool) {
	s.t.Helper()
	err := s.nodes[0].st.Write(s.t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveCard(c); err != nil || !tell {
			return err
		}
		return tx.Journal(string(c.Kind), stream.All, wire.Card(c))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// everywhere runs a test on SQLite, and on PostgreSQL with two nodes.
func everywhere(t *testing.T, test func(*testing.T, string, int)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "", 1)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t), 2)
	})
}

func ptr[T any](v T) *T { return &v }
