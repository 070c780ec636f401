package beeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/pbx"
)

// MaxRules is unknown to anybody.
func (p *Provider) MaxRules() int { return 0 }

// rules reads the PBX's rules of «индивидуальная переадресация» as they lie there.
func rulesOf(ctx context.Context, api *portal) ([]beeline.Rule, error) {
	var all []beeline.Rule
	err := api.do(ctx, request{method: http.MethodGet, path: beeline.PathRules, out: &all, harmless: true, chore: true})
	if err != nil {
		return nil, fmt.Errorf("reading the PBX's rules: %w", err)
	}
	return all, nil
}

func ruleOf(r beeline.Rule) pbx.Rule {
	return pbx.Rule{Number: numberOf(string(r.InboundNumber)), Extension: strings.TrimSpace(string(r.Extension))}
}

func wireRule(r pbx.Rule) beeline.Rule {
	return beeline.Rule{InboundNumber: beeline.Text(beeline.Dialable(string(r.Number))), Extension: beeline.Text(r.Extension)}
}

// ruleSync is one comparison of the rules that lie in the PBX with those that are wanted.
type ruleSync struct {
	api     *portal
	note    func(ctx context.Context, others []byte) error
	ours    map[pbx.Rule]bool
	foreign []beeline.Rule // as they were found, and as they must stay
	there   map[pbx.Rule]bool
	report  pbx.RuleReport
}

// SyncRules makes our rules those that are wanted. One verb of the PBX merges and one replaces the whole
// list, and nobody is sure which is which (section 12): so it deletes and puts, never posts, reads before
// and after, and puts the whole list back when something is lost. With an error the report still says
// which rules of ours may lie there.
func (p *Provider) SyncRules(ctx context.Context, o pbx.RuleOrder) (pbx.RuleReport, error) {
	before, err := rulesOf(ctx, p.api)
	if err != nil {
		return pbx.RuleReport{Ours: o.Ours}, err
	}
	s := &ruleSync{api: p.api, note: o.Note, ours: setOf(o.Ours), there: map[pbx.Rule]bool{}}
	s.report.Settled = true
	missing, err := s.sort(before, o.Others)
	if err != nil {
		return pbx.RuleReport{Ours: o.Ours}, err
	}
	s.report.Foreign = len(s.foreign)
	wanted := s.taken(o.Want)
	if missing > 0 {
		err = s.restore(ctx, wanted, missing)
	}
	if err == nil {
		err = s.run(ctx, wanted)
	}
	s.report.Ours = s.left()
	return s.report, err
}

// sort parts what lies in the PBX into ours and others', and adds those of others that lay there before a
// change of which nobody knows how it ended. It tells how many of these are missing.
func (s *ruleSync) sort(before []beeline.Rule, noted []byte) (missing int, err error) {
	theirs := map[phone.Number]bool{}
	for _, r := range before {
		rule := ruleOf(r)
		s.there[rule] = true
		if !s.ours[rule] {
			s.foreign = append(s.foreign, r)
			theirs[rule.Number] = true
		}
	}
	if len(noted) == 0 {
		return 0, nil
	}
	var others []beeline.Rule
	if err := json.Unmarshal(noted, &others); err != nil {
		return 0, fmt.Errorf("reading the rules of others that were noted: %w", err)
	}
	for _, r := range others {
		// Another rule for the number is what somebody has wanted since.
		if rule := ruleOf(r); !s.there[rule] && !theirs[rule.Number] {
			s.foreign = append(s.foreign, r)
			missing++
		}
	}
	return missing, nil
}

// taken are the rules of those that are wanted whose numbers are nobody else's.
func (s *ruleSync) taken(want []pbx.Rule) map[pbx.Rule]bool {
	theirs := map[phone.Number]string{}
	for _, r := range s.foreign {
		rule := ruleOf(r)
		theirs[rule.Number] = rule.Extension
	}
	wanted := map[pbx.Rule]bool{}
	for _, r := range want {
		ext, taken := theirs[r.Number]
		if taken && ext != r.Extension {
			s.report.Refused = append(s.report.Refused, pbx.RefusedRule{Rule: r, Said: textForeignRule})
		}
		if !taken && r.Number != "" && r.Extension != "" {
			wanted[r] = true
		}
	}
	return wanted
}

func setOf(rules []pbx.Rule) map[pbx.Rule]bool {
	set := make(map[pbx.Rule]bool, len(rules))
	for _, r := range rules {
		set[r] = true
	}
	return set
}

// left are the rules of ours that may lie in the PBX, in the order of their numbers.
func (s *ruleSync) left() []pbx.Rule {
	all := []pbx.Rule{}
	for r := range s.there {
		if s.ours[r] {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b pbx.Rule) int {
		if c := strings.Compare(string(a.Number), string(b.Number)); c != 0 {
			return c
		}
		return strings.Compare(a.Extension, b.Extension)
	})
	return all
}

func (s *ruleSync) run(ctx context.Context, wanted map[pbx.Rule]bool) error {
	var stale, fresh []pbx.Rule
	for r := range s.there {
		if s.ours[r] && !wanted[r] {
			stale = append(stale, r)
		}
	}
	for r := range wanted {
		if !s.there[r] {
			fresh = append(fresh, r)
		}
	}
	if len(stale) > 0 {
		if err := s.change(ctx, http.MethodDelete, stale, wanted); err != nil {
			return fmt.Errorf("deleting rules: %w", err)
		}
	}
	if len(fresh) > 0 {
		if err := s.change(ctx, http.MethodPut, fresh, wanted); err != nil {
			return fmt.Errorf("putting rules: %w", err)
		}
	}
	return s.lines(ctx, len(wanted) > 0)
}

// change sends one change, reads what lies there now, and puts back what went missing by it. A change whose
// answer was lost may have been carried out all the same, or be carried out later: then others' rules stay
// noted.
func (s *ruleSync) change(ctx context.Context, method string, rules []pbx.Rule, wanted map[pbx.Rule]bool) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	for _, r := range rules {
		s.ours[r] = true // from here on it may lie there, whatever the answer is
		s.there[r] = true
	}
	sent := s.send(ctx, method, rules)
	had := maps.Clone(s.there)
	if err := s.read(ctx); err != nil {
		return errors.Join(sent, err)
	}
	lost := s.lost(wanted, method == http.MethodPut && sent == nil)
	if len(lost) > 0 {
		// The verb replaces, or took more than it was told to: the whole list is right with either verb.
		if err := s.restore(ctx, wanted, len(lost)); err != nil {
			return errors.Join(sent, err)
		}
	}
	if sent != nil {
		s.report.Settled = false
		maps.Copy(s.there, had) // what was sent may lie there a moment later
		return sent
	}
	s.report.Settled = true
	return nil
}

// begin keeps others' rules before a change.
func (s *ruleSync) begin(ctx context.Context) error {
	s.report.Settled = false
	raw, err := json.Marshal(s.foreign)
	if err == nil {
		err = s.note(ctx, raw)
	}
	if err != nil {
		return fmt.Errorf("noting the rules of others: %w", err)
	}
	return nil
}

// restore puts the whole list as it should be, because so many rules of others are missing.
func (s *ruleSync) restore(ctx context.Context, wanted map[pbx.Rule]bool, missing int) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := s.put(ctx, s.whole(wanted)); err != nil {
		return fmt.Errorf("putting %d lost rules back: %w", missing, err)
	}
	if err := s.read(ctx); err != nil {
		return err
	}
	if lost := s.lost(wanted, false); len(lost) > 0 {
		return fmt.Errorf("%w: %d rules of others went missing and could not be put back", errRulesLost, len(lost))
	}
	s.report.Settled = true
	return nil
}

// errRulesLost says that the PBX does not keep rules as it is told to.
var errRulesLost = errors.New("the PBX lost rules")

// read learns what lies in the PBX now.
func (s *ruleSync) read(ctx context.Context) error {
	now, err := rulesOf(ctx, s.api)
	if err != nil {
		return err
	}
	s.there = map[pbx.Rule]bool{}
	for _, r := range now {
		s.there[ruleOf(r)] = true
	}
	return nil
}

// lost are rules of others, and wanted ones that lay there, which have gone. Whatever was refused was
// never there.
func (s *ruleSync) lost(wanted map[pbx.Rule]bool, put bool) []beeline.Rule {
	var all []beeline.Rule
	for _, r := range s.foreign {
		if !s.there[ruleOf(r)] {
			all = append(all, r)
		}
	}
	if !put {
		return all
	}
	for r := range wanted {
		if s.ours[r] && !s.there[r] && !s.isRefused(r) {
			all = append(all, wireRule(r))
		}
	}
	return all
}

func (s *ruleSync) isRefused(r pbx.Rule) bool {
	return slices.ContainsFunc(s.report.Refused, func(no pbx.RefusedRule) bool { return no.Rule == r })
}

// whole is the list as it should be.
func (s *ruleSync) whole(wanted map[pbx.Rule]bool) []beeline.Rule {
	all := slices.Clone(s.foreign)
	for r := range wanted {
		if s.ours[r] && !s.isRefused(r) {
			all = append(all, wireRule(r))
		}
	}
	return all
}

func (s *ruleSync) send(ctx context.Context, method string, rules []pbx.Rule) error {
	wire := make([]beeline.Rule, 0, len(rules))
	for _, r := range rules {
		wire = append(wire, wireRule(r))
	}
	slices.SortFunc(wire, func(a, b beeline.Rule) int { return strings.Compare(string(a.InboundNumber), string(b.InboundNumber)) })
	if method == http.MethodPut {
		return s.put(ctx, wire)
	}
	var results []beeline.RuleResult
	return s.api.do(ctx, request{method: method, path: beeline.PathRules, in: wire, out: &results, harmless: true, chore: true})
}

func (s *ruleSync) put(ctx context.Context, wire []beeline.Rule) error {
	var results []beeline.RuleResult
	err := s.api.do(ctx, request{method: http.MethodPut, path: beeline.PathRules, in: wire, out: &results, harmless: true, chore: true})
	for _, r := range results {
		if strings.EqualFold(string(r.Status), beeline.Success) {
			continue
		}
		no := pbx.RefusedRule{Rule: ruleOf(r.Rule), Said: string(r.Status)}
		if r.Error != nil {
			no.Said = r.Error.Said()
		}
		if s.ours[no.Rule] && !s.isRefused(no.Rule) {
			s.report.Refused = append(s.report.Refused, no)
		}
	}
	return err
}

// lines switches «индивидуальная переадресация» on for the lines where it is off: a rule without that
// does nothing. It is left on when our rules go: others may rely on it, and without rules it does nothing.
func (s *ruleSync) lines(ctx context.Context, needed bool) error {
	if !needed {
		return nil
	}
	var on, all []beeline.Number
	if err := s.api.do(ctx, request{method: http.MethodGet, path: beeline.PathRuleNumbers, out: &on, harmless: true, chore: true}); err != nil {
		return fmt.Errorf("reading where rules are on: %w", err)
	}
	if err := s.api.do(ctx, request{method: http.MethodGet, path: beeline.PathNumbers, out: &all, harmless: true, chore: true}); err != nil {
		return fmt.Errorf("reading the PBX's lines: %w", err)
	}
	has := map[phone.Number]bool{}
	for _, n := range on {
		has[numberOf(string(n.Phone))] = true
	}
	var missing []string
	for _, n := range all {
		if number := numberOf(string(n.Phone)); number != "" && !has[number] {
			missing = append(missing, beeline.Dialable(string(number)))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var results []beeline.NumberResult
	err := s.api.do(ctx, request{method: http.MethodPut, path: beeline.PathRuleNumbers, in: missing, out: &results, harmless: true, chore: true})
	if err != nil {
		return fmt.Errorf("switching rules on for the lines: %w", err)
	}
	return nil
}
