package routerules

import (
	"context"
	"slices"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/subject"
)

// want are the rules that follow from the cards: each number of a client or contract goes to its
// responsible, if they are active and have an extension on the integration. A number of several cards
// goes where a ringing call of it would be sent. None where calls are not forwarded.
func (s *Syncer) want(ctx context.Context, integration *directory.Integration) ([]pbx.Rule, error) {
	if !integration.Active || !integration.Forwarding {
		return nil, nil
	}
	snapshot := s.Directory.Snapshot()
	rules := []pbx.Rule{}
	var number phone.Number
	var cards []crm.Card
	flush := func() {
		whose, _ := subject.First(crm.Subjects(cards))
		cards = nil
		if whose == nil || whose.Responsible == nil {
			return
		}
		if ext := snapshot.Rings(integration, whose.Responsible.ID); ext != "" {
			rules = append(rules, pbx.Rule{Number: number, Extension: ext})
		}
	}
	err := s.Store.NumbersOfCards(ctx, func(n phone.Number, c crm.Card) {
		if n != number {
			flush()
			number = n
		}
		cards = append(cards, c)
	})
	flush()
	return rules, err
}

// placesOf is a digest of all that decides, beside the cards, which rules are wanted.
func (s *Syncer) placesOf(integration *directory.Integration) string {
	if !integration.Active || !integration.Forwarding {
		return "off"
	}
	snapshot := s.Directory.Snapshot()
	var lines []string
	for _, e := range snapshot.Employees() {
		if ext := snapshot.Rings(integration, e.ID); ext != "" {
			lines = append(lines, e.ID+" "+ext)
		}
	}
	slices.Sort(lines)
	return ownerOf(integration) + digest(strings.Join(lines, "\n"))
}

// latest are so many of the rules as fit, of those who called last.
func (s *Syncer) latest(ctx context.Context, want []pbx.Rule, most int) ([]pbx.Rule, error) {
	at, err := s.Store.LastCalls(ctx)
	if err != nil {
		return nil, err
	}
	sorted := slices.Clone(want)
	slices.SortStableFunc(sorted, func(a, b pbx.Rule) int {
		switch x, y := at[a.Number], at[b.Number]; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(string(a.Number), string(b.Number))
	})
	return sorted[:most], nil
}
