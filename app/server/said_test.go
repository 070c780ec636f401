package server_test

import (
	"context"
	"strings"
	"testing"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// wordy is plain that refuses to hang up in words of its own.
type wordy struct{ *plain }

func (wordy) Hangup(context.Context, string, string) error {
	return &pbx.Refused{Said: "Тариф не позволяет"}
}

// A PBX that refuses in words instead of codes is quoted: to who asked, in the call and its entry, and in
// what is stored of the command.
func TestRefusal_isQuotedInThePBXsWords(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		p := wordy{&plain{}}
		s := openPlain(t, url, plainKind(p, nil))
		api := s.api("101")
		p.onDial(func(pbx.DialOrder) (string, error) { return "", &pbx.Refused{Said: "abonent\n  not found"} })
		const number = "+79145550148"
		_, err := api.Dial(t.Context(), client.Dial{Phone: number})
		var problem *client.Problem
		if !asProblem(err, &problem) || problem.Code != "pbx_refused" || !strings.Contains(problem.Detail, "not found") {
			t.Errorf("told as %v", err)
		}
		got := s.onlyCall(t, number)
		if got.Result != client.Failed || got.Reason == nil || got.Reason.Code != 0 || got.Reason.Text != "abonent not found" || !strings.Contains(got.WhyEN, "PBX: “abonent not found”") {
			t.Errorf("the call tells %+v, %s", got.Reason, got.WhyEN)
		}
		page, err := api.Feed(t.Context(), client.FeedQuery{Phone: number})
		if err != nil || len(page.Items) != 1 || !strings.Contains(page.Items[0].WhyEN, "“abonent not found”") {
			t.Errorf("the feed tells %+v, %v", page.Items, err)
		}

		rings := inbound("k", "101", "+79145550149", now())
		s.tellEvents(rings.event(call.LegRinging, 0, ""), rings.event(call.LegTalking, 0, ""))
		talk := s.onlyCall(t, "+79145550149")
		if err := api.Hangup(t.Context(), talk.ID); !asProblem(err, &problem) || !strings.Contains(problem.Detail, "Тариф не позволяет") {
			t.Errorf("told as %v", err)
		}
		cmd, _, err := s.parts.Store.LastCommand(t.Context(), s.pbx.ID, "hangup", now().Add(-patience))
		if err != nil || cmd.State != client.CommandRefused || cmd.Said != "Тариф не позволяет" {
			t.Errorf("kept %+v, %v", cmd, err)
		}
		// The same later, as the result of a command that had been accepted.
		s.tell(pbx.Delivery{Outcomes: []pbx.Outcome{{Command: cmd.ID, Said: "занято"}}})
		if cmd, _, err = s.parts.Store.LastCommand(t.Context(), s.pbx.ID, "hangup", now().Add(-patience)); err != nil || cmd.Said != "занято" {
			t.Errorf("kept %+v, %v", cmd, err)
		}
		// What an event says of a leg's end.
		outgoing := outgoing("out", "101", "+79145550150", now())
		ended := outgoing.event(call.LegEnded, 0, call.EndFailed)
		ended.Said, ended.Final = "Insufficient Credits", true
		s.tellEvents(outgoing.event(call.LegRinging, 0, ""), ended)
		if got := s.onlyCall(t, "+79145550150"); got.Result != client.Failed || got.Reason == nil || got.Reason.Text != "Insufficient Credits" {
			t.Errorf("the call tells %+v", got)
		}
	})
}
