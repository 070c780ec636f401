package server_test

import (
	"testing"

	"dozvon/client"
)

// TestBind_aPastCallMayBeBoundByWhoeverFindsItInTheFeed: while a call goes on it is those people's
// whom it concerns; a past one may be put right by anybody who sees it, and be taken back.
func TestBind_aPastCallMayBeBoundByWhoeverFindsItInTheFeed(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		contract := s.student("Петрова Мария", "+79165550167", "101")
		to := client.SubjectRef{Kind: client.KindContract, ID: contract.ID}
		s.leg(7, 1, "Appeared", "79145550148", "101")
		going, err := s.api("101").ActiveCalls(t.Context())
		if err != nil || len(going) != 1 {
			t.Fatal(going, err)
		}
		var p *client.Problem
		if _, err := s.api("102").BindCall(t.Context(), going[0].ID, to); !asProblem(err, &p) || p.Code != "not_yours" {
			t.Errorf("somebody else's ringing call was bound: %v", err)
		}
		s.ring(1, "79145550149", "101", true)
		page, err := s.api("102").Feed(t.Context(), client.FeedQuery{Type: "call_in", Limit: 1})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		call, err := s.api("102").BindCall(t.Context(), page.Items[0].CallID, to)
		if err != nil || call.Subject == nil || call.Subject.ID != contract.ID {
			t.Fatalf("bound to %v: %v", call.Subject, err)
		}
		offered, err := s.api("102").Undos(t.Context())
		if err != nil || len(offered) == 0 {
			t.Fatalf("no undo is offered: %v", err)
		}
		if err := s.api("102").Undo(t.Context(), offered[0].ID); err != nil {
			t.Fatal(err)
		}
		if call, err := s.api("102").Call(t.Context(), page.Items[0].CallID); err != nil || call.Subject != nil {
			t.Errorf("taken back, it is still %v's: %v", call.Subject, err)
		}
	})
}
