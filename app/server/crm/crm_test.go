package crm_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/client"
)

func TestSubjects_activeContractsFirstThenFinishedThenClients(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	got := crm.Subjects([]crm.Card{
		{Kind: client.KindClient, ID: "client", Name: "C", CreatedAt: day(9)},
		{Kind: client.KindContract, ID: "finished", Name: "F", CreatedAt: day(8), Status: client.StatusFinished},
		{Kind: client.KindContract, ID: "old", Name: "A", CreatedAt: day(1), Status: client.StatusActive},
		{Kind: client.KindContract, ID: "new", Name: "B", CreatedAt: day(2), Status: client.StatusActive},
	})
	var ids []string
	for _, s := range got {
		ids = append(ids, s.ID)
	}
	if order := strings.Join(ids, " "); order != "new old finished client" {
		t.Errorf("order is %s, want new old finished client", order)
	}
}

func TestSubject_tellsWhatAnOperatorAsksFirst(t *testing.T) {
	t.Parallel()
	got := crm.Card{Kind: client.KindContract, Number: "123", Category: "B", Group: "14"}.Subject().Detail
	if got != "Договор № 123 · кат. B · группа 14" {
		t.Errorf("got %q", got)
	}
}
