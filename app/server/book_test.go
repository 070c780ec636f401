package server_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// chores runs the server's background work until the test ends.
func (s *school) chores() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.parts.Run(ctx)
	}()
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
}

// ours lists our contacts in the PBX's book as "name: numbers", sorted.
func ours(pbx *practice.PBX) []string {
	out := []string{}
	for _, c := range pbx.AddressBook() {
		if !slices.ContainsFunc(c.Groups, func(g mango.ContactGroup) bool { return g.Name == "Дозвон" }) {
			continue
		}
		var numbers []string
		for _, p := range c.Phones {
			numbers = append(numbers, mango.Digits(string(p.Phone)))
		}
		slices.Sort(numbers)
		out = append(out, fmt.Sprintf("%s: %s, employee %d", c.Name, strings.Join(numbers, " "), c.UserID))
	}
	slices.Sort(out)
	return out
}

// TestAddressBook_followsTheCardsAndTouchesNothingElse goes through the life of the switch: dry
// run, first filling, changes, a number that moves to another card, removal, and off.
func TestAddressBook_followsTheCardsAndTouchesNothingElse(t *testing.T) {
	t.Parallel()
	foreign := mango.Contact{Name: "Такси", Phones: []mango.ContactPhone{{Type: mango.PhoneOther, Phone: "74950000001"}}}
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{Contacts: []mango.Contact{foreign}})
	s.chores()
	api := s.api("105")
	mobile := s.student("Петрова Мария", "+79000000301", "101")
	lead, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Иванов Иван"), Phones: &[]string{"+79000000302", "+79000000301"}})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := api.PlanBook(t.Context(), s.pbx.ID)
	if err != nil || plan.Create != 2 || plan.Update != 0 || plan.Delete != 0 || plan.Foreign != 1 || len(plan.Examples) != 2 {
		t.Errorf("planned %+v, %v", plan, err)
	}
	if n := len(ours(pbx)); n != 0 {
		t.Fatalf("a dry run wrote %d contacts", n)
	}
	is := func(what string, want ...string) {
		t.Helper()
		slices.Sort(want)
		defer func() {
			if t.Failed() {
				t.Logf("%s: the book has %s", what, strings.Join(ours(pbx), "; "))
			}
		}()
		eventually(t, what+": "+strings.Join(want, "; "), func() bool { return slices.Equal(ours(pbx), want) })
	}
	s.change(client.IntegrationInput{AddressBook: ptr(true)})
	// The number that both have goes where a lookup would: to the contract.
	is("the first filling", "Петрова Мария: 79000000301, employee 300040101", "Иванов Иван: 79000000302, employee 300040105")

	if _, err := api.UpdateContract(t.Context(), mobile.ID, client.ContractInput{Name: ptr("Сидорова Мария"), Phones: &[]string{"+79000000303"}}); err != nil {
		t.Fatal(err)
	}
	is("a change, and a number that moved on", "Сидорова Мария: 79000000303, employee 300040101", "Иванов Иван: 79000000301 79000000302, employee 300040105")

	if err := api.DeleteClient(t.Context(), lead.ID); err != nil {
		t.Fatal(err)
	}
	is("a removal", "Сидорова Мария: 79000000303, employee 300040101")

	eventually(t, "the state to be told", func() bool {
		all, err := api.Integrations(t.Context())
		return err == nil && all[0].Book != nil && all[0].Book.Synced == 1 && all[0].Book.Waiting == 0 && all[0].Book.Error == ""
	})
	s.change(client.IntegrationInput{AddressBook: ptr(false)})
	is("switched off")
	if all := pbx.AddressBook(); len(all) != 1 || all[0].Name != "Такси" {
		t.Errorf("what is left: %+v", all)
	}
}

// TestAddressBook_resumesAfterAFailingPBX: while the PBX fails, the state says so; then every card
// comes to stand there once.
func TestAddressBook_resumesAfterAFailingPBX(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true, Faults: practice.Faults{APIError: 1}})
	for i := range 20 {
		s.student(fmt.Sprintf("Ученик %02d", i), fmt.Sprintf("+790000004%02d", i), "")
	}
	s.chores()
	s.change(client.IntegrationInput{AddressBook: ptr(true)})
	eventually(t, "the failure to be told", func() bool {
		all, err := s.api("105").Integrations(t.Context())
		return err == nil && all[0].Book != nil && strings.Contains(all[0].Book.Error, "5008") && all[0].Book.Waiting == 20
	})
	if err := pbx.SetFaults(practice.Faults{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "every card to be written", func() bool { return len(ours(pbx)) == 20 })
	if got := ours(pbx); len(slices.Compact(got)) != 20 {
		t.Errorf("some stand there twice: %v", got)
	}
}
