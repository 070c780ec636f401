package crm_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/client"
)

func TestSubjects_contractsFirstThenClientsNewestFirst(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	got := crm.Subjects(
		[]client.Contract{{ID: "old", Name: "A", CreatedAt: day(1)}, {ID: "new", Name: "B", CreatedAt: day(2)}},
		[]client.Client{{ID: "client", Name: "C", CreatedAt: day(9)}},
	)
	var ids []string
	for _, s := range got {
		ids = append(ids, s.ID)
	}
	if order := strings.Join(ids, " "); order != "new old client" {
		t.Errorf("order is %s, want new old client", order)
	}
}

func TestOfContract_tellsWhatAnOperatorAsksFirst(t *testing.T) {
	t.Parallel()
	got := crm.OfContract(client.Contract{Number: "123", Category: "B", Group: "14"}).Detail
	if got != "Договор № 123 · кат. B · группа 14" {
		t.Errorf("got %q", got)
	}
}

func TestFold_findsWhateverTheSpelling(t *testing.T) {
	t.Parallel()
	text := crm.Fold("Фёдоров  Артём", "+79145550148")
	for _, typed := range []string{"федоров", "ФЁДОРОВ", "артем", "555-01-48", "8 914 555", "+7 (914)"} {
		if needle := crm.FoldNeedle(typed); !strings.Contains(text, needle) {
			t.Errorf("%q, folded to %q, is not in %q", typed, needle, text)
		}
	}
	if needle := crm.FoldNeedle("№ 123"); needle != "№ 123" {
		t.Errorf("a contract's number became %q", needle)
	}
}
